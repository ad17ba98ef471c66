//! The guard of the terminal: what is entered is left again, in mirrored order, however the program ends. It draws
//! nothing and reads no keys.

use std::io::{self, Stdout, Write as _, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once};
use std::time::Duration;

use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{self, BeginSynchronizedUpdate, ClearType, EndSynchronizedUpdate};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

use super::theme::Theme;

/// Whether the terminal is ours now. A static, because panic hooks and signal threads have to know.
static ENTERED: AtomicBool = AtomicBool::new(false);
/// Whether we switched the mouse on.
static MOUSE: AtomicBool = AtomicBool::new(false);
/// Held while a frame is drawn, so that none is drawn into the shell that a signal gave the terminal back to.
static DRAWING: Mutex<()> = Mutex::new(());

/// The terminal while the workbench has it. Dropping it gives the terminal back.
#[derive(Debug)]
pub(crate) struct Guard {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Guard {
    /// Takes the terminal. Fails, with the terminal as it was, when there is none.
    pub(crate) fn enter(mouse: bool) -> io::Result<Self> {
        leave_on_panic();
        enter(mouse)?;
        match Terminal::new(CrosstermBackend::new(stdout())) {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                leave();
                Err(error)
            }
        }
    }

    /// Draws one frame; terminals that can show it all at once.
    pub(crate) fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let _drawing = DRAWING.lock();
        if !ENTERED.load(Ordering::SeqCst) {
            return Ok(());
        }
        queue!(stdout(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(view).map(|_| ());
        execute!(stdout(), EndSynchronizedUpdate)?;
        drawn
    }

    /// Forgets what the terminal shows, so that the next frame is drawn whole.
    ///
    /// It does not ask the terminal for its cursor: another thread reads the keys, and the answer would go there.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        self.terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        execute!(stdout(), cursor::Hide, terminal::Clear(ClearType::All))
    }

    /// Gives the terminal to somebody else for a while and takes it back.
    pub(crate) fn lend(&mut self, borrower: impl FnOnce()) -> io::Result<()> {
        let mouse = MOUSE.load(Ordering::SeqCst);
        leave();
        borrower();
        enter(mouse)?;
        self.clear()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

fn enter(mouse: bool) -> io::Result<()> {
    terminal::enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    let entered = execute!(
        stdout(),
        terminal::EnterAlternateScreen,
        terminal::Clear(ClearType::All),
        cursor::Hide,
        EnableBracketedPaste
    )
    .and_then(|()| if mouse { set_mouse(true) } else { Ok(()) });
    if entered.is_err() {
        leave();
    }
    entered
}

/// Asks the terminal whether its background is light or dark. It waits no longer than 100 ms; terminals that do not
/// know say so at once. Nothing else may read from the terminal meanwhile.
pub(crate) fn background() -> Option<Theme> {
    let mut options = terminal_colorsaurus::QueryOptions::default();
    options.timeout = Duration::from_millis(100);
    match terminal_colorsaurus::theme_mode(options) {
        Ok(terminal_colorsaurus::ThemeMode::Dark) => Some(Theme::Dark),
        Ok(terminal_colorsaurus::ThemeMode::Light) => Some(Theme::Light),
        Err(_) => None,
    }
}

/// Switches reports of the mouse on or off.
pub(crate) fn set_mouse(on: bool) -> io::Result<()> {
    MOUSE.store(on, Ordering::SeqCst);
    if on { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
}

/// Gives the terminal back. Doing it twice does no harm; errors have nobody left to tell.
pub(crate) fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    if MOUSE.swap(false, Ordering::SeqCst) {
        let _ = execute!(out, DisableMouseCapture);
        // Reports that are on their way would be typed into the shell. They are thrown away unread: whoever reads from a
        // terminal that is gone never gets to the end.
        #[cfg(unix)]
        let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
    }
    let _ = execute!(out, DisableBracketedPaste, cursor::Show, terminal::LeaveAlternateScreen);
    let _ = terminal::disable_raw_mode();
    let _ = out.flush();
}

/// Gives the terminal back for another thread, once the frame that is being drawn is done. It does not wait long: the
/// drawing may hang on a terminal that takes nothing.
pub(crate) fn leave_between_frames() {
    const PATIENCE: u32 = 50;
    for _ in 0..PATIENCE {
        if let Ok(_drawing) = DRAWING.try_lock() {
            return leave();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    leave();
}

/// A panic gives the terminal back first, so that its message can be read.
fn leave_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            leave();
            before(info);
        }));
    });
}
