//! How far a run is, for people who wait.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::findings::{Event, Reporter};

/// Keeps one line of stderr up to date.
#[derive(Debug)]
pub struct Progress {
    cases: usize,
    tried: usize,
    requests: usize,
    drawn: Option<Instant>,
    note: String,
}

impl Progress {
    /// For a terminal.
    pub fn new() -> Self {
        Self { cases: 0, tried: 0, requests: 0, drawn: None, note: String::new() }
    }

    fn draw(&mut self, now: bool) {
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= Duration::from_millis(80));
        if due || now {
            self.drawn = Some(Instant::now());
            let _ = write!(
                io::stderr(),
                "\r\x1b[2K{}/{} cases · {} requests{}",
                self.tried,
                self.cases,
                self.requests,
                self.note
            );
            let _ = io::stderr().flush();
        }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Reporter for Progress {
    fn on(&mut self, event: &Event) {
        match event {
            Event::Planned { cases, .. } => self.cases = *cases,
            Event::Sent { requests } => {
                self.requests = *requests;
                self.note.clear();
            }
            Event::Exchanged(_) => return,
            Event::Tried { .. } => self.tried += 1,
            Event::Waiting { seconds } => {
                self.note = format!(" · waiting {seconds} s for the allowance");
                self.draw(true);
            }
            Event::Cleaning { rows } => self.note = format!(" · deleting {rows} rows"),
            Event::Finished(_) => {
                let _ = write!(io::stderr(), "\r\x1b[2K");
                let _ = io::stderr().flush();
                return;
            }
        }
        self.draw(false);
    }
}
