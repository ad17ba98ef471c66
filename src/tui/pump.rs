//! Events of the terminal and signals, as messages on one channel. Between events nothing runs.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{self, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::key::Key;
use super::update::{Click, Msg, Pointer};

/// Two presses at one place within this time are a double click.
const DOUBLE: Duration = Duration::from_millis(400);

/// The number of the signal that says that the terminal is gone.
const HANGUP: u8 = 1;

/// What people call the signals that end the program.
pub(super) const fn signal_name(signal: u8) -> &'static str {
    match signal {
        1 => "the terminal was closed (SIGHUP)",
        2 => "interrupted (SIGINT)",
        3 => "ended by SIGQUIT",
        _ => "ended by SIGTERM",
    }
}

/// What comes in.
#[derive(Debug)]
pub(super) enum Event {
    /// Something for the state.
    Msg(Msg),
    /// The program is told to end, by the signal of this number.
    End(u8),
}

/// How many messages were dealt with. Nothing is waited for on the terminal before all that came are: whoever is lent
/// the terminal meanwhile, such as an editor, gets the keys that are meant for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Done(Arc<(Mutex<u64>, Condvar)>);

impl Done {
    /// Counts messages that were dealt with.
    pub(super) fn add(&self, messages: usize) {
        let (count, told) = &*self.0;
        *count.lock().unwrap_or_else(PoisonError::into_inner) += messages as u64;
        told.notify_all();
    }

    /// Waits until so many were.
    fn wait(&self, messages: u64) {
        let (count, told) = &*self.0;
        let mut done = count.lock().unwrap_or_else(PoisonError::into_inner);
        while *done < messages {
            done = told.wait(done).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Starts reading.
pub(super) fn start() -> io::Result<(Receiver<Event>, Done)> {
    let (sender, receiver) = channel();
    let done = Done::default();
    signals(sender.clone())?;
    let waiting = done.clone();
    thread::Builder::new().name("keys".to_owned()).spawn(move || read(&sender, &waiting))?;
    Ok((receiver, done))
}

fn read(sender: &Sender<Event>, done: &Done) {
    let mut last: Option<(Instant, (u16, u16))> = None;
    let mut sent = 0;
    while let Ok(event) = event::read() {
        let msg = match event {
            event::Event::Key(key) => Key::of(key).map(Msg::Key),
            event::Event::Paste(text) => Some(Msg::Paste(text)),
            event::Event::Mouse(mouse) => pointer(mouse, &mut last).map(Msg::Mouse),
            event::Event::Resize(width, height) => Some(Msg::Resize(width, height)),
            event::Event::FocusGained | event::Event::FocusLost => None,
        };
        if let Some(msg) = msg {
            sent += 1;
            if sender.send(Event::Msg(msg)).is_err() {
                return;
            }
        }
        // What is there already belongs to one frame with it.
        if !event::poll(Duration::ZERO).unwrap_or(false) {
            done.wait(sent);
        }
    }
    // The terminal is gone.
    let _ = sender.send(Event::End(HANGUP));
}

fn pointer(mouse: MouseEvent, last: &mut Option<(Instant, (u16, u16))>) -> Option<Pointer> {
    let at = (mouse.column, mouse.row);
    let sideways = mouse.modifiers.contains(KeyModifiers::SHIFT);
    let wheel = |by: i32| if sideways { Click::Wheel(by, 0) } else { Click::Wheel(0, by) };
    let click = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => {
            let now = Instant::now();
            let double = last.is_some_and(|(when, place)| place == at && now.duration_since(when) < DOUBLE);
            *last = (!double).then_some((now, at));
            if double { Click::Double } else { Click::Press }
        }
        MouseEventKind::Down(MouseButton::Right) => Click::Menu,
        MouseEventKind::Drag(MouseButton::Left) => Click::Drag,
        MouseEventKind::Up(MouseButton::Left) => Click::Release,
        MouseEventKind::ScrollUp => wheel(-1),
        MouseEventKind::ScrollDown => wheel(1),
        MouseEventKind::ScrollLeft => Click::Wheel(-1, 0),
        MouseEventKind::ScrollRight => Click::Wheel(1, 0),
        _ => return None,
    };
    Some(Pointer { click, at })
}

/// Signals that end the program give the terminal back at once, even while something long is computed; the journal has
/// the work. A second one ends it whatever it does.
#[cfg(unix)]
fn signals(sender: Sender<Event>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let mut signals = signals.forever();
        if let Some(signal) = signals.next() {
            super::term::leave_between_frames();
            let _ = sender.send(Event::End(u8::try_from(signal).unwrap_or(HANGUP)));
        }
        if let Some(signal) = signals.next() {
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn signals(_sender: Sender<Event>) -> io::Result<()> {
    Ok(())
}
