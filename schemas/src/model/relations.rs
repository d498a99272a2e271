//! Names in the semantics that must name something.

use super::operation::{Action, Operation, Role};
use super::parameter::ParameterLocation;
use super::resource::Resource;
use crate::error::Problem;
use crate::pointer;
use crate::rule::Rule;
use crate::source::Document;
use crate::vocabulary::{Pages, Rules};

struct Names<'a> {
    document: &'a Document,
    resources: &'a [Resource],
    problems: Vec<Problem>,
}

/// Every name that names nothing.
pub(super) fn problems(
    document: &Document,
    rules: &Rules,
    operations: &[Operation],
    resources: &[Resource],
) -> Vec<Problem> {
    let mut names = Names { document, resources, problems: Vec::new() };
    for operation in operations {
        names.operation(operation);
    }
    for resource in resources {
        names.resource(resource);
    }
    if let Some(authentication) = &rules.authentication {
        let scheme = pointer::join("/components/securitySchemes", &authentication.scheme);
        if document.get(&scheme).is_none() {
            names.missing("/x-contract/authentication/scheme", "security scheme", &authentication.scheme);
        }
    }
    names.problems
}

impl Names<'_> {
    fn missing(&mut self, at: &str, kind: &str, name: &str) {
        let help = "Correct the name; it is case-sensitive.";
        let problem = self.document.problem(at, format!("there is no {kind} {name}"));
        self.problems.push(problem.with_help(help).under(Rule::Name));
    }

    fn find(&self, name: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.name == name)
    }

    fn operation(&mut self, operation: &Operation) {
        let Some(role) = &operation.role else { return };
        let at = pointer::join(&operation.pointer, "x-contract-operation");
        if let Some(name) = role.resource.as_deref().filter(|name| self.find(name).is_none()) {
            self.missing(&pointer::join(&at, "resource"), "resource", name);
        }
        let needs_resource = !matches!(role.action, Action::Other | Action::Identity);
        if needs_resource && role.resource.is_none() {
            let help = "Name the resource it acts on: `resource: …`.";
            let problem = self.document.problem(&at, "this action needs a resource");
            self.problems.push(problem.with_help(help).under(Rule::Name));
        }
        let named = role
            .owners()
            .map(|name| ("parent", name))
            .chain(role.key.iter().map(|key| ("key", key.as_str())));
        for (key, name) in named {
            if operation.parameter(ParameterLocation::Path, name).is_none() {
                self.missing(&pointer::join(&at, key), "path parameter", name);
            }
        }
        if let Some(Pages::Stated(pages)) = &role.pages {
            for name in pages.parameters() {
                if operation.parameter(ParameterLocation::Query, name).is_none() {
                    self.missing(&pointer::join(&at, "pages"), "query parameter", name);
                }
            }
        }
        self.out_of_place(&at, role);
        let listed = role.resource.as_deref().and_then(|name| self.find(name));
        let lost: Vec<(String, String)> = operation
            .parameters
            .iter()
            .filter_map(|parameter| {
                let field = &parameter.filter.as_ref()?.field;
                let known = listed?.fields.contains_key(field);
                (!known).then(|| (pointer::join(&parameter.pointer, "x-contract-filter"), field.clone()))
            })
            .collect();
        for (at, field) in lost {
            self.missing(&at, "property", &field);
        }
    }

    /// Keys that say nothing for what the operation does.
    fn out_of_place(&mut self, at: &str, role: &Role) {
        let of_pages = role.pages.is_some() && role.action != Action::List;
        let of_place = role.location && !matches!(role.action, Action::Create | Action::Upsert);
        let of_body = !role.body_row.is_empty()
            && matches!(role.action, Action::List | Action::Read | Action::Delete | Action::Identity);
        for (key, help) in [
            of_pages.then_some(("pages", "It belongs to an operation with `action: list`.")),
            of_place.then_some(("location", "It belongs to an operation with `action: create` or `upsert`.")),
            of_body.then_some(("body_row", "It belongs to an operation that takes a row.")),
        ]
        .into_iter()
        .flatten()
        {
            let problem = self.document.problem(&pointer::join(at, key), format!("{key} means nothing here"));
            self.problems.push(problem.with_help(help).under(Rule::Vocabulary));
        }
    }

    fn resource(&mut self, resource: &Resource) {
        let at = pointer::join(&resource.pointer, "x-contract-resource");
        let named = [Some(&resource.identity.id), resource.identity.display.as_ref()];
        let times = [resource.created.as_ref(), resource.updated.as_ref()];
        let owner = resource.parent.as_ref().and_then(|parent| parent.field.as_ref());
        for field in named.into_iter().chain(times).chain([owner]).flatten() {
            if !resource.fields.contains_key(field) {
                self.missing(&at, "property", field);
            }
        }
        if let Some(parent) = resource.parent.as_ref().filter(|parent| self.find(&parent.resource).is_none())
        {
            self.missing(&pointer::join(&at, "parent"), "resource", &parent.resource);
        }
        for field in resource.fields.values() {
            let rules = &field.rules;
            if let Some(reference) = rules.references.as_ref().filter(|to| self.find(&to.resource).is_none())
            {
                self.missing(&field.pointer, "resource", &reference.resource);
            }
            let decides = rules.derived.as_ref().map(|derived| &derived.from);
            let moves = rules.stamp.iter().filter_map(|stamp| Some(&stamp.when.as_ref()?.field));
            for other in decides.into_iter().chain(moves) {
                if !resource.fields.contains_key(other) {
                    self.missing(&field.pointer, "property", other);
                }
            }
        }
    }
}
