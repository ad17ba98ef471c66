//! Pictures as they are printed. Correctness is checked elsewhere; here a person looks.

use super::sample::id;
use super::{check, sample};
use sconce::diagram::paint::{Glyphs, Owner, canvas, text, window};
use sconce::diagram::{Labels, Point, Rect, View, layout};
use sconce::model::{BoundaryKind, DataFlow, Diagram, Element, ElementKind, ThreatModel, TrustBoundary};

#[test]
fn dfd10_in_both_glyph_sets() {
    let scene = check(&sample("dfd10"));
    println!("{:?} cells {} crossings {}", scene.size, scene.size.0 * scene.size.1, scene.crossings());
    assert!(scene.crossings() <= 12);
    assert!(scene.size.0 * scene.size.1 <= 9_000);
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("diagram_dfd10_unicode", text(&scene, Glyphs::Unicode));
        insta::assert_snapshot!("diagram_dfd10_ascii", text(&scene, Glyphs::Ascii));
    });
}

#[test]
fn a_window_shows_a_part_of_the_whole() {
    let scene = check(&sample("dfd10"));
    let whole = canvas(&scene, Glyphs::Unicode);
    let area = Rect { x: 37, y: 5, w: 80, h: 20 };
    let part = window(&scene, Glyphs::Unicode, area);
    for (x, y) in (area.x..area.x + area.w).flat_map(|x| (area.y..area.y + area.h).map(move |y| (x, y))) {
        let p = Point { x, y };
        assert_eq!(part.cell(p), whole.cell(p), "{p:?}");
    }
    assert_eq!(part.cell(Point { x: 36, y: 5 }), None);
}

#[test]
fn every_cell_knows_its_owner() {
    let scene = check(&sample("dfd10"));
    let whole = canvas(&scene, Glyphs::Unicode);
    for (at, element) in scene.elements.iter().enumerate() {
        assert_eq!(whole.owner(Point { x: element.rect.x, y: element.rect.y }), Owner::Element(at));
    }
    for (at, wire) in scene.wires.iter().enumerate() {
        assert_eq!(wire.head().map(|p| whole.owner(p)), Some(Owner::FlowHead(at)));
        assert_eq!(wire.label.as_ref().map(|l| whole.owner(l.at)), Some(Owner::FlowLabel(at)));
    }
    for (at, frame) in scene.frames.iter().enumerate() {
        assert_eq!(whole.owner(Point { x: frame.rect.x, y: frame.rect.y }), Owner::Frame(at));
        assert_eq!(whole.owner(Point { x: frame.rect.x + 3, y: frame.rect.y }), Owner::FrameTitle(at));
    }
}

/// One of everything: a loose end, a flow on a frame, a flow to itself, an open line, a name that is too long.
pub(super) fn odd() -> ThreatModel {
    let mut model = ThreatModel::default();
    let zone = TrustBoundary { name: "Zone".to_owned(), ..Default::default() };
    let line = TrustBoundary { name: "Old line".to_owned(), kind: Some(BoundaryKind::Line), ..Default::default() };
    model.boundaries.extend([(id("zone"), zone), (id("line"), line)]);
    let mut store = Element::new(ElementKind::DataStore, "Files");
    store.inside = Some(id("zone"));
    let name = "A process whose name is longer than any box that a reader would want to see on a screen";
    model.elements.extend([
        (id("store"), store),
        (id("app"), Element::new(ElementKind::Process, name)),
        (id("user"), Element::new(ElementKind::ExternalEntity, "User")),
    ]);
    let flow = |name: &str, from: Option<&str>, to: Option<&str>| DataFlow {
        name: name.to_owned(),
        from: from.map(id),
        to: to.map(id),
        ..Default::default()
    };
    model.flows.extend([
        (id("f1"), flow("backup of everything that was ever stored", Some("zone"), Some("app"))),
        (id("f2"), flow("read", Some("store"), Some("app"))),
        (id("f3"), flow("to whom?", Some("app"), None)),
        (id("f4"), flow("tick", Some("app"), Some("app"))),
        (id("f5"), flow("", Some("user"), Some("app"))),
        (id("f6"), flow("list", Some("zone"), Some("store"))),
    ]);
    model
}

#[test]
fn odd_things_have_a_shape() {
    let mut model = odd();
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("diagram_odd", text(&check(&model), Glyphs::Unicode));
        let numbered = layout(&model, &View { labels: Labels::Numbered, ..View::default() }, None);
        insta::assert_snapshot!("diagram_odd_numbered", text(&numbered, Glyphs::Ascii));
    });
    let shows = Some(vec![id("f2")]);
    model.diagrams.insert(id("part"), Diagram { shows, ..Diagram::default() });
    let part = layout(&model, &View { diagram: Some(id("part")), ..View::default() }, None);
    let drawn: Vec<&str> = part.placement.at.keys().map(sconce::model::Id::as_str).collect();
    assert_eq!(drawn, ["app", "store", "zone"], "a listed flow brings its ends and the boundaries around them");
    let flows: Vec<&str> = part.wires.iter().map(|w| w.id.as_str()).collect();
    assert_eq!(flows, ["f1", "f2", "f3", "f4", "f6"], "flows whose ends are shown");
}

#[test]
fn joined_emoji_are_pictures_and_lone_joiners_are_shown() {
    let mut model = ThreatModel::default();
    let names = [
        ("family", "Family \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} portal"),
        ("officer", "\u{1f575}\u{1f3fd}\u{200d}\u{2640}\u{fe0f} fraud desk"),
        ("lone", "pay\u{200d}pal \u{200d}\u{1f3fd}"),
        ("bidi", "exe\u{202e}txt.\u{1f469}\u{202d}\u{200d}"),
    ];
    for (name, text) in names {
        model.elements.insert(id(name), Element::new(ElementKind::Process, text));
    }
    let flow = DataFlow {
        name: "\u{1f469}\u{200d}\u{1f4bb} codes".to_owned(),
        from: Some(id("family")),
        to: Some(id("lone")),
        ..Default::default()
    };
    model.flows.insert(id("flow"), flow);
    let picture = text(&layout(&model, &View::default(), None), Glyphs::Unicode);
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("diagram_emoji", picture);
    });
    // Whatever is in it, the right side of a box is straight.
    let inside = |line: &str| line.split('│').nth(1).map(unicode_width::UnicodeWidthStr::width);
    let boxes: Vec<usize> = picture.lines().filter(|l| l.starts_with('│')).filter_map(inside).collect();
    assert_eq!(boxes, [11, 11, 17, 17, 17], "{picture}");
}

#[test]
fn numbers_of_the_legend_are_no_names() {
    let mut model = odd();
    for (flow, name) in [("f1", "(1)"), ("f2", "read (2) of the (4)"), ("f3", "(x) (99999999999999999999)")] {
        model.flows.get_mut(&id(flow)).unwrap().name = name.to_owned();
    }
    let numbered = layout(&model, &View { labels: Labels::Numbered, ..View::default() }, None);
    assert_eq!(
        numbered.legend,
        [
            "(3) (1)",
            "(5) read (2) of the (4)",
            "(6) (x) (99999999999999999999)",
            "(7) tick",
            "(8) list",
            "open boundary line: Old line"
        ]
    );
}

#[test]
fn a_cycle_of_boundaries_is_cut() {
    let mut model = odd();
    for (inner, outer) in [("a", "b"), ("b", "c"), ("c", "a")] {
        let boundary = TrustBoundary { name: inner.to_owned(), inside: Some(id(outer)), ..Default::default() };
        model.boundaries.insert(id(inner), boundary);
    }
    let scene = layout(&model, &View::default(), None);
    let depth = |name: &str| scene.frames.iter().find(|f| f.id == id(name)).map(|f| f.depth);
    assert_eq!([depth("a"), depth("c"), depth("b")], [Some(0), Some(1), Some(2)]);
}
