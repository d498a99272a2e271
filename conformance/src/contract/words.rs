//! What the words in the name and the path of an operation say of what it does.

use super::operation::Operation;

/// Words of operations that do something to what is there, or to the world outside, rather than add to it.
#[rustfmt::skip]
const ACTS: [&str; 139] = [
    "abort", "accept", "activate", "apply", "approve", "archive", "assign", "authorize", "backup", "ban", "block",
    "broadcast", "cancel", "capture", "change", "charge", "clean", "cleanup", "clear", "close", "confirm",
    "deactivate", "decline", "delete", "demote", "deploy", "deprovision", "destroy", "detach", "disable",
    "disconnect", "downgrade", "drain", "drop", "dump", "edit", "email", "empty", "enable", "end", "erase", "evict",
    "exec", "execute", "exit", "expire", "fire", "flush", "forget", "forgot", "halt", "hibernate", "impersonate",
    "import", "install", "invalidate", "invite", "kick", "kill", "launch", "lock", "logoff", "logout", "maintenance",
    "merge", "migrate", "move", "notify", "override", "patch", "pause", "pay", "poweroff", "promote", "provision",
    "publish", "purge", "quit", "reassign", "reboot", "rebuild", "recover", "redeploy", "refresh", "refund",
    "regenerate", "reindex", "reinitialize", "reinstall", "reject", "reload", "remove", "rename", "reopen", "replay",
    "rerun", "resend", "reset", "restart", "restore", "resume", "retry", "revert", "revoke", "rollback", "rotate",
    "run", "seed", "send", "set", "shutdown", "signout", "start", "stop", "suspend", "swap", "sync", "terminate",
    "toggle", "transfer", "trigger", "truncate", "unarchive", "unassign", "unban", "unblock", "undelete",
    "uninstall", "unlock", "unpublish", "unset", "unsubscribe", "update", "upgrade", "vacuum", "void", "wake",
    "wipe", "withdraw",
];

/// Two words that are one of those.
const PAIRS: [(&str, &str); 6] =
    [("log", "out"), ("log", "off"), ("sign", "out"), ("shut", "down"), ("power", "off"), ("clean", "up")];

/// Words of operations that only look something up, whatever their method is.
#[rustfmt::skip]
const LOOKS: [&str; 40] = [
    "aggregate", "analyse", "analyze", "auth", "authenticate", "calculate", "check", "compare", "compute", "convert", "count",
    "diff", "echo", "estimate", "evaluate", "export", "fetch", "filter", "find", "get", "introspect", "list", "login", "lookup",
    "parse", "ping", "predict", "preview", "query", "quote", "read", "render", "resolve", "search", "signin", "suggest",
    "token", "translate", "validate", "verify",
];

/// The words of a name, in lower case: `shutDown-now` is `shut`, `down`, `now`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in name.chars() {
        let begins = !before.is_alphanumeric() || (before.is_lowercase() && letter.is_uppercase());
        if letter.is_alphanumeric() {
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
        before = letter;
    }
    words
}

/// The segments of a path that are no parameters.
fn segments(op: &Operation) -> impl DoubleEndedIterator<Item = &str> {
    op.path.as_str().split('/').filter(|segment| !segment.is_empty() && !segment.contains('{'))
}

/// The first word of these that says that something is done.
fn act_among(words: &[String]) -> Option<String> {
    let single = words.iter().find(|word| ACTS.contains(&word.as_str())).cloned();
    single.or_else(|| {
        let pair = words.windows(2).find(|pair| PAIRS.contains(&(pair[0].as_str(), pair[1].as_str())))?;
        Some(format!("{} {}", pair[0], pair[1]))
    })
}

/// The same of the word that a name begins with, which may be a verb in its third person.
fn act_at_start(text: &str) -> Option<String> {
    let words: Vec<String> = words(text).into_iter().take(2).collect();
    let stem = |word: &String| word.strip_suffix('s').unwrap_or(word).to_owned();
    let stems: Vec<String> = words.iter().map(stem).collect();
    let first = |words: &[String]| {
        act_among(words.get(..1)?).or_else(|| act_among(words).filter(|act| act.contains(' ')))
    };
    first(&words).or_else(|| first(&stems))
}

/// The word by which an operation says that it acts on what is there, or on the world outside.
pub(super) fn act_of(op: &Operation) -> Option<String> {
    let whole = |segment: &str| {
        let words = words(segment);
        act_among(&words).filter(|act| act.split(' ').count() == words.len())
    };
    let last = segments(op).next_back().map(words).unwrap_or_default();
    act_among(&last)
        .or_else(|| segments(op).find_map(whole))
        // What follows a colon is what is done: `/things/1:archive`.
        .or_else(|| act_among(&words(op.path.as_str().rsplit_once(':')?.1)))
        .or_else(|| act_at_start(&op.id))
        .or_else(|| op.summary.as_deref().and_then(act_at_start))
}

/// The word of a path's last segment that says that an operation does something, where that is all the segment says: what
/// nobody should ask for, whatever the method is.
pub(super) fn plain_act_of(op: &Operation) -> Option<String> {
    let words = words(segments(op).next_back().filter(|_| !op.path.as_str().ends_with('}'))?);
    act_among(&words).filter(|act| act.split(' ').count() == words.len())
}

/// Whether an operation only looks something up, or lets somebody in.
pub(super) fn looks_up(op: &Operation) -> bool {
    let last = segments(op).next_back().map(words).unwrap_or_default();
    let is_one = |word: &String| LOOKS.contains(&word.as_str());
    let in_path = last.first().is_some_and(is_one) || last.last().is_some_and(is_one) || is_sign_in(&last);
    in_path && act_of(op).is_none()
}

/// Whether an operation lets somebody in who shows that he may.
pub(crate) fn lets_in(op: &Operation) -> bool {
    let last = segments(op).next_back().map(words).unwrap_or_default();
    let words_of_it = ["login", "signin", "token", "authenticate", "auth"];
    is_sign_in(&last) || last.iter().any(|word| words_of_it.contains(&word.as_str()))
}

fn is_sign_in(words: &[String]) -> bool {
    words.windows(2).any(|pair| matches!((pair[0].as_str(), pair[1].as_str()), ("log" | "sign", "in")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        for (name, expected) in [
            ("shutDown", vec!["shut", "down"]),
            ("reset_password-now", vec!["reset", "password", "now"]),
            ("HTTPReset", vec!["httpreset"]),
            ("v2", vec!["v2"]),
            ("", vec![]),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
        assert_eq!(act_at_start("Shuts down the server").as_deref(), Some("shut down"));
        assert_eq!(act_at_start("Resets all rows").as_deref(), Some("reset"));
        assert_eq!(act_at_start("shutdown").as_deref(), Some("shutdown"));
        assert_eq!(act_at_start("create-reset"), None);
    }

    #[test]
    fn the_lists_are_sorted_and_share_no_word() {
        assert!(ACTS.is_sorted() && LOOKS.is_sorted());
        assert!(ACTS.iter().all(|word| !LOOKS.contains(word)));
    }
}
