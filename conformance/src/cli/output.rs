//! What a command prints.

use std::io::{self, ErrorKind, Write};

use super::error::UserError;

/// Standard output. Where whoever reads it has read enough, the rest is dropped and the command ends as it would have;
/// any other failure is an error.
pub(super) struct Output {
    inner: anstream::Stdout,
    closed: bool,
}

/// Standard output, without colours where they are not wanted.
pub(super) fn stdout() -> Output {
    Output { inner: anstream::stdout(), closed: false }
}

/// Whether all that was printed has arrived, or nobody wants it any more.
pub(super) fn arrived() -> Result<(), UserError> {
    match io::stdout().flush() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

impl Output {
    fn unless_closed<T>(&mut self, done: T, outcome: io::Result<T>) -> io::Result<T> {
        match outcome {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(done)
            }
            outcome => outcome,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let outcome = self.inner.write(bytes);
        self.unless_closed(bytes.len(), outcome)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let outcome = self.inner.flush();
        self.unless_closed((), outcome)
    }
}
