//! What a sketch of an example may not say.

use sconce::file::data;
use sconce::rules::language::Sketch;
use sconce::rules::sketch;

#[test]
fn an_id_names_one_thing() {
    let model = |text: &str| sketch::model(&data::read::<Sketch>(text, "sketch").unwrap()).map(|_| ());
    let wrong = |text: &str| model(text).unwrap_err();
    let ends = r#"elements: {"a": Process(), "b": Process()}"#;
    assert_eq!(
        wrong(&format!(r#"({ends}, assets: {{"pay": ()}}, flows: {{"pay": (from: "a", to: "b", carries: ["pay"])}})"#)),
        "`pay` is the id of an asset and of a data flow; give one of them another"
    );
    assert_eq!(
        wrong(&format!(r#"({ends}, boundaries: {{"a": ()}})"#)),
        "`a` is the id of a trust boundary and of an element; give one of them another"
    );
    assert_eq!(
        wrong(r#"(elements: {"system": Process()})"#),
        "`system` is the id of the system and of an element; give one of them another"
    );
    assert_eq!(wrong(r#"(flows: {"f": (from: "x")})"#), "`x` is used but not there");
    assert_eq!(model(&format!(r#"({ends}, assets: {{"pay": ()}})"#)), Ok(()));
}
