//! The screen: keys and mouse in, a frame out. `state` is plain data, `update` changes it, `view` draws it, `effect`
//! touches the world. It knows no command line and edits no model by itself.

mod canvas;
mod detail;
mod effect;
mod figures;
mod fuzzy;
mod inspect;
pub mod key;
pub mod keymap;
mod layout;
mod name;
mod pump;
pub mod settings;
mod sift;
mod sight;
pub mod state;
mod term;
mod text;
pub mod theme;
pub mod update;
mod view;

use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvError};

pub use theme::Theme;
pub use update::update;
pub use view::view;

use crate::diagnostic::inert::one_line;
use crate::workbench::Workbench;
use crate::workbench::walk::Range;
use pump::Event;
use state::{Look, State};
use term::Guard;
use update::Msg;

/// Opens the workbench on a model and stays until it is left. Exit code 0, 4 when the terminal fails, or 128 and the
/// number of the signal that ended it.
pub fn run(mut bench: Workbench, walk: Option<Range>) -> ExitCode {
    let (settings, wrong) = effect::settings();
    let usual = Look::default();
    let look = Look {
        // What the environment says is for this one time.
        theme: settings.theme.filter(|_| !Theme::is_told(var)).unwrap_or_else(|| Theme::fitting(var)),
        ascii: settings.ascii.unwrap_or(usual.ascii),
        mouse: settings.mouse.unwrap_or(usual.mouse),
    };
    let mut told = effect::sit_down(&mut bench);
    told.extend(wrong);
    let mut state = State::new(bench, crossterm::terminal::size().unwrap_or(USUAL), look);
    state.keymap = settings.keymap;
    if state.screen == state::Screen::Review {
        told.push(effect::compare(&state.bench, update::review::USUAL));
    }
    if let Some(range) = walk {
        update::walk::begin(&mut state, range);
    }
    let ended = sit(&mut state, told, settings.theme.is_some());
    // The guard is gone by now: the terminal is the shell's again. Nobody is left to tell if this fails.
    let say = |line: &str| {
        let _ = io::Write::write_all(&mut io::stderr(), format!("sconce: {line}\n").as_bytes());
    };
    let (code, why) = match ended {
        Ok(0) => return ExitCode::SUCCESS,
        Ok(signal) => (128_u8.saturating_add(signal), pump::signal_name(signal).to_owned()),
        Err(error) => (4, format!("the terminal failed: {error}")),
    };
    match (state.bench.is_dirty(), farewell(&state.bench)) {
        (true, unsaved) => say(&format!("{why}; {unsaved}")),
        (false, _) if code == 4 => say(&why),
        (false, _) => {}
    }
    ExitCode::from(code)
}

/// What became of unsaved work, for somebody whose sitting was cut short.
fn farewell(bench: &Workbench) -> String {
    let shown = |path: &std::path::Path| one_line(&path.to_string_lossy());
    let Some(file) = bench.path().map(shown) else { return "unsaved work is lost: it never had a file".to_owned() };
    if let Some(journal) = bench.kept_in().map(shown) {
        return format!("unsaved work is kept in the journal {journal}: `sconce {file}` offers to take it over");
    }
    let why = one_line(bench.unkept().unwrap_or("it is open read-only"));
    if let Some(journal) = bench.kept_before().map(shown) {
        return format!(
            "the last changes are lost, no journal could be written: {why}; \
             what was there before is kept in {journal}: `sconce {file}` offers to take it over"
        );
    }
    let older = bench.undecided().map(|_| format!("; what was left before is still kept: `sconce {file}` offers it"));
    format!("unsaved work is lost: no journal could be written: {why}{}", older.unwrap_or_default())
}

/// Columns and rows of a terminal that does not know its own.
const USUAL: (u16, u16) = (80, 24);

fn var(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Stays until the workbench is left; the number of the signal that ended it, or 0. Where colours are set, the terminal
/// is not asked for its own.
fn sit(state: &mut State, told: Vec<Msg>, is_set: bool) -> io::Result<u8> {
    let mut guard = Guard::enter(state.look.mouse)?;
    for msg in told {
        update(state, msg);
    }
    guard.draw(|frame| view(state, frame))?;
    if !is_set
        && state.look.theme.may_ask(var)
        && let Some(theme) = term::background()
    {
        state.look.theme = theme;
        guard.draw(|frame| view(state, frame))?;
    }
    let (events, done) = pump::start()?;
    while let Ok(batch) = next(&events) {
        let messages = batch.len();
        for event in batch {
            match event {
                Event::Msg(msg) => {
                    if !take(state, &mut guard, msg)? {
                        return Ok(0);
                    }
                }
                Event::End(signal) => return Ok(signal),
            }
        }
        done.add(messages);
        guard.draw(|frame| view(state, frame))?;
    }
    Ok(0)
}

/// Waits for an event, and takes what else has come by then: many events, one frame.
fn next(events: &Receiver<Event>) -> Result<Vec<Event>, RecvError> {
    let mut batch = vec![events.recv()?];
    batch.extend(events.try_iter());
    Ok(batch)
}

/// Updates the state and runs the effects, and what follows from them; whether to stay.
fn take(state: &mut State, guard: &mut Guard, msg: Msg) -> io::Result<bool> {
    let mut todo = vec![msg];
    while let Some(msg) = todo.pop() {
        for effect in update(state, msg) {
            match effect::run(effect, state, guard)? {
                effect::Then::Go => {}
                effect::Then::Tell(msg) => todo.push(msg),
                effect::Then::Leave => return Ok(false),
            }
        }
    }
    Ok(true)
}
