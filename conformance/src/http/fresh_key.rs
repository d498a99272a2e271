//! A key that a command prints: a fresh one whenever the last one no longer counts.

use std::fmt;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemas::Problem;
use serde_json::Value;

/// The command runs no more often than this: a target may refuse whatever is asked for.
const SELDOM: Duration = Duration::from_secs(1);
/// A key that says when it ends is replaced so long before.
const BEFORE_END: Duration = Duration::from_secs(30);

/// A key that a command prints. Cheap to clone; every clone sees the newest key.
#[derive(Clone)]
pub struct FreshKey(Arc<Source>);

struct Source {
    command: String,
    printed: Mutex<Printed>,
}

/// What the command printed.
struct Printed {
    /// All keys, the newest last.
    keys: Vec<String>,
    /// When it ran last.
    at: Instant,
}

impl FreshKey {
    /// Runs the command for its first key.
    pub fn of(command: &str) -> Result<Self, Problem> {
        let key = printed_by(command).map_err(|why| {
            Problem::say(format!("--auth-command gave no key: {why}"))
                .with_help("it must end well and print the key as the first line of its standard output")
        })?;
        let printed = Mutex::new(Printed { keys: vec![key], at: Instant::now() });
        Ok(Self(Arc::new(Source { command: command.to_owned(), printed })))
    }

    /// The newest key.
    pub fn current(&self) -> String {
        self.printed().keys.last().cloned().unwrap_or_default()
    }

    /// Every key that was printed.
    pub(crate) fn all(&self) -> Vec<String> {
        self.printed().keys.clone()
    }

    /// Runs the command again, unless it ran just now; returns whether there is another key.
    pub(crate) fn renew(&self) -> bool {
        if self.printed().at.elapsed() < SELDOM {
            return false;
        }
        let key = printed_by(&self.0.command);
        let mut printed = self.printed();
        printed.at = Instant::now();
        match key {
            Ok(key) if printed.keys.last() != Some(&key) => {
                printed.keys.push(key);
                true
            }
            Ok(_) | Err(_) => false,
        }
    }

    /// Runs the command again where the key says that it is about to end.
    pub(crate) fn renew_before_it_ends(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        if end_of(&self.current()).is_some_and(|end| end < now + BEFORE_END) {
            self.renew();
        }
    }

    fn printed(&self) -> MutexGuard<'_, Printed> {
        self.0.printed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FreshKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FreshKey")
    }
}

/// The first line that a command prints.
fn printed_by(command: &str) -> Result<String, String> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let output =
        Command::new(shell).args([flag, command]).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(output.status.to_string());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let key = text.lines().next().unwrap_or_default().trim();
    match key {
        "" => Err("it printed nothing".to_owned()),
        key if key.bytes().all(|byte| (0x20..0x7f).contains(&byte)) => Ok(key.to_owned()),
        _ => Err("it printed letters that no header can hold".to_owned()),
    }
}

/// When a key ends, in seconds of the clock, where it is a JSON Web Token that says so.
fn end_of(key: &str) -> Option<Duration> {
    let mut parts = key.split('.');
    let claims = parts.nth(1).filter(|_| parts.count() == 1)?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    claims
        .get("exp")?
        .as_f64()
        .filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_when_it_ends_and_other_keys_do_not() {
        let token = |claims: &str| format!("h.{}.s", URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(end_of(&token(r#"{"exp":17}"#)), Some(Duration::from_secs(17)));
        for key in
            ["sesame", "a.b", "a.b.c", &token("{}"), &token(r#"{"exp":-1}"#), &token(r#"{"exp":"17"}"#)]
        {
            assert_eq!(end_of(key), None, "{key}");
        }
    }

    #[test]
    fn a_command_that_prints_no_key_is_told() {
        assert_eq!(printed_by("echo sesame; echo more"), Ok("sesame".to_owned()));
        for (command, why) in
            [("true", "it printed nothing"), ("exit 3", "3"), ("printf 'a\\001'", "no header")]
        {
            let error = printed_by(command).expect_err(command);
            assert!(error.contains(why), "{command}: {error}");
        }
        let key = FreshKey::of("echo sesame").expect("a key");
        assert!(!key.renew(), "it ran just now");
    }
}
