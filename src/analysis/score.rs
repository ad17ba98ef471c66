//! What is looked at first: one number a threat, whose parts anybody can add up. It changes no severity.

use super::row::{Confidence, ThreatRow};
use crate::model::graph::{Nr, Spread};
use crate::model::{BoundaryKind, Confidentiality, Id, Severity, Thing};
use crate::rules::Knowledge;
use crate::rules::eval::{Evaluator, way_of_calls};
use crate::rules::language::{Lane, Rule};
use foldhash::HashMap;
use std::fmt::Write as _;

/// The parts of the number that threats are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Score {
    /// How bad it is by itself.
    pub base: Base,
    /// Who can get there.
    pub exposure: Exposure,
    /// How many restricted assets are there or within reach of it.
    pub restricted: u32,
    /// Whether something unknown was assumed.
    pub assumed: bool,
}

/// How bad a threat is by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Base {
    /// Nobody and nothing rated it.
    #[default]
    Unrated,
    /// Likelihood and impact of the rule, 1-4 each.
    Product(u8, u8),
    /// A severity that a person gave it, or the last one recorded.
    Rated(Severity),
    /// Good practice, which is Low whatever it comes to.
    Hint,
}

/// Who can get to a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Exposure {
    /// Nobody from outside, as far as is drawn.
    #[default]
    Inside,
    /// A partner: somebody trusted as far as another organisation.
    Partner,
    /// Somebody who is trusted less than that.
    Outsider,
}

impl Base {
    /// Of what a rule raises, with what the rubric makes of it.
    pub(super) fn raised(rule: Option<&Rule>, computed: Option<Severity>, (likelihood, impact): (u8, u8)) -> Self {
        let hint = computed == Some(Severity::Low) && rule.is_some_and(|rule| rule.lane == Lane::Hint);
        if hint { Self::Hint } else { Self::Product(likelihood, impact) }
    }

    /// Its points.
    pub const fn points(self) -> u32 {
        match self {
            Self::Unrated => 0,
            Self::Hint => 1,
            Self::Product(likelihood, impact) => likelihood as u32 * impact as u32,
            // The greatest product that has this severity by the usual rubric and is of no worse one.
            Self::Rated(Severity::Low) => 2,
            Self::Rated(Severity::Medium) => 4,
            Self::Rated(Severity::High) => 9,
            Self::Rated(Severity::Critical) => 16,
        }
    }
}

impl Exposure {
    /// Its points.
    pub const fn points(self) -> u32 {
        match self {
            Self::Inside => 0,
            Self::Partner => 1,
            Self::Outsider => 3,
        }
    }
}

impl Score {
    /// Points for what an attacker finds further on: the logarithm to the base of two, rounded down.
    pub const fn blast(self) -> u32 {
        match self.restricted.checked_ilog2() {
            Some(log) => log,
            None => 0,
        }
    }

    /// Points taken off for what was assumed.
    pub const fn doubt(self) -> u32 {
        if self.assumed { 2 } else { 0 }
    }

    /// The number.
    pub fn total(self) -> i64 {
        i64::from(self.base.points() + self.exposure.points() + self.blast()) - i64::from(self.doubt())
    }

    /// The number and its parts for programs.
    pub fn to_json(self) -> serde_json::Value {
        serde_json::json!({
            "total": self.total(),
            "base": self.base.points(),
            "exposure": self.exposure.points(),
            "blast": self.blast(),
            "restricted": self.restricted,
            "doubt": self.doubt(),
        })
    }

    /// The number and how it comes about, in words.
    pub fn sum(self) -> String {
        let mut said = format!("{} = ", self.total());
        let _ = match self.base {
            Base::Unrated => write!(said, "0, as nobody has rated it"),
            Base::Product(likelihood, impact) => write!(said, "{likelihood} × {impact}"),
            Base::Rated(severity) => write!(said, "{} for {severity}, as it was rated", self.base.points()),
            Base::Hint => write!(said, "1 for a matter of hygiene"),
        };
        let _ = match self.exposure {
            Exposure::Inside => Ok(()),
            Exposure::Partner => write!(said, " + 1 because a partner can get there"),
            Exposure::Outsider => write!(said, " + 3 because outsiders can get there"),
        };
        if self.blast() > 0 {
            let _ = write!(said, " + {} because {} restricted assets are within reach", self.blast(), self.restricted);
        }
        if self.assumed {
            let _ = write!(said, " - {} because something unknown was assumed", self.doubt());
        }
        said
    }
}

/// Who can get where, and what is within reach from there: computed once for a diagram, and kept for threats that are
/// recorded later.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Reach {
    /// By id.
    all: HashMap<Id, (Exposure, u32)>,
}

/// Gives every row its score.
pub(super) fn fill(reach: &Reach, knowledge: &Knowledge, rows: &mut [ThreatRow]) {
    for row in rows {
        row.score = score(knowledge, reach, row);
    }
}

fn score(knowledge: &Knowledge, reach: &Reach, row: &ThreatRow) -> Score {
    let rated = row.severity.map_or(Base::Unrated, Base::Rated);
    let base = match row.risk {
        Some(risk) if row.record.overridden.is_none() => {
            Base::raised(knowledge.rule(row.key.rule()), row.computed, risk)
        }
        _ => rated,
    };
    let about = [Some(&row.subject), row.target.as_ref()].into_iter().flatten();
    let (exposure, restricted) = about
        .map(|id| reach.get(id))
        .reduce(|(exposure, restricted), other| (exposure.max(other.0), restricted.max(other.1)))
        .unwrap_or_default();
    // A path that shows the threat begins with somebody who gets there, whoever opens the connections on it.
    let begins = row.evidence.first().map(|id| reach.get(id).0).unwrap_or_default();
    let assumed = row.confidence == Confidence::Assumed;
    Score { base, exposure: exposure.max(begins), restricted, assumed }
}

impl Reach {
    /// Of something; of what is not there it is nothing.
    fn get(&self, id: &Id) -> (Exposure, u32) {
        self.all.get(id).copied().unwrap_or_default()
    }

    /// Of every element, flow and boundary of a model.
    pub(super) fn of(evaluator: &Evaluator<'_>) -> Self {
        let index = evaluator.index;
        let by_nr = ByNr::of(evaluator);
        let known = (0..index.len()).filter(|nr| by_nr.exposure[*nr] > Exposure::Inside || by_nr.restricted[*nr] > 0);
        Self { all: known.map(|nr| (index.id(nr).clone(), (by_nr.exposure[nr], by_nr.restricted[nr]))).collect() }
    }
}

/// The same by number.
struct ByNr {
    exposure: Vec<Exposure>,
    restricted: Vec<u32>,
}

impl ByNr {
    /// One search from outsiders, one from partners, one pass for all restricted assets. Flows count as calls, since it
    /// is who calls that decides what happens.
    fn of(evaluator: &Evaluator<'_>) -> Self {
        let (index, resolver) = (evaluator.index, &evaluator.resolver);
        let model = index.model;
        let spread = Spread::new(index, way_of_calls(resolver));
        let partner = BoundaryKind::Organisation.default_trust();
        let trusted = |nr: Nr| resolver.trust(nr);
        let from =
            |test: &dyn Fn(u8) -> bool| spread.reached(index.elements().filter(|nr| trusted(*nr).is_some_and(test)));
        let outsiders = from(&|trust| Some(trust) < partner);
        let partners = from(&|trust| Some(trust) == partner);
        let reached = |nr: Nr| match (outsiders[nr], partners[nr]) {
            (true, _) => Exposure::Outsider,
            (false, true) => Exposure::Partner,
            (false, false) => Exposure::Inside,
        };
        let restricted: Vec<Nr> = (index.of_kind(crate::model::SubjectKind::Asset))
            .filter(|nr| matches!(index.thing(*nr), Some(Thing::Asset(a)) if a.confidentiality == Some(Confidentiality::Restricted)))
            .collect();
        let holds = |nr: Nr| {
            let Some(Thing::Element(element)) = index.thing(nr) else { return Vec::new() };
            let ids = element.stores.iter().chain(&element.processes).flatten();
            ids.filter_map(|id| restricted.binary_search(&index.nr(id)?).ok()).collect()
        };
        // The logarithm of one is none: with less than two there is nothing to count.
        let counts =
            if restricted.len() > 1 { spread.gathered(restricted.len(), holds) } else { vec![0; model.elements.len()] };
        let mut all = Self { exposure: index.elements().map(reached).collect(), restricted: counts };
        all.follow(evaluator);
        all
    }

    /// A flow is as exposed as where it begins or ends, and a boundary as what is in it.
    fn follow(&mut self, evaluator: &Evaluator<'_>) {
        let index = evaluator.index;
        let elements = index.elements().len();
        self.exposure.resize(index.len(), Exposure::Inside);
        self.restricted.resize(index.len(), 0);
        for element in 0..elements {
            for boundary in index.chain(element) {
                self.raise(*boundary, element);
            }
        }
        for flow in index.flows() {
            let (from, to) = index.ends(flow);
            from.into_iter().chain(to).for_each(|end| self.raise(flow, end));
        }
    }

    fn raise(&mut self, nr: Nr, as_of: Nr) {
        self.exposure[nr] = self.exposure[nr].max(self.exposure[as_of]);
        self.restricted[nr] = self.restricted[nr].max(self.restricted[as_of]);
    }
}
