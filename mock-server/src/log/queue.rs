//! Lines on their way to stderr. Whoever answers a request leaves its line here and goes on; one thread writes. Where
//! nobody reads what is written, lines wait up to a bound, and beyond it they are dropped and counted.

use std::io::Write;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::format::LogFormat;
use super::line::{dropped_line, json_line, notice_line, pretty_line};
use crate::journal::JournalEntry;

/// How much text waits to be written, in bytes.
const MAX_WAITING: usize = 1 << 20;

/// The log of a server.
#[derive(Debug)]
pub(crate) struct Log {
    format: LogFormat,
    colours: bool,
    /// `None` where nothing is logged.
    queue: Option<Arc<Queue>>,
}

#[derive(Debug)]
struct Queue {
    max: usize,
    state: Mutex<Waiting>,
    /// Something waits, or nothing more will.
    changed: Condvar,
    /// All is written.
    idle: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    text: String,
    /// Lines dropped after `text`.
    dropped: u64,
    writing: bool,
    closed: bool,
}

impl Log {
    /// A log to stderr, with its thread.
    pub(crate) fn to_stderr(format: LogFormat) -> Self {
        let colours = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        Self::to(anstream::stderr(), format, colours, MAX_WAITING)
    }

    fn to(out: impl Write + Send + 'static, format: LogFormat, colours: bool, max: usize) -> Self {
        let queue = (format != LogFormat::Off).then(|| Queue::start(out, format, max)).flatten();
        Self { format, colours, queue }
    }

    /// Whether anything is written at all.
    pub(crate) fn is_on(&self) -> bool {
        self.queue.is_some()
    }

    /// Leaves a request's line to be written.
    pub(crate) fn request(&self, entry: &JournalEntry) {
        let Some(queue) = &self.queue else { return };
        queue.push(&match self.format {
            LogFormat::Off => return,
            LogFormat::Json => json_line(entry),
            LogFormat::Pretty => pretty_line(entry, self.colours),
        });
    }

    /// Leaves word of something that happened beside the requests, at a time in milliseconds since 1970.
    pub(crate) fn notice(&self, at: i64, what: &str) {
        if let Some(queue) = &self.queue {
            queue.push(&notice_line(at, what, self.format == LogFormat::Json));
        }
    }

    /// Leaves a text for people to be written; whoever asked for JSON reads nothing but JSON.
    pub(crate) fn text(&self, text: &str) {
        if let (LogFormat::Pretty, Some(queue)) = (self.format, &self.queue) {
            queue.push(text);
        }
    }

    /// Waits until all is written, but no longer than `patience`: whoever does not read does not keep the server.
    pub(crate) fn flush(&self, patience: Duration) {
        let Some(queue) = &self.queue else { return };
        let deadline = Instant::now() + patience;
        let mut waiting = queue.state.lock();
        while !(waiting.text.is_empty() && waiting.dropped == 0 && !waiting.writing) {
            if queue.idle.wait_until(&mut waiting, deadline).timed_out() {
                return;
            }
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Some(queue) = &self.queue {
            queue.state.lock().closed = true;
            queue.changed.notify_one();
        }
    }
}

impl Queue {
    /// `None` where the machine has no thread to spare: then nothing is logged.
    fn start(mut out: impl Write + Send + 'static, format: LogFormat, max: usize) -> Option<Arc<Self>> {
        let queue = Self { max, state: Mutex::default(), changed: Condvar::new(), idle: Condvar::new() };
        let queue = Arc::new(queue);
        let own = Arc::clone(&queue);
        let write = move || own.write(&mut out, format == LogFormat::Json);
        // Never joined: it may hang in a write for as long as nobody reads.
        thread::Builder::new().name("log".to_owned()).spawn(write).ok().map(|_| queue)
    }

    fn push(&self, lines: &str) {
        let mut waiting = self.state.lock();
        if waiting.text.len() + lines.len() > self.max {
            waiting.dropped += 1;
        } else {
            waiting.text.push_str(lines);
        }
        drop(waiting);
        self.changed.notify_one();
    }

    /// Writes what waits, until there will be no more. A log that cannot be written is not worth failing for.
    fn write(&self, out: &mut impl Write, as_json: bool) {
        let mut text = String::new();
        loop {
            let mut waiting = self.state.lock();
            waiting.writing = false;
            while waiting.text.is_empty() && waiting.dropped == 0 {
                self.idle.notify_all();
                if waiting.closed {
                    return;
                }
                self.changed.wait(&mut waiting);
            }
            // The buffers change places: neither is allocated anew.
            text.clear();
            std::mem::swap(&mut text, &mut waiting.text);
            let dropped = std::mem::take(&mut waiting.dropped);
            waiting.writing = true;
            drop(waiting);
            let _ = out.write_all(text.as_bytes());
            if dropped > 0 {
                let _ = out.write_all(dropped_line(dropped, as_json).as_bytes());
            }
            let _ = out.flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Nothing here takes this long unless a thread hangs.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// A reader that reads only when it is told to.
    struct Gate {
        go: Receiver<()>,
        wrote: Sender<String>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.wrote.send(String::from_utf8_lossy(bytes).into_owned());
            // Once nobody holds the gate any more, it stands open.
            let _ = self.go.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn gated(max: usize) -> (Log, Sender<()>, Receiver<String>) {
        let ((open, go), (wrote, written)) = (channel(), channel());
        (Log::to(Gate { go, wrote }, LogFormat::Pretty, false, max), open, written)
    }

    #[test]
    fn lines_that_nobody_reads_are_dropped_and_counted() {
        let (log, open, written) = gated(12);
        log.text("first\n");
        assert_eq!(written.recv_timeout(PATIENCE).as_deref(), Ok("first\n"));
        for line in ["a\n", "b\n", "a long line\n", "another long line\n", "c\n"] {
            log.text(line);
        }
        drop(open);
        let rest: String = [written.recv_timeout(PATIENCE), written.recv_timeout(PATIENCE)]
            .into_iter()
            .map(|part| part.expect("more"))
            .collect();
        assert_eq!(rest, "a\nb\nc\n2 lines of the log were dropped\n");
        log.flush(PATIENCE);
        log.text("after\n");
        assert_eq!(written.recv_timeout(PATIENCE).as_deref(), Ok("after\n"));
    }

    #[test]
    fn a_flush_gives_up_on_a_reader_that_does_not_read() {
        let (log, open, written) = gated(100);
        log.text("stuck\n");
        written.recv_timeout(PATIENCE).expect("the writer hangs in its first line");
        log.flush(Duration::from_millis(1));
        drop(open);
        log.flush(PATIENCE);
    }

    #[test]
    fn a_dropped_log_writes_what_waits_and_ends_its_thread() {
        let (log, open, written) = gated(100);
        log.text("last\n");
        drop(open);
        drop(log);
        assert_eq!(written.iter().collect::<String>(), "last\n");
    }
}
