//! Addresses in answers: of a row, and of another page.

use schemas::PathTemplate;

use super::RequestContext;

impl RequestContext<'_> {
    /// The path of a row.
    pub(super) fn location(&self, id: &str) -> String {
        let (operation, key) = match &self.prepared.place {
            Some(operation) => (operation, operation.key_parameter()),
            None => (&self.prepared.operation, None),
        };
        let path = operation.path.expand(|name| {
            if Some(name) == key {
                return Some(id.to_owned());
            }
            // The path of the request names owners, perhaps by other names.
            let own = self.parameters.path(name);
            let by_turn = || {
                let at = operation.role.as_ref()?.owners().position(|owner| owner == name)?;
                self.parameters.path(&self.prepared.owners.get(at)?.1)
            };
            own.or_else(by_turn).map(str::to_owned)
        });
        let base = operation.base_path.as_deref().unwrap_or(self.contract.base_path());
        if key.is_some() {
            return format!("{base}{path}");
        }
        let own = PathTemplate::new("/{id}").expand(|_| Some(id.to_owned()));
        format!("{base}{}{own}", path.trim_end_matches('/'))
    }

    /// The URL of this request with other query parameters.
    pub(super) fn url_with(&self, changes: &[(&str, Option<String>)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let kept = |name: &str| changes.iter().all(|(changed, _)| *changed != name);
        query.extend_pairs(self.parameters.query.iter().filter(|(name, _)| kept(name)));
        for (name, value) in changes {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        let operation = &self.prepared.operation;
        let path = operation.path.expand(|name| self.parameters.path(name).map(str::to_owned));
        let base = operation.base_path.as_deref().unwrap_or(self.contract.base_path());
        let host = self.parameters.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let host = host.map_or_else(String::new, |host| format!("http://{host}"));
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{host}{base}{path}{mark}{query}")
    }
}
