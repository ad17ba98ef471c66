//! What the walk-through shows: the session, which answer is selected, a picture of where one is, the timer. Which
//! question comes next and what an answer does is `workbench`'s.

use std::collections::BTreeSet;

use crate::analysis::walk::Asking;
use crate::diagram::{Focus, Zoom};
use crate::model::{ConsideredKey, Id, Thing};
use crate::tui::canvas::{Before, Picture};
use crate::tui::sight::Sight;
use crate::workbench::Workbench;
use crate::workbench::walk::{Prepared, Range, Walk};

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Walking {
    /// The session, once it has begun.
    pub(crate) session: Option<Walk>,
    /// What the session is about.
    pub(crate) range: Range,
    /// Whether the next answer is for everything of which the same is asked.
    pub(crate) for_all: bool,
    /// The selected answer, or the first line of the summary that is shown.
    pub(crate) at: usize,
    /// Where one is, as a picture.
    pub(crate) picture: Option<Picture>,
    /// The timer, while it is on.
    pub(crate) timer: Option<Timer>,
    /// The character typed last.
    pub(crate) typed: Option<char>,
    /// The answer that is being given: what changes the model next.
    pub(crate) given: Option<Prepared>,
    /// The revision of the model that it follows.
    revision: u64,
    /// What the picture was made from.
    drawn: Option<(u64, Id, bool, (u16, u16))>,
    /// The question that the selected answer is about.
    shown: Option<ConsideredKey>,
}

/// What the timer knows, in seconds; no clock is read here.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Timer {
    /// When it began; nothing before the first time is known.
    began: Option<u64>,
    /// What time it was with the last key.
    now: u64,
}

impl Walking {
    /// The question that is asked.
    pub(crate) fn asking(&self) -> Option<&Asking> {
        self.session.as_ref().and_then(Walk::asking)
    }

    /// Begins a session, or follows what changed; makes the picture, where there is room of so many columns and rows.
    pub(crate) fn settle(&mut self, bench: &Workbench, revision: u64, ascii: bool, room: Option<(u16, u16)>) {
        match &mut self.session {
            None => self.session = Some(Walk::new(bench, &self.range)),
            Some(walk) if self.revision != revision => match self.given.take() {
                Some(given) => walk.done(bench, given),
                None => walk.follow(bench),
            },
            Some(_) => {}
        }
        self.revision = revision;
        let key = self.asking().map(|asking| asking.key.clone());
        if self.shown != key {
            // Where one has gone back, what was answered is selected.
            let said = self.session.as_ref().and_then(Walk::turn).map(|turn| turn.said.as_str());
            let answered = self.asking().map_or(0, |asking| {
                asking.choices().iter().position(|choice| Some(choice.text.as_str()) == said).unwrap_or(0)
            });
            (self.at, self.for_all) = (answered, false);
            self.shown.clone_from(&key);
        }
        let drawn = key.zip(room).map(|(key, room)| (revision, key.subject, ascii, room));
        if self.drawn != drawn {
            self.picture = drawn.as_ref().and_then(|(_, id, ascii, room)| picture(bench, id, *ascii, *room));
            self.drawn = drawn;
        }
    }

    /// Takes note of the time.
    pub(crate) fn ticked(&mut self, seconds: u64) {
        if let Some(timer) = &mut self.timer {
            *timer = Timer { began: timer.began.or(Some(seconds)), now: seconds };
        }
    }

    /// Minutes since the timer began.
    pub(crate) fn minutes(&self) -> Option<u64> {
        self.timer.map(|timer| timer.now.saturating_sub(timer.began.unwrap_or(timer.now)) / 60)
    }
}

/// A thing with what is around it, as closely as there is room for.
fn picture(bench: &Workbench, id: &Id, ascii: bool, (columns, rows): (u16, u16)) -> Option<Picture> {
    let model = bench.model();
    if matches!(model.thing(id), None | Some(Thing::Asset(_))) {
        return None;
    }
    let draw = |zoom: Zoom| {
        // Of a flow its ends, of anything else what it is connected with.
        let depth = u8::from(!model.flows.contains_key(id));
        let focus = Some(Focus { on: BTreeSet::from([id.clone()]), depth });
        Picture::of(model, &Sight { zoom, focus, ..Sight::default() }, ascii, Before::Nothing)
    };
    let fits = |picture: &Picture| {
        let (w, h) = picture.size();
        w <= i32::from(columns) && h <= i32::from(rows)
    };
    let closely = [Zoom::Full, Zoom::Lines, Zoom::Chips].into_iter().map(draw).find(fits);
    Some(closely.unwrap_or_else(|| draw(Zoom::Chips)))
}
