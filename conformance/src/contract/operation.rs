//! An operation that can be kept and passed on without a lifetime.

use std::fmt;
use std::ops::Deref;

use schemas::{Action, Contract, Method, ParameterLocation, Standing, StatusPattern};
use serde_json::Value;

/// An operation of a contract. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Operation {
    contract: Contract,
    index: usize,
    /// The description says nowhere which keys are wanted.
    unkeyed: bool,
}

/// What a path parameter names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathSlot {
    /// The row the operation acts on.
    Own,
    /// The row that owns those it acts on.
    Parent,
    /// A row that owns that one, directly or not.
    Ancestor,
    /// Something the contract says nothing about.
    Free,
}

impl Operation {
    pub(crate) fn new(contract: &Contract, index: usize) -> Self {
        let document = contract.document();
        let says = |op: &schemas::Operation| document.get(&format!("{}/security", op.pointer)).is_some();
        let unkeyed = document.get("/security").is_none() && !contract.operations().iter().any(says);
        Self { contract: contract.clone(), index, unkeyed }
    }

    /// Whether a key that is there is sent: where one is wanted, and where the description forgets to say.
    pub(crate) fn takes_key(&self) -> bool {
        !self.open || self.unkeyed
    }

    /// What it does, where the contract says so.
    pub(crate) fn action(&self) -> Action {
        self.role.as_ref().map_or(Action::Other, |role| role.action)
    }

    /// Whether the owner of the contract says what it does, and so what it takes.
    pub(crate) fn is_stated(&self) -> bool {
        let is_sure = |role: &schemas::Role| role.standing == Standing::Documented;
        self.role.as_ref().is_some_and(is_sure) && self.action() != Action::Other
    }

    /// Whether its method only reads.
    pub(crate) fn is_safe(&self) -> bool {
        matches!(self.method, Method::Get | Method::Head | Method::Options | Method::Trace)
    }

    /// The path parameters and what each names.
    pub(crate) fn slots(&self) -> impl Iterator<Item = (&str, PathSlot)> {
        let own = self.acts().and_then(|_| self.key_parameter());
        let parent =
            self.role.as_ref().and_then(|role| role.parent.as_ref()).map(|parent| parent.parameter.as_str());
        self.parameters_in(ParameterLocation::Path).map(move |parameter| {
            let name = parameter.name.as_str();
            let slot = match parent {
                Some(parent) if parent == name => PathSlot::Parent,
                _ if self.owner_parameters().any(|owner| owner == name) => PathSlot::Ancestor,
                _ if own == Some(name) => PathSlot::Own,
                _ => PathSlot::Free,
            };
            (name, slot)
        })
    }

    /// The size of the biggest page that may be asked for, where it is a list that has pages.
    pub(crate) fn biggest_page(&self) -> Option<u64> {
        self.pages.as_ref()?.limit.as_ref().map(|limit| limit.maximum)
    }

    /// The path parameter that names the row it acts on.
    pub(crate) fn key_name(&self) -> Option<&str> {
        self.slots().filter(|(_, slot)| *slot == PathSlot::Own).map(|(name, _)| name).last()
    }

    /// Whether its success shows the row: not where it only says where that is.
    pub(crate) fn shows_row(&self) -> bool {
        self.success().is_none_or(|response| response.schema.is_some())
    }

    /// The path parameters that name owners, the nearest first.
    pub(crate) fn owner_parameters(&self) -> impl Iterator<Item = &str> {
        self.role.iter().flat_map(schemas::Role::owners)
    }

    /// Whether it changes a row that is there.
    pub(crate) fn changes_rows(&self) -> bool {
        matches!(self.action(), Action::Update | Action::Replace | Action::Upsert)
    }

    /// Whether a change by it is the whole row: what is left out does not stay as it was, or nobody says that it does.
    pub(crate) fn writes_whole_rows(&self) -> bool {
        matches!(self.action(), Action::Replace | Action::Upsert) || self.method == schemas::Method::Put
    }

    /// Whether its path names such a thing.
    pub(crate) fn has_slot(&self, wanted: PathSlot) -> bool {
        self.slots().any(|(_, slot)| slot == wanted)
    }

    /// Whether it can be called just so: it reads, and wants no row and no parameter.
    pub(crate) fn is_plain(&self) -> bool {
        self.method == Method::Get
            && self.slots().next().is_none()
            && self.parameters.iter().all(|parameter| !parameter.required)
    }

    /// How sure its answer with a status is; documented where the contract does not list it.
    pub(crate) fn standing_of(&self, status: u16) -> Standing {
        self.response(status).map(|response| response.standing).unwrap_or_default()
    }

    /// Whether it states an answer with a status and a media type, of whatever kind that is. A redirect leads elsewhere,
    /// whatever its body.
    pub(crate) fn states(&self, status: u16, media_type: Option<&str>) -> bool {
        let Some(stated) = self.response(status) else { return false };
        let is_named = stated.status != StatusPattern::Default;
        let content = format!("{}/content", stated.pointer);
        let content = self.contract.document().get(&content).and_then(Value::as_object);
        let is_of_type = content.is_some_and(|types| {
            types.keys().any(|range| media_type.is_some_and(|media| schemas::is_within(media, range)))
        });
        let without_body = content.is_none_or(serde_json::Map::is_empty) && media_type.is_none();
        is_of_type || is_named && (without_body || (300..400).contains(&status))
    }

    /// The status of its first success.
    pub(crate) fn success_status(&self) -> Option<u16> {
        self.success().and_then(|response| match response.status {
            StatusPattern::Exact(status) => Some(status),
            StatusPattern::Class(_) | StatusPattern::Default => None,
        })
    }

    /// The redirects that it states.
    pub(crate) fn redirects(&self) -> impl Iterator<Item = u16> {
        self.responses.iter().filter_map(|response| match response.status {
            StatusPattern::Exact(status) if (300..400).contains(&status) && status != 304 => Some(status),
            _ => None,
        })
    }

    /// How sure its success is.
    pub(crate) fn success_standing(&self) -> Standing {
        self.success().map(|response| response.standing).unwrap_or_default()
    }
}

impl Deref for Operation {
    type Target = schemas::Operation;

    fn deref(&self) -> &schemas::Operation {
        &self.contract.operations()[self.index]
    }
}

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}
