//! What an attacker who owns an element reaches: elements, data and boundaries, what stops the way, and what stands
//! still when the element does. It says nothing about how likely that is.

use super::Named;
use super::net::{Guard, Net, elements_of, named};
use super::paths::article;
use crate::model::graph::{Index, Nr};
use crate::model::{Confidentiality, Date, Level, SubjectKind, Thing, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::eval::Evaluator;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What is within reach of an element that an attacker owns.
#[derive(Clone, Debug, PartialEq)]
pub struct Blast {
    /// What is owned.
    pub of: Named,
    /// What can be reached past no guard, nearest first.
    pub reached: Vec<Reached>,
    /// Where a guard ends the way, nearest first.
    pub stopped: Vec<Reached>,
    /// What is reached only past those guards.
    pub behind: Vec<Named>,
    /// Data that can be read or changed, the most confidential first.
    pub assets: Vec<Asset>,
    /// Boundaries that it gets into, with how far.
    pub fallen: Vec<Fallen>,
    /// What calls it, directly or through others, nearest first.
    pub depends: Vec<Reached>,
}

/// An element and how far away it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// The element.
    pub on: Named,
    /// Flows between.
    pub steps: u32,
    /// Elements on the way, without both ends.
    pub via: Vec<Named>,
    /// What guards it.
    pub guards: Vec<Guard>,
    /// Of what depends: whether it goes on by itself.
    pub goes_on: bool,
}

/// Data within reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Asset {
    /// The asset.
    pub on: Named,
    /// Its class.
    pub confidentiality: Option<Confidentiality>,
    /// How much it matters that it is right.
    pub integrity: Option<Level>,
    /// Whether it can be changed; it can be read in any case.
    pub changed: bool,
}

/// A boundary that is entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Fallen {
    /// The boundary.
    pub on: Named,
    /// Elements inside it that are reached past no guard.
    pub reached: usize,
    /// Elements inside it.
    pub of: usize,
}

/// Looks what is within reach of an element, or of all elements inside a boundary. The message says what is wrong
/// with the name.
pub fn blast(model: &ThreatModel, knowledge: &Knowledge, today: Date, what: &str) -> Result<Blast, String> {
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
    let net = Net::new(&mut evaluator, knowledge);
    let nr = named(&index, what)?;
    let starts = elements_of(&index, nr);
    if starts.is_empty() {
        let id = index.id(nr);
        return Err(match index.kind(nr) {
            SubjectKind::Boundary => format!("nothing is inside {} (`{id}`)", model.name_of(id)),
            kind => format!("`{id}` is {}; an element can be taken over, or all of a boundary", article(kind)),
        });
    }
    // People and systems outside our control pass nothing on: what they get does not make them the attacker's.
    let own = |nr: Nr| index.is_flow(nr) || index.kind(nr) != SubjectKind::ExternalEntity;
    let free = net.reach(&starts, |nr| own(nr) && !net.holds(nr));
    let any = net.reach(&starts, own);
    let is_reached = |nr: &Nr| free.steps[*nr].is_some() && !starts.contains(nr);
    let tell = |nr: Nr| {
        let path: Vec<Nr> = free.path(nr).into_iter().filter(|nr| index.is_element(*nr)).collect();
        let via = path.get(1..path.len().saturating_sub(1)).unwrap_or_default();
        Reached {
            on: Named::of(model, index.id(nr)),
            steps: free.steps[nr].unwrap_or(0),
            via: via.iter().map(|nr| Named::of(model, index.id(*nr))).collect(),
            guards: net.guards(nr).to_vec(),
            goes_on: false,
        }
    };
    let nearest = |mut list: Vec<Reached>| {
        list.sort_by(|a, b| (a.steps, &a.on.id).cmp(&(b.steps, &b.on.id)));
        list
    };
    let (stopped, reached): (Vec<Nr>, Vec<Nr>) = index.elements().filter(is_reached).partition(|nr| net.holds(*nr));
    let taken: BTreeSet<Nr> = starts.iter().chain(&reached).copied().collect();
    let behind = index.elements().filter(|nr| any.steps[*nr].is_some() && free.steps[*nr].is_none());
    Ok(Blast {
        of: Named::of(model, index.id(nr)),
        assets: assets(&evaluator, &net, &starts, &taken),
        fallen: fallen(&index, &starts, &taken),
        depends: nearest(depends(&net, &starts)),
        behind: behind.map(|nr| Named::of(model, index.id(nr))).collect(),
        reached: nearest(reached.into_iter().map(tell).collect()),
        stopped: nearest(stopped.into_iter().map(tell).collect()),
    })
}

/// Data at what is taken, and on the flows that touch it. What is only read from cannot be changed there.
fn assets(evaluator: &Evaluator<'_>, net: &Net<'_>, starts: &[Nr], taken: &BTreeSet<Nr>) -> Vec<Asset> {
    let index = evaluator.index;
    let mut found: BTreeMap<Nr, bool> = BTreeMap::new();
    let mut add = |assets: &[Nr], changed: bool| {
        for asset in assets {
            *found.entry(*asset).or_default() |= changed;
        }
    };
    for nr in taken {
        let written =
            |flow: &Nr| !net.reads_only[*flow] && index.ends(*flow).0.is_some_and(|from| touches(index, from, taken));
        let changed = starts.contains(nr) || index.incoming(*nr).iter().any(written);
        add(&evaluator.stored(*nr).0, changed);
        add(&evaluator.processed(*nr).0, changed);
    }
    for flow in index.flows() {
        let (from, to) = index.ends(flow);
        let of = |end: Option<Nr>| end.is_some_and(|nr| touches(index, nr, taken));
        if of(from) || of(to) {
            add(&evaluator.handled(flow).0, of(from) && !net.reads_only[flow]);
        }
    }
    let tell = |(nr, changed): (Nr, bool)| match index.thing(nr) {
        Some(Thing::Asset(asset)) => Some(Asset {
            on: Named::of(index.model, index.id(nr)),
            confidentiality: asset.confidentiality,
            integrity: asset.integrity,
            changed,
        }),
        _ => None,
    };
    let mut assets: Vec<Asset> = found.into_iter().filter_map(tell).collect();
    assets.sort_by(|a, b| (b.confidentiality, &a.on.id).cmp(&(a.confidentiality, &b.on.id)));
    assets
}

/// Whether the end of a flow is one of these elements, or a boundary around one.
fn touches(index: &Index<'_>, end: Nr, taken: &BTreeSet<Nr>) -> bool {
    if index.is_element(end) { taken.contains(&end) } else { taken.iter().any(|nr| index.chain(*nr).contains(&end)) }
}

/// Boundaries around something that is reached and around nothing that was owned from the start.
fn fallen(index: &Index<'_>, starts: &[Nr], taken: &BTreeSet<Nr>) -> Vec<Fallen> {
    let mut fallen = Vec::new();
    for boundary in index.of_kind(SubjectKind::Boundary) {
        let inside = |nr: &&Nr| index.chain(**nr).contains(&boundary);
        let reached = taken.iter().filter(inside).count();
        if reached > 0 && !starts.iter().any(|nr| inside(&nr)) {
            let of = index.elements().filter(|nr| inside(&nr)).count();
            fallen.push(Fallen { on: Named::of(index.model, index.id(boundary)), reached, of });
        }
    }
    fallen
}

/// What calls the starts, directly or through others, up to what goes on by itself.
fn depends(net: &Net<'_>, starts: &[Nr]) -> Vec<Reached> {
    let index = net.index;
    let mut callers: Vec<Vec<Nr>> = vec![Vec::new(); net.calls.len()];
    for (caller, called) in net.calls.iter().enumerate() {
        for nr in called {
            callers[*nr].push(caller);
        }
    }
    let mut steps: Vec<Option<(u32, Option<Nr>)>> = vec![None; net.calls.len()];
    let mut queue: VecDeque<Nr> = starts.iter().copied().collect();
    for nr in starts {
        steps[*nr] = Some((0, None));
    }
    let mut found = Vec::new();
    while let Some(at) = queue.pop_front() {
        let further = steps[at].map_or(0, |(n, _)| n) + 1;
        for caller in callers[at].iter().copied() {
            if steps[caller].is_some() {
                continue;
            }
            steps[caller] = Some((further, Some(at)));
            let mut via = Vec::new();
            let mut on = at;
            while let Some((1.., Some(before))) = steps[on] {
                via.push(Named::of(index.model, index.id(on)));
                on = before;
            }
            let goes_on = net.goes_on[caller];
            let on = Named::of(index.model, index.id(caller));
            found.push(Reached { on, steps: further, via, guards: Vec::new(), goes_on });
            if !goes_on {
                queue.push_back(caller);
            }
        }
    }
    found
}
