//! Checks an SVG picture: well-formed, nothing but shapes and text, the things of the scene and no others, every text
//! inside its place, every flow from wall to wall.

use super::xml::{Node, read};
use sconce::diagram::{Attach, Scene};
use sconce::model::ThreatModel;
use std::collections::{BTreeMap, BTreeSet};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const TAGS: [&str; 9] = ["svg", "title", "desc", "style", "g", "rect", "path", "circle", "text"];

/// Left, top, right, bottom.
type Span = [i32; 4];

fn span(rect: &Node) -> Span {
    let (x, y) = (rect.number("x"), rect.number("y"));
    [x, y, x + rect.number("width"), y + rect.number("height")]
}

/// The cells of a text: it is fitted to this width whatever the font.
fn cells(text: &Node) -> Span {
    let (x, y) = (text.number("x"), text.number("y"));
    assert_eq!(text.get("lengthAdjust"), "spacingAndGlyphs");
    let width: usize = text.text.graphemes(true).map(UnicodeWidthStr::width).sum();
    let length = text.number("textLength");
    let wanted = i32::try_from(width).unwrap() * 10;
    assert!(length == wanted || text.text.contains("\\u{"), "{text:?}");
    [x, y - 12, x + length, y + 4]
}

fn holds(outer: Span, inner: Span) -> bool {
    outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]
}

/// The numbers of a path that begins with `M` and goes on with `L`.
fn points(path: &Node) -> Vec<(i32, i32)> {
    let d = path.get("d").trim_start_matches('M').trim_end_matches('Z');
    let pair = |p: &str| p.split_once(' ').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).unwrap();
    d.split('L').map(pair).collect()
}

/// How far a point is from an outline.
fn distance(span: Span, (x, y): (i32, i32)) -> i32 {
    let [left, top, right, bottom] = span;
    let outside = (left - x).max(x - right).max(top - y).max(y - bottom);
    let inside = (x - left).min(right - x).min(y - top).min(bottom - y);
    if outside > 0 { outside } else { inside }
}

struct Picture<'n> {
    groups: BTreeMap<&'n str, &'n Node>,
}

impl Picture<'_> {
    /// The outline of a thing.
    fn outline(&self, id: &str) -> Span {
        let group = self.groups[id];
        let rect = ["outline", "body", "frame"].iter().find_map(|c| group.class(c).find(|n| n.tag == "rect"));
        span(rect.unwrap_or_else(|| panic!("{group:?}")))
    }

    fn end(&self, scene: &Scene, end: Attach, group: &Node, at: (i32, i32)) -> i32 {
        match end {
            Attach::Element(n) => distance(self.outline(&format!("element-{}", scene.elements[n].id.as_str())), at),
            Attach::Frame(n) => distance(self.outline(&format!("boundary-{}", scene.frames[n].id.as_str())), at),
            Attach::Loose(_) => {
                let near = group.tag("circle").map(|c| (c.number("cx") - at.0).abs() + (c.number("cy") - at.1).abs());
                (near.min().unwrap() - 6).max(0)
            }
        }
    }
}

/// Checks a picture of a scene.
pub(super) fn check(model: &ThreatModel, scene: &Scene, text: &str) {
    let root = read(text);
    nothing_foreign(&root);
    let size = (root.number("width"), root.number("height"));
    assert_eq!(root.get("viewBox"), format!("0 0 {} {}", size.0, size.1));
    assert!(root.tag("title").count() == 1 && root.tag("desc").count() == 1 && root.get("role") == "img");
    let all = root.all();
    let picture = Picture { groups: all.iter().filter(|n| n.tag == "g").map(|n| (n.get("id"), *n)).collect() };
    let group = root.tag("g").next().unwrap();
    let shift: Vec<i32> = group.get("transform")["translate(".len()..]
        .trim_end_matches(')')
        .split(' ')
        .map(|n| n.parse().unwrap())
        .collect();
    let page = [-shift[0], -shift[1], size.0 - shift[0], size.1 - shift[1]];
    for text in all.iter().filter(|n| n.tag == "text") {
        assert!(holds(page, cells(text)), "{text:?} leaves the picture");
    }
    things(&picture, scene);
    for wire in &scene.wires {
        flow(&picture, scene, wire, model);
    }
    let drawn: Vec<&str> = all.iter().filter(|n| n.tag == "g").map(|n| n.get("id")).filter(|i| !i.is_empty()).collect();
    assert_eq!(drawn.len(), scene.elements.len() + scene.frames.len() + scene.wires.len());
    let order: Vec<&str> = drawn.iter().map(|i| i.split('-').next().unwrap()).collect();
    assert!(order.is_sorted_by_key(|kind| ["boundary", "element", "flow"].iter().position(|k| k == kind)), "{order:?}");
}

fn nothing_foreign(root: &Node) {
    let mut ids = BTreeSet::new();
    for node in root.all() {
        assert!(TAGS.contains(&node.tag.as_str()), "{}", node.tag);
        assert!(!node.attributes.keys().any(|k| k.starts_with("on") || k.contains("href") || k == "style"), "{node:?}");
        let values = node.attributes.values().chain((node.tag == "style").then_some(&node.text));
        for text in values {
            assert!(!text.contains("@import") && !text.contains("url("), "{text}");
        }
        if let Some(id) = node.attributes.get("id") {
            assert!(ids.insert(id), "{id} twice");
        }
    }
}

/// Names lie in boxes, titles in frames, notes under boxes; what is inside a boundary lies inside its frame.
fn things(picture: &Picture, scene: &Scene) {
    for element in &scene.elements {
        let id = format!("element-{}", element.id.as_str());
        let group = picture.groups[id.as_str()];
        let outline = picture.outline(&id);
        assert!(group.tag("title").count() == 1);
        let lines: Vec<&Node> = group.tag("text").filter(|t| t.get("class") != "aside").collect();
        assert_eq!(lines.len(), element.lines.iter().filter(|l| !l.is_empty()).count());
        for line in lines {
            assert!(holds(outline, cells(line)), "{line:?} leaves {outline:?}");
        }
        if let Some(frame) = element.inside {
            let frame = picture.outline(&format!("boundary-{}", scene.frames[frame].id.as_str()));
            assert!(holds(frame, outline), "{id} leaves its boundary");
        }
    }
    for frame in &scene.frames {
        let id = format!("boundary-{}", frame.id.as_str());
        let group = picture.groups[id.as_str()];
        let (outline, plate) = (picture.outline(&id), span(group.class("plate").next().unwrap()));
        assert!(group.tag("title").count() == 1);
        for title in group.tag("text").map(cells) {
            assert!(holds(plate, title) && title[0] > outline[0] && title[2] < outline[2], "{group:?}");
        }
        if let Some(outer) = frame.inside {
            let outer = picture.outline(&format!("boundary-{}", scene.frames[outer].id.as_str()));
            assert!(holds(outer, outline), "{id} leaves its boundary");
        }
    }
}

/// A flow begins and ends at walls, and its label lies on it.
fn flow(picture: &Picture, scene: &Scene, wire: &sconce::diagram::Wire, model: &ThreatModel) {
    let group = picture.groups[format!("flow-{}", wire.id.as_str()).as_str()];
    let line = points(group.class("line").next().unwrap());
    let head = points(group.class("head").next().unwrap());
    assert!(line.windows(2).all(|p| p[0].0 == p[1].0 || p[0].1 == p[1].1), "{line:?} is not orthogonal");
    assert_eq!(picture.end(scene, wire.from, group, line[0]), 0, "{group:?} begins nowhere");
    assert!(picture.end(scene, wire.to, group, head[0]) <= 2, "{group:?} ends nowhere");
    let base = (i32::midpoint(head[1].0, head[2].0), i32::midpoint(head[1].1, head[2].1));
    assert_eq!(line.last(), Some(&base), "{group:?}: the arrowhead is not on the line");
    let title = &group.tag("title").next().unwrap().text;
    let assets = model.flows[&wire.id].carries.as_ref().is_some_and(|c| !c.is_empty());
    assert!(title.contains(" from ") && title.contains(" to ") && (!assets || title.contains(", carries ")), "{title}");
    let texts: Vec<&Node> = group.tag("text").collect();
    assert_eq!(texts.len(), usize::from(wire.label.is_some()));
    for text in texts {
        let plate = span(group.class("plate").next().unwrap());
        let middle = i32::midpoint(plate[1], plate[3]);
        let under = |p: &[(i32, i32)]| p[0].1 == middle && p[1].1 == middle;
        let on = line.windows(2).chain([[*line.last().unwrap(), head[0]].as_slice()]).any(under);
        assert!(holds(plate, cells(text)) && on, "{group:?}: the label is not on its flow");
    }
}
