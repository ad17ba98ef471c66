//! Filling the cells: every rule, question and threat is gone through once and noted with its subject. No words here.

use super::cell::is_charted;
use super::{Cell, CellState, Letter, Reason, Said};
use crate::analysis::{Analysis, ThreatRow};
use crate::model::graph::{Index, Nr};
use crate::model::resolve::Known;
use crate::model::{
    AssetKind, ConsideredKey, Date, Id, SYSTEM, Severity, StatusWord, Stride, SubjectKind, Thing, ThreatModel, Verdict,
};
use crate::rules::Knowledge;
use crate::rules::engine::{self, Outcomes};
use crate::rules::eval::{Ctx, Evaluator, Read};
use crate::rules::language::{Condition, Each, Linddun, Rule};
use crate::rules::silence::{Silence, silence};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

/// Whether personal data is handled.
static PERSONAL: LazyLock<Condition> = LazyLock::new(|| {
    use AssetKind::{Child, Health, Location, Pii, Special};
    Condition::Handles(Box::new(Condition::AssetKind(vec![Pii, Special, Child, Health, Location])))
});

/// What is noted of a subject and a letter.
#[derive(Clone, Debug, Default)]
struct Tally<'a> {
    open: usize,
    worst: Option<Severity>,
    closed: usize,
    asks: Vec<Read<'a>>,
    clear: usize,
    undecided: usize,
    unfit: usize,
    out_of_scope: bool,
}

/// What is noted of all subjects, by number and letter.
pub(super) struct Sheet<'a> {
    index: &'a Index<'a>,
    tallies: Vec<[Tally<'a>; Letter::ALL.len()]>,
    /// Stores that hold records of who did what.
    keep_records: HashSet<Nr>,
    /// Elements and flows that are known to handle no personal data.
    impersonal: HashSet<Nr>,
    privacy: bool,
    /// Threats that have no letter or no subject.
    pub(super) outside: usize,
}

impl<'a> Sheet<'a> {
    /// Goes through everything.
    pub(super) fn of(index: &'a Index<'a>, knowledge: &'a Knowledge, analysis: &Analysis, today: Date) -> Self {
        let mut evaluator = Evaluator::new(index, &knowledge.vocabulary, &knowledge.technologies, today);
        let rules: Vec<&Rule> = rules(index.model, knowledge).collect();
        let outcomes = engine::run(&mut evaluator, rules.iter().copied());
        let in_diagram = 0..index.flows().end;
        let impersonal = in_diagram.filter(|nr| evaluator.eval(&PERSONAL, Ctx::of(*nr)).is_false()).collect();
        let mut sheet = Self {
            index,
            impersonal,
            tallies: vec![std::array::from_fn(|_| Tally::default()); index.len()],
            keep_records: index.elements().filter(|nr| keeps_records(&evaluator, *nr)).collect(),
            privacy: rules.iter().any(|rule| !rule.linddun.is_empty()),
            outside: 0,
        };
        let general = subsumed(&mut evaluator, &outcomes);
        sheet.silences(&mut evaluator, &rules, &general);
        for asked in &outcomes.asked {
            sheet.note(asked.at.nr, &asked.rule.stride, &asked.rule.linddun, |tally| {
                tally.asks.extend(asked.reads.iter().cloned());
            });
        }
        for row in analysis.threats.iter().filter(|row| is_there(row)) {
            sheet.threat(&mut evaluator, knowledge, row, &general);
        }
        sheet
    }

    fn note(&mut self, nr: Nr, stride: &[Stride], linddun: &[Linddun], note: impl Fn(&mut Tally<'a>)) -> bool {
        let cells = self.tallies[nr].iter_mut().zip(Letter::ALL).filter(|(_, l)| l.among(stride, linddun));
        let mut noted = false;
        for (tally, _) in cells {
            note(tally);
            noted = true;
        }
        noted
    }

    fn silences(&mut self, evaluator: &mut Evaluator<'a>, rules: &[&'a Rule], general: &Subsumed<'_>) {
        let ids: HashSet<&str> = general.keys().map(|(id, _)| *id).collect();
        for rule in rules.iter().filter(|rule| rule.for_each != Some(Each::Path)) {
            let is_general = ids.contains(rule.id.as_str());
            for nr in rule.on.iter().flat_map(|kind| self.index.of_kind(*kind)) {
                let subsumed = is_general && general.contains_key(&(rule.id.as_str(), nr));
                let why = silence(evaluator, rule, nr, subsumed);
                self.note(nr, &rule.stride, &rule.linddun, |tally| match why {
                    Silence::OutOfScope => tally.out_of_scope = true,
                    Silence::Undecided | Silence::Moot => tally.undecided += 1,
                    why if why.is_clear() => tally.clear += 1,
                    _ => tally.unfit += 1,
                });
            }
        }
    }

    /// A threat stands in the row of its subject, and that of a path where the path ends. Where it speaks for a more
    /// general rule, it has the letters of that one too, also in the row of a flow that it speaks for.
    fn threat(
        &mut self,
        evaluator: &mut Evaluator<'a>,
        knowledge: &'a Knowledge,
        row: &ThreatRow,
        general: &Subsumed<'_>,
    ) {
        let Some(nr) = home(self.index, row) else {
            self.outside += 1;
            return;
        };
        let mut letters = BTreeMap::from([(nr, (row.stride.clone(), row.linddun.clone()))]);
        let spoken_for = general.iter().filter(|(_, special)| special.contains(&(row.key.rule(), nr)));
        for (other, place) in spoken_for.filter_map(|((id, place), _)| Some((knowledge.rule(id)?, *place))) {
            if silence(evaluator, other, place, true) == Silence::Subsumed {
                let (stride, linddun) = letters.entry(place).or_default();
                stride.extend(&other.stride);
                // In its own row a threat has the marks of privacy that it has.
                linddun.extend(other.linddun.iter().filter(|_| place != nr));
            }
        }
        self.privacy |= !row.linddun.is_empty();
        for (place, (stride, linddun)) in letters {
            let noted = self.note(place, &stride, &linddun, |tally| {
                if row.is_open() {
                    tally.open += 1;
                    tally.worst = tally.worst.max(row.severity);
                } else {
                    tally.closed += 1;
                }
            });
            self.outside += usize::from(!noted && place == nr);
        }
    }

    /// The columns: privacy only where something speaks about it.
    pub(super) fn letters(&self) -> Vec<Letter> {
        Letter::ALL.into_iter().filter(|letter| *letter != Letter::Privacy || self.privacy).collect()
    }

    /// The cells of every subject.
    pub(super) fn cells(&self, letters: &[Letter]) -> Vec<Vec<Cell>> {
        (0..self.index.len()).map(|nr| self.cells_of(nr, letters)).collect()
    }

    /// The cells of one subject.
    pub(super) fn cells_of(&self, nr: Nr, letters: &[Letter]) -> Vec<Cell> {
        letters.iter().map(|letter| self.cell(nr, *letter)).collect()
    }

    /// What a flow has to say for its ends.
    pub(super) fn flow(&self, id: &Id, letter: Letter) -> Said {
        let cell = self.index.nr(id).map(|nr| self.cell(nr, letter));
        let state = cell.as_ref().map_or(CellState::Unseen, |cell| cell.state);
        let text = cell.map_or_else(String::new, |cell| cell.words());
        Said { state, by: vec![id.to_string()], text }
    }

    fn cell(&self, nr: Nr, letter: Letter) -> Cell {
        let tally = &self.tallies[nr][letter.place()];
        let (state, reason) = self.state(nr, letter, tally);
        let mut asks: Vec<&Read<'_>> = tally.asks.iter().collect();
        asks.sort();
        asks.dedup();
        Cell { state, open: tally.open, worst: tally.worst, closed: tally.closed, waiting: asks.len(), reason }
    }

    fn state(&self, nr: Nr, letter: Letter, tally: &Tally<'_>) -> (CellState, Option<Reason>) {
        use CellState as S;
        if let Some(state) = spoken(tally) {
            return (state, None);
        }
        if let Some((verdict, said)) = self.said(nr, letter) {
            let state = match verdict {
                Verdict::NoThreat => Some(S::Clear),
                Verdict::NotApplicable => Some(S::NotApplicable),
                Verdict::Parked => Some(S::Waiting),
                // It would speak for itself; that it is gone says nothing of others.
                Verdict::Threat => None,
            };
            if let Some(state) = state {
                return (state, Some(said));
            }
        }
        if tally.clear > 0 {
            return (S::Clear, Some(Reason::RuledOut(tally.clear)));
        }
        if tally.out_of_scope {
            return (S::NotApplicable, Some(Reason::OutOfScope));
        }
        if !is_charted(letter, self.index.kind(nr), self.keep_records.contains(&nr)) {
            return (S::NotApplicable, Some(Reason::Chart));
        }
        if letter == Letter::Privacy && self.impersonal.contains(&nr) {
            return (S::NotApplicable, Some(Reason::Impersonal));
        }
        let flows = self.asked_of_flows(nr, letter);
        if !flows.is_empty() {
            return (S::Flows, Some(Reason::Flows(flows)));
        }
        let reason = match (tally.undecided, tally.unfit) {
            (0, 0) => Reason::NoRule,
            (0, n) => Reason::NoneApplies(n),
            (n, _) => Reason::TooLittle(n),
        };
        (S::Unseen, Some(reason))
    }

    /// What somebody said who looked.
    fn said(&self, nr: Nr, letter: Letter) -> Option<(Verdict, Reason)> {
        let Letter::Stride(stride) = letter else { return None };
        let key = ConsideredKey { subject: self.index.id(nr).clone(), aspect: stride.letter().to_string() };
        let look = self.index.model.considered.get(&key)?;
        let said = Reason::Said { verdict: look.verdict, by: look.by.clone(), reason: look.reason.clone() };
        Some((look.verdict, said))
    }

    /// Flows that answer for an element: rules ask of flows who is at either end, whether the sender can deny it, and
    /// what the receiver lets itself be told.
    fn asked_of_flows(&self, nr: Nr, letter: Letter) -> Vec<Id> {
        let (into, out) = (self.index.incoming(nr), self.index.outgoing(nr));
        let (into, out): (&[Nr], &[Nr]) = match letter {
            Letter::Stride(Stride::Spoofing) => (into, out),
            Letter::Stride(Stride::Repudiation) => (&[], out),
            Letter::Stride(Stride::ElevationOfPrivilege) => (into, &[]),
            _ => (&[], &[]),
        };
        let looked_at = |flow: &&Nr| {
            let tally = &self.tallies[**flow][letter.place()];
            spoken(tally).is_some() || tally.clear > 0 || self.said(**flow, letter).is_some()
        };
        let mut flows: Vec<Nr> = into.iter().chain(out).filter(looked_at).copied().collect();
        flows.sort_unstable();
        flows.dedup();
        flows.into_iter().map(|flow| self.index.id(flow).clone()).collect()
    }
}

/// The state where a rule speaks.
fn spoken(tally: &Tally<'_>) -> Option<CellState> {
    match tally {
        Tally { open: 1.., .. } => Some(CellState::Open),
        tally if !tally.asks.is_empty() => Some(CellState::Waiting),
        Tally { closed: 1.., .. } => Some(CellState::Closed),
        _ => None,
    }
}

/// The active rules that speak about a letter.
pub(super) fn rules<'k>(model: &'k ThreatModel, knowledge: &'k Knowledge) -> impl Iterator<Item = &'k Rule> {
    let lettered = |rule: &&Rule| !rule.stride.is_empty() || !rule.linddun.is_empty();
    knowledge.active(model.system.packs.as_deref()).filter(lettered)
}

/// Whether a threat is raised today, or stands by itself.
pub(super) fn is_there(row: &ThreatRow) -> bool {
    row.status.word() != StatusWord::Gone
}

/// The subject in whose row a threat stands.
pub(super) fn home(index: &Index<'_>, row: &ThreatRow) -> Option<Nr> {
    let id = row.target.as_ref().unwrap_or(&row.subject);
    index.nr(id).or_else(|| (id.as_str() == SYSTEM).then(|| index.system()))
}

/// General rules with the subjects on which special ones may speak in their place: those, and where they stand.
pub(super) type Subsumed<'k> = BTreeMap<(&'k str, Nr), BTreeSet<(&'k str, Nr)>>;

/// Gathers them.
pub(super) fn subsumed<'k>(evaluator: &mut Evaluator<'k>, outcomes: &Outcomes<'k>) -> Subsumed<'k> {
    let mut all = Subsumed::new();
    for raised in outcomes.raised.iter().filter(|raised| !raised.rule.subsumes.is_empty()) {
        for nr in engine::spoken_of(evaluator, raised) {
            for general in &raised.rule.subsumes {
                all.entry((general, nr)).or_default().insert((&raised.rule.id, raised.at.nr));
            }
        }
    }
    all
}

/// Whether a store is known to hold records of who did what.
fn keeps_records(evaluator: &Evaluator<'_>, nr: Nr) -> bool {
    let index = evaluator.index;
    let Some(Thing::Element(element)) = index.thing(nr) else { return false };
    let kept = |id: &Id| index.model.assets.get(id).and_then(|asset| asset.kind);
    let records = |kind: AssetKind| matches!(kind, AssetKind::Audit | AssetKind::Log);
    index.kind(nr) == SubjectKind::DataStore
        && (matches!(evaluator.resolver.get("kind", nr), Some((Known::Word(w), _)) if w == "log" || w == "ledger")
            || element.stores.iter().flatten().filter_map(kept).any(records))
}
