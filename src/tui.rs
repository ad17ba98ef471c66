//! The screen: keys and mouse in, a frame out. `state` is plain data, `update` changes it, `view` draws it, `effect`
//! touches the world. It knows no command line and edits no model by itself.

mod canvas;
mod detail;
mod effect;
mod fuzzy;
mod inspect;
pub mod key;
pub mod keymap;
mod layout;
mod pump;
mod sift;
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

use crate::workbench::Workbench;
use pump::Event;
use state::{Look, State};
use term::Guard;
use update::Msg;

/// Opens the workbench on a model and stays until it is left. Exit code 0, or 4 when the terminal fails.
pub fn run(bench: Workbench) -> ExitCode {
    let look = Look { theme: Theme::fitting(var), ..Look::default() };
    match sit(bench, look) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The guard is gone by now: the terminal is the shell's again.
            let _ = io::Write::write_all(&mut io::stderr(), format!("sconce: the terminal: {error}\n").as_bytes());
            ExitCode::from(4)
        }
    }
}

fn var(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn sit(mut bench: Workbench, look: Look) -> io::Result<()> {
    let told = effect::sit_down(&mut bench);
    let mut guard = Guard::enter(look.mouse)?;
    let mut state = State::new(bench, crossterm::terminal::size()?, look);
    for msg in told {
        update(&mut state, msg);
    }
    guard.draw(|frame| view(&state, frame))?;
    if look.theme.may_ask(var)
        && let Some(theme) = term::background()
    {
        state.look.theme = theme;
        guard.draw(|frame| view(&state, frame))?;
    }
    let events = pump::start()?;
    while let Ok(batch) = next(&events) {
        for event in batch {
            match event {
                Event::Msg(msg) => {
                    if !take(&mut state, &mut guard, msg)? {
                        return Ok(());
                    }
                }
                Event::End => return Ok(()),
            }
        }
        guard.draw(|frame| view(&state, frame))?;
    }
    Ok(())
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
