//! Output of a command: text or one JSON document on standard output, progress on standard error, events as NDJSON.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parking_lot::Mutex;
use serde::Serialize;
use serde_json::json;

use wire::document::SCHEMA_VERSION;

use crate::cli::Global;
use crate::event::ProgressEvent;

/// If no output appeared for this long, the next wait is reported even without -v.
const SILENCE: Duration = Duration::from_secs(10);

/// Interval of plain progress lines, where there is no terminal.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// The output channels of a command.
#[derive(Debug)]
pub struct Output {
    is_json: bool,
    is_quiet: bool,
    is_verbose: bool,
    has_bars: bool,
    has_lines: bool,
    events: Option<Mutex<Events>>,
    /// Time of the last message on standard error.
    said: Mutex<Instant>,
    /// The latest reported wait and when it was reported.
    waiting: Mutex<Option<(Instant, String)>>,
    /// Number of tables on the screen now.
    tables: Arc<AtomicUsize>,
}

#[derive(Debug)]
enum Events {
    Stdout,
    File(File),
}

impl Output {
    /// Opens the outputs that the options select.
    ///
    /// # Errors
    /// The event file cannot be opened.
    pub fn new(global: &Global) -> anyhow::Result<Self> {
        let events = match &global.events {
            None => None,
            Some(path) if path.as_os_str() == "-" => Some(Mutex::new(Events::Stdout)),
            Some(path) => {
                let file =
                    File::options().create(true).append(true).open(path).map_err(|error| {
                        crate::failure::Failure::usage(format!(
                            "the file {} for events cannot be opened: {error}",
                            path.display()
                        ))
                    })?;
                Some(Mutex::new(Events::File(file)))
            }
        };
        let is_terminal = std::io::stderr().is_terminal();
        let has_progress = global.progress.shows_progress(global.quiet);
        Ok(Self {
            is_json: global.json,
            is_quiet: global.quiet,
            is_verbose: global.verbose > 0,
            has_bars: has_progress && is_terminal,
            has_lines: has_progress,
            events,
            said: Mutex::new(Instant::now()),
            waiting: Mutex::new(None),
            tables: Arc::default(),
        })
    }

    /// Writes the result: a document with `--json`, else the text.
    ///
    /// # Errors
    /// Errors of standard output.
    pub fn document(
        &self,
        document: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        if self.is_json {
            let mut document = serde_json::to_value(document)?;
            document["schema_version"] = json!(SCHEMA_VERSION);
            return write_line(&document.to_string());
        }
        self.text(&text())
    }

    /// Returns whether results are text, so that a command may write a long one in parts.
    pub fn is_text(&self) -> bool {
        !self.is_json
    }

    /// Writes a part of a result that is text.
    ///
    /// # Errors
    /// Errors of standard output.
    pub fn text(&self, text: &str) -> anyhow::Result<()> {
        if text.is_empty() { Ok(()) } else { write_line(text) }
    }

    /// Writes a message to standard error; `--quiet` suppresses it.
    pub fn note(&self, text: &str) {
        if !self.is_quiet {
            self.say(text);
        }
    }

    /// Writes a plain line of progress. `--progress never` suppresses it, and so does `--quiet` without
    /// `--progress always`.
    pub fn progress_line(&self, text: &str) {
        if self.has_lines {
            self.say(text);
        }
    }

    fn say(&self, text: &str) {
        // A closed standard error must not end the command.
        writeln!(std::io::stderr().lock(), "{text}").ok();
        *self.said.lock() = Instant::now();
    }

    /// Writes a message to standard error with -v only.
    pub fn detail(&self, text: &str) {
        if self.is_verbose {
            self.note(text);
        }
    }

    /// Reports a wait: at once with -v, otherwise after ten seconds without output.
    pub fn waiting(&self, text: &str) {
        *self.waiting.lock() = Some((Instant::now(), text.to_owned()));
        let is_silent = self.said.lock().elapsed() >= SILENCE;
        // If a table is on the screen, it shows the wait.
        let is_shown = self.tables.load(Ordering::Relaxed) > 0;
        if self.is_verbose || is_silent && self.has_lines && !is_shown {
            self.note(text);
        }
    }

    /// Returns the last reported wait, for a table; `None` once the report is ten seconds old.
    pub fn waited_for(&self) -> Option<String> {
        let waiting = self.waiting.lock();
        let (_, text) = waiting.as_ref().filter(|(when, _)| when.elapsed() < SILENCE)?;
        Some(text.clone())
    }

    /// Writes an event, if `--events` was given.
    pub(crate) fn event(&self, name: &str, event: &impl Serialize) {
        let Some(events) = &self.events else { return };
        // Every event is a struct, which becomes an object.
        let mut event = serde_json::to_value(event).unwrap_or_default();
        event["event"] = json!(name);
        event["time_ms"] = json!(sysio::clock::now_ms());
        let line = format!("{event}\n");
        let mut events = events.lock();
        let written = match &mut *events {
            Events::Stdout => std::io::stdout().lock().write_all(line.as_bytes()),
            Events::File(file) => file.write_all(line.as_bytes()),
        };
        // A failed event write must not end the command.
        written.ok();
    }

    /// Starts a table that redraws itself; `None` if standard error is no terminal or progress is off.
    pub fn table(&self) -> Option<Table> {
        self.has_bars.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{spinner} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(100));
            self.tables.fetch_add(1, Ordering::Relaxed);
            Table { bar, tables: Arc::clone(&self.tables) }
        })
    }

    /// Starts the progress display of one activity.
    pub fn progress(&self, title: &str) -> Progress<'_> {
        let bar = self.has_bars.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(spinner());
            bar.set_message(title.to_owned());
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        let now = Instant::now();
        let state = Mutex::new(ProgressLine { phase: title.to_owned(), written: now, event: now });
        Progress { output: self, bar, state }
    }
}

/// Lines on a terminal. Each update redraws them, and dropping the table clears them.
#[derive(Debug)]
pub struct Table {
    bar: ProgressBar,
    tables: Arc<AtomicUsize>,
}

impl Table {
    /// Shows these lines in place of the previous ones.
    pub fn show(&self, lines: &[String]) {
        self.bar.set_message(lines.join("\n"));
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        self.tables.fetch_sub(1, Ordering::Relaxed);
    }
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {msg} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn bar(is_bytes: bool) -> ProgressStyle {
    let template = if is_bytes {
        "{spinner} {msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}"
    } else {
        "{spinner} {msg} [{bar:30}] {pos}/{len} {eta}"
    };
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}

/// Progress display of one activity: a bar on a terminal, plain lines elsewhere. Dropping it clears the bar.
#[derive(Debug)]
pub struct Progress<'a> {
    output: &'a Output,
    bar: Option<ProgressBar>,
    state: Mutex<ProgressLine>,
}

#[derive(Debug)]
struct ProgressLine {
    phase: String,
    written: Instant,
    event: Instant,
}

impl Progress<'_> {
    /// Shows the progress of a phase; a `total` of zero means unknown.
    pub fn update(&self, phase: &str, done: u64, total: u64, is_bytes: bool) {
        let mut state = self.state.lock();
        let is_new = state.phase != phase;
        if is_new || state.event.elapsed() >= Duration::from_millis(500) {
            state.event = Instant::now();
            self.output.event("progress", &ProgressEvent { phase, done, total });
        }
        if let Some(shown) = &self.bar {
            if total > 0 {
                shown.set_style(bar(is_bytes));
                shown.set_length(total);
                shown.set_position(done.min(total));
            } else {
                shown.set_style(spinner());
            }
            if is_new {
                shown.set_message(phase.to_owned());
            }
        } else if state.written.elapsed() >= PLAIN_EVERY {
            state.written = Instant::now();
            let amount = |value| match is_bytes {
                true => wire::units::format_len(value),
                false => value.to_string(),
            };
            let of = if total > 0 { format!(" of {}", amount(total)) } else { String::new() };
            self.output.progress_line(&format!("{phase}: {}{of}", amount(done)));
        }
        if is_new {
            phase.clone_into(&mut state.phase);
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn write_line(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
        // The reader has closed the pipe (`| head`).
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
