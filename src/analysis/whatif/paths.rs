//! The ways from where attackers are to what is most valuable, shortest first, with what stands on them, and what
//! every way passes. Where controls would close them all is in `cut`.

use super::Named;
use super::cut::{Cut, cut};
use super::net::{Guard, Net, Reach, elements_of, named};
use crate::model::graph::{Index, Nr};
use crate::model::{Asset, Date, SubjectKind, Thing, ThreatModel};
use crate::rules::eval::Evaluator;
use crate::rules::language::Need;
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
    /// Of every other pair that is connected the shortest way, with where it ends; likewise.
    pub held: Vec<Route>,
    /// How many pairs are connected by a way that nothing ends, and how many by others only.
    pub pairs: (usize, usize),
    /// What every way to a target passes.
    pub gates: Vec<Gate>,
    /// Where controls would close all open ways; `None` when no way is open.
    pub cut: Option<Result<Cut, Vec<Named>>>,
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
    let net = Net::new(&mut evaluator, knowledge);
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
    let (open, held) = pairs(&net, &sources, &targets);
    Ok(Routes {
        cut: (!open.is_empty()).then(|| cut(&evaluator, knowledge, &net, &sources, &targets)),
        gates: gates(&net, &sources, &targets),
        from: sources.iter().map(name).collect(),
        to: targets.iter().map(|nr| (name(nr), worth(nr))).collect(),
        pairs: (open.len(), held.len()),
        open: routes(&net, &sources, &open, true),
        held: routes(&net, &sources, &held, false),
    })
}

/// A pair of ends that is connected: how far, from where, to where.
type Pair = (u32, Nr, Nr);

/// All pairs that are connected, those by a way that nothing ends first; the nearest first.
fn pairs(net: &Net<'_>, sources: &[Nr], targets: &[Nr]) -> (Vec<Pair>, Vec<Pair>) {
    let (mut open, mut held) = (Vec::new(), Vec::new());
    let (mut free, mut any) = (search(net, sources, true), search(net, sources, false));
    for source in sources {
        let (free, any) = (free(*source), any(*source));
        for target in targets {
            match (free.steps[*target].filter(|_| !net.holds(*target)), any.steps[*target]) {
                (Some(steps), _) => open.push((steps, *source, *target)),
                (None, Some(steps)) => held.push((steps, *source, *target)),
                (None, None) => {}
            }
        }
    }
    open.sort_unstable();
    held.sort_unstable();
    (open, held)
}

/// What one source reaches, past guards or not. Another source is no step on a way: there it would begin.
fn search<'n>(net: &'n Net<'_>, sources: &[Nr], stopped: bool) -> impl FnMut(Nr) -> Reach + use<'n> {
    let mut others = vec![false; net.onward.len()];
    for source in sources {
        others[*source] = true;
    }
    move |from| {
        let passes = |nr: Nr| !(others[nr] || stopped && net.holds(nr));
        net.reach(&[from], passes)
    }
}

/// The ways of the first pairs.
fn routes(net: &Net<'_>, sources: &[Nr], pairs: &[Pair], stopped: bool) -> Vec<Route> {
    let pairs = pairs.get(..MOST).unwrap_or(pairs);
    let mut search = search(net, sources, stopped);
    let mut reached: BTreeMap<Nr, Reach> = BTreeMap::new();
    let way = |(_, from, to): &Pair| route(net, &reached.entry(*from).or_insert_with(|| search(*from)).path(*to));
    pairs.iter().map(way).collect()
}

fn route(net: &Net<'_>, path: &[Nr]) -> Route {
    let leg = |(n, nr): (usize, &Nr)| Leg {
        on: Named::of(net.index.model, net.index.id(*nr)),
        is_flow: net.index.is_flow(*nr),
        guards: net.guards(*nr).to_vec(),
        holds: n > 0 && net.holds(*nr),
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
