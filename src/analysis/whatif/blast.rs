//! What an attacker who owns an element reaches: elements, data and boundaries, what stops the way, and what stands
//! still when the element does. It says nothing about how likely that is.

use super::Named;
use super::depends::depends;
use super::net::{Guard, Net, Reach, Steps, elements_of, named, says};
use super::paths::article;
use crate::model::graph::{Index, Nr};
use crate::model::{Confidentiality, Date, Level, SubjectKind, Thing, ThreatModel};
use crate::rules::Knowledge;
use crate::rules::eval::Evaluator;
use crate::rules::truth::Truth;
use std::collections::BTreeMap;

/// What is within reach of an element that an attacker owns.
#[derive(Clone, Debug, PartialEq)]
pub struct Blast {
    /// What is owned.
    pub of: Named,
    /// What can be reached past no guard, nearest first.
    pub reached: Vec<Reached>,
    /// What can be reached unless there is a guard of which nobody has said anything, nearest first.
    pub perhaps: Vec<Reached>,
    /// Where a guard ends the way, nearest first.
    pub stopped: Vec<Reached>,
    /// What is reached only past those guards.
    pub behind: Vec<Named>,
    /// Data that can be read or changed, the most confidential first.
    pub assets: Vec<Asset>,
    /// Boundaries that it gets into, with how far.
    pub fallen: Vec<Fallen>,
    /// What waits for it, directly or through others, nearest first.
    pub depends: Vec<Reached>,
    /// What may do so: nobody has said whether it waits.
    pub may_depend: Vec<Reached>,
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
    /// Facts about guards that nobody has stated.
    pub unknown: Vec<String>,
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
    /// Whether it can surely be read.
    pub surely: bool,
    /// What can be done to it besides.
    pub change: Change,
    /// Elements and flows where that can be done.
    pub at: Vec<Named>,
}

/// What can be done to data besides reading it; the worse the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing.
    No,
    /// Nobody has said whether it can be changed.
    Unknown,
    /// It can be added to.
    Added,
    /// It can be changed.
    Yes,
}

impl Change {
    /// The word in files for other programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::Added => "added",
            Self::Yes => "yes",
        }
    }
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
    let net = Net::new(&mut evaluator, knowledge, Steps::CallsAndData);
    let nr = named(&index, what)?;
    let starts = elements_of(&index, nr);
    if starts.is_empty() {
        let id = index.id(nr);
        return Err(match index.kind(nr) {
            SubjectKind::Boundary => format!("nothing is inside {} (`{id}`)", model.name_of(id)),
            kind => format!("`{id}` is {}; an element can be taken over, or all of a boundary", article(kind)),
        });
    }
    let (depends, may_depend) = depends(&evaluator, &starts);
    let spread = spread(&net, &starts);
    Ok(Blast {
        of: Named::of(model, index.id(nr)),
        assets: assets(&evaluator, &starts, &spread.taken),
        fallen: fallen(&index, &starts, &spread.taken),
        reached: spread.reached,
        perhaps: spread.perhaps,
        stopped: spread.stopped,
        behind: spread.behind,
        depends,
        may_depend,
    })
}

/// Elements that an attacker has, and whether that is sure.
type Taken = BTreeMap<Nr, bool>;

/// How far an attacker gets.
struct Spread {
    taken: Taken,
    reached: Vec<Reached>,
    perhaps: Vec<Reached>,
    stopped: Vec<Reached>,
    behind: Vec<Named>,
}

fn spread(net: &Net<'_>, starts: &[Nr]) -> Spread {
    let index = net.index;
    // People and systems outside our control pass nothing on: what they get does not make them the attacker's.
    let own = |nr: Nr| index.is_flow(nr) || index.kind(nr) != SubjectKind::ExternalEntity;
    let surely = net.reach(starts, |nr| own(nr) && net.holds(nr).is_false());
    let possibly = net.reach(starts, |nr| own(nr) && !net.holds(nr).is_true());
    let any = net.reach(starts, own);
    let mut spread = Spread {
        taken: starts.iter().map(|nr| (*nr, true)).collect(),
        reached: Vec::new(),
        perhaps: Vec::new(),
        stopped: Vec::new(),
        behind: Vec::new(),
    };
    for nr in index.elements().filter(|nr| !starts.contains(nr)) {
        match (possibly.steps[nr], net.holds(nr)) {
            (None, _) if any.steps[nr].is_some() => spread.behind.push(Named::of(index.model, index.id(nr))),
            (None, _) => {}
            (Some(_), Truth::True) => spread.stopped.push(tell(net, &possibly, nr)),
            (Some(_), Truth::False) if surely.steps[nr].is_some() => {
                spread.taken.insert(nr, true);
                spread.reached.push(tell(net, &surely, nr));
            }
            (Some(_), _) => {
                spread.taken.insert(nr, false);
                spread.perhaps.push(tell(net, &possibly, nr));
            }
        }
    }
    for list in [&mut spread.reached, &mut spread.perhaps, &mut spread.stopped] {
        list.sort_by(|a, b| (a.steps, &a.on.id).cmp(&(b.steps, &b.on.id)));
    }
    spread
}

fn tell(net: &Net<'_>, reach: &Reach, nr: Nr) -> Reached {
    let index = net.index;
    let path: Vec<Nr> = reach.path(nr).into_iter().filter(|nr| index.is_element(*nr)).collect();
    let via = path.get(1..path.len().saturating_sub(1)).unwrap_or_default();
    Reached {
        on: Named::of(index.model, index.id(nr)),
        steps: reach.steps[nr].unwrap_or(0),
        via: via.iter().map(|nr| Named::of(index.model, index.id(*nr))).collect(),
        guards: net.guards(nr).to_vec(),
        unknown: net.unknown(nr).iter().map(|fact| (*fact).to_owned()).collect(),
        goes_on: false,
    }
}

/// What can be done to an asset, and where.
struct Access {
    surely: bool,
    change: Change,
    at: Vec<Nr>,
}

/// Data at what is taken, and on the flows that touch it.
fn assets(evaluator: &Evaluator<'_>, starts: &[Nr], taken: &Taken) -> Vec<Asset> {
    let index = evaluator.index;
    let mut found: BTreeMap<Nr, Access> = BTreeMap::new();
    let mut add = |assets: &[Nr], at: Nr, surely: bool, change: Change| {
        let change = if surely { change } else { change.min(Change::Unknown) };
        for asset in assets {
            let held = found.entry(*asset).or_insert(Access { surely, change, at: Vec::new() });
            held.surely |= surely;
            if change > held.change {
                (held.change, held.at) = (change, Vec::new());
            }
            if change == held.change && held.at.last() != Some(&at) {
                held.at.push(at);
            }
        }
    };
    let is_wide = |flow: &Nr| index.ends(*flow).1.is_some_and(|to| !index.is_element(to));
    let wide: Vec<Nr> = index.flows().filter(is_wide).collect();
    for (nr, surely) in taken {
        let change = if starts.contains(nr) { owned(evaluator, *nr) } else { written(evaluator, *nr, taken, &wide) };
        add(&evaluator.stored(*nr).0, *nr, *surely, change);
        add(&evaluator.processed(*nr).0, *nr, *surely, change);
    }
    for flow in index.flows() {
        let (from, to) = index.ends(flow);
        let of = |end: Option<Nr>| end.and_then(|nr| touches(index, nr, taken));
        if let Some(surely) = of(from).max(of(to)) {
            let change = match (of(from), says(evaluator, "readonly", flow, "yes")) {
                (None, _) | (_, Truth::True) => Change::No,
                (Some(true), Truth::False) => to.map_or(Change::Yes, |to| owned(evaluator, to)),
                _ => Change::Unknown,
            };
            add(&evaluator.handled(flow).0, flow, surely, change);
        }
    }
    let mut assets: Vec<Asset> = found.into_iter().filter_map(|(nr, access)| asset(index, nr, access)).collect();
    assets.sort_by(|a, b| (b.confidentiality, &a.on.id).cmp(&(a.confidentiality, &b.on.id)));
    assets
}

fn asset(index: &Index<'_>, nr: Nr, access: Access) -> Option<Asset> {
    let Some(Thing::Asset(asset)) = index.thing(nr) else { return None };
    let named = |nr: Nr| Named::of(index.model, index.id(nr));
    Some(Asset {
        on: named(nr),
        confidentiality: asset.confidentiality,
        integrity: asset.integrity,
        surely: access.surely,
        change: access.change,
        at: access.at.into_iter().map(named).collect(),
    })
}

/// What the owner of an element can do to what is in it: where nobody can change what is written, only add to it.
fn owned(evaluator: &Evaluator<'_>, nr: Nr) -> Change {
    if says(evaluator, "immutable", nr, "yes").is_true() { Change::Added } else { Change::Yes }
}

/// What can be done to what is in an element from what is taken: where flows only read, nothing. `wide` are the flows
/// that end at a boundary and so at all that is inside.
fn written(evaluator: &Evaluator<'_>, nr: Nr, taken: &Taken, wide: &[Nr]) -> Change {
    let index = evaluator.index;
    let most = |flow: &Nr| {
        let sender = touches(index, index.ends(*flow).0?, taken)?;
        match (sender, says(evaluator, "readonly", *flow, "yes")) {
            (_, Truth::True) => None,
            (true, Truth::False) => Some(Change::Yes),
            _ => Some(Change::Unknown),
        }
    };
    let is_around = |flow: &&Nr| index.ends(**flow).1.is_some_and(|to| index.chain(nr).contains(&to));
    let flows = index.incoming(nr).iter().chain(wide.iter().filter(is_around));
    let change = flows.filter_map(most).max().unwrap_or(Change::No);
    if change == Change::No || owned(evaluator, nr) == Change::Yes { change } else { Change::Added }
}

/// Whether the end of a flow is surely one of these elements, or a boundary around one; `None` when it is not.
fn touches(index: &Index<'_>, end: Nr, taken: &Taken) -> Option<bool> {
    if index.is_element(end) {
        return taken.get(&end).copied();
    }
    taken.iter().filter(|(nr, _)| index.chain(**nr).contains(&end)).map(|(_, surely)| *surely).max()
}

/// Boundaries around something that is surely reached and around nothing that was owned from the start.
fn fallen(index: &Index<'_>, starts: &[Nr], taken: &Taken) -> Vec<Fallen> {
    let mut fallen = Vec::new();
    for boundary in index.of_kind(SubjectKind::Boundary) {
        let inside = |nr: &Nr| index.chain(*nr).contains(&boundary);
        let reached = taken.iter().filter(|(nr, surely)| **surely && inside(nr)).count();
        if reached > 0 && !starts.iter().any(inside) {
            let of = index.elements().filter(inside).count();
            fallen.push(Fallen { on: Named::of(index.model, index.id(boundary)), reached, of });
        }
    }
    fallen
}
