//! Which row an answer to a create names.

use percent_encoding::percent_decode_str;

use super::response::Response;
use crate::contract::Resource;

/// The id of the row that a create answered: as the row shows it, else as `Location` does.
pub(crate) fn created_id(resource: &Resource, response: &Response) -> Option<String> {
    let shown = response.json.as_ref().and_then(|row| resource.id_of(row));
    shown.or_else(|| located_id(resource, response.header("location")?))
}

/// The id in the place of a row, by the path of an operation on such rows.
fn located_id(resource: &Resource, location: &str) -> Option<String> {
    let path = location.split(['?', '#']).next()?.trim_end_matches('/');
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let op = [&resource.read, &resource.delete, &resource.update].into_iter().flatten().next()?;
    let key = op.key_name()?;
    let template = op.path.as_str().trim_end_matches('/');
    let mut found = None;
    let mut segments = path.rsplit('/');
    for stated in template.rsplit('/').filter(|stated| !stated.is_empty()) {
        let segment = segments.next()?;
        if stated.strip_prefix('{').and_then(|name| name.strip_suffix('}')) == Some(key) {
            found = Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned());
        } else if !stated.contains('{') && stated != segment {
            return None;
        }
    }
    found.filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use schemas::Contract;

    use super::*;
    use crate::contract::Api;

    #[test]
    fn a_row_is_named_by_its_place() {
        let api = Api::new(&Contract::builtin().expect("loads"));
        let resource = api
            .resources
            .iter()
            .find(|resource| resource.read.as_ref().is_some_and(|op| op.slots().count() == 1))
            .expect("a resource that is read");
        let path = resource.read.as_ref().expect("is read").path.expand(|_| Some("a/b 1".to_owned()));
        let named = |location: &str, body: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("location", location.parse().expect("a header"));
            created_id(resource, &Response::new(201, headers, body.as_bytes().into()))
        };
        for place in [path.clone(), format!("{path}/"), format!("https://api.example.com/v1{path}?x=1#y")] {
            assert_eq!(named(&place, "").as_deref(), Some("a/b 1"), "{place}");
        }
        assert_eq!(named("/elsewhere/7", ""), None);
        assert_eq!(named(&path, "{\"id\": 7}").as_deref(), Some("7"));
    }
}
