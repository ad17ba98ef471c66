//! The cheapest cut: the elements at which controls would end every way that is open. A minimal cut of vertices after
//! Ford and Fulkerson (1956), by way of the greatest flow; where no control may stand costs more than all the rest.

use super::net::{HOLD, Net};
use super::{Named, points};
use crate::model::SubjectKind;
use crate::model::graph::Nr;
use crate::model::resolve::Known;
use crate::rules::Knowledge;
use crate::rules::MitigationRecord;
use crate::rules::eval::Evaluator;
use petgraph::algo::dinics;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::BTreeSet;

/// Where controls would end every open way.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The places, by id.
    pub places: Vec<CutPlace>,
    /// Points of effort of all of them.
    pub points: u32,
}

/// One place of a cut.
#[derive(Clone, Debug, PartialEq)]
pub struct CutPlace {
    /// The element.
    pub on: Named,
    /// The controls that it is known to lack.
    pub lacks: Vec<String>,
    /// The controls of which nobody has said whether it has them.
    pub unknown: Vec<String>,
    /// Mitigations that provide them: id and title.
    pub fixes: Vec<(String, String)>,
    /// Points of effort.
    pub points: u32,
}

/// The cheapest cut between sources, which are sorted, and targets; where there is none, a way on which no control may stand.
pub(super) fn cut(
    evaluator: &Evaluator<'_>,
    knowledge: &Knowledge,
    net: &Net<'_>,
    sources: &[Nr],
    targets: &[Nr],
) -> Result<Cut, Vec<Named>> {
    let name = |nr: Nr| Named::of(net.index.model, net.index.id(nr));
    let passes = |nr: &Nr| net.holds(*nr).is_false() || sources.binary_search(nr).is_ok();
    let rules = knowledge.active(net.index.model.system.packs.as_deref());
    let known: BTreeSet<&str> = rules.flat_map(|rule| &rule.mitigations).map(String::as_str).collect();
    let may_stand = |nr: &usize| net.index.is_element(*nr) && passes(nr) && sources.binary_search(nr).is_err();
    let offers: Vec<Option<CutPlace>> = (0..net.onward.len())
        .map(|nr| Some(nr).filter(may_stand).and_then(|nr| offer(evaluator, knowledge, &known, nr)))
        .collect();
    let closed = |nr: Nr| offers[nr].is_none() && net.holds(nr).is_false();
    let all: u64 = offers.iter().flatten().map(|place| u64::from(place.points)).sum();
    // Every node is two, with what it costs to close it between them.
    let (count, endless) = (net.onward.len(), all + 1);
    let mut graph: DiGraph<(), u64> = DiGraph::with_capacity(count * 2 + 2, count * 4);
    for _ in 0..count * 2 + 2 {
        graph.add_node(());
    }
    let (node, source, sink) = (NodeIndex::new, NodeIndex::new(count * 2), NodeIndex::new(count * 2 + 1));
    for (nr, onward) in net.onward.iter().enumerate().filter(|(nr, _)| passes(nr)) {
        let cost = offers[nr].as_ref().map_or(endless, |place| u64::from(place.points));
        graph.add_edge(node(nr), node(count + nr), cost);
        for to in onward {
            graph.add_edge(node(count + nr), node(*to), endless);
        }
    }
    for nr in sources {
        graph.add_edge(source, node(*nr), endless);
    }
    for nr in targets.iter().filter(|nr| passes(nr)) {
        graph.add_edge(node(count + nr), sink, endless);
    }
    let (most, flows) = dinics(&graph, source, sink);
    if most > all {
        let way = net.reach(sources, closed);
        let end = targets.iter().copied().find(|to| closed(*to) && way.steps[*to].is_some());
        return Err(end.map(|to| way.path(to).into_iter().map(name).collect()).unwrap_or_default());
    }
    let inside = residual(&graph, source, &flows);
    let mut places: Vec<CutPlace> = offers
        .into_iter()
        .enumerate()
        .filter(|(nr, _)| inside[*nr] && !inside[count + nr])
        .filter_map(|(_, o)| o)
        .collect();
    places.sort_by(|a, b| a.on.id.cmp(&b.on.id));
    Ok(Cut { points: places.iter().map(|place| place.points).sum(), places })
}

/// The nodes to which more could still flow.
fn residual(graph: &DiGraph<(), u64>, source: NodeIndex, flows: &[u64]) -> Vec<bool> {
    let mut inside = vec![false; graph.node_count()];
    let mut open = vec![source];
    inside[source.index()] = true;
    while let Some(at) = open.pop() {
        let on = graph.edges(at).filter(|e| flows[e.id().index()] < *e.weight()).map(|e| e.target());
        let back = graph.edges_directed(at, petgraph::Direction::Incoming);
        let back = back.filter(|e| flows[e.id().index()] > 0).map(|e| e.source());
        for to in on.chain(back).collect::<Vec<_>>() {
            if !std::mem::replace(&mut inside[to.index()], true) {
                open.push(to);
            }
        }
    }
    inside
}

/// What it takes to end ways at an element; `None` where no control may stand, or where people said that it makes no
/// sense.
fn offer(evaluator: &Evaluator<'_>, knowledge: &Knowledge, known: &BTreeSet<&str>, nr: Nr) -> Option<CutPlace> {
    if !matches!(evaluator.index.kind(nr), SubjectKind::Process | SubjectKind::DataStore) {
        return None;
    }
    let (mut lacks, mut unknown) = (Vec::new(), Vec::new());
    for fact in HOLD {
        match evaluator.resolver.get(fact, nr) {
            Some((Known::NotApplicable(_), _)) => return None,
            Some((Known::Word(word), _)) if word == "present" => {}
            Some(_) => lacks.push(fact),
            None => unknown.push(fact),
        }
    }
    let needed = [&lacks[..], &unknown[..]].concat();
    if needed.is_empty() {
        return None;
    }
    let provides =
        |record: &MitigationRecord, fact: &str| record.provides.iter().any(|(f, v)| f == fact && v == "present");
    // What no rule in use names is for other kinds of systems, and only better than nothing.
    let cheapest = |facts: &[&str]| {
        let able = knowledge.mitigations.values().filter(|r| facts.iter().all(|fact| provides(r, fact)));
        able.min_by_key(|r| (!known.contains(r.id.as_str()), r.effort, r.provides.len(), &r.id))
    };
    let each: Option<Vec<&MitigationRecord>> = needed.iter().map(|fact| cheapest(&[fact])).collect();
    let together = cheapest(&needed).filter(|_| needed.len() > 1).map(|record| vec![record]);
    let cost = |records: &Vec<&MitigationRecord>| records.iter().map(|r| points(r.effort)).sum::<u32>();
    let mut fixes = each.into_iter().chain(together).min_by_key(cost)?;
    fixes.dedup_by_key(|record| &record.id);
    Some(CutPlace {
        on: Named::of(evaluator.index.model, evaluator.index.id(nr)),
        lacks: lacks.into_iter().map(str::to_owned).collect(),
        unknown: unknown.into_iter().map(str::to_owned).collect(),
        points: cost(&fixes),
        fixes: fixes.into_iter().map(|record| (record.id.clone(), record.title.clone())).collect(),
    })
}
