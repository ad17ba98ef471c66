//! Reads Mermaid and DOT back, line by line, and compares nodes, nesting and edges with the scene.

use sconce::diagnostic::inert::one_line;
use sconce::diagram::{Attach, BoxShape, Labels, Rect, Scene, View};
use sconce::model::{ElementKind, ThreatModel};

/// What a text says, each thing as a line, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Meaning {
    nodes: Vec<String>,
    boundaries: Vec<String>,
    edges: Vec<String>,
}

impl Meaning {
    fn sorted(mut self) -> Self {
        self.nodes.sort();
        self.boundaries.sort();
        self.edges.sort();
        self
    }
}

fn plain(name: &str) -> String {
    let mut out = String::new();
    for c in one_line(name).chars() {
        if matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}' | '\u{1ffff}') {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// What a text has to say. Places are ids of boundaries from the outside in.
fn expected(model: &ThreatModel, scene: &Scene, view: &View) -> Meaning {
    let place = |mut inside: Option<usize>| {
        let mut ids = Vec::new();
        while let Some(at) = inside {
            ids.push(scene.frames[at].id.as_str());
            inside = scene.frames[at].inside;
        }
        ids.reverse();
        ids.join("/")
    };
    let element = |(at, e): (usize, &sconce::diagram::ElementBox)| {
        let (kind, mut name) = match e.shape {
            BoxShape::Element(ElementKind::ExternalEntity) => ("external", plain(model.name_of(&e.id))),
            BoxShape::Element(ElementKind::Process) => ("process", plain(model.name_of(&e.id))),
            BoxShape::Element(ElementKind::DataStore) => ("store", plain(model.name_of(&e.id))),
            BoxShape::Folded => ("folded", plain(&e.lines.join(" "))),
        };
        for note in scene.notes.iter().filter(|n| n.under == at) {
            name = format!("{name}\n{}", note.text);
        }
        format!("{kind} {} {name:?} in {}", e.id.as_str(), place(e.inside))
    };
    let mut meaning = Meaning {
        nodes: scene.elements.iter().enumerate().map(element).collect(),
        boundaries: Vec::new(),
        edges: Vec::new(),
    };
    for frame in &scene.frames {
        let name = plain(model.name_of(&frame.id));
        meaning.boundaries.push(format!("{} {name:?} in {}", frame.id.as_str(), place(frame.inside)));
    }
    for wire in &scene.wires {
        let mut end = |end: Attach, side: &str| match end {
            Attach::Element(at) => scene.elements[at].id.as_str().to_owned(),
            Attach::Frame(at) => format!("[{}]", scene.frames[at].id.as_str()),
            Attach::Loose(p) => {
                let around = scene.frames.iter().enumerate().filter(|(_, f)| f.rect.contains(p));
                let inside = around.max_by_key(|(_, f)| f.depth).map(|(at, _)| at);
                let id = format!("{side}_{}", wire.id.as_str());
                meaning.nodes.push(format!("loose {id} in {}", place(inside)));
                id
            }
        };
        let (from, to) = (end(wire.from, "from"), end(wire.to, "to"));
        let whole = view.labels == Labels::Inline && wire.also.is_empty();
        let label =
            wire.label.as_ref().map(|l| if whole { plain(&model.flows[&wire.id].name) } else { l.text.clone() });
        meaning.edges.push(format!("{from} -> {to} {label:?}"));
    }
    meaning.sorted()
}

/// Whether a flow joins a boundary with something in it, or with itself: only that need not end at its outline.
fn may_be_inner(scene: &Scene, boundary: &str) -> bool {
    let at = scene.frames.iter().position(|f| f.id.as_str() == boundary).unwrap();
    let rect = |end: Attach| match end {
        Attach::Element(n) => scene.elements[n].rect,
        Attach::Frame(n) => scene.frames[n].rect,
        Attach::Loose(p) => Rect { x: p.x, y: p.y, w: 1, h: 1 },
    };
    let joins = |end: Attach, other: Attach| end == Attach::Frame(at) && scene.frames[at].rect.holds(rect(other));
    scene.wires.iter().any(|w| joins(w.from, w.to) || joins(w.to, w.from))
}

/// Text of Mermaid with its codes replaced.
fn decoded(text: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.split("<br/>").enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('#') {
            harmless(before);
            out.push_str(before);
            let (code, after) = after.split_once(';').unwrap();
            out.push(char::from_u32(code.parse().unwrap()).unwrap());
            rest = after;
        }
        harmless(rest);
        out.push_str(rest);
    }
    out
}

/// Whether nothing is left that Mermaid or Markdown read as more than text.
fn harmless(text: &str) {
    let fine = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || " ,()/?!-_.".contains(c);
    assert!(text.chars().all(fine) && !text.contains("--") && !text.contains("ﬂ°") && !text.contains("¶ß"), "{text:?}");
}

const BRACKETS: [(&str, &str, &str); 5] = [
    ("[[\"", "\"]]", "folded"),
    ("[(\"", "\")]", "store"),
    ("((\"", "\"))", "loose"),
    ("[\"", "\"]", "external"),
    ("(\"", "\")", "process"),
];

/// Checks a Mermaid text.
pub(super) fn check_mermaid(model: &ThreatModel, scene: &Scene, view: &View, text: &str) {
    let id = |word: &str| {
        let (kind, id) = word.split_once('_').unwrap();
        assert!(word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{word}");
        let id = id.replace('_', "-");
        match kind {
            "e" => id,
            "b" => format!("[{id}]"),
            "a" => {
                assert!(may_be_inner(scene, &id));
                format!("[{id}]")
            }
            _ => format!("{kind}_{id}"),
        }
    };
    let mut lines = text.lines();
    let head: Vec<&str> = lines.by_ref().take(5).collect();
    assert!(
        matches!(head[..], ["---", title, "---", "flowchart LR", acc]
        if title.starts_with("title: \"") && acc.starts_with("  accTitle: ")),
        "{head:?}"
    );
    let title: String = serde_json::from_str(&head[1]["title: ".len()..]).unwrap();
    assert_eq!(title, decoded(&head[4]["  accTitle: ".len()..]));
    let (mut meaning, mut around) = (Meaning::default(), Vec::new());
    for line in lines.map(str::trim) {
        let place = around.join("/");
        if line == "end" {
            around.pop().unwrap();
        } else if let Some(rest) = line.strip_prefix("subgraph ") {
            let (word, rest) = rest.split_once("[\"").unwrap();
            let id = id(word).trim_matches(['[', ']']).to_owned();
            meaning.boundaries.push(format!("{id} {:?} in {place}", decoded(rest.strip_suffix("\"]").unwrap())));
            around.push(id);
        } else if let Some((from, rest)) = line.split_once(" -->") {
            let (label, to) = match rest.strip_prefix("|\"") {
                Some(rest) => rest.split_once("\"| ").map(|(label, to)| (Some(decoded(label)), to)).unwrap(),
                None => (None, rest.trim()),
            };
            meaning.edges.push(format!("{} -> {} {label:?}", id(from), id(to)));
        } else if let Some(text) = line.strip_prefix("legend_[\"") {
            decoded(text.strip_suffix("\"]").unwrap());
        } else if !line.starts_with("class ") && !line.starts_with("classDef ") {
            let (word, text, kind) = BRACKETS
                .iter()
                .find_map(|(open, close, kind)| {
                    let (word, rest) = line.split_once(open)?;
                    let fits = !word.contains(['[', '(']);
                    fits.then(|| (word, rest.strip_suffix(close).expect(line), *kind))
                })
                .expect(line);
            match (kind, word.split('_').next()) {
                ("loose", Some("a")) => assert_eq!(around.last(), Some(&id(word).trim_matches(['[', ']']).to_owned())),
                ("loose", _) => meaning.nodes.push(format!("loose {} in {place}", id(word))),
                _ => meaning.nodes.push(format!("{kind} {} {:?} in {place}", id(word), decoded(text))),
            }
        }
    }
    assert!(around.is_empty());
    let mut wanted = expected(model, scene, view);
    for line in wanted.nodes.iter_mut().chain(&mut wanted.boundaries).chain(&mut wanted.edges) {
        *line = line.replace("ﬂ°", "fl°").replace("¶ß", "¶ss");
    }
    assert_eq!(meaning.sorted(), wanted.sorted(), "{text}");
}

/// The quoted string that a text begins with, and what follows.
fn quoted(text: &str) -> (String, &str) {
    let mut chars = text.strip_prefix('"').expect(text).char_indices();
    let mut out = String::new();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (out.replace("&amp;", "&"), &text[at + 2..]),
            '\\' => match chars.next().unwrap().1 {
                'n' => out.push('\n'),
                c @ ('"' | '\\') => out.push(c),
                'l' => {}
                c => panic!("\\{c} in {text}"),
            },
            _ => out.push(c),
        }
    }
    panic!("{text} has no end")
}

/// The value of an attribute.
fn attribute(text: &str, name: &str) -> Option<String> {
    let at = text.find(&format!("{name}=\""))?;
    Some(quoted(&text[at + name.len() + 1..]).0)
}

/// Checks a DOT text.
pub(super) fn check_dot(model: &ThreatModel, scene: &Scene, view: &View, text: &str) {
    let (mut meaning, mut around): (Meaning, Vec<String>) = Default::default();
    let mut open = None;
    for line in text.lines().skip(5).map(str::trim) {
        let place = around.join("/");
        if line == "}" {
            around.pop();
        } else if let Some(rest) = line.strip_prefix("subgraph \"cluster_") {
            open = Some(rest.strip_suffix("\" {").unwrap().to_owned());
        } else if let Some(rest) = line.strip_prefix("graph [") {
            let id = open.take().unwrap();
            meaning.boundaries.push(format!("{id} {:?} in {place}", attribute(rest, "label").unwrap()));
            around.push(id);
        } else {
            let (id, rest) = quoted(line);
            if let Some(rest) = rest.strip_prefix(" -> ") {
                let (to, rest) = quoted(rest);
                let end = |word: String, clip: &str| match word.strip_prefix("anchor_") {
                    None => word,
                    Some(id) => {
                        match attribute(rest, clip) {
                            Some(cluster) => assert_eq!(cluster, format!("cluster_{id}")),
                            None => assert!(may_be_inner(scene, id)),
                        }
                        format!("[{id}]")
                    }
                };
                let label = rest.contains(" [label=").then(|| attribute(rest, "label").unwrap());
                meaning.edges.push(format!("{} -> {} {label:?}", end(id, "ltail"), end(to, "lhead")));
            } else if let Some(id) = id.strip_prefix("anchor_") {
                assert_eq!(around.last().map(String::as_str), Some(id));
            } else if id != "legend_" {
                let shapes = [("peripheries=2", "folded"), ("penwidth", "external"), ("rounded", "process")];
                let shapes = shapes.into_iter().chain([("shape=cylinder", "store"), ("shape=circle", "loose")]);
                let head = rest.split("label=").next().unwrap();
                let kind = shapes.into_iter().find(|(mark, _)| head.contains(mark)).expect(line).1;
                let label = attribute(rest, "label").unwrap();
                let name = if kind == "loose" { String::new() } else { format!(" {label:?}") };
                meaning.nodes.push(format!("{kind} {id}{name} in {place}"));
            }
        }
    }
    assert_eq!(meaning.sorted(), expected(model, scene, view), "{text}");
}
