//! SVG, Mermaid and DOT: each picture is read back by a reader that knows only the format, and compared with the scene
//! and the model. Other programs' readers do the same in `.ci/pictures`.

mod graph;
mod svg;
mod xml;

use super::pictures::odd;
use super::sample::{HOSTILE, id, sample};
use proptest::prelude::*;
use sconce::diagram::{Focus, Labels, Scene, View, Zoom, layout, outermost, paint};
use sconce::model::{DataFlow, Diagram, Element, ElementKind, ThreatModel, TrustBoundary};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Names that are words, brackets, codes and ends of some language.
const NAMES: &[&str] = &[
    "end",
    "subgraph x",
    "\"quoted\" 'single' `back`",
    "[a] (b) {c} <d> |e|",
    "<script>alert(1)</script>",
    "</title></svg>&lt;&#60;&amp;",
    "%%{init: {\"theme\": \"dark\"}}%%",
    "%% not a comment",
    "--> b_web",
    "1. not a list",
    "- not a list",
    "**not bold** _or_ *this*",
    "www.example.org/a?b=c#d;e:f",
    "style a:b#c; classDef d:e#f;",
    "click e_web href \"javascript:alert(1)\"",
    "back\\slash \\N \\G \\l \\",
    "#quot; #35; ﬂ°°35¶ß ﬂ°lt¶ß",
    "line\nbreak\ttab\r\nand \u{1b}[31mescape\u{0}",
    "right\u{202e}to left\u{2066} and \u{200b}zero",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{645}\u{631}\u{62d}\u{628}\u{627}",
    "reserved \u{ffff}\u{fffe}\u{1ffff}\u{fdd0} here",
    "データベース 🔐 👨\u{200d}👩\u{200d}👧 café e\u{301}",
    "┌╌ forged ╌┐ ▶ ○",
    "]]>",
    "<!-- comment -->",
    "@{ shape: circle }",
    "$$x^2$$",
    "A&B; C&amp;D",
    ":::external",
    "&nbsp;<br/>\\n",
    "fa:fa-ban icon",
    "-",
    "_",
    ".",
];

/// Every name as the name of everything.
pub(super) fn named() -> ThreatModel {
    let mut model = ThreatModel::default();
    model.system.name = NAMES.join(" ");
    for (at, name) in NAMES.iter().enumerate() {
        let ids = ["b", "e", "f"].map(|kind| id(&format!("{kind}{at}")));
        let [boundary, element, flow] = ids;
        model.boundaries.insert(boundary.clone(), TrustBoundary { name: (*name).to_owned(), ..Default::default() });
        let kinds = [ElementKind::ExternalEntity, ElementKind::Process, ElementKind::DataStore];
        let mut made = Element::new(kinds[at % 3], name);
        made.inside = Some(boundary);
        model.elements.insert(element.clone(), made);
        let to = Some(id(&format!("e{}", at / 2)));
        model.flows.insert(flow, DataFlow { name: (*name).to_owned(), from: Some(element), to, ..Default::default() });
    }
    model
}

/// Reads a picture back in every format.
fn check_all(model: &ThreatModel, scene: &Scene, view: &View) {
    graph::check_mermaid(model, scene, view, &paint::mermaid(scene, model, view));
    graph::check_dot(model, scene, view, &paint::dot(scene, model, view));
    svg::check(model, scene, &paint::svg(scene, model, view));
}

fn check_views(model: &ThreatModel) {
    let diagrams = model.diagrams.keys().cloned().map(Some);
    for diagram in std::iter::once(None).chain(diagrams) {
        for labels in [Labels::Inline, Labels::Numbered] {
            let view = View { diagram: diagram.clone(), labels, ..View::default() };
            check_all(model, &layout(model, &view, None), &view);
        }
        let view = View { diagram: diagram.clone(), ..View::default() };
        let near = model.elements.keys().next().map(|id| Focus { on: BTreeSet::from([id.clone()]), depth: 1 });
        let folded = View { folded: outermost(model), ..view.clone() };
        for view in [Zoom::Map.of(folded.clone()), folded, View { focus: near, ..view }] {
            check_all(model, &layout(model, &view, None), &view);
        }
    }
}

#[test]
fn samples_read_back() {
    for name in HOSTILE.iter().chain(&["dfd10", "dfd30"]) {
        println!("{name}"); // shown when it fails
        check_views(&sample(name));
    }
}

#[test]
fn odd_things_and_hostile_names_read_back() {
    check_views(&odd());
    check_views(&named());
    let mut part = odd();
    part.diagrams.insert(id("part"), Diagram { shows: Some(vec![id("f2")]), ..Diagram::default() });
    check_views(&part);
}

fn models(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(models(&path));
        } else if path.to_string_lossy().ends_with(".tm.ron") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn models_read_back() {
    let all = models(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models"));
    assert!(all.len() > 10, "{all:?}");
    for path in all {
        println!("{}", path.display()); // shown when it fails
        let text = std::fs::read_to_string(&path).unwrap();
        check_views(sconce::file::read(&text).model().unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn random_models_read_back(model in super::random::model()) {
        check_views(&model);
    }
}

/// A text that is spoilt in any of these ways is noticed, so that the other tests mean something.
#[test]
fn spoilt_texts_are_noticed() {
    let (model, view) = (sample("dfd10"), View::default());
    let scene = layout(&model, &view, None);
    let notices = |check: fn(&ThreatModel, &Scene, &View, &str), text: &str, spoils: &[(&str, &str)]| {
        check(&model, &scene, &view, text);
        for (from, to) in spoils {
            assert!(text.contains(from), "{from} is not in {text}");
            let bad = text.replacen(from, to, 1);
            let seen = std::panic::catch_unwind(|| check(&model, &scene, &view, &bad)).is_err();
            assert!(seen, "{from} -> {to}: not noticed");
        }
    };
    let mermaid = [
        ("(\"Web frontend\")", "[\"Web frontend\"]"),
        ("e_web -->", "e_api -->"),
        ("|\"JWT\"|", ""),
        ("    end\n", "    e_api2(\"x\")\n    end\n"),
        ("Audit log", "Audit <b> log"),
    ];
    notices(graph::check_mermaid, &paint::mermaid(&scene, &model, &view), &mermaid);
    let dot = [("style=rounded", "peripheries=2"), ("-> \"vault\"", "-> \"odb\""), ("label=\"SQL\"", "label=\"S\"")];
    notices(graph::check_dot, &paint::dot(&scene, &model, &view), &dot);
    let svg = [
        ("textLength=\"", "textLength=\"1"),
        ("id=\"flow-f1\"", "id=\"flow-f2\""),
        ("<path class=\"line\" d=\"M", "<path class=\"line\" d=\"M1"),
        ("<rect class=\"frame\" x=\"", "<rect class=\"frame\" x=\"2"),
        ("</title>", ""),
        ("<circle", "<script"),
        ("Customer", "Cust & omer"),
    ];
    let check = |model: &ThreatModel, scene: &Scene, _: &View, text: &str| svg::check(model, scene, text);
    let painted = paint::svg(&scene, &model, &view);
    notices(check, &painted.replacen("</g>", "<circle class=\"x\"/></g>", 1), &svg);
}

#[test]
fn pictures_in_other_formats() {
    let show = |name: &str, model: &ThreatModel, scene: &Scene| {
        let view = View::default();
        let svg = paint::svg(scene, model, &view);
        // The style is a file of its own.
        let (head, rest) = svg.split_once("<style>").unwrap();
        let (_, tail) = rest.split_once("</style>").unwrap();
        insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(format!("diagram_{name}_svg"), format!("{head}<style>...</style>{tail}"));
            insta::assert_snapshot!(format!("diagram_{name}_mermaid"), paint::mermaid(scene, model, &view));
            insta::assert_snapshot!(format!("diagram_{name}_dot"), paint::dot(scene, model, &view));
        });
    };
    let mut model = sample("dfd10");
    model.system.name = "Orders".to_owned();
    show("dfd10", &model, &layout(&model, &View::default(), None));
    let model = sample("dfd10");
    let view = View { folded: BTreeSet::from([id("vpc")]), ..View::default() };
    let scene = layout(&model, &view, None);
    show("folded", &model, &scene);
}

#[test]
fn hostile_names_in_other_formats() {
    let (model, view) = (named(), View::default());
    let scene = layout(&model, &view, None);
    let nodes = |text: &str, mark: &str| text.lines().filter(|l| l.contains(mark)).collect::<Vec<_>>().join("\n");
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("diagram_names_mermaid", nodes(&paint::mermaid(&scene, &model, &view), "subgraph"));
        insta::assert_snapshot!("diagram_names_dot", nodes(&paint::dot(&scene, &model, &view), "shape=cyl"));
        insta::assert_snapshot!("diagram_names_svg", nodes(&paint::svg(&scene, &model, &view), "id=\"boundary-"));
    });
}
