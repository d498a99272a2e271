//! Real answers kept as examples, which the mock answers with later.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use http::HeaderMap;
use schemas::Operation;
use serde_json::{Map, Value, json};

use super::secrets::{brought, clean, clean_value};
use crate::request::Parameters;

/// An answer that is as described, and the request that led to it.
#[derive(Debug)]
pub(super) struct Recordable<'a> {
    pub(super) operation: &'a Operation,
    pub(super) parameters: &'a Parameters<'a>,
    /// The request is as described: only then is it kept.
    pub(super) request_is_sound: bool,
    pub(super) body: &'a [u8],
    pub(super) status: u16,
    pub(super) headers: &'a HeaderMap,
    pub(super) answer: Option<Value>,
}

/// An example, and its file.
#[derive(Debug)]
pub(super) struct Recording {
    path: PathBuf,
    text: String,
}

impl Recordable<'_> {
    /// The example, without secrets; `None` where without them it is not as described any more.
    pub(super) fn example(self, folder: &Path) -> Option<Recording> {
        let secrets = brought(self.parameters.headers, self.parameters.query);
        let stated = self.operation.response(self.status)?;
        let usual = self.operation.success().is_some_and(|usual| usual.status.matches(self.status));
        let name = if usual { "default".to_owned() } else { format!("recorded_{}", self.status) };
        let mut example = Map::new();
        example.insert("summary".to_owned(), json!(format!("A recorded answer of {}", self.operation.id)));
        example.insert("status".to_owned(), json!(self.status));
        if self.request_is_sound {
            example.insert("request".to_owned(), self.request(&secrets));
        }
        let headers: Map<String, Value> = stated
            .headers
            .iter()
            .filter_map(|header| {
                let value = self.headers.get(header.name.as_str())?.to_str().ok()?;
                Some((header.name.clone(), Value::String(clean(value, &secrets))))
            })
            .collect();
        if !headers.is_empty() {
            example.insert("headers".to_owned(), Value::Object(headers));
        }
        if let (Some(schema), Some(mut body)) = (&stated.schema, self.answer) {
            clean_value(&mut body, &secrets);
            if !schema.is_valid(&body) {
                return None;
            }
            example.insert("body".to_owned(), body);
        }
        let path = folder.join("examples").join(&self.operation.id).join(format!("{name}.yaml"));
        let text = yaml_serde::to_string(&Value::Object(example)).ok()?;
        Some(Recording { path, text })
    }

    fn request(&self, secrets: &[String]) -> Value {
        let mut request = Map::new();
        let pairs = |pairs: &[(String, String)]| {
            let mut shown = Map::new();
            for (name, value) in pairs.iter().filter(|(name, _)| !super::secrets::is_secret(name)) {
                shown.entry(name.clone()).or_insert_with(|| Value::String(clean(value, secrets)));
            }
            Value::Object(shown)
        };
        let described: Vec<(String, String)> = self
            .parameters
            .query
            .iter()
            .filter(|(name, _)| {
                self.operation
                    .parameter(schemas::ParameterLocation::Query, name)
                    .is_some_and(|known| !known.is_spread())
            })
            .cloned()
            .collect();
        if !self.parameters.path.is_empty() {
            request.insert("path".to_owned(), pairs(self.parameters.path));
        }
        if !described.is_empty() {
            request.insert("query".to_owned(), pairs(&described));
        }
        if let (Some(body), Ok(mut value)) =
            (&self.operation.body, serde_json::from_slice::<Value>(self.body))
        {
            clean_value(&mut value, secrets);
            if body.schema.is_valid(&value) {
                request.insert("body".to_owned(), value);
            }
        }
        Value::Object(request)
    }
}

impl Recording {
    /// Writes it, unless there is one of this name already.
    pub(super) fn write(self) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{} cannot be written: {error}", self.path.display());
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        match std::fs::File::create_new(&self.path) {
            Ok(mut file) => file.write_all(self.text.as_bytes()).map_err(failed),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}
