//! How far something long is, in one line of the terminal that is written again and again and leaves nothing behind. What
//! goes by quickly shows nothing, and where messages do not go to a terminal nothing is shown at all. Ctrl-C is asked for
//! here, so that the line is gone before the program is.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::context::Context;

/// What is done sooner is not worth a line.
const QUICK: Duration = Duration::from_millis(200);
/// How long a line stays at least.
const STILL: Duration = Duration::from_millis(60);

/// The line.
pub(crate) struct Progress<'c> {
    context: &'c mut Context,
    /// Before this moment nothing is written.
    next: Instant,
    /// Columns that are written on.
    written: usize,
    asked_to_stop: Asked,
}

impl<'c> Progress<'c> {
    /// Begins; nothing is shown yet.
    pub(crate) fn new(context: &'c mut Context) -> Self {
        let asked_to_stop = Asked::new(context.watched);
        Self { context, next: Instant::now() + QUICK, written: 0, asked_to_stop }
    }

    /// Shows a line of ASCII; whether to go on.
    pub(crate) fn tell(&mut self, line: impl FnOnce() -> String) -> ControlFlow<()> {
        let now = Instant::now();
        if self.context.watched && now >= self.next {
            let line = line();
            // Over what was longer. Terminals that know no escapes can do this too.
            let rest = " ".repeat(self.written.saturating_sub(line.len()));
            self.write(&format!("\r{line}{rest}"));
            self.written = line.len().max(self.written);
            self.next = now + STILL;
        }
        if self.asked_to_stop.is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Takes the line away; whether the program was asked to stop meanwhile.
    pub(crate) fn end(mut self) -> bool {
        self.clear();
        self.asked_to_stop.is_asked()
    }

    fn clear(&mut self) {
        if self.written > 0 {
            // Behind it the terminal may have written `^C`.
            self.write(&format!("\r{}\r", " ".repeat(self.written + 2)));
            self.written = 0;
        }
    }

    fn write(&mut self, text: &str) {
        // Nothing can be done about a closed terminal.
        let _ = self.context.err.write_all(text.as_bytes()).and_then(|()| self.context.err.flush());
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Ends the program as Ctrl-C would have, so that a shell knows.
#[cfg(unix)]
pub(crate) fn stop() {
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT);
}

/// Elsewhere Ctrl-C is not asked for.
#[cfg(not(unix))]
pub(crate) fn stop() {}

/// Whether somebody pressed Ctrl-C. Pressed again it ends the program at once.
#[cfg(unix)]
struct Asked {
    flag: std::sync::Arc<std::sync::atomic::AtomicBool>,
    handlers: Vec<signal_hook::SigId>,
}

#[cfg(unix)]
impl Asked {
    fn new(is_watched: bool) -> Self {
        use signal_hook::{consts::SIGINT, flag};
        let asked = std::sync::Arc::default();
        let twice = is_watched.then(|| flag::register_conditional_default(SIGINT, std::sync::Arc::clone(&asked)));
        let once = is_watched.then(|| flag::register(SIGINT, std::sync::Arc::clone(&asked)));
        let handlers = [twice, once].into_iter().flatten().filter_map(Result::ok).collect();
        Self { flag: asked, handlers }
    }

    fn is_asked(&self) -> bool {
        self.flag.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[cfg(unix)]
impl Drop for Asked {
    fn drop(&mut self) {
        for handler in self.handlers.drain(..) {
            signal_hook::low_level::unregister(handler);
        }
    }
}

#[cfg(not(unix))]
struct Asked;

#[cfg(not(unix))]
impl Asked {
    fn new(_: bool) -> Self {
        Self
    }

    fn is_asked(&self) -> bool {
        false
    }
}
