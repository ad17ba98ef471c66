//! What of a model `render` shows: the words of the command line as a view. It draws nothing.

use crate::cli::context::{Exit, Failure};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::diagram::{Focus, Labels, View, Zoom, layout, outermost};
use crate::model::{Id, Thing, ThreatModel};
use std::collections::BTreeSet;

/// What the arguments ask for.
pub(super) fn of(parsed: &Parsed, model: &ThreatModel) -> Result<View, Failure> {
    let diagram = parsed.get("diagram").map(|text| diagram(model, text)).transpose()?;
    let labels = if parsed.is_set("numbered") { Labels::Numbered } else { Labels::Inline };
    let folded = parsed.get("fold").map(|text| folded(model, text)).transpose()?.unwrap_or_default();
    let zoom = zoom(parsed.need("zoom"));
    let view = zoom.of(View { diagram, labels, folded, focus: focus(parsed, model)?, ..View::default() });
    Ok(if zoom == Zoom::Map && view.folded.is_empty() { View { folded: outermost(model), ..view } } else { view })
}

fn zoom(word: &str) -> Zoom {
    match word {
        "lines" => Zoom::Lines,
        "names" => Zoom::Chips,
        "boundaries" => Zoom::Map,
        _ => Zoom::Full,
    }
}

/// Of the ways to show a view in at most so many columns the one that leaves out least, with what it leaves out; the
/// narrowest where none fits.
pub(super) fn within(model: &ThreatModel, view: &View, columns: i32) -> (View, Option<String>) {
    let wide = |view: &View| layout(model, view, None).size.0;
    if wide(view) <= columns {
        return (view.clone(), None);
    }
    let mut ways: Vec<(View, &str)> = Vec::new();
    if view.labels == Labels::Inline {
        ways.push((View { labels: Labels::Numbered, ..view.clone() }, "numbers in place of the names of flows"));
    }
    let folded: BTreeSet<Id> = view.folded.iter().cloned().chain(outermost(model)).collect();
    let boxes = View { folded, ..view.clone() };
    ways.push((Zoom::Lines.of(view.clone()), "no names of flows"));
    ways.push((Zoom::Chips.of(view.clone()), "names of elements only"));
    ways.push((boxes.clone(), "outer boundaries as one box each"));
    ways.push((Zoom::Lines.of(boxes.clone()), "outer boundaries as one box each, no names of flows"));
    ways.push((Zoom::Map.of(boxes), "names of outer boundaries only"));
    let mut tried: Vec<(i32, View, &str)> = Vec::new();
    for (view, what) in ways {
        let columns_of = wide(&view);
        if columns_of <= columns {
            return (view, Some(format!("to fit {columns} columns: {what}")));
        }
        tried.push((columns_of, view, what));
    }
    let narrowest = tried.into_iter().min_by_key(|(wide, ..)| *wide);
    narrowest.map_or_else(
        || (view.clone(), None),
        |(wide, view, what)| (view, Some(format!("nothing fits {columns} columns; {what} take {wide}"))),
    )
}

fn focus(parsed: &Parsed, model: &ThreatModel) -> Result<Option<Focus>, Failure> {
    let depth = match parsed.get("depth") {
        None => 1,
        Some(text) => text.parse().map_err(|_| {
            Failure::new(Exit::Usage, format!("--depth takes a number from 0 to 255, not `{}`", one_line(text)))
        })?,
    };
    let Some(text) = parsed.get("focus") else {
        return match parsed.get("depth") {
            None => Ok(None),
            Some(_) => {
                Err(Failure::new(Exit::Usage, "--depth says how far --focus reaches; name what is in focus too"))
            }
        };
    };
    let known = |id: &Id| matches!(model.thing(id), Some(Thing::Element(_) | Thing::Flow(_) | Thing::Boundary(_)));
    let on = ids(text, known, "nothing in the diagram has the id", "an element, flow or boundary", || {
        model.elements.keys().chain(model.boundaries.keys())
    })?;
    Ok(Some(Focus { on, depth }))
}

fn folded(model: &ThreatModel, text: &str) -> Result<BTreeSet<Id>, Failure> {
    let (all, named): (Vec<&str>, Vec<&str>) = text.split(',').map(str::trim).partition(|word| *word == "all");
    let mut folded = if all.is_empty() { BTreeSet::new() } else { outermost(model) };
    if all.is_empty() || !named.is_empty() {
        let is_known = |id: &Id| model.boundaries.contains_key(id);
        folded.extend(ids(&named.join(","), is_known, "no boundary", "a boundary", || model.boundaries.keys())?);
    }
    Ok(folded)
}

/// Ids separated by commas.
fn ids<'m, I: Iterator<Item = &'m Id>>(
    text: &str,
    is_known: impl Fn(&Id) -> bool,
    unknown: &str,
    what: &str,
    all: impl Fn() -> I,
) -> Result<BTreeSet<Id>, Failure> {
    let words = || text.split(',').map(str::trim).filter(|word| !word.is_empty());
    if words().next().is_none() {
        return Err(Failure::new(Exit::Usage, format!("ids are missing: {what} is meant, or several with commas")));
    }
    let one = |word: &str| {
        Id::new(word).ok().filter(&is_known).ok_or_else(|| {
            let some: Vec<&str> = all().take(12).map(Id::as_str).collect();
            let hint = if some.is_empty() {
                "the model has none".to_owned()
            } else {
                format!("{what} is meant, such as {}", some.join(", "))
            };
            Failure::new(Exit::Usage, format!("{unknown} `{}`; {hint}", one_line(word)))
        })
    };
    words().map(one).collect()
}

/// The diagram of a name.
fn diagram(model: &ThreatModel, text: &str) -> Result<Id, Failure> {
    Id::new(text).ok().filter(|id| model.diagrams.contains_key(id)).ok_or_else(|| {
        let all: Vec<&str> = model.diagrams.keys().map(Id::as_str).collect();
        let all = if all.is_empty() { "the model has none".to_owned() } else { all.join(", ") };
        Failure::new(Exit::Usage, format!("no diagram `{}`: {all}", one_line(text)))
    })
}
