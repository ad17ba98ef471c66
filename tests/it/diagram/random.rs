//! Laws over random models: nested boundaries, flows of every kind, names of every kind. No picture is looked at here.

use super::sample::id;
use super::{check, check_scene};
use proptest::prelude::*;
use sconce::diagram::{View, layout};
use sconce::model::{BoundaryKind, DataFlow, Element, ElementKind, ThreatModel, TrustBoundary};

/// A flow's end, as a choice among everything there is: an element, a boundary, or nothing.
type End = Option<(bool, u8)>;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z]{1,9}( [a-z]{1,9}){0,2}",
        1 => Just(String::new()),
        1 => Just("データベース 🔐 café e\u{301}".to_owned()),
        1 => Just("┌╌ forged ╌┐ │ ▶ ○".to_owned()),
        1 => Just("\u{1b}[31mred\u{202e}\n\nline\u{300}".to_owned()),
        1 => "[A-Z]{60,90}",
        1 => "[a-z]{5}( [a-z]{7}){6,9}",
    ]
}

fn end(loose: u32) -> impl Strategy<Value = End> {
    prop_oneof![
        loose => Just(None),
        20 => any::<u8>().prop_map(|n| Some((true, n))),
        2 => any::<u8>().prop_map(|n| Some((false, n))),
    ]
}

/// A model of any shape that `check` of the model would accept.
pub(super) fn model() -> impl Strategy<Value = ThreatModel> {
    let boundaries = prop::collection::vec((name(), any::<u8>(), 0..12u8), 0..7);
    let elements = prop::collection::vec((name(), any::<u8>(), 0..3u8), 0..14);
    let flows = prop::collection::vec((name(), end(1), end(1)), 0..24);
    (boundaries, elements, flows).prop_map(|(boundaries, elements, flows)| {
        let mut model = ThreatModel::default();
        let pick = |n: u8, count: usize| usize::from(n).checked_rem(count);
        for (at, (name, parent, kind)) in boundaries.iter().enumerate() {
            // Only earlier boundaries, and now and then none, so that there is no cycle.
            let inside = pick(*parent, at + 1).filter(|p| *p < at).map(|p| id(&format!("b{p}")));
            let kind = (*kind == 0).then_some(BoundaryKind::Internet);
            let boundary = TrustBoundary { name: name.clone(), inside, kind, ..Default::default() };
            model.boundaries.insert(id(&format!("b{at}")), boundary);
        }
        for (at, (name, parent, kind)) in elements.iter().enumerate() {
            let kinds = [ElementKind::ExternalEntity, ElementKind::Process, ElementKind::DataStore];
            let mut element = Element::new(kinds[usize::from(*kind)], name);
            element.inside = pick(*parent, boundaries.len() + 1).filter(|p| *p > 0).map(|p| id(&format!("b{}", p - 1)));
            model.elements.insert(id(&format!("e{at}")), element);
        }
        let resolve = |end: &End| match end {
            Some((true, n)) => pick(*n, elements.len()).map(|n| id(&format!("e{n}"))),
            Some((false, n)) => pick(*n, boundaries.len()).map(|n| id(&format!("b{n}"))),
            None => None,
        };
        for (at, (name, from, to)) in flows.iter().enumerate() {
            let flow = DataFlow { name: name.clone(), from: resolve(from), to: resolve(to), ..Default::default() };
            model.flows.insert(id(&format!("f{at}")), flow);
        }
        model
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn no_faults_and_reads_back(model in model()) {
        check(&model);
    }

    #[test]
    fn an_earlier_placement_never_does_harm(model in model(), other in model()) {
        let previous = layout(&other, &View::default(), None).placement;
        let scene = layout(&model, &View::default(), Some(&previous));
        check_scene(&model, &scene);
        prop_assert_eq!(&scene, &layout(&model, &View::default(), Some(&previous)));
    }
}
