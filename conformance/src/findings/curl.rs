//! A reproduction for a shell.

use std::fmt::Write as _;

use crate::http::{Credential, Placed};
use crate::scenario::Step;

/// The steps as `curl` commands. Ids that an earlier step made are taken from its answer, so that the lines can be
/// pasted as they are; secrets stay variables.
pub(crate) fn curl(steps: &[Step]) -> String {
    let mut lines = Vec::new();
    let mut known: Vec<(String, String)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let taken = step.created.clone().filter(|(_, id)| {
            !known.iter().any(|(known, _)| known == id)
                && steps[index + 1..].iter().any(|later| later.mentions(id))
        });
        let mut line = command(step);
        for (id, variable) in &known {
            line = line.replace(id.as_str(), &format!("'\"${variable}\"'"));
        }
        if let Some((name, id)) = taken {
            let variable = format!("ID{}", known.len() + 1);
            line = format!("{variable}=$({line} | jq -r .{name})");
            known.push((id, variable));
        }
        lines.push(line);
    }
    lines.join("\n")
}

fn command(step: &Step) -> String {
    let request = &step.request;
    let mut line = format!("curl -sS -X {} \"$PIVOTAL_API_URL\"{}", request.method, quoted(&target(step)));
    for placed in step.key.iter() {
        let _ = match placed {
            Placed::Header(name, value) if name == "authorization" => {
                write!(line, " -H \"Authorization: {value}\"")
            }
            Placed::Header(name, value) => write!(line, " -H {}\"{value}\"", quoted(&format!("{name}: "))),
            Placed::Cookie(name, value) => {
                write!(line, " -H {}\"{value}\"", quoted(&format!("Cookie: {name}=")))
            }
            Placed::Query(..) => Ok(()),
        };
    }
    for (name, value) in &request.headers {
        let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}")));
    }
    if let Some(content) = request.content() {
        let body = String::from_utf8_lossy(&content.bytes).into_owned();
        let kind = quoted(&format!("Content-Type: {}", content.content_type));
        let _ = write!(line, " -H {kind} --data-binary {}", quoted(&body));
    }
    line
}

fn target(step: &Step) -> String {
    let mut target = step.request.target();
    for placed in step.key.iter() {
        if let Placed::Query(name, value) = placed {
            let sign = if target.contains('?') { '&' } else { '?' };
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            target = format!("{target}{sign}{name}='\"{value}\"'");
        }
    }
    if step.request.credential == Credential::Query {
        let sign = if target.contains('?') { '&' } else { '?' };
        return format!("{target}{sign}api_key='\"$PIVOTAL_API_KEY\"'");
    }
    target
}

/// In single quotes, for any shell.
fn quoted(text: &str) -> String {
    if text.contains("'\"$") {
        return format!("'{text}'");
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
