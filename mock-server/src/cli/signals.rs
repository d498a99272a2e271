//! The signals that ask the program to stop, and how they are passed on to a child.

/// The signals that stop the program.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hang_up: Option<tokio::signal::unix::Signal>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// SIGTERM.
    Terminate,
    /// SIGINT, as Ctrl-C sends it.
    Interrupt,
    /// SIGHUP: the terminal is gone.
    HangUp,
}

#[cfg(unix)]
impl Signals {
    /// Listens for those that stop a server.
    pub(crate) fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: None,
        })
    }

    /// Listens for those that a child is told of as well.
    pub(crate) fn for_a_child() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { hang_up: Some(signal(SignalKind::hangup())?), ..Self::new()? })
    }

    /// Waits for the next.
    pub(crate) async fn wait(&mut self) -> Stop {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => Stop::Terminate,
            _ = self.interrupt.recv() => Stop::Interrupt,
            _ = hang_up => Stop::HangUp,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// Listens for what stops a server.
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Listens for what stops a child.
    pub(crate) fn for_a_child() -> std::io::Result<Self> {
        Self::new()
    }

    /// Waits for the next.
    pub(crate) async fn wait(&mut self) -> Stop {
        let _ = tokio::signal::ctrl_c().await;
        Stop::Interrupt
    }
}

/// Passes a signal on to a child, unless the terminal has sent it to the child as well.
#[cfg(unix)]
pub(crate) fn pass_on(stop: Stop, child: Option<u32>) {
    use rustix::process::{Pid, Signal, kill_process};

    if stop == Stop::Interrupt && is_in_foreground() {
        return;
    }
    let signal = match stop {
        Stop::Terminate => Signal::TERM,
        Stop::Interrupt => Signal::INT,
        Stop::HangUp => Signal::HUP,
    };
    // A child that has just ended needs no signal.
    if let Some(pid) = child.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// A console tells every program in it.
#[cfg(not(unix))]
pub(crate) fn pass_on(_: Stop, _: Option<u32>) {}

/// Whether a Ctrl-C at the terminal reaches this process and its children alike.
#[cfg(unix)]
fn is_in_foreground() -> bool {
    let terminal = std::fs::File::open("/dev/tty");
    terminal.is_ok_and(|terminal| {
        rustix::termios::tcgetpgrp(&terminal).is_ok_and(|group| group == rustix::process::getpgrp())
    })
}
