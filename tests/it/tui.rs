//! Tests of the room `tui`, the way people see it: keys and mouse in, a picture of the screen out.
//! The drawing of the diagram itself is tested in `diagram`, the rules in `rules`.

mod answers;
mod dashboard;
mod laws;
mod mitigations;
mod panes;
mod pictures;
mod review;
mod rules;
mod settings;
mod sight;
mod sizes;
mod spots;
mod table;
mod team;
mod walk;
mod words;

use std::fmt::Write as _;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;
use sconce::file;
use sconce::model::{Date, ThreatModel};
use sconce::rules::Knowledge;
use sconce::tui::key::Key;
use sconce::tui::state::{Look, State};
use sconce::tui::update::{Click, Effect, Msg, Pointer};
use sconce::tui::{Theme, update, view};
use sconce::workbench::{Sitting, Workbench};

/// A shop with a few facts: some threats, some questions.
const SHOP: &str = include_str!("data/tui/shop.tm.ron");

fn model(text: &str) -> ThreatModel {
    let read = file::read(text);
    let errors: Vec<_> = read.diagnostics.iter().map(|d| d.message.clone()).collect();
    read.document.unwrap_or_else(|| panic!("{errors:?}")).model().clone()
}

/// The state of a fresh workbench on a model.
fn open(model: ThreatModel, size: (u16, u16)) -> State {
    let sitting = Sitting { who: "ana".to_owned(), today: Date::constant(2026, 11, 23) };
    let bench = Workbench::in_memory(model, Knowledge::builtin(), sitting);
    let look = Look { theme: Theme::Mono, ..Look::default() };
    State::new(bench, size, look)
}

/// Types keys: single characters and crokey's names, separated by spaces; `'some text'` is typed as it is.
fn press(state: &mut State, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (n, part) in keys.split('\'').enumerate() {
        let keys: Vec<Key> = if n % 2 == 1 {
            part.chars().map(Key::char).collect()
        } else {
            Key::parse_all(part).unwrap_or_else(|| panic!("not keys: {part}"))
        };
        for key in keys {
            effects.extend(update(state, Msg::Key(key)));
        }
    }
    effects
}

fn mouse(state: &mut State, click: Click, at: (u16, u16)) {
    update(state, Msg::Mouse(Pointer { click, at }));
}

fn draw(state: &State) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(state.size.0, state.size.1)).unwrap();
    terminal.draw(|frame| view(state, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// A buffer as lines of text, then what is drawn in reverse, row by row.
fn picture(buffer: &Buffer) -> String {
    let mut out = String::new();
    let mut reversed = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut run = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
            line.push_str(cell.symbol());
            if cell.modifier.contains(Modifier::REVERSED) {
                run.push_str(cell.symbol());
            }
        }
        let _ = writeln!(out, "{}", line.trim_end());
        if !run.trim().is_empty() {
            let _ = writeln!(reversed, "{y:>3}: {}", run.trim_end());
        }
    }
    format!("{out}--- reversed ---\n{reversed}")
}

/// Keys in, picture out.
fn check(text: &str, size: (u16, u16), keys: &str) -> String {
    let mut state = open(model(text), size);
    press(&mut state, keys);
    picture(&draw(&state))
}
