//! Benches of whole steps on synthetic models of 100, 1,000 and 10,000 elements: load, evaluate, reconcile, write, and
//! an edit with everything that follows. They measure; they never fail on a time.

mod generator;

use std::cell::RefCell;
use std::sync::Arc;

use divan::{Bencher, black_box};
use sconce::analysis::{Analysis, Live, Touch, reconcile};
use sconce::file::{self, Document};
use sconce::model::{Date, Edit, Element, ElementKind, Entry, FactValue, Threat, ThreatModel, act};
use sconce::rules::Knowledge;
use sconce::workbench::{Sitting, Workbench};

/// Numbers of elements; there are 1.6 times as many flows.
const SIZES: [usize; 3] = [100, 1_000, 10_000];

fn main() {
    divan::main();
}

const fn today() -> Date {
    jiff::civil::date(2026, 11, 23)
}

/// A model with its register up to date, and its text.
fn recorded(n: usize) -> (ThreatModel, String) {
    let mut model = generator::model(n);
    if let Some(edit) = register(&model) {
        edit.apply(&mut model).expect("the register can be brought up to date");
    }
    let text = Document::new(model.clone()).text();
    (model, text)
}

fn register(model: &ThreatModel) -> Option<Edit> {
    reconcile(model, &Analysis::of(model, &Knowledge::builtin(), today()), "bench", today())
}

#[divan::bench]
fn knowledge_is_read_once(bencher: Bencher<'_, '_>) {
    bencher.bench(|| black_box(Knowledge::builtin()));
}

#[divan::bench(args = SIZES, max_time = 3)]
fn load(bencher: Bencher<'_, '_>, n: usize) {
    let (_, text) = recorded(n);
    bencher.bench(|| file::read(black_box(&text)));
}

#[divan::bench(args = SIZES, max_time = 3)]
fn evaluate(bencher: Bencher<'_, '_>, n: usize) {
    let (model, _) = recorded(n);
    let knowledge = Knowledge::builtin();
    bencher.bench(|| Analysis::of(black_box(&model), &knowledge, today()));
}

#[divan::bench(args = SIZES, max_time = 3)]
fn reconcile_a_fresh_register(bencher: Bencher<'_, '_>, n: usize) {
    let model = generator::model(n);
    let analysis = Analysis::of(&model, &Knowledge::builtin(), today());
    bencher.bench(|| reconcile(black_box(&model), &analysis, "bench", today()));
}

#[divan::bench(args = SIZES, max_time = 3)]
fn write(bencher: Bencher<'_, '_>, n: usize) {
    let (model, _) = recorded(n);
    // A document keeps what it has printed, so that each is asked once.
    bencher.with_inputs(|| Document::new(model.clone())).bench_refs(|document| black_box(document).text());
}

/// A change as people make it.
#[derive(Clone, Copy, Debug)]
enum Change {
    FactOfProcess,
    FactOfFlow,
    FactOfBoundary,
    Name,
    Owner,
    Decision,
    NewElement,
    NewFlow,
    Move,
}

impl Change {
    const ALL: [Self; 9] = [
        Self::FactOfProcess,
        Self::FactOfFlow,
        Self::FactOfBoundary,
        Self::Name,
        Self::Owner,
        Self::Decision,
        Self::NewElement,
        Self::NewFlow,
        Self::Move,
    ];

    fn edit(self, model: &ThreatModel) -> Edit {
        let element = model.elements.keys().last().expect("there are elements");
        let flow = model.flows.keys().last().expect("there are flows");
        let boundary = model.boundaries.keys().last().expect("there are boundaries");
        let fact = |id, fact, word| act::set_fact(model, id, fact, Some(FactValue::text(word)));
        let made = match self {
            Self::FactOfProcess => fact(element, "rate_limit", "partial"),
            Self::FactOfFlow => fact(flow, "authn", "mtls"),
            Self::FactOfBoundary => fact(boundary, "network_isolation", "present"),
            Self::Name => act::rename_name(model, element, "Another name"),
            Self::Owner => model.elements.get(element).map(|before| {
                let owner = Some("team-x".to_owned());
                Edit::put(Entry::Element(element.clone(), Element { owner, ..before.clone() }))
            }),
            Self::Decision => model.threats.iter().next().map(|(key, threat)| {
                let owner = Some("ana".to_owned());
                Edit::put(Entry::Threat(key.clone(), Threat { owner, ..threat.clone() }))
            }),
            Self::NewElement => {
                let inside = Some(boundary.clone());
                Some(act::add_element(model, ElementKind::Process, "Another service", inside).1)
            }
            Self::NewFlow => {
                let other = model.elements.keys().nth(model.elements.len() / 2).expect("there are elements");
                Some(act::connect(model, element, other, "look up").1)
            }
            Self::Move => act::move_into(model, element, model.boundaries.keys().next()),
        };
        made.expect("the change fits")
    }
}

/// What rules and register say after one edit, alone.
#[divan::bench(args = Change::ALL, consts = [1_000, 10_000], max_time = 2)]
fn reevaluate<const N: usize>(bencher: Bencher<'_, '_>, change: Change) {
    let (model, _) = recorded(N);
    let knowledge = Knowledge::builtin();
    let live = Live::of(&model, &knowledge, today());
    let state = RefCell::new((model, live, None::<Edit>));
    let follow = |model: &ThreatModel, live: &mut Live, back: &Edit| {
        let touch = Touch::of(back, model);
        live.follow(model, &knowledge, today(), &touch);
    };
    let next = || {
        let (model, live, back) = &mut *state.borrow_mut();
        if let Some(back) = back.take() {
            let again = back.apply(model).expect("an edit can be taken back");
            follow(model, live, &again);
        }
        let made = change.edit(model).apply(model).expect("the edit fits");
        *back = Some(made.clone());
        made
    };
    bencher.with_inputs(next).bench_local_values(|back| {
        let (model, live, _) = &mut *state.borrow_mut();
        follow(model, live, &back);
    });
}

/// One edit with everything that follows at a workbench that keeps no journal; taking it back is not measured.
#[divan::bench(args = Change::ALL, consts = [1_000, 10_000], max_time = 2)]
fn edit<const N: usize>(bencher: Bencher<'_, '_>, change: Change) {
    let (model, _) = recorded(N);
    let sitting = Sitting { who: "bench".to_owned(), today: today() };
    let bench = RefCell::new(Workbench::in_memory(model, Arc::clone(&Knowledge::builtin()), sitting));
    let next = || {
        bench.borrow_mut().undo();
        change.edit(bench.borrow().model())
    };
    bencher.with_inputs(next).bench_local_values(|edit| {
        let changed = bench.borrow_mut().apply("a change", edit);
        changed.expect("the edit fits")
    });
}
