//! Benches of the diagram on synthetic models of 200, 1,000 and 3,000 elements: a fresh picture, and the picture after
//! one edit with the placement of the one before. They measure; they never fail on a time.

mod generator;

use divan::{Bencher, black_box};
use sconce::diagram::paint::{Glyphs, window};
use sconce::diagram::{Rect, View, layout};
use sconce::model::{DataFlow, Element, ElementKind, Id, ThreatModel};

/// Numbers of elements; there are 1.6 times as many flows.
const SIZES: [usize; 3] = [200, 1_000, 3_000];

fn main() {
    divan::main();
}

fn id(text: &str) -> Id {
    Id::new(text).expect("the id is kebab-case")
}

#[divan::bench(args = SIZES, max_time = 3)]
fn fresh(bencher: Bencher<'_, '_>, n: usize) {
    let model = generator::model(n);
    bencher.bench(|| layout(black_box(&model), &View::default(), None));
}

/// An edit of the drawing.
#[derive(Clone, Copy, Debug)]
enum Change {
    Nothing,
    NewFlow,
    FlowGone,
    NewElement,
    Name,
}

impl Change {
    const ALL: [Self; 5] = [Self::Nothing, Self::NewFlow, Self::FlowGone, Self::NewElement, Self::Name];

    fn make(self, model: &mut ThreatModel) {
        let element = |n: usize| model.elements.keys().nth(model.elements.len() * n / 5).cloned();
        let (from, to) = (element(1), element(3));
        match self {
            Self::Nothing => {}
            Self::NewFlow => {
                let flow = DataFlow { name: "look up".to_owned(), from, to, ..DataFlow::default() };
                model.flows.insert(id("new-flow"), flow);
            }
            Self::FlowGone => {
                let flow = model.flows.keys().nth(model.flows.len() / 2).cloned().expect("there are flows");
                model.flows.remove(&flow);
            }
            Self::NewElement => {
                let inside = model.boundaries.keys().last().cloned();
                let element = Element { inside, ..Element::new(ElementKind::Process, "Another service") };
                model.elements.insert(id("new-element"), element);
            }
            Self::Name => {
                let element = from.and_then(|id| model.elements.get_mut(&id)).expect("there are elements");
                element.name.push_str(" of another kind");
            }
        }
    }
}

#[divan::bench(args = Change::ALL, consts = SIZES, max_time = 2)]
fn edited<const N: usize>(bencher: Bencher<'_, '_>, change: Change) {
    let mut model = generator::model(N);
    let before = layout(&model, &View::default(), None).placement;
    change.make(&mut model);
    bencher.bench(|| layout(black_box(&model), &View::default(), Some(&before)));
}

/// A screen of the middle of the picture.
#[divan::bench(args = SIZES, max_time = 2)]
fn paint_a_window(bencher: Bencher<'_, '_>, n: usize) {
    let scene = layout(&generator::model(n), &View::default(), None);
    let area = Rect { x: scene.size.0 / 2, y: scene.size.1 / 2, w: 200, h: 60 };
    bencher.bench(|| window(black_box(&scene), Glyphs::Unicode, area));
}
