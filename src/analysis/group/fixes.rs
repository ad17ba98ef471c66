//! Which mitigation closes which threats: those whose rules name it, and what rests on the same controls at the same
//! places. It evaluates nothing; where work is done is seen from what rules read.

use crate::analysis::row::ThreatRow;
use crate::model::{Id, Thing, ThreatModel};
use crate::rules::{Knowledge, MitigationRecord, Spot};
use std::collections::{BTreeMap, BTreeSet};

/// The mitigation that each threat is closed by when always the one comes next that closes the most of what is left, and
/// the order in which they come. What a mitigation closes weighs as much as the scores together, but never nothing. Only
/// what rules name comes into question; done where they name it, it also closes what else rests on the same control
/// there.
pub(super) fn assigned<'r>(
    rows: &[&'r ThreatRow],
    model: &'r ThreatModel,
    knowledge: &Knowledge,
) -> (Vec<Option<&'r str>>, Vec<&'r str>) {
    let weight = |n: &usize| rows[*n].score.total().max(1);
    let closes = Places::new(rows, model, knowledge).closed_by_each();
    let mut closing: Vec<Vec<&str>> = vec![Vec::new(); rows.len()];
    for (fix, all) in &closes {
        for n in all {
            closing[*n].push(fix);
        }
    }
    let mut sums: BTreeMap<&str, i64> = closes.iter().map(|(fix, all)| (*fix, all.iter().map(weight).sum())).collect();
    let (mut fixes, mut order) = (vec![None; rows.len()], Vec::new());
    // Of two that weigh the same the first by name.
    while let Some((fix, _)) = sums.iter().filter(|(_, sum)| **sum > 0).max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))) {
        let fix = *fix;
        order.push(fix);
        for n in &closes[fix] {
            if fixes[*n].is_none() {
                fixes[*n] = Some(fix);
                for other in &closing[*n] {
                    sums.entry(other).and_modify(|sum| *sum -= weight(n));
                }
            }
        }
        sums.remove(fix);
    }
    (fixes, order)
}

/// Where the work of a mitigation is done that closes what rules of these threats name it for.
pub(super) fn places(fix: &str, rows: &[&ThreatRow], model: &ThreatModel, knowledge: &Knowledge) -> BTreeSet<Id> {
    let Some(record) = knowledge.mitigations.get(fix) else { return BTreeSet::new() };
    let all = Places::new(rows, model, knowledge);
    let named = rows.iter().filter(|row| row.fixes.iter().any(|own| own == fix));
    let of = |row: &&&ThreatRow| -> Vec<Id> {
        let rule = knowledge.rule(row.key.rule());
        let spots = rule.map(|rule| record.spots(rule)).unwrap_or_default();
        spots.iter().flat_map(|spot| all.ids(row, *spot)).cloned().collect()
    };
    named.flat_map(|row| of(&row)).collect()
}

/// Threats by what they are about.
struct Places<'a, 'r> {
    rows: &'a [&'r ThreatRow],
    model: &'r ThreatModel,
    knowledge: &'a Knowledge,
    about: BTreeMap<&'r Id, Vec<usize>>,
    /// Flows by their ends.
    flows: BTreeMap<&'r Id, Vec<&'r Id>>,
}

impl<'a, 'r> Places<'a, 'r> {
    fn new(rows: &'a [&'r ThreatRow], model: &'r ThreatModel, knowledge: &'a Knowledge) -> Self {
        let mut places = Self { rows, model, knowledge, about: BTreeMap::new(), flows: BTreeMap::new() };
        for (n, row) in rows.iter().enumerate() {
            for at in &row.about {
                places.about.entry(at).or_default().push(n);
            }
        }
        for (id, flow) in &model.flows {
            for end in flow.from.iter().chain(&flow.to) {
                places.flows.entry(end).or_default().push(id);
            }
        }
        places
    }

    /// What each mitigation closes that rules of these threats name.
    fn closed_by_each(&self) -> BTreeMap<&'r str, BTreeSet<usize>> {
        let mut named: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (n, row) in self.rows.iter().enumerate() {
            for fix in &row.fixes {
                named.entry(fix).or_default().insert(n);
            }
        }
        for (fix, all) in &mut named {
            if let Some(record) = self.knowledge.mitigations.get(*fix) {
                self.add_others(record, all);
            }
        }
        named
    }

    /// Adds the threats that the same work at the same places closes.
    fn add_others(&self, record: &MitigationRecord, all: &mut BTreeSet<usize>) {
        let mut spots: BTreeMap<&str, BTreeSet<Spot>> = BTreeMap::new();
        let mut work = |row: &'r ThreatRow| {
            let of = |id: &str| self.knowledge.rule(id).filter(|rule| self.knowledge.closes(record, rule));
            let spots = spots
                .entry(row.key.rule())
                .or_insert_with_key(|id| of(id).map(|r| record.spots(r)).unwrap_or_default());
            spots.iter().flat_map(|spot| self.ids(row, *spot)).collect::<BTreeSet<&Id>>()
        };
        let done: BTreeSet<&Id> = all.iter().flat_map(|n| work(self.rows[*n])).collect();
        let ends =
            done.iter().filter_map(|id| self.model.flows.get(*id)).flat_map(|flow| flow.from.iter().chain(&flow.to));
        let near: BTreeSet<usize> = (done.iter().copied().chain(ends))
            .flat_map(|id| self.about.get(id).into_iter().flatten())
            .copied()
            .collect();
        all.extend(near.into_iter().filter(|n| !work(self.rows[*n]).is_disjoint(&done)));
    }

    fn ids(&self, row: &'r ThreatRow, spot: Spot) -> Vec<&'r Id> {
        let subject = row.target.as_ref().unwrap_or(&row.subject);
        let flow = match self.model.thing(subject) {
            Some(Thing::Flow(flow)) => Some(flow),
            _ => None,
        };
        match spot {
            Spot::Subject => vec![subject],
            Spot::Source => flow.and_then(|flow| flow.from.as_ref()).into_iter().collect(),
            Spot::Target => flow.and_then(|flow| flow.to.as_ref()).into_iter().collect(),
            Spot::Flows => self.flows.get(subject).cloned().unwrap_or_default(),
            Spot::Path => row.evidence.iter().collect(),
        }
    }
}
