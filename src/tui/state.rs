//! What the screen shows, as plain data. Changing it is `update`'s work, drawing it is `view`'s.

mod camera;
pub(crate) mod dashboard;
pub mod layer;
mod lists;
pub(crate) mod mitigations;
pub(crate) mod review;
pub(crate) mod rules;
pub(crate) mod walk;

use std::collections::{BTreeMap, BTreeSet};

use super::canvas::{Before, Picture};
use super::inspect::Row;
use super::key::Key;
use super::keymap::Keymap;
use super::layout::Panes;
use super::sight::Sight;
use super::theme::Theme;
use crate::command::Scope;
use crate::diagram::Placement;
use crate::model::{Id, Severity, Thing, ThreatKey, ThreatModel};
use crate::workbench::Workbench;
use dashboard::Dashboard;
use layer::Layer;
use mitigations::Mitigations;
use review::Review;
use rules::Rules;
use walk::Walking;

/// The screens; those of the numbers between are to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Screen {
    /// The diagram with its panes.
    #[default]
    Diagram,
    /// All threats.
    Threats,
    /// Work that closes threats.
    Mitigations,
    /// One question after the other.
    Walk,
    /// What changed since an earlier state, and what a merge left to decide.
    Review,
    /// Rules and packs.
    Rules,
    /// How things stand.
    Dashboard,
}

/// The panes that can have the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Pane {
    /// The diagram.
    #[default]
    Canvas,
    /// Fields and facts of the selection.
    Inspector,
    /// A list of threats.
    Threats,
    /// The list of everything that is drawn.
    Outline,
    /// What changed.
    Changes,
    /// Mitigations.
    Mitigations,
    /// Rules.
    Rules,
    /// The question of the walk-through.
    Walk,
    /// Charts.
    Dashboard,
}

/// All panes.
pub const PANES: &[Pane] = &[
    Pane::Canvas,
    Pane::Inspector,
    Pane::Threats,
    Pane::Outline,
    Pane::Changes,
    Pane::Mitigations,
    Pane::Rules,
    Pane::Walk,
    Pane::Dashboard,
];

/// How the screen looks, as far as the user can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub theme: Theme,
    /// Plain ASCII instead of box characters.
    pub ascii: bool,
    /// Whether the mouse is ours.
    pub mouse: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { theme: Theme::default(), ascii: false, mouse: true }
    }
}

/// The line that says what happened. It stays until the next key.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Note {
    /// What happened.
    pub text: String,
    /// Whether it is a refusal.
    pub refused: bool,
}

/// A drag of the mouse that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drag {
    /// The element that is dragged; `None` drags the view.
    pub what: Option<Id>,
    /// Whether it began on the border, which draws a data flow.
    pub connects: bool,
    /// Where on the screen it began.
    pub from: (u16, u16),
    /// Where on the screen it is.
    pub at: (u16, u16),
}

/// What stands against a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    /// Open threats.
    pub open: usize,
    /// The worst severity of them.
    pub worst: Option<Severity>,
    /// Questions.
    pub asked: usize,
}

/// Everything the screen shows.
#[derive(Debug)]
pub struct State {
    /// The open model.
    pub bench: Workbench,
    /// Its drawing.
    pub(crate) picture: Picture,
    /// What of the model it shows.
    pub(crate) sight: Sight,
    /// Open threats, their worst severity, and open questions of each thing.
    pub tally: BTreeMap<Id, Tally>,
    /// Rows of the inspector.
    pub(crate) rows: Vec<Row>,
    /// The selected threat at length, where there is a place for it.
    pub(crate) page: Vec<String>,
    /// Where everything lay before and after each step that changed the drawing, by the number of steps done: taking such
    /// a step back puts the drawing back too.
    pub(crate) placed: BTreeMap<usize, Placement>,
    /// What the two above were made from.
    made_from: Option<(u64, Option<Id>, Option<ThreatKey>)>,
    /// Counts the changes of the model.
    revision: u64,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The screen.
    pub screen: Screen,
    /// The pane that has the keys on the diagram's screen.
    pub pane: Pane,
    /// The selected element, data flow, boundary or asset.
    pub selected: Option<Id>,
    /// The element whose data flows are gone through.
    pub hub: Option<Id>,
    /// Things marked for an act on several.
    pub marked: BTreeSet<Id>,
    /// The selected threat.
    pub threat: Option<ThreatKey>,
    /// Threats marked for a decision on several.
    pub marked_threats: BTreeSet<ThreatKey>,
    /// What the mitigations' screen shows.
    pub(crate) mitigations: Mitigations,
    /// What the review shows.
    pub(crate) review: Review,
    /// What the rules' screen shows.
    pub(crate) rules: Rules,
    /// What the walk-through shows.
    pub(crate) walk: Walking,
    /// What the dashboard shows.
    pub(crate) dashboard: Dashboard,
    /// Words that the threats screen filters by.
    pub filter: String,
    /// The selected row of the inspector.
    pub row: usize,
    /// The cell of the drawing in the upper left corner of its pane.
    pub scroll: (i32, i32),
    /// What lies over the panes, the uppermost last.
    pub layers: Vec<Layer>,
    /// Keys typed of a sequence that is not complete.
    pub pending: Vec<Key>,
    /// Whether the menu of keys is open.
    pub menu: bool,
    /// What the last act did.
    pub note: Note,
    /// Hits of the last search, and which of them is shown.
    pub hits: (Vec<Id>, usize),
    /// A drag that has begun.
    pub drag: Option<Drag>,
    /// Whether to leave once the model is saved.
    pub leaving: bool,
    /// Whether it was said that no journal is kept.
    pub(crate) warned: bool,
    /// The name of the new file that the model is being saved under.
    pub naming: Option<String>,
    /// The elements that the last step of the history nudged: another nudge of them belongs to that step.
    pub(crate) nudged: Vec<Id>,
    /// Looks.
    pub look: Look,
    /// Keys.
    pub keymap: Keymap,
}

impl State {
    /// The first screen of an open model.
    pub fn new(bench: Workbench, size: (u16, u16), look: Look) -> Self {
        let sight = Sight { map: true, ..Sight::default() };
        let picture = Picture::of(bench.model(), &sight, look.ascii, Before::Nothing);
        let mut state = Self {
            bench,
            picture,
            sight,
            tally: BTreeMap::new(),
            rows: Vec::new(),
            page: Vec::new(),
            placed: BTreeMap::new(),
            made_from: None,
            revision: 0,
            size,
            screen: Screen::default(),
            pane: Pane::default(),
            selected: None,
            hub: None,
            marked: BTreeSet::new(),
            threat: None,
            marked_threats: BTreeSet::new(),
            mitigations: Mitigations::default(),
            review: Review::default(),
            rules: Rules::default(),
            walk: Walking::default(),
            dashboard: Dashboard::default(),
            filter: String::new(),
            row: 0,
            scroll: (0, 0),
            layers: Vec::new(),
            pending: Vec::new(),
            menu: false,
            note: Note::default(),
            hits: (Vec::new(), 0),
            drag: None,
            leaving: false,
            warned: false,
            naming: None,
            nudged: Vec::new(),
            look,
            keymap: Keymap::default(),
        };
        state.count();
        state.selected = state.picture.first();
        state.fit();
        state.reveal();
        if !state.bench.model().conflicts.is_empty() {
            state.show(Screen::Review);
        }
        state.settle();
        state
    }

    /// The panes as they are now.
    pub(crate) fn panes(&self) -> Panes {
        Panes::of(self.size, self.screen, self.focus(), u16::try_from(self.review.lines).unwrap_or(u16::MAX))
    }

    /// The pane that has the keys.
    pub fn focus(&self) -> Pane {
        match self.screen {
            Screen::Diagram => self.pane,
            Screen::Threats => Pane::Threats,
            Screen::Mitigations => Pane::Mitigations,
            Screen::Rules => Pane::Rules,
            Screen::Walk => Pane::Walk,
            Screen::Dashboard => Pane::Dashboard,
            Screen::Review if self.review.on_canvas => Pane::Canvas,
            Screen::Review => Pane::Changes,
        }
    }

    /// The model as it is drawn: on the review's screen with what is no longer in it.
    pub(crate) fn drawn(&self) -> &ThreatModel {
        let reviewed = self.review.drawn.as_ref().filter(|_| self.screen == Screen::Review);
        reviewed.unwrap_or_else(|| self.bench.model())
    }

    /// Goes to a screen.
    pub(crate) fn show(&mut self, screen: Screen) {
        let was = std::mem::replace(&mut self.screen, screen);
        self.dashboard.below = None;
        if (was == Screen::Review) == (screen == Screen::Review) {
            return;
        }
        if screen == Screen::Review {
            self.review.own = Some((self.sight.clone(), self.picture.placement().clone()));
            self.refresh();
            self.follow_row();
        } else if let Some((sight, placement)) = self.review.own.take() {
            self.look_back(&sight, &placement);
        }
    }

    /// Draws the model alone again, as it was drawn before the review where the same part of it is in sight.
    fn look_back(&mut self, before: &Sight, placement: &Placement) {
        let is_same = self.sight.looks_like(before);
        let whole = if before.is_whole() { Some(placement.clone()) } else { before.whole.clone() };
        self.sight.whole = whole.clone().filter(|_| !self.sight.is_whole());
        self.refresh_from(Some(placement).filter(|_| is_same));
        if !is_same {
            self.redraw(whole.as_ref());
            self.fit();
        }
        self.reveal();
    }

    /// Selects what the selected row of the review is about, where that is drawn.
    pub(crate) fn follow_row(&mut self) {
        let about = self.review.row().and_then(review::Row::about);
        if let Some(id) = about.filter(|id| self.drawn().thing(id).is_some()) {
            self.selected = Some(id);
            self.reveal();
        }
    }

    /// The scopes whose actions the keys mean now, the innermost first.
    pub fn scopes(&self) -> &'static [Scope] {
        scopes(self.focus())
    }

    /// The selected thing.
    pub fn thing(&self) -> Option<Thing<'_>> {
        self.bench.model().thing(self.selected.as_ref()?)
    }

    /// What an act on several is about: the marked things, else the selected one.
    pub fn subjects(&self) -> Vec<Id> {
        if self.marked.is_empty() {
            self.selected.iter().cloned().collect()
        } else {
            self.marked.iter().cloned().collect()
        }
    }

    /// How many questions there are about a thing.
    pub fn asked(&self, id: &Id) -> usize {
        self.tally.get(id).map_or(0, |t| t.asked)
    }

    /// Says what happened.
    pub fn say(&mut self, text: impl Into<String>) {
        self.note = Note { text: text.into(), refused: false };
    }

    /// Says why something did not happen.
    pub fn refuse(&mut self, text: impl Into<String>) {
        self.note = Note { text: text.into(), refused: true };
    }

    /// Counts threats and questions of each thing.
    fn count(&mut self) {
        let mut tally: BTreeMap<Id, Tally> = BTreeMap::new();
        let analysis = self.bench.analysis();
        for threat in analysis.threats.iter().filter(|t| t.is_open()) {
            let of = tally.entry(threat.subject.clone()).or_default();
            of.open += 1;
            of.worst = of.worst.max(threat.severity);
        }
        for subject in analysis.questions.iter().flat_map(|q| &q.subjects) {
            tally.entry(subject.id.clone()).or_default().asked += 1;
        }
        self.tally = tally;
    }

    /// Makes what is costly to make and follows from the rest, when that has changed.
    pub(crate) fn settle(&mut self) {
        if self.screen == Screen::Mitigations {
            self.mitigations.evaluate(&self.bench, self.revision);
        }
        if self.screen == Screen::Rules {
            self.rules.settle(self.bench.knowledge());
        }
        if self.screen == Screen::Walk {
            let room = super::view::walk::here(self);
            self.walk.settle(&self.bench, self.revision, self.look.ascii, room);
        }
        if self.screen == Screen::Dashboard {
            self.dashboard.settle(&self.bench, self.revision);
        }
        let shows_page = self.panes().detail.is_some();
        let threat = self.current_threat().filter(|_| shows_page).map(|t| t.key.clone());
        let from = Some((self.revision, self.selected.clone(), threat.clone()));
        if self.made_from == from {
            return;
        }
        self.rows = super::inspect::rows(self);
        self.row = self.row.min(self.rows.len().saturating_sub(1));
        let row = self.current_threat().filter(|t| Some(&t.key) == threat.as_ref());
        self.page = row.map(|row| super::detail::lines(self, row)).unwrap_or_default();
        self.made_from = from;
    }

    /// Draws the diagram anew and forgets what is no longer there.
    pub fn refresh(&mut self) {
        self.refresh_from(None);
    }

    /// The same, from another placement than the one on the screen.
    pub(crate) fn refresh_from(&mut self, before: Option<&Placement>) {
        if self.screen == Screen::Review {
            let now = self.bench.as_saved();
            self.review.follow(&now);
        }
        let mut sight = std::mem::take(&mut self.sight);
        let is_less = sight.forget(self.drawn());
        self.sight = sight;
        if is_less {
            // Other things are left out now, so that what the screen showed says nothing about where they lie.
            let whole = self.sight.whole.clone();
            self.redraw(whole.as_ref());
        } else {
            self.draw_again(before);
        }
        self.count();
        if self.selected.as_ref().is_some_and(|id| self.drawn().thing(id).is_none()) {
            self.selected = None;
        }
        let model = self.bench.model();
        self.marked.retain(|id| model.thing(id).is_some());
        let raised: BTreeSet<&ThreatKey> = self.bench.analysis().threats.iter().map(|t| &t.key).collect();
        self.marked_threats.retain(|k| raised.contains(k));
        if self.threat.as_ref().is_some_and(|k| !raised.contains(k)) {
            self.threat = None;
        }
        self.revision += 1;
        self.settle();
    }
}

/// The scopes whose actions the keys mean in a pane, the innermost first.
pub const fn scopes(pane: Pane) -> &'static [Scope] {
    match pane {
        Pane::Canvas => &[Scope::Canvas, Scope::Subject, Scope::Elsewhere, Scope::Global],
        Pane::Inspector => &[Scope::Inspector, Scope::List, Scope::Subject, Scope::Elsewhere, Scope::Global],
        Pane::Threats => &[Scope::Threats, Scope::List, Scope::Elsewhere, Scope::Global],
        Pane::Outline => &[Scope::Outline, Scope::List, Scope::Subject, Scope::Elsewhere, Scope::Global],
        Pane::Mitigations => &[Scope::Mitigations, Scope::List, Scope::Elsewhere, Scope::Global],
        Pane::Walk => &[Scope::Walk, Scope::Global],
        Pane::Dashboard => &[Scope::Dashboard, Scope::List, Scope::Elsewhere, Scope::Global],
        Pane::Rules => &[Scope::Rules, Scope::List, Scope::Elsewhere, Scope::Global],
        Pane::Changes => &[Scope::Review, Scope::List, Scope::Elsewhere, Scope::Global],
    }
}
