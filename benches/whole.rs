//! Benches of whole steps on synthetic models of 100, 1,000 and 10,000 elements: load, evaluate, reconcile, write, and
//! an edit with everything that follows. They measure; they never fail on a time.

mod generator;

use std::sync::Arc;

use divan::{Bencher, black_box};
use sconce::analysis::{Analysis, reconcile};
use sconce::file::{self, Document};
use sconce::model::{Date, Edit, FactValue, ThreatModel, act};
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
    let document = Document::new(model);
    bencher.bench(|| black_box(&document).text());
}

#[divan::bench(args = SIZES, max_time = 3)]
fn edit_and_undo(bencher: Bencher<'_, '_>, n: usize) {
    let (model, _) = recorded(n);
    let sitting = Sitting { who: "bench".to_owned(), today: today() };
    let mut bench = Workbench::in_memory(model, Arc::clone(&Knowledge::builtin()), sitting);
    let id = bench.model().elements.keys().last().expect("there are elements").clone();
    bencher.bench_local(|| {
        let value = Some(FactValue::text("present"));
        let edit = act::set_fact(bench.model(), &id, "hardening", value).expect("the element is there");
        bench.apply("state a fact", edit).expect("the edit fits");
        black_box(bench.undo());
    });
}
