//! What a change belongs to.

use super::operations::Site;

/// The operation or call that a change belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Owner {
    /// The operationId, else a name made of method and path.
    pub(super) id: String,
    /// Method and path; of a call that the API makes, what it is called.
    pub(super) call: String,
    /// Its tags.
    pub(super) tags: Vec<String>,
}

impl Owner {
    /// The owner of what is said of an operation or a call.
    pub(super) fn of(site: &Site<'_>) -> Self {
        let tags = site.value.get("tags").and_then(serde_json::Value::as_array).into_iter().flatten();
        let call = format!("{} {}", site.method, site.path);
        Self {
            id: site.id.clone(),
            call: if site.is_turned { format!("webhook {call}") } else { call },
            tags: tags.filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
        }
    }
}
