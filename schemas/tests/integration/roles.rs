//! What the vocabulary says of operations and resources: what is read, and what is refused.

use schemas::{Action, Assigned, Call, Contract, PageStyle, Standing};

use crate::common::refused;

const DESCRIPTION: &str = "openapi: 3.1.0
info: {title: Try, version: 1.0.0}
x-contract:
  vocabulary: 1
  pagination: {style: offset, offset: {parameter: skip}, envelope: {rows: /items, total: /total}}
paths:
  /orgs/{orgId}/teams/{teamId}/members:
    parameters: &path
      - {name: orgId, in: path, required: true, schema: {type: string}}
      - {name: teamId, in: path, required: true, schema: {type: string}}
    get:
      operationId: list
      x-contract-operation: {resource: member, action: list, parent: {parameter: teamId, ancestors: [orgId]}}
      responses: {200: {description: Done.}}
    post:
      operationId: create
      x-contract-operation: {resource: member, action: create, standing: inferred, location: true, call: alone,
        body_row: /member, parent: {parameter: teamId, ancestors: [orgId]}}
      responses: {201: {description: Done.}}
  /orgs/{orgId}/teams/{teamId}/members/{login}:
    parameters: &row
      - {name: orgId, in: path, required: true, schema: {type: string}}
      - {name: teamId, in: path, required: true, schema: {type: string}}
      - {name: login, in: path, required: true, schema: {type: string}}
    put:
      operationId: upsert
      x-contract-operation: {resource: member, action: upsert, row: /member, parent: {parameter: teamId, ancestors: [orgId]}}
      responses: {200: {description: Done.}}
  /members/{login}/in/{place}:
    parameters:
      - {name: login, in: path, required: true, schema: {type: string}}
      - {name: place, in: path, required: true, schema: {type: string}}
    get:
      operationId: read
      x-contract-operation: {resource: member, action: read, key: login, call: never}
      responses: {200: {description: Done.}}
  /members:
    get:
      operationId: whole
      x-contract-operation: {resource: member, action: list, pages: none}
      responses: {200: {description: Done.}}
  /people:
    parameters: [{name: page, in: query, schema: {type: integer}}]
    get:
      operationId: pages
      x-contract-operation: {resource: member, action: list, pages: {style: page, page: {parameter: page}, envelope: {rows: ''}}}
      responses: {200: {description: Done.}}
components:
  schemas:
    Member:
      x-contract-resource: {name: member, standing: inferred, identity: {id: login, assigned: client}, parent: {resource: member}}
      properties: {login: {type: string}}
";

fn read() -> Contract {
    Contract::from_text("api.yaml", DESCRIPTION).expect("loads")
}

#[test]
fn a_role_is_read_whole() {
    let contract = read();
    let operation = |id: &str| contract.operation(id).expect("is described").clone();
    let role = |id: &str| operation(id).role.expect("has a role");
    assert_eq!(
        (role("create").standing, role("upsert").standing),
        (Standing::Inferred, Standing::Documented)
    );
    assert_eq!((role("create").location, role("create").body_row.as_str()), (true, "/member"));
    assert_eq!((role("create").call, role("read").call), (Some(Call::Alone), Some(Call::Never)));
    assert_eq!((role("upsert").action, role("upsert").row.as_str()), (Action::Upsert, "/member"));
    assert_eq!(role("list").owners().collect::<Vec<_>>(), ["teamId", "orgId"]);
    let keys =
        ["list", "create", "upsert", "read"].map(|id| operation(id).key_parameter().map(str::to_owned));
    assert_eq!(keys, [None, None, Some("login".to_owned()), Some("login".to_owned())]);
    let resource = &contract.resources()[0];
    assert_eq!((resource.standing, resource.identity.assigned), (Standing::Inferred, Assigned::Client));
    assert_eq!(resource.parent.as_ref().expect("has one").field, None);
}

#[test]
fn a_list_has_pages_of_its_own_or_those_of_the_api() {
    let contract = read();
    let pages = |id: &str| contract.operation(id).expect("is described").pages.clone();
    let ours = pages("list").expect("has pages");
    assert_eq!(
        (ours.style, ours.position(), ours.envelope.total.as_deref()),
        (PageStyle::Offset, Some("skip"), Some("/total"))
    );
    let own = pages("pages").expect("has pages");
    assert_eq!((own.style, own.page.expect("has a number").first), (PageStyle::Page, 1));
    assert_eq!((pages("whole"), pages("create")), (None, None));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place_and_advice() {
    for (from, to, what, help) in [
        (
            "pages: none",
            "pages: nnone",
            "\"nnone\" is not a value of x-contract-operation.pages",
            "Did you mean none?",
        ),
        (
            "page: {parameter: page}, ",
            "",
            "pages of the style page need page",
            "Add `page: {parameter: …}`, or state the style that it is.",
        ),
        (
            "style: page, ",
            "",
            "page means nothing for pages of the style cursor",
            "Leave it out, or write `style: page`.",
        ),
        (
            "{parameter: page}",
            "{parameter: pgae}",
            "there is no query parameter pgae",
            "Correct the name; it is case-sensitive.",
        ),
        (
            "key: login",
            "key: logn",
            "there is no path parameter logn",
            "Correct the name; it is case-sensitive.",
        ),
        (
            "action: read, key",
            "action: read, location: true, key",
            "location means nothing here",
            "It belongs to an operation with `action: create` or `upsert`.",
        ),
        (
            "action: read, key",
            "action: read, body_row: /x, key",
            "body_row means nothing here",
            "It belongs to an operation that takes a row.",
        ),
        (
            "action: read, key",
            "action: read, pages: none, key",
            "pages means nothing here",
            "It belongs to an operation with `action: list`.",
        ),
        (
            "ancestors: [orgId]}}",
            "ancestors: [orgid]}}",
            "there is no path parameter orgid",
            "Correct the name; it is case-sensitive.",
        ),
        (
            "assigned: client",
            "assigned: clients",
            "\"clients\" is not a value of x-contract-resource.identity.assigned",
            "Did you mean client?",
        ),
        (
            "action: upsert",
            "action: upsertt",
            "\"upsertt\" is not a value of x-contract-operation.action",
            "Did you mean upsert?",
        ),
        (
            "call: never",
            "call: nver",
            "\"nver\" is not a value of x-contract-operation.call",
            "Did you mean never?",
        ),
        (
            "row: /member",
            "row: member",
            "x-contract-operation is not of its form: \"member\" does not match \"^(/.*)?$\"",
            "See schemas/README.md for the form of this key.",
        ),
    ] {
        let error = refused(&DESCRIPTION.replacen(from, to, 1));
        let told = error
            .problems
            .iter()
            .any(|problem| problem.what == what && problem.help.as_deref() == Some(help));
        assert!(told, "{to}: {error}");
    }
}
