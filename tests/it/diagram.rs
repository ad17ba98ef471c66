//! Tests of the room `diagram`: every picture is checked for hard faults and read back. Beauty is judged by snapshots.

mod corpus;
mod edits;
mod faults;
mod formats;
mod gates;
mod laws;
mod metrics;
mod pictures;
mod random;
mod reader;
mod sample;
mod stability;
mod views;

use sample::sample;
use sconce::diagram::{Scene, View, layout, paint};
use sconce::model::ThreatModel;

/// Lays a model out, and checks the scene and its text.
fn check(model: &ThreatModel) -> Scene {
    let scene = layout(model, &View::default(), None);
    check_scene(model, &scene);
    scene
}

/// Checks a scene of a whole model for hard faults, and reads its text back.
fn check_scene(model: &ThreatModel, scene: &Scene) {
    let text = paint::text(scene, paint::Glyphs::Unicode);
    let faults = faults::faults(model, scene);
    assert!(faults.is_empty(), "{}\n{text}", faults.join("\n"));
    let counted = metrics::hard(model, scene).into_iter().chain(metrics::hard_of_text(scene, &text));
    let counted: Vec<_> = counted.filter(|(_, n)| *n > 0).collect();
    assert!(counted.is_empty(), "{counted:?}\n{text}");
    for glyphs in [paint::Glyphs::Unicode, paint::Glyphs::Ascii] {
        let text = paint::text(scene, glyphs);
        assert_eq!(reader::read(&text, glyphs), reader::expected(model, scene, glyphs), "\n{text}");
    }
}

type Spoil = fn(&mut Scene);

/// A picture that is spoilt in any of these ways is noticed, so that the other tests mean something.
#[test]
fn spoilt_pictures_are_noticed() {
    let model = sample("dfd10");
    let scene = layout(&model, &View::default(), None);
    let spoils: [(&str, Spoil); 8] = [
        ("a member moved out of its boundary", |s| s.elements[8].rect.y += 40),
        ("a stranger moved into a boundary", |s| s.elements[0].rect.x += 60),
        ("a boundary that shrank", |s| s.frames[2].rect.w -= 30),
        ("a flow less", |s| drop(s.wires.pop())),
        ("a flow turned round", |s| s.wires[3].points.reverse()),
        ("a flow on the track of another", |s| s.wires[0].points = s.wires[1].points.clone()),
        ("a label less", |s| s.wires[2].label = None),
        ("a label on another flow", |s| s.wires[2].label = s.wires[3].label.clone()),
    ];
    for (what, spoil) in spoils {
        let mut bad = scene.clone();
        spoil(&mut bad);
        assert!(!faults::faults(&model, &bad).is_empty(), "{what}: not noticed in the scene");
        for glyphs in [paint::Glyphs::Unicode, paint::Glyphs::Ascii] {
            let text = paint::text(&bad, glyphs);
            let (read, wanted) = (reader::read(&text, glyphs), reader::expected(&model, &scene, glyphs));
            assert_ne!(read, wanted, "{what}: not noticed in the text\n{text}");
        }
    }
}
