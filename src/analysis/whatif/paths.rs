//! The ways from where attackers are to what is most valuable, shortest first, with what stands on them, and what
//! every way passes. Where controls would close them all is in `cut`.

use super::Named;
use super::cut::{Cut, cut};
use super::net::{Guard, Net, Reach, Steps, elements_of, named};
use crate::model::graph::{Index, Nr};
use crate::model::{Asset, Date, SubjectKind, Thing, ThreatModel};
use crate::rules::eval::Evaluator;
use crate::rules::language::Need;
use crate::rules::truth::Truth;
use crate::rules::{Knowledge, Rubric};
use petgraph::algo::dominators::simple_fast;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

/// Ways that are told of each sort; more are counted.
const MOST: usize = 200;

/// The ways between sources and targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Routes {
    /// Where attackers are.
    pub from: Vec<Named>,
    /// What is most valuable, with the assets that make it so; empty where somebody named the target.
    pub to: Vec<(Named, Vec<Named>)>,
    /// Of every pair of ends the shortest way that nothing ends, shortest first; of very many the first.
    pub open: Vec<Route>,
    /// Of every other pair the shortest way that may be open: nobody has said whether something ends it.
    pub perhaps: Vec<Route>,
    /// Of every other pair that is connected the shortest way, with where it ends; likewise.
    pub held: Vec<Route>,
    /// How many pairs are connected, by the best way between them.
    pub pairs: Pairs,
    /// What would have to be known of the ways that may be open: facts of elements on them.
    pub ask: Vec<(Named, Vec<String>)>,
    /// What every way to a target passes.
    pub gates: Vec<Gate>,
    /// Where controls would close all open ways; `None` when no way is open.
    pub cut: Option<Result<Cut, Vec<Named>>>,
}

/// How many pairs of ends are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairs {
    /// By a way that nothing ends.
    pub open: usize,
    /// By a way of which nobody has said whether something ends it.
    pub perhaps: usize,
    /// Only by ways that end at a guard.
    pub held: usize,
}

/// A way from one element to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// How many flows it follows.
    pub steps: usize,
    /// Elements and flows in turn, both ends included.
    pub legs: Vec<Leg>,
}

/// One element or flow on a way.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// What it is.
    pub on: Named,
    /// Whether it is a flow.
    pub is_flow: bool,
    /// What guards it.
    pub guards: Vec<Guard>,
    /// Facts about guards that nobody has stated.
    pub unknown: Vec<String>,
    /// Whether the way ends here: the caller is known, and what it may do is decided.
    pub holds: bool,
}

/// What every way to a target passes.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// The target.
    pub to: Named,
    /// Elements and flows, the nearest to the sources first, each with whether it is a flow.
    pub through: Vec<(Named, bool)>,
}

/// Looks for ways. The message says what is wrong with an end that was named.
pub fn paths(
    model: &ThreatModel,
    knowledge: &Knowledge,
    today: Date,
    (from, to): (Option<&str>, Option<&str>),
) -> Result<Routes, String> {
    let index = Index::new(model);
    let mut evaluator = Evaluator::new(&index, &knowledge.vocabulary, &knowledge.technologies, today);
    let net = Net::new(&mut evaluator, knowledge, Steps::Calls);
    let sources = match from {
        Some(from) => begin(&index, from)?,
        None => index.elements().filter(|nr| net.untrusted[*nr]).collect(),
    };
    let mut targets = match to {
        Some(to) => end(&evaluator, to)?,
        None => valuable(&evaluator, knowledge),
    };
    targets.retain(|nr| sources.binary_search(nr).is_err());
    let most = most(&evaluator, knowledge);
    let worth = |nr: &Nr| if to.is_none() { worth(&evaluator, knowledge, most, *nr) } else { Vec::new() };
    let name = |nr: &Nr| Named::of(model, index.id(*nr));
    let [open, perhaps, held] = pairs(&net, &sources, &targets);
    let maybe = routes(&net, &sources, &perhaps, Stop::Surely);
    Ok(Routes {
        cut: (!open.is_empty()).then(|| cut(&evaluator, knowledge, &net, &sources, &targets)),
        gates: gates(&net, &sources, &targets),
        from: sources.iter().map(name).collect(),
        to: targets.iter().map(|nr| (name(nr), worth(nr))).collect(),
        pairs: Pairs { open: open.len(), perhaps: perhaps.len(), held: held.len() },
        open: routes(&net, &sources, &open, Stop::Perhaps),
        ask: ask(&maybe),
        perhaps: maybe,
        held: routes(&net, &sources, &held, Stop::Never),
    })
}

/// What is not known of the elements on ways behind where they begin, the first on the way first.
fn ask(ways: &[Route]) -> Vec<(Named, Vec<String>)> {
    let mut asked: Vec<(Named, Vec<String>)> = Vec::new();
    for leg in ways.iter().flat_map(|way| way.legs.iter().skip(1)) {
        if !leg.unknown.is_empty() && asked.iter().all(|(on, _)| *on != leg.on) {
            asked.push((leg.on.clone(), leg.unknown.clone()));
        }
    }
    asked
}

/// A pair of ends that is connected: how far, from where, to where.
type Pair = (u32, Nr, Nr);

/// Where a search ends.
#[derive(Clone, Copy)]
enum Stop {
    /// Where there is or may be a guard.
    Perhaps,
    /// Where there is a guard.
    Surely,
    /// Nowhere.
    Never,
}

impl Stop {
    fn passes(self, holds: Truth) -> bool {
        match self {
            Self::Perhaps => holds.is_false(),
            Self::Surely => !holds.is_true(),
            Self::Never => true,
        }
    }
}

/// All pairs that are connected by a way that nothing ends, that perhaps nothing ends, or only by others; the nearest
/// first.
fn pairs(net: &Net<'_>, sources: &[Nr], targets: &[Nr]) -> [Vec<Pair>; 3] {
    let mut found = [Vec::new(), Vec::new(), Vec::new()];
    let mut searches = [Stop::Perhaps, Stop::Surely, Stop::Never].map(|stop| (stop, search(net, sources, stop)));
    for source in sources {
        let reached = searches.each_mut().map(|(stop, search)| (*stop, search(*source)));
        for target in targets {
            let is_free = |stop: Stop| stop.passes(net.holds(*target));
            let best = reached.iter().position(|(stop, reach)| reach.steps[*target].is_some() && is_free(*stop));
            if let Some(best) = best {
                found[best].extend(reached[best].1.steps[*target].map(|steps| (steps, *source, *target)));
            }
        }
    }
    found.map(|mut pairs| {
        pairs.sort_unstable();
        pairs
    })
}

/// What one source reaches, past guards or not. Another source is no step on a way: there it would begin.
fn search<'n>(net: &'n Net<'_>, sources: &[Nr], stop: Stop) -> impl FnMut(Nr) -> Reach + use<'n> {
    let mut others = vec![false; net.onward.len()];
    for source in sources {
        others[*source] = true;
    }
    move |from| net.reach(&[from], |nr| !others[nr] && stop.passes(net.holds(nr)))
}

/// The ways of the first pairs.
fn routes(net: &Net<'_>, sources: &[Nr], pairs: &[Pair], stop: Stop) -> Vec<Route> {
    let pairs = pairs.get(..MOST).unwrap_or(pairs);
    let mut search = search(net, sources, stop);
    let mut reached: BTreeMap<Nr, Reach> = BTreeMap::new();
    let way = |(_, from, to): &Pair| route(net, &reached.entry(*from).or_insert_with(|| search(*from)).path(*to));
    pairs.iter().map(way).collect()
}

fn route(net: &Net<'_>, path: &[Nr]) -> Route {
    let leg = |(n, nr): (usize, &Nr)| Leg {
        on: Named::of(net.index.model, net.index.id(*nr)),
        is_flow: net.index.is_flow(*nr),
        guards: net.guards(*nr).to_vec(),
        unknown: net.unknown(*nr).iter().map(|fact| (*fact).to_owned()).collect(),
        holds: n > 0 && net.holds(*nr).is_true(),
    };
    let legs: Vec<Leg> = path.iter().enumerate().map(leg).collect();
    Route { steps: legs.iter().filter(|leg| leg.is_flow).count(), legs }
}

/// Elements that a named beginning stands for.
fn begin(index: &Index<'_>, text: &str) -> Result<Vec<Nr>, String> {
    let nr = named(index, text)?;
    let found = elements_of(index, nr);
    if found.is_empty() { Err(no_place(index, nr, "begins at an element, or inside a boundary")) } else { Ok(found) }
}

/// Elements that a named end stands for: those that hold an asset too.
fn end(evaluator: &Evaluator<'_>, text: &str) -> Result<Vec<Nr>, String> {
    let index = evaluator.index;
    let nr = named(index, text)?;
    let holds =
        |element: &Nr| evaluator.stored(*element).0.contains(&nr) || evaluator.processed(*element).0.contains(&nr);
    let found = match index.kind(nr) {
        SubjectKind::Asset => index.elements().filter(holds).collect(),
        _ => elements_of(index, nr),
    };
    match (found.is_empty(), index.kind(nr)) {
        (false, _) => Ok(found),
        (true, SubjectKind::Asset) => Err(format!("nothing stores or processes {}", index.model.name_of(index.id(nr)))),
        (true, _) => Err(no_place(index, nr, "ends at an element, inside a boundary, or where an asset is")),
    }
}

fn no_place(index: &Index<'_>, nr: Nr, what: &str) -> String {
    let id = index.id(nr);
    match index.kind(nr) {
        SubjectKind::Boundary => format!("nothing is inside {} (`{id}`)", index.model.name_of(id)),
        kind => format!("`{id}` is {}; a way {what}", article(kind)),
    }
}

/// The kind with its article.
pub(super) fn article(kind: SubjectKind) -> String {
    let article = if matches!(kind, SubjectKind::ExternalEntity | SubjectKind::Asset) { "an" } else { "a" };
    format!("{article} {}", kind.title())
}

/// The harm when an asset loses whatever it needs most; what nobody rated is not the most valuable.
fn harm(rubric: &Rubric, asset: &Asset) -> u8 {
    let levels = [asset.integrity, asset.availability];
    let impact = |need| rubric.impact_of(need, asset.confidentiality, levels).unwrap_or(0);
    [Need::C, Need::I].into_iter().map(impact).max().unwrap_or(0)
}

/// The greatest harm of all assets of a model; at least 1, so that what nobody rated is not it.
fn most(evaluator: &Evaluator<'_>, knowledge: &Knowledge) -> u8 {
    let model = evaluator.index.model;
    let rubric = knowledge.rubric.of(model.system.rubric.as_deref());
    model.assets.values().map(|asset| harm(rubric, asset)).max().unwrap_or(0).max(1)
}

/// The most valuable assets that an element stores or processes.
fn worth(evaluator: &Evaluator<'_>, knowledge: &Knowledge, most: u8, nr: Nr) -> Vec<Named> {
    let index = evaluator.index;
    let rubric = knowledge.rubric.of(index.model.system.rubric.as_deref());
    let mut held = [&evaluator.stored(nr).0[..], &evaluator.processed(nr).0[..]].concat();
    held.sort_unstable();
    held.dedup();
    held.retain(|nr| matches!(index.thing(*nr), Some(Thing::Asset(asset)) if harm(rubric, asset) == most));
    held.into_iter().map(|nr| Named::of(index.model, index.id(nr))).collect()
}

fn valuable(evaluator: &Evaluator<'_>, knowledge: &Knowledge) -> Vec<Nr> {
    let (index, most) = (evaluator.index, most(evaluator, knowledge));
    let place = |nr: &Nr| index.kind(*nr) != SubjectKind::ExternalEntity;
    index.elements().filter(place).filter(|nr| !worth(evaluator, knowledge, most, *nr).is_empty()).collect()
}

/// Dominators: what stands on every way from the sources to each target.
fn gates(net: &Net<'_>, sources: &[Nr], targets: &[Nr]) -> Vec<Gate> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(net.onward.len() + 1, net.onward.len() * 2);
    for _ in 0..=net.onward.len() {
        graph.add_node(());
    }
    let node = NodeIndex::new;
    let root = node(net.onward.len());
    for source in sources {
        graph.add_edge(root, node(*source), ());
    }
    for (from, onward) in net.onward.iter().enumerate() {
        for to in onward {
            graph.add_edge(node(from), node(*to), ());
        }
    }
    let dominators = simple_fast(&graph, root);
    let through = |target: Nr| -> Vec<Nr> {
        let all = dominators.strict_dominators(node(target)).into_iter().flatten().map(NodeIndex::index);
        let mut all: Vec<Nr> = all.filter(|nr| *nr < net.onward.len() && sources.binary_search(nr).is_err()).collect();
        all.reverse();
        all
    };
    let name = |nr: Nr| Named::of(net.index.model, net.index.id(nr));
    let named = |nr: Nr| (name(nr), net.index.is_flow(nr));
    let gates = targets.iter().map(|to| Gate { to: name(*to), through: through(*to).into_iter().map(named).collect() });
    gates.filter(|gate| !gate.through.is_empty()).collect()
}
