//! A scene with the model behind it: whole names, sentences, and what lies inside what, for painters that are not bound
//! to cells. It knows no format.

use crate::diagnostic::inert::one_line;
use crate::diagram::scene::{Attach, BoxShape, Labels, Point, Scene, View, Wire};
use crate::model::ElementKind::{DataStore, ExternalEntity, Process};
use crate::model::{Id, ThreatModel};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A text on one line that every format can hold: harmless, and without characters that Unicode reserves, which XML and
/// YAML forbid.
pub(super) fn plain(text: &str) -> String {
    let line = one_line(text);
    let reserved = |c: char| matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    if !line.contains(reserved) {
        return line;
    }
    let mut out = String::new();
    for c in line.chars() {
        if reserved(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// One of the two ends of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    From,
    To,
}

/// A step of a walk through the picture from the outside in. Numbers are places in the lists of the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A boundary begins.
    Open(usize),
    /// An element, or a folded boundary.
    Box(usize),
    /// The loose end of a flow.
    Loose(usize, Side),
    /// The innermost boundary ends.
    Close,
}

/// A scene with the model behind it.
pub(super) struct Sheet<'a> {
    pub(super) scene: &'a Scene,
    model: &'a ThreatModel,
    view: &'a View,
}

impl<'a> Sheet<'a> {
    pub(super) const fn new(scene: &'a Scene, model: &'a ThreatModel, view: &'a View) -> Self {
        Self { scene, model, view }
    }

    /// What the picture is called: the system, and the diagram if it is one of several.
    pub(super) fn title(&self) -> String {
        let system = match plain(&self.model.system.name) {
            name if name.is_empty() => "Data flow diagram".to_owned(),
            name => name,
        };
        let diagram = self.view.diagram.as_ref().and_then(|id| self.model.diagrams.get(id)).map(|d| plain(&d.title));
        match diagram {
            Some(title) if !title.is_empty() && title != system => format!("{system}: {title}"),
            _ => system,
        }
    }

    fn name(&self, id: &Id) -> String {
        plain(self.model.name_of(id))
    }

    /// The whole name of a box.
    pub(super) fn box_name(&self, at: usize) -> String {
        let drawn = &self.scene.elements[at];
        match drawn.shape {
            BoxShape::Element(_) => self.name(&drawn.id),
            BoxShape::Folded => plain(&drawn.lines.join(" ")),
        }
    }

    /// The whole name of a boundary.
    pub(super) fn frame_name(&self, at: usize) -> String {
        self.name(&self.scene.frames[at].id)
    }

    /// What stands on a flow where room is no concern: its whole name, unless numbers are asked for or the line stands
    /// for several flows.
    pub(super) fn label(&self, wire: &Wire) -> Option<String> {
        let drawn = wire.label.as_ref()?;
        let whole = self.view.labels == Labels::Inline && wire.also.is_empty();
        let name = self.model.flows.get(&wire.id).filter(|_| whole).map(|f| plain(&f.name));
        Some(name.filter(|n| !n.is_empty()).unwrap_or_else(|| plain(&drawn.text)))
    }

    /// What is said under a box.
    pub(super) fn notes(&self, at: usize) -> impl Iterator<Item = String> {
        self.scene.notes.iter().filter(move |n| n.under == at).map(|n| plain(&n.text))
    }

    /// The lines of the legend that are still needed where names are not cut.
    pub(super) fn legend(&self) -> Vec<String> {
        let mut spared: BTreeSet<&str> = BTreeSet::new();
        let number = |drawn: &'a str, whole: &str| drawn.rsplit_once(' ').filter(|_| drawn != whole).map(|cut| cut.1);
        for wire in &self.scene.wires {
            if let (Some(drawn), Some(whole)) = (&wire.label, self.label(wire)) {
                spared.extend(number(&drawn.text, &whole));
            }
        }
        for (at, frame) in self.scene.frames.iter().enumerate() {
            spared.extend(number(&frame.title, &self.frame_name(at)));
        }
        let needed = |line: &&String| !line.split(' ').next().is_some_and(|first| spared.contains(first));
        self.scene.legend.iter().filter(needed).map(|line| plain(line)).collect()
    }

    /// The boundary around what a flow is attached to; of a loose end the one it is drawn in.
    fn around(&self, end: Attach) -> Option<usize> {
        match end {
            Attach::Element(at) => self.scene.elements[at].inside,
            Attach::Frame(at) => self.scene.frames[at].inside,
            Attach::Loose(p) => self.innermost(p),
        }
    }

    fn innermost(&self, p: Point) -> Option<usize> {
        let holds = self.scene.frames.iter().enumerate().filter(|(_, f)| f.rect.contains(p));
        holds.max_by_key(|(_, f)| f.depth).map(|(at, _)| at)
    }

    /// The boundaries from this one outwards.
    fn chain(&self, first: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(first, |at| self.scene.frames[*at].inside)
    }

    /// Whether a flow's end is a boundary that also holds the other end, or is the other end.
    pub(super) fn is_inner(&self, end: Attach, other: Attach) -> bool {
        match end {
            Attach::Frame(at) => other == end || self.chain(self.around(other)).any(|f| f == at),
            Attach::Element(_) | Attach::Loose(_) => false,
        }
    }

    /// Everything but the flows, from the outside in: boxes and loose ends of a boundary before the boundaries in it.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut inside: BTreeMap<Option<usize>, Vec<Step>> = BTreeMap::new();
        for (at, drawn) in self.scene.elements.iter().enumerate() {
            inside.entry(drawn.inside).or_default().push(Step::Box(at));
        }
        for (at, wire) in self.scene.wires.iter().enumerate() {
            for (end, side) in [(wire.from, Side::From), (wire.to, Side::To)] {
                if matches!(end, Attach::Loose(_)) {
                    inside.entry(self.around(end)).or_default().push(Step::Loose(at, side));
                }
            }
        }
        for (at, frame) in self.scene.frames.iter().enumerate() {
            inside.entry(frame.inside).or_default().push(Step::Open(at));
        }
        let mut steps = Vec::new();
        let mut waiting: Vec<Step> = inside.remove(&None).unwrap_or_default();
        waiting.reverse();
        // Not by recursion: how deep boundaries nest is up to the file.
        while let Some(step) = waiting.pop() {
            steps.push(step);
            if let Step::Open(at) = step {
                waiting.push(Step::Close);
                waiting.extend(inside.remove(&Some(at)).unwrap_or_default().into_iter().rev());
            }
        }
        steps
    }

    /// The names of boundaries, joined; of very many the first, since each thing in a deep nest names those around it.
    fn frames(&self, mut frames: impl Iterator<Item = usize>) -> String {
        let mut names: Vec<String> = frames.by_ref().take(MOST_NAMED).map(|at| self.frame_name(at)).collect();
        let more = frames.count();
        if more > 0 {
            names.push(format!("and {more} more"));
        }
        names.join(", ")
    }

    /// `, in` and the boundaries, innermost first; nothing when there are none.
    fn within(&self, inside: Option<usize>) -> String {
        inside.map(|_| format!(", in {}", self.frames(self.chain(inside)))).unwrap_or_default()
    }

    /// A sentence about a box.
    pub(super) fn say_box(&self, at: usize) -> String {
        let drawn = &self.scene.elements[at];
        let kind = match drawn.shape {
            BoxShape::Element(ExternalEntity) => "External entity",
            BoxShape::Element(Process) => "Process",
            BoxShape::Element(DataStore) => "Data store",
            BoxShape::Folded => "Folded trust boundary",
        };
        format!("{kind} {}{}", self.name(&drawn.id), self.within(drawn.inside))
    }

    /// A sentence about a boundary.
    pub(super) fn say_frame(&self, at: usize) -> String {
        format!("Trust boundary {}{}", self.frame_name(at), self.within(self.scene.frames[at].inside))
    }

    fn say_end(&self, end: Attach) -> String {
        match end {
            Attach::Element(at) => self.name(&self.scene.elements[at].id),
            Attach::Frame(at) => self.frame_name(at),
            Attach::Loose(_) => "nowhere yet".to_owned(),
        }
    }

    /// A sentence about a flow: its ends, the boundaries it passes, and what it is known to carry.
    pub(super) fn say_flow(&self, wire: &Wire) -> String {
        let name = self.model.flows.get(&wire.id).map(|f| plain(&f.name)).filter(|n| !n.is_empty());
        let mut text = match (name, wire.also.len()) {
            (Some(name), 0) => format!("Data flow \"{name}\""),
            (None, 0) => "Data flow".to_owned(),
            (_, also) => format!("{} data flows", also + 1),
        };
        let _ = write!(text, " from {} to {}", self.say_end(wire.from), self.say_end(wire.to));
        let own = |end: Attach, other: Attach| {
            let shared: BTreeSet<usize> = self.chain(self.around(other)).collect();
            // A flow between a boundary and something in it does not pass that boundary.
            let end_itself = |at: usize| other == Attach::Frame(at);
            let frames = self.chain(self.around(end)).filter(|at| !shared.contains(at) && !end_itself(*at));
            frames.collect::<Vec<_>>()
        };
        let (out, inward) = (own(wire.from, wire.to), own(wire.to, wire.from));
        if !out.is_empty() {
            let _ = write!(text, ", leaves {}", self.frames(out.into_iter()));
        }
        if !inward.is_empty() {
            let _ = write!(text, ", enters {}", self.frames(inward.into_iter().rev()));
        }
        let carried: BTreeSet<&Id> = std::iter::once(&wire.id)
            .chain(&wire.also)
            .filter_map(|id| self.model.flows.get(id)?.carries.as_ref())
            .flatten()
            .collect();
        if !carried.is_empty() {
            let names: Vec<String> = carried.into_iter().map(|id| self.name(id)).collect();
            let _ = write!(text, ", carries {}", names.join(", "));
        }
        text
    }

    /// How much is drawn, and unless that is too much to listen to, every flow.
    pub(super) fn describe(&self) -> String {
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let folded = self.scene.elements.iter().filter(|e| e.shape == BoxShape::Folded).count();
        let mut text = format!(
            "Data flow diagram with {}, {} and {}.",
            count(self.scene.elements.len() - folded, "element", "elements"),
            count(self.scene.wires.iter().map(|w| 1 + w.also.len()).sum(), "data flow", "data flows"),
            count(self.scene.frames.len() + folded, "trust boundary", "trust boundaries"),
        );
        if self.scene.wires.len() <= MOST_SAID {
            for wire in &self.scene.wires {
                let _ = write!(text, " {}.", self.say_flow(wire));
            }
        }
        text
    }
}

/// More boundaries than this are not named in one sentence.
const MOST_NAMED: usize = 6;

/// More flows than this are not read aloud.
const MOST_SAID: usize = 40;
