//! The program as a process.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::{Api, builtin};

/// Nothing here takes this long unless the program hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running program.
pub(crate) struct Program {
    child: Child,
    /// `None` where a test looks after it.
    stdout: Option<BufReader<ChildStdout>>,
    /// What it said first.
    pub(crate) ready: String,
}

/// What a program left behind.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    /// What it printed after the first line.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// Starts it on a free port, with arguments and environment, and waits until it is ready.
    pub(crate) async fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = command(arguments, environment).spawn().expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut ready = String::new();
        let read = timeout(PATIENCE, stdout.read_line(&mut ready)).await;
        read.expect("a line in time").expect("a line");
        if !ready.starts_with("ready ") {
            let mut told = String::new();
            let _ = child.stderr.take().expect("a pipe").read_to_string(&mut told).await;
            panic!("it said {ready:?} and {told}");
        }
        Self { child, stdout: Some(stdout), ready }
    }

    /// The base URL it printed.
    pub(crate) fn url(&self) -> &str {
        self.ready.trim_end().strip_prefix("ready ").expect("a URL")
    }

    /// A caller with a key.
    pub(crate) fn api(&self) -> Api {
        Api::at(self.url(), builtin()).with_key("pivotal_test_demo")
    }

    /// Reads its stderr until a line has a text in it; returns that line.
    pub(crate) async fn told(&mut self, text: &str) -> String {
        let mut lines = BufReader::new(self.child.stderr.take().expect("a pipe")).lines();
        loop {
            let line = timeout(PATIENCE, lines.next_line()).await.expect("a line in time").expect("text");
            let line = line.unwrap_or_else(|| panic!("it never said {text}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Sends a signal.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().expect("a running program").to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().await;
        assert!(sent.expect("kill").success());
    }

    /// Waits for its end.
    pub(crate) async fn end(mut self) -> Ended {
        let mut stdout = String::new();
        if let Some(pipe) = &mut self.stdout {
            timeout(PATIENCE, pipe.read_to_string(&mut stdout)).await.expect("an end").expect("text");
        }
        let end = timeout(PATIENCE, self.child.wait_with_output()).await;
        let Output { status, stderr, .. } = end.expect("an end").expect("an end");
        Ended { code: status.code(), stdout, stderr: String::from_utf8(stderr).expect("text") }
    }

    /// Stops it as a supervisor does.
    pub(crate) async fn stop(self) -> Ended {
        self.signal("TERM").await;
        self.end().await
    }
}

/// Starts it on a free port with another stdout, waits until it serves, and stops it; returns its exit code.
pub(crate) async fn code_with_stdout(stdout: Stdio) -> Option<i32> {
    let mut child = command(&[], &[]).stdout(stdout).spawn().expect("the program starts");
    drop(child.stdout.take());
    let mut program = Program { stdout: None, child, ready: String::new() };
    let look = program.told("look ").await;
    let url = look.split_whitespace().next_back().expect("a URL");
    assert!(super::client().get(url).send().await.expect("an answer").status().is_success());
    program.stop().await.code
}

/// Runs it to its end: for invocations that do not start a server.
pub(crate) async fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
    ended(command(arguments, environment).spawn().expect("the program starts")).await
}

async fn ended(child: Child) -> Ended {
    let output = timeout(PATIENCE, child.wait_with_output()).await.expect("an end").expect("an end");
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Runs it to its end with a text on its standard input.
pub(crate) async fn run_with(arguments: &[&str], text: &str) -> Ended {
    let mut child = command(arguments, &[]).stdin(Stdio::piped()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that has refused what it read so far need not read on.
    let _ = stdin.write_all(text.as_bytes()).await;
    drop(stdin);
    ended(child).await
}

fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-server"));
    command.args(arguments).env_clear().envs(environment.iter().copied());
    let serves = !arguments.first().is_some_and(|first| ["exec", "health"].contains(first));
    if serves
        && !arguments.contains(&"--port")
        && environment.iter().all(|(name, _)| *name != "MOCK_SERVER_PORT")
    {
        command.args(["--port", "0"]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}
