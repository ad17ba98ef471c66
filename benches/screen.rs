//! From a key to the next frame, on a large model and a usual screen: what it takes to change the state and draw it.
//! The terminal itself is not measured. Figures, never a limit.

mod generator;

use std::sync::Arc;

use divan::Bencher;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use sconce::model::Date;
use sconce::rules::Knowledge;
use sconce::tui::key::Key;
use sconce::tui::state::{Look, State};
use sconce::tui::update::Msg;
use sconce::tui::{update, view};
use sconce::workbench::{Sitting, Workbench};

const SIZE: (u16, u16) = (120, 40);

fn main() {
    divan::main();
}

const fn today() -> Date {
    jiff::civil::date(2026, 11, 23)
}

fn open(n: usize) -> State {
    let sitting = Sitting { who: "bench".to_owned(), today: today() };
    let bench = Workbench::in_memory(generator::model(n), Arc::clone(&Knowledge::builtin()), sitting);
    State::new(bench, SIZE, Look::default())
}

fn press(state: &mut State, keys: &str) {
    for key in Key::parse_all(keys).expect("keys") {
        update(state, Msg::Key(key));
    }
}

/// What leads to a view, and the keys whose frames are timed in turn.
#[derive(Clone, Copy, Debug)]
enum Looking {
    Whole,
    Names,
    Boundaries,
    Focus,
}

impl Looking {
    const ALL: [Self; 4] = [Self::Whole, Self::Names, Self::Boundaries, Self::Focus];

    const fn keys(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Names => "- -",
            Self::Boundaries => "- - -",
            Self::Focus => "z z",
        }
    }
}

/// Going to the next element and back, a frame for each.
#[divan::bench(args = Looking::ALL, consts = [1_000, 3_000], max_time = 2)]
fn step<const N: usize>(bencher: Bencher<'_, '_>, looking: Looking) {
    let mut state = open(N);
    press(&mut state, looking.keys());
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a terminal");
    let mut there = false;
    bencher.bench_local(|| {
        there = !there;
        press(&mut state, if there { "l" } else { "h" });
        terminal.draw(|frame| view(&state, frame)).expect("a frame");
    });
}

/// Going through what changed since the earlier state, a frame for each row: the model without its last flows before.
#[divan::bench(consts = [1_000, 3_000], max_time = 2)]
fn review<const N: usize>(bencher: Bencher<'_, '_>) {
    let mut state = open(N);
    let mut earlier = state.bench.model().clone();
    for _ in 0..N / 10 {
        earlier.flows.pop_last();
    }
    update(&mut state, Msg::Compared(Ok(("earlier".to_owned(), Box::new(earlier)))));
    press(&mut state, "6");
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a terminal");
    let mut there = false;
    bencher.bench_local(|| {
        there = !there;
        press(&mut state, if there { "j" } else { "k" });
        terminal.draw(|frame| view(&state, frame)).expect("a frame");
    });
}

/// Folding and opening the boundary around the selection, a frame for both.
#[divan::bench(args = [Looking::Boundaries, Looking::Focus], consts = [1_000, 3_000], max_time = 2)]
fn fold<const N: usize>(bencher: Bencher<'_, '_>, looking: Looking) {
    let mut state = open(N);
    press(&mut state, looking.keys());
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a terminal");
    bencher.bench_local(|| {
        press(&mut state, "z f");
        terminal.draw(|frame| view(&state, frame)).expect("a frame");
    });
}

/// Looking from further away, until a frame of it.
#[divan::bench(consts = [1_000, 3_000], max_time = 3)]
fn zoom<const N: usize>(bencher: Bencher<'_, '_>) {
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a terminal");
    let inputs = || {
        let mut state = open(N);
        press(&mut state, "- -");
        state
    };
    bencher.with_inputs(inputs).bench_local_refs(|state| {
        press(state, "-");
        terminal.draw(|frame| view(state, frame)).expect("a frame");
    });
}

/// Going to the next number of the dashboard and back, a frame for each.
#[divan::bench(consts = [1_000, 3_000], max_time = 2)]
fn dashboard_step<const N: usize>(bencher: Bencher<'_, '_>) {
    let mut state = open(N);
    press(&mut state, "5 tab");
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a terminal");
    let mut there = false;
    bencher.bench_local(|| {
        there = !there;
        press(&mut state, if there { "l" } else { "h" });
        terminal.draw(|frame| view(&state, frame)).expect("a frame");
    });
}

/// Going to the dashboard, where everything is counted anew since the model was changed, until its frame.
#[divan::bench(consts = [1_000, 3_000], max_time = 4)]
fn dashboard_anew<const N: usize>(bencher: Bencher<'_, '_>) {
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a terminal");
    bencher.with_inputs(|| open(N)).bench_local_refs(|state| {
        press(state, "5");
        terminal.draw(|frame| view(state, frame)).expect("a frame");
    });
}
