//! From method and path to an operation.

use std::borrow::Cow;
use std::collections::HashMap;

use schemas::{Contract, Method};

use super::parameters::decode_path;
use super::segment::Segment;

/// How many places are looked at for one request: descriptions with many alike templates have as many ways to go.
const MOST_STEPS: usize = 10_000;

/// What stands at a path.
#[derive(Debug)]
pub(crate) enum Found {
    /// An operation, by its position in the contract, with its path parameters, decoded. HEAD finds a GET.
    Operation { index: usize, path: Vec<(String, String)> },
    /// The path takes other methods: `GET, HEAD`.
    OtherMethods(String),
    /// No path of the contract.
    Nothing,
}

/// Where a path may go on.
#[derive(Debug, Default)]
struct Place {
    literal: HashMap<Box<str>, usize>,
    /// Segments with parameters, the more literal first.
    patterns: Vec<(Segment, usize)>,
    /// What ends here.
    operations: Vec<Entry>,
}

/// An operation: its position in the contract, and what its template calls the parameters.
#[derive(Debug)]
struct Entry {
    method: Method,
    index: usize,
    names: Vec<String>,
}

/// Finds operations. Where two templates match, the one that is more literal further left wins; templates of one shape are
/// one path.
#[derive(Debug)]
pub(crate) struct Router {
    base: String,
    places: Vec<Place>,
}

impl Router {
    /// A router for every path of the contract, below its base path or that of its own servers.
    pub(crate) fn new(contract: &Contract) -> Self {
        let mut router = Self { base: contract.base_path().to_owned(), places: vec![Place::default()] };
        for (index, operation) in contract.operations().iter().enumerate() {
            let base = operation.base_path.as_deref().unwrap_or(&router.base);
            let whole = format!("{base}{}", operation.path);
            let names = operation.path.parameters().map(str::to_owned).collect();
            // Braces of a base path are no parameters.
            let literal = base.matches('/').count();
            let mut place = 0;
            for (position, text) in whole.split('/').enumerate() {
                let segment = if position <= literal && literal > 0 {
                    Segment::literal(text)
                } else {
                    Segment::new(text)
                };
                place = router.step(place, segment);
            }
            if let Some(place) = router.places.get_mut(place) {
                place.operations.push(Entry { method: operation.method, index, names });
            }
        }
        for place in &mut router.places {
            place.patterns.sort_by_key(|(segment, _)| std::cmp::Reverse(segment.literalness()));
        }
        router
    }

    /// The place after a segment, which may be a new one.
    fn step(&mut self, from: usize, segment: Segment) -> usize {
        let next = self.places.len();
        let Some(place) = self.places.get_mut(from) else { return from };
        let found = match segment.as_literal() {
            Some(text) => *place.literal.entry(text.into()).or_insert(next),
            None => {
                if let Some((_, known)) = place.patterns.iter().find(|(known, _)| *known == segment) {
                    *known
                } else {
                    place.patterns.push((segment, next));
                    next
                }
            }
        };
        if found == next {
            self.places.push(Place::default());
        }
        found
    }

    /// What stands at a path as the wire carries it.
    pub(crate) fn find(&self, method: &str, path: &str) -> Found {
        let whole;
        let path = if path == self.base {
            whole = format!("{path}/");
            &whole
        } else {
            path
        };
        let segments: Vec<Cow<'_, str>> = path.split('/').map(decode_path).collect();
        let mut search = Search {
            router: self,
            segments: &segments,
            wanted: Method::parse(method),
            values: Vec::new(),
            others: Vec::new(),
            left: MOST_STEPS,
        };
        match search.at(0, 0) {
            Some(entry) => {
                let values = search.values.into_iter();
                Found::Operation {
                    index: entry.index,
                    path: entry.names.iter().cloned().zip(values).collect(),
                }
            }
            None if search.others.is_empty() => Found::Nothing,
            None => Found::OtherMethods(allow(&search.others)),
        }
    }

    /// The path below which everything is served, but for what has servers of its own.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }
}

struct Search<'r, 'p> {
    router: &'r Router,
    segments: &'p [Cow<'p, str>],
    wanted: Option<Method>,
    values: Vec<String>,
    /// Methods of places that match the path.
    others: Vec<Method>,
    left: usize,
}

impl<'r> Search<'r, '_> {
    fn at(&mut self, place: usize, position: usize) -> Option<&'r Entry> {
        self.left = self.left.checked_sub(1)?;
        let place = self.router.places.get(place)?;
        let Some(text) = self.segments.get(position) else {
            return self.end(place);
        };
        if let Some(next) = place.literal.get(&**text)
            && let Some(entry) = self.at(*next, position + 1)
        {
            return Some(entry);
        }
        for (segment, next) in &place.patterns {
            let length = self.values.len();
            if segment.fit(text, &mut self.values)
                && let Some(entry) = self.at(*next, position + 1)
            {
                return Some(entry);
            }
            self.values.truncate(length);
        }
        None
    }

    fn end(&mut self, place: &'r Place) -> Option<&'r Entry> {
        let find = |method: Method| place.operations.iter().find(|entry| entry.method == method);
        let read = || find(Method::Get).filter(|_| self.wanted == Some(Method::Head));
        let found = self.wanted.and_then(find).or_else(read);
        if found.is_none() {
            self.others.extend(place.operations.iter().map(|entry| entry.method));
        }
        found
    }
}

fn allow(methods: &[Method]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for method in methods {
        if !names.contains(&method.as_str()) {
            names.push(method.as_str());
        }
    }
    if names.contains(&"GET") && !names.contains(&"HEAD") {
        names.push("HEAD");
    }
    if !names.contains(&"OPTIONS") {
        names.push("OPTIONS");
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(paths: &[(&str, &str)], server: &str) -> Router {
        let mut items = serde_json::Map::new();
        for (path, methods) in paths {
            let operation = serde_json::json!({"responses": {"200": {"description": "ok"}}});
            let named = methods.split(' ').map(|method| (method.to_owned(), operation.clone()));
            items.insert((*path).to_owned(), named.collect::<serde_json::Map<_, _>>().into());
        }
        let text = serde_json::json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "servers": [{"url": server}], "paths": items});
        Router::new(&Contract::from_text("a.json", &text.to_string()).expect("loads"))
    }

    fn found(router: &Router, method: &str, path: &str) -> String {
        match router.find(method, path) {
            Found::Operation { index, path } => {
                let values: Vec<String> =
                    path.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("{index} {}", values.join(" "))
            }
            Found::OtherMethods(allow) => allow,
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn the_more_literal_template_wins_and_one_shape_is_one_path() {
        let router = router(
            &[
                ("/files/{folder}", "get"),
                ("/files/{file}", "delete"),
                ("/files/mine", "get"),
                ("/media/{id}.json", "get"),
                ("/media/{id}", "get put"),
                ("/media/top.json", "get"),
                ("/compare/{base}...{head}", "get"),
                ("/x/{a}/y", "get"),
                ("/x/b/{c}", "get"),
            ],
            "/v1",
        );
        for (method, path, wanted) in [
            ("GET", "/v1/files/x", "0 folder=x"),
            ("DELETE", "/v1/files/x", "1 file=x"),
            ("GET", "/v1/files/mine", "2 "),
            ("DELETE", "/v1/files/mine", "1 file=mine"),
            ("PUT", "/v1/files/x", "GET, DELETE, HEAD, OPTIONS"),
            ("GET", "/v1/media/7.json", "3 id=7"),
            ("GET", "/v1/media/7", "4 id=7"),
            ("GET", "/v1/media/top.json", "6 "),
            ("PUT", "/v1/media/7.json", "5 id=7.json"),
            ("HEAD", "/v1/compare/a...b...c", "7 base=a head=b...c"),
            ("GET", "/v1/compare/a..b", "nothing"),
            ("GET", "/v1/x/b/y", "9 c=y"),
            ("GET", "/v1/x/z/y", "8 a=z"),
            ("GET", "/v1/files/", "nothing"),
            ("GET", "/files/x", "nothing"),
        ] {
            assert_eq!(found(&router, method, path), wanted, "{method} {path}");
        }
    }

    #[test]
    fn a_path_is_compared_as_it_is_meant_however_it_is_escaped() {
        let router = router(&[("/some path/{x}", "get"), ("/an%20other/{x}", "get"), ("/", "get")], "/v1");
        assert_eq!(found(&router, "GET", "/v1/some%20path/a%2Fb"), "0 x=a/b");
        assert_eq!(found(&router, "GET", "/v1/an%20other/%c3%a9"), "1 x=é");
        assert_eq!(found(&router, "GET", "/v1"), "2 ");
        assert_eq!(found(&router, "GET", "/v1/"), "2 ");
    }
}
