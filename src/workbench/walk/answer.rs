//! Answers of a walk-through as edits: what is said about a letter or a fact, who deals with a threat and by when. It
//! applies nothing.

use super::{Outcome, Turn, fact};
use crate::analysis::ThreatRow;
use crate::analysis::walk::{Answers, Ask, Asking};
use crate::model::{
    ConsideredKey, Date, Edit, Entry, Event, FactValue, HistoryRow, Id, Place, Severity, Status, Threat, ThreatKey,
    ThreatModel, Verdict, act,
};
use crate::workbench::{Sitting, Workbench};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A value of a fact or field.
    Value {
        /// What is written down; "none of them" is empty.
        values: Vec<String>,
        /// Whether it is so of everything of which this is asked.
        everywhere: bool,
    },
    /// The fact makes no sense there, with the reason.
    NotApplicable(String),
    /// There is a threat, or several.
    Found(Found),
    /// There is none; why. Where threats are open it needs a reason, and they do not apply then.
    Nothing(Option<String>),
    /// Not sure; to be asked elsewhere, perhaps with a note.
    Parked(Option<String>),
}

/// Threats that people see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Those that the rules raise, or that are in the register.
    pub keys: Vec<ThreatKey>,
    /// One in their own words.
    pub own: Option<Own>,
    /// Who deals with them.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Date>,
}

/// A threat in people's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// What could happen.
    pub title: String,
    /// How bad that would be.
    pub severity: Option<Severity>,
}

/// An answer that can be applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// What it does, for undo and the status line.
    pub label: String,
    /// The change.
    pub edit: Edit,
    pub(super) outcome: Outcome,
    pub(super) said: String,
    pub(super) threats: Vec<ThreatKey>,
    pub(super) before: Vec<(Place, Option<Entry>)>,
}

/// Makes an answer an edit, or says why it cannot be one.
pub(super) fn prepare(
    bench: &Workbench,
    ask: &Ask,
    asking: &Asking,
    earlier: Option<&Turn>,
    answer: &Answer,
) -> Result<Prepared, String> {
    let reversal = earlier.map(|turn| turn.reversal(bench.model())).unwrap_or_default();
    let mut model = bench.model().clone();
    for edit in &reversal {
        edit.clone().apply(&mut model).map_err(|error| error.to_string())?;
    }
    let maker = Maker { bench, model: &model, ask, asking };
    let made = match (answer, &asking.answers) {
        (Answer::Value { values, everywhere }, Answers::Value { .. }) => maker.value(values, *everywhere)?,
        (Answer::NotApplicable(why), Answers::Value { .. }) => maker.not_applicable(why)?,
        (Answer::Found(found), Answers::Threat) => maker.found(found)?,
        (Answer::Nothing(why), Answers::Threat) => maker.nothing(why.as_deref())?,
        (Answer::Parked(note), _) => maker.parked(note.as_deref()),
        (Answer::Found(_) | Answer::Nothing(_), _) => {
            return Err("this asks for a fact: choose one of the answers".to_owned());
        }
        (Answer::Value { .. } | Answer::NotApplicable(_), _) => {
            return Err("this asks whether there is a threat: yes or no".to_owned());
        }
    };
    let edit = Edit::All([reversal, made.edits].concat());
    let mut places = edit.places();
    places.sort();
    places.dedup();
    // What an answer replaces counts as not there before it, so that it can be replaced once more.
    let first = |place: &Place| earlier.and_then(|turn| turn.touched.iter().find(|touched| touched.place == *place));
    let now = bench.model();
    let before = places.into_iter().map(|place| {
        let before = match first(&place).filter(|touched| now.entry(&place) == touched.after) {
            Some(touched) => touched.before.clone(),
            None => now.entry(&place),
        };
        (place, before)
    });
    let (outcome, said, threats, label) = (made.outcome, made.said, made.threats, made.label);
    Ok(Prepared { label, edit, outcome, said, threats, before: before.collect() })
}

/// What an answer comes to.
struct Made {
    edits: Vec<Edit>,
    outcome: Outcome,
    said: String,
    threats: Vec<ThreatKey>,
    label: String,
}

struct Maker<'a> {
    bench: &'a Workbench,
    /// The model without what an earlier answer to the same question changed.
    model: &'a ThreatModel,
    ask: &'a Ask,
    asking: &'a Asking,
}

impl Maker<'_> {
    fn subject(&self) -> &Id {
        &self.ask.key.subject
    }

    fn sitting(&self) -> &Sitting {
        self.bench.sitting()
    }

    /// What is said about it, with a label that names it.
    fn answered(&self, edits: Vec<Edit>, said: String) -> Made {
        let label = format!("{}, {}: {said}", self.model.called(self.subject()), self.asking.topic);
        Made { edits, outcome: Outcome::Answered, said, threats: Vec::new(), label }
    }

    fn consider(&self, verdict: Verdict, why: Option<&str>) -> Edit {
        let Sitting { who, today } = self.sitting();
        act::consider(self.ask.key.clone(), verdict, why.map(str::to_owned), (who, *today))
    }

    /// What was said before about these and the fact is settled now.
    fn settled(&self, ids: &[Id]) -> impl Iterator<Item = Edit> {
        let key = |id: &Id| ConsideredKey { subject: id.clone(), aspect: self.ask.key.aspect.clone() };
        let known: Vec<Place> =
            ids.iter().map(key).filter(|key| self.model.considered.contains_key(key)).map(Place::Considered).collect();
        known.into_iter().map(Edit::Remove)
    }

    fn value(&self, values: &[String], everywhere: bool) -> Result<Made, String> {
        let mut ids = vec![self.subject().clone()];
        if everywhere {
            ids.extend(self.asking.others.iter().cloned());
        }
        let (knowledge, fact) = (self.bench.knowledge(), &self.ask.key.aspect);
        let mut edits = fact::stated(self.model, knowledge, (&ids, fact), values)?;
        edits.extend(self.settled(&ids));
        let named = |value: &String| {
            let choice = self.asking.choices().iter().find(|choice| choice.value == *value);
            choice.map_or_else(|| value.clone(), |choice| choice.text.clone())
        };
        let said = values.iter().map(named).collect::<Vec<_>>().join(", ");
        let also = match ids.len() {
            1 => String::new(),
            n => format!(" (of {n})"),
        };
        Ok(self.answered(edits, format!("{said}{also}")))
    }

    fn not_applicable(&self, why: &str) -> Result<Made, String> {
        let why = why.trim();
        if why.is_empty() {
            return Err("a reason is needed, so that others can follow".to_owned());
        }
        let fact = &self.ask.key.aspect;
        let is_fact = self.bench.knowledge().vocabulary.get(fact, self.ask.kind).is_some();
        let mut edits = if is_fact {
            let value = FactValue::NotApplicable(why.to_owned());
            let stated = act::set_fact(self.model, self.subject(), fact, Some(value));
            stated.into_iter().chain(self.settled(std::slice::from_ref(self.subject()))).collect()
        } else {
            Vec::new()
        };
        if !is_fact {
            edits.push(self.consider(Verdict::NotApplicable, Some(why)));
        }
        Ok(self.answered(edits, format!("does not apply: {why}")))
    }

    fn nothing(&self, why: Option<&str>) -> Result<Made, String> {
        let why = why.map(str::trim).filter(|why| !why.is_empty());
        let open: Vec<&ThreatRow> = self.open().collect();
        let mut edits = vec![self.consider(Verdict::NoThreat, why)];
        let said = match (why, open.len()) {
            (None, 1..) => {
                return Err(match open.len() {
                    1 => "a threat is open here; why does it not apply?".to_owned(),
                    n => format!("{n} threats are open here; why do they not apply?"),
                });
            }
            (Some(why), 0) => format!("no threat: {why}"),
            (None, _) => "no threat".to_owned(),
            (Some(why), 1) => format!("no threat, 1 does not apply: {why}"),
            (Some(why), n) => format!("no threat, {n} do not apply: {why}"),
        };
        let reason = why.unwrap_or_default().to_owned();
        let status = Some(Status::NotApplicable { reason });
        let decision = act::Decision { status, ..act::Decision::default() };
        edits.extend(open.into_iter().map(|row| self.decided(row, decision.clone())));
        Ok(self.answered(edits, said))
    }

    /// The open threats that the question is about, without those that only an earlier answer has made.
    fn open(&self) -> impl Iterator<Item = &ThreatRow> {
        let rows = self.bench.analysis().threats.iter().filter(|row| self.asking.threats.contains(&row.key));
        rows.filter(|row| !row.key.is_own() || self.model.threats.contains_key(&row.key))
    }

    fn found(&self, found: &Found) -> Result<Made, String> {
        let (Sitting { who, today }, id) = (self.sitting(), self.subject());
        let own = found.own.as_ref().filter(|own| !own.title.trim().is_empty());
        let rows: Vec<&ThreatRow> = self.open().filter(|row| found.keys.contains(&row.key)).collect();
        if own.is_none() && rows.is_empty() {
            return Err("which one? choose among those that are listed, or say it in your own words".to_owned());
        }
        let mut edits = vec![self.consider(Verdict::Threat, None)];
        let mut threats: Vec<ThreatKey> = rows.iter().map(|row| row.key.clone()).collect();
        let decision = act::Decision {
            owner: found.owner.clone().map(Some),
            due: found.due.map(Some),
            ..act::Decision::default()
        };
        if decision != act::Decision::default() {
            edits.extend(rows.iter().map(|row| self.decided(row, decision.clone())));
        }
        if let Some(own) = own {
            let threat = Threat {
                title: own.title.trim().to_owned(),
                severity: own.severity,
                opened: Some(*today),
                stride: self.ask.letter().into_iter().collect(),
                owner: found.owner.clone(),
                due: found.due,
                history: vec![HistoryRow { on: *today, by: who.clone(), event: Event::Opened }],
                ..Threat::default()
            };
            let (key, edit) = act::own_threat(self.model, id, threat);
            threats.push(key);
            edits.push(edit);
        }
        let what = match (own, threats.len()) {
            (Some(own), 1) => format!("a threat: {}", own.title.trim()),
            (None, 1) => format!("a threat: {}", rows[0].title),
            (_, n) => format!("{n} threats"),
        };
        Ok(Made { threats, ..self.answered(edits, what) })
    }

    /// A decision about a threat, as it would be without an earlier answer.
    fn decided(&self, row: &ThreatRow, decision: act::Decision) -> Edit {
        let Sitting { who, today } = self.sitting();
        let is_taken_back =
            self.bench.model().threats.contains_key(&row.key) && !self.model.threats.contains_key(&row.key);
        let fresh = if is_taken_back {
            Threat { severity: row.computed, opened: Some(*today), title: row.title.clone(), ..Threat::default() }
        } else {
            row.record.clone()
        };
        let facts = Some(row.facts.clone()).filter(|facts| !facts.is_empty());
        act::decide(self.model, &row.key, &fresh, decision, facts, (who, *today))
    }

    fn parked(&self, note: Option<&str>) -> Made {
        let note = note.map(str::trim).filter(|note| !note.is_empty());
        let (id, fact) = (self.subject(), &self.ask.key.aspect);
        let is_stated = self.model.thing(id).is_some_and(|thing| thing.facts().contains_key(fact));
        let unsaid = is_stated.then(|| act::set_fact(self.model, id, fact, None)).flatten();
        let edits = unsaid.into_iter().chain([self.consider(Verdict::Parked, note)]).collect();
        let said = note.map_or_else(|| "not sure".to_owned(), |note| format!("not sure: {note}"));
        let made = self.answered(edits, said);
        Made { outcome: Outcome::Parked, label: format!("parked · {}", made.label), ..made }
    }
}
