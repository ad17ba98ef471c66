//! How many data flows go from which trust boundary to which: a table for models whose flows are too many to draw. It
//! draws no diagram.

use super::shown::Shown;
use super::text;
use super::{View, outermost};
use crate::model::{Id, ThreatModel};
use std::collections::{BTreeMap, BTreeSet};

/// With more boundaries than this only the outer ones are told apart.
const MOST: usize = 24;
/// What is in no boundary.
const OUTSIDE: &str = "outside all boundaries";

/// The table, line by line: a row for where flows come from, a column for where they go to.
pub fn matrix<'m>(model: &'m ThreatModel, view: &View) -> Vec<String> {
    let shown = Shown::of(model, view);
    let used: BTreeSet<&Id> = model.elements.values().filter_map(|element| element.inside.as_ref()).collect();
    let outer = (used.len() > MOST).then(|| outermost(model));
    let group = |end: &'m Option<Id>| -> Option<&'m Id> {
        let id = end.as_ref()?;
        let inside = model.elements.get(id).map_or(Some(id), |element| element.inside.as_ref());
        let mut chain = model.boundary_chain(inside).into_iter();
        match &outer {
            None => chain.next(),
            Some(outer) => chain.find(|around| outer.contains(*around)),
        }
    };
    let mut counts: BTreeMap<(Option<&Id>, Option<&Id>), usize> = BTreeMap::new();
    let mut loose = 0;
    for flow in model.flows.iter().filter(|(id, _)| shown.flows.contains(*id)).map(|(_, flow)| flow) {
        if flow.from.is_none() || flow.to.is_none() {
            loose += 1;
            continue;
        }
        *counts.entry((group(&flow.from), group(&flow.to))).or_default() += 1;
    }
    let mut groups: Vec<Option<&Id>> = counts.keys().flat_map(|(from, to)| [*from, *to]).collect();
    groups.sort_by_key(|group| (group.is_none(), group.map(|id| model.name_of(id))));
    groups.dedup();
    let mut lines = table(model, &groups, &counts);
    if loose > 0 {
        lines.push(String::new());
        lines.push(format!("{loose} flows with a loose end are not counted"));
    }
    lines
}

fn table(
    model: &ThreatModel,
    groups: &[Option<&Id>],
    counts: &BTreeMap<(Option<&Id>, Option<&Id>), usize>,
) -> Vec<String> {
    if groups.is_empty() {
        return vec!["No data flow connects anything yet.".to_owned()];
    }
    let name = |group: Option<&Id>| group.map_or_else(|| OUTSIDE.to_owned(), |id| text::clean(model.name_of(id)));
    let names: Vec<String> = groups.iter().map(|group| text::cut(&name(*group), text::LINE * 2)).collect();
    let widest = names.iter().map(|name| text::width(name)).max().unwrap_or(0);
    // Numbers below a hundred fit three columns.
    let wide = if counts.values().any(|count| *count > 99) { 4 } else { 3 };
    let cell = |text: &str| format!("{text:>wide$}");
    let head: String = (1..=groups.len()).map(|n| cell(&n.to_string())).collect();
    let pad = |text: &str| " ".repeat(usize::try_from(widest - text::width(text)).unwrap_or(0));
    let from = "from \\ to";
    let mut lines = vec![format!("     {from}{}{head}", pad(from))];
    for (n, (group, name)) in groups.iter().zip(&names).enumerate() {
        let row = groups.iter().map(|to| match counts.get(&(*group, *to)) {
            Some(count) => cell(&count.to_string()),
            None => cell("·"),
        });
        lines.push(format!("{:>3}  {name}{}{}", n + 1, pad(name), row.collect::<String>()));
    }
    lines
}
