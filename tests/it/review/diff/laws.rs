//! What holds for every comparison: nothing that the file says is passed over, and what is no change is not told.

use proptest::prelude::*;
use sconce::file::Document;
use sconce::model::{Edit, Threat, ThreatModel};
use sconce::review::diff::{Sides, diff, diff_json, diff_markdown, diff_text};

use crate::model::arbitrary::{Dice, models};

/// The text of a model without what is no change.
fn plain(mut model: ThreatModel) -> String {
    model.diagrams.values_mut().for_each(|diagram| diagram.pins.clear());
    model.threats.values_mut().for_each(|threat| threat.history.sort_by_key(|row| format!("{row:?}")));
    model.mitigations.values_mut().for_each(|work| {
        work.provides.sort_by_key(|provides| format!("{provides:?}"));
        work.evidence.sort();
    });
    model.threats.values_mut().for_each(|threat| {
        if let sconce::model::Status::Mitigated { evidence, .. } = &mut threat.status {
            evidence.sort();
        }
    });
    Document::new(model).text()
}

/// How many fields of a threat there are.
const FIELDS: usize = 14;

/// A threat with one field of another one.
fn with_field_of(threat: &Threat, other: &Threat, n: usize) -> Threat {
    let (mut mixed, other) = (threat.clone(), other.clone());
    match n {
        0 => mixed.severity = other.severity,
        1 => mixed.opened = other.opened,
        2 => mixed.title = other.title,
        3 => mixed.stride = other.stride,
        4 => mixed.category = other.category,
        5 => mixed.description = other.description,
        6 => mixed.status = other.status,
        7 => mixed.overridden = other.overridden,
        8 => mixed.owner = other.owner,
        9 => mixed.due = other.due,
        10 => mixed.mitigations = other.mitigations,
        11 => mixed.decided_on = other.decided_on,
        12 => mixed.notes = other.notes,
        _ => mixed.history = other.history,
    }
    mixed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_model_and_itself_differ_in_nothing(model in models()) {
        prop_assert!(diff(&model, &model).is_empty());
    }

    #[test]
    fn no_field_of_a_threat_is_passed_over(one in models(), two in models()) {
        for (key, threat) in &one.threats {
            for other in two.threats.values() {
                for n in 0..FIELDS {
                    let mut mixed = one.clone();
                    mixed.threats.insert(key.clone(), with_field_of(threat, other, n));
                    let found = diff(&one, &mixed);
                    prop_assert_eq!(found.is_empty(), plain(one.clone()) == plain(mixed.clone()), "{}: {:?}", n, found);
                }
            }
        }
    }

    #[test]
    fn nothing_changed_exactly_when_the_texts_are_the_same(model in models(), seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let mut other = model.clone();
        for _ in 0..=dice.below(3) {
            let edit: Edit = dice.edit(&other);
            let _ = edit.apply(&mut other);
        }
        for (a, b) in [(&model, &other), (&other, &model)] {
            let found = diff(a, b);
            prop_assert_eq!(found.is_empty(), plain(a.clone()) == plain(b.clone()), "{:?}", found);
            let sides = Sides { model: "m", before: "a", after: "b", behind: &[] };
            let raw = |text: &str| text.chars().find(|c| *c != '\n' && sconce::diagnostic::inert::is_hazard(*c) && *c != '\u{200d}' && *c != '\u{fe0f}');
            for text in [diff_text(&found, sides), diff_markdown(&found, sides, a, b), diff_json(&found, sides)] {
                prop_assert_eq!(raw(&text), None, "{}", text);
            }
        }
    }
}
