//! Files that mean harm: deep, huge, broken, and full of characters that drive terminals. Each is imported as inert
//! data or refused; none takes long.

use sconce::exchange::threat_dragon::{CODES, LARGEST, MOST_CELLS, import};
use sconce::model::MitigationStatus;

use super::threat_dragon::model;

fn refusal(text: &str) -> &'static str {
    let errors = import(text).unwrap_err();
    assert!(errors.iter().all(|e| CODES.contains(&e.code)), "{errors:?}");
    errors[0].code
}

#[test]
fn nesting_bombs_are_refused() {
    assert_eq!(refusal(&"[".repeat(1_000_000)), "import-json");
    assert_eq!(refusal(&model(&"{\"data\":".repeat(100_000))), "import-json");
    // Deep enough to be read, and then shown as a loss.
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let imported = import(&model(&format!(r#"{{"shape":"actor","data":{{"odd":{deep}}}}}"#))).unwrap();
    assert_eq!(imported.counts.elements, 1);
    assert!(imported.losses.iter().any(|l| l.what == "field `odd`"));
}

#[test]
fn a_file_larger_than_the_limit_is_refused_unread() {
    assert_eq!(refusal(&" ".repeat(LARGEST + 1)), "import-too-large");
}

#[test]
fn more_cells_than_the_limit_are_refused() {
    assert_eq!(refusal(&model(&vec!["{}"; MOST_CELLS + 1].join(","))), "import-too-large");
    assert_eq!(import(&model(&vec!["{}"; 1000].join(","))).unwrap().losses.len(), 1000);
}

#[test]
fn stacked_boxes_are_not_answered_with_their_square() {
    let stacked = |n: usize| {
        format!(
            r#"{{"shape":"trust-boundary-box","position":{{"x":{n},"y":{n}}},"size":{{"width":500,"height":500}},"data":{{}}}}"#
        )
    };
    let imported = import(&model(&(0..400).map(stacked).collect::<Vec<_>>().join(","))).unwrap();
    assert_eq!(imported.counts.boundaries, 400);
    assert!(imported.losses.len() < 400 * 12, "{}", imported.losses.len());
}

#[test]
fn a_name_of_a_megabyte_and_control_characters_are_data() {
    let name = "x".repeat(1 << 20);
    let drawing = format!(
        r#"{{"shape":"actor","data":{{"name":"{name}"}}}},
        {{"shape":"process","data":{{"name":"a\u001b]0;owned\u0007\u0000\u202eb"}}}},
        {{"shape":"store","data":{{"name":"\ud83d\ude00"}}}}"#
    );
    let imported = import(&model(&drawing)).unwrap();
    let ids: Vec<&str> = imported.model.elements.keys().map(sconce::model::Id::as_str).collect();
    assert_eq!(ids, ["a-0-owned-b", "store", &"x".repeat(40)]);
    let process = imported.model.elements.values().find(|e| e.name.starts_with('a')).unwrap();
    assert_eq!(process.name, "a\u{1b}]0;owned\u{7}\0\u{202e}b", "the text is kept; whoever shows it escapes it");
}

#[test]
fn a_thousand_things_of_one_name_have_a_thousand_ids() {
    let cell = r#"{"shape":"process","id":"p","position":{"x":1,"y":1},"data":{"name":"P","threats":[{"title":"T","status":"Mitigated","mitigation":"M"}]}}"#;
    let imported = import(&model(&vec![cell; 1000].join(","))).unwrap();
    assert_eq!((imported.counts.elements, imported.counts.threats, imported.counts.mitigations), (1000, 1000, 1));
    assert!(imported.model.mitigations.values().all(|m| m.status == MitigationStatus::Claimed));
}
