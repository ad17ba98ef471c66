//! Where in the model a threat is: the ends of a flow and the boundaries it crosses, the surroundings of an element.

use crate::analysis::ThreatRow;
use crate::model::SubjectKind;
use crate::rules::eval::Evaluator;
use crate::rules::fill;

/// The place of a threat, in lines; none when it is about nothing that is still in the model.
pub(super) fn place(evaluator: &Evaluator<'_>, row: &ThreatRow) -> Vec<String> {
    let index = evaluator.index;
    let Some(nr) = index.nr(&row.subject) else { return Vec::new() };
    if let Some(target) = row.target.as_ref().and_then(|id| index.nr(id)) {
        return vec![format!("from {}", element(evaluator, nr)), format!("to {}", element(evaluator, target))];
    }
    match (index.kind(nr), index.ends(nr)) {
        (SubjectKind::Flow, (Some(from), Some(to))) => vec![flow(evaluator, nr, [from, to])],
        (SubjectKind::System, _) => vec!["the whole system".to_owned()],
        (SubjectKind::Asset, _) => vec![format!("the asset {}", fill::name(evaluator, nr))],
        _ => vec![element(evaluator, nr)],
    }
}

/// An element or boundary with the boundaries around it.
fn element(evaluator: &Evaluator<'_>, nr: usize) -> String {
    let index = evaluator.index;
    let around: Vec<usize> = index.chain(nr).iter().copied().filter(|boundary| *boundary != nr).collect();
    let place = match &around[..] {
        [] => "outside every boundary".to_owned(),
        some => format!("inside {}", names(evaluator, some, ", inside ")),
    };
    format!("the {} {}, {place}", index.kind(nr).title(), fill::name(evaluator, nr))
}

fn flow(evaluator: &Evaluator<'_>, nr: usize, [from, to]: [usize; 2]) -> String {
    let index = evaluator.index;
    let (left, entered) = index.crossed(nr);
    let out = (!left.is_empty()).then(|| format!("out of {}", names(evaluator, left, ", out of ")));
    // From the outside in.
    let entered: Vec<usize> = entered.iter().rev().copied().collect();
    let into = (!entered.is_empty()).then(|| format!("into {}", names(evaluator, &entered, ", into ")));
    let crossed: Vec<String> = out.into_iter().chain(into).collect();
    let crossed = match &crossed[..] {
        [] => index.chain(from).first().map_or_else(
            || "crossing no boundary that is drawn".to_owned(),
            |b| format!("inside {}", fill::name(evaluator, *b)),
        ),
        some => some.join(" and "),
    };
    let between = format!("from {} to {}", fill::name(evaluator, from), fill::name(evaluator, to));
    let called = fill::spoken(evaluator, nr);
    // A flow without a name is called by its ends already.
    let called = if called.contains(" → ") { String::new() } else { format!(" {called}") };
    format!("the data flow{called} {between}, {crossed}")
}

fn names(evaluator: &Evaluator<'_>, all: &[usize], between: &str) -> String {
    all.iter().map(|nr| fill::name(evaluator, *nr)).collect::<Vec<_>>().join(between)
}
