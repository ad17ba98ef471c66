//! Putting names into the sentences of a rule. It escapes nothing: whoever shows the text does.

use super::engine::Raised;
use super::eval::{Ctx, Evaluator};
use super::language::{Condition, Rule};
use super::phrase;
use crate::model::Thing;
use crate::model::graph::Nr;

/// The words that may stand in braces, with what they need: nothing, two ends, an asset or a flow at hand.
pub const PLACEHOLDERS: &[(&str, Needs)] = &[
    ("subject", Needs::Nothing),
    ("kind", Needs::Nothing),
    ("owner", Needs::Nothing),
    ("boundary", Needs::Nothing),
    ("system", Needs::Nothing),
    ("path", Needs::Nothing),
    ("source", Needs::Ends),
    ("target", Needs::Ends),
    ("caller", Needs::Ends),
    ("called", Needs::Ends),
    ("asset", Needs::Each),
    ("flow", Needs::Each),
];

/// What a placeholder needs to mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A flow or a path.
    Ends,
    /// A rule with `for_each`.
    Each,
}

/// The words in braces in a text.
pub fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word).collect()
}

/// Fills a sentence for a raised threat.
pub fn fill<'a>(evaluator: &mut Evaluator<'a>, text: &str, raised: &Raised<'a>) -> String {
    let path = if text.contains("{path}") { path(evaluator, raised) } else { Vec::new() };
    fill_at(evaluator, text, raised.at, raised.target, &path)
}

/// Fills a sentence for a subject.
pub fn fill_at(evaluator: &Evaluator<'_>, text: &str, at: Ctx, target: Option<Nr>, path: &[Nr]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((word, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        filled.push_str(&meaning(evaluator, word, at, target, path));
        rest = after;
    }
    filled.push_str(rest);
    capital(filled, text)
}

fn meaning(evaluator: &Evaluator<'_>, word: &str, at: Ctx, target: Option<Nr>, path: &[Nr]) -> String {
    let (from, to) = match target {
        Some(target) => (Some(at.nr), Some(target)),
        None => evaluator.index.ends(at.nr),
    };
    let or = |nr: Option<Nr>, other: &str| nr.map_or_else(|| other.to_owned(), |nr| name(evaluator, nr));
    match word {
        "subject" => spoken(evaluator, at.nr),
        "kind" => phrase::kind(evaluator.index.kind(at.nr)).to_owned(),
        "source" => or(from, "somebody"),
        "target" => or(to, "somewhere"),
        "caller" => or(if is_pulled(evaluator, at.nr) { to } else { from }, "somebody"),
        "called" => or(if is_pulled(evaluator, at.nr) { from } else { to }, "somewhere"),
        "asset" | "flow" => at.each.map_or_else(|| "it".to_owned(), |nr| spoken(evaluator, nr)),
        "owner" => match evaluator.index.thing(at.nr) {
            Some(Thing::Element(e)) => e.owner.clone().unwrap_or_else(|| "its owner".to_owned()),
            _ => "its owner".to_owned(),
        },
        "boundary" => or(evaluator.index.chain(at.nr).first().copied(), "its surroundings"),
        "system" => name(evaluator, evaluator.index.system()),
        "path" => {
            let elements = path.iter().filter(|nr| !evaluator.index.is_flow(**nr));
            elements.map(|nr| name(evaluator, *nr)).collect::<Vec<_>>().join(" → ")
        }
        other => format!("{{{other}}}"),
    }
}

/// Whether a flow's target fetches what the flow carries.
fn is_pulled(evaluator: &Evaluator<'_>, nr: Nr) -> bool {
    evaluator.resolver.get("initiator", nr).is_some_and(|(known, _)| known.to_string() == "target")
}

/// What people call a subject; a nameless flow by its ends.
pub fn name(evaluator: &Evaluator<'_>, nr: Nr) -> String {
    let index = evaluator.index;
    if let Some(Thing::Flow(flow)) = index.thing(nr)
        && flow.name.is_empty()
        && let (Some(from), Some(to)) = index.ends(nr)
    {
        return format!("{} → {}", name(evaluator, from), name(evaluator, to));
    }
    match index.thing(nr).map(Thing::name) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => index.model.name_of(index.id(nr)).to_owned(),
    }
}

/// The same inside a sentence: what flows are called is often a verb, so that stands in quotes.
pub fn spoken(evaluator: &Evaluator<'_>, nr: Nr) -> String {
    let name = name(evaluator, nr);
    let is_word = name.starts_with(char::is_lowercase) && !name.contains(" → ");
    if evaluator.index.is_flow(nr) && is_word { format!("'{name}'") } else { name }
}

/// A sentence of a rule about no subject in particular.
pub fn fill_plain(text: &str, rule: &Rule) -> String {
    let subject = match rule.on[..] {
        [kind] => phrase::kind(kind),
        _ => "element",
    };
    let words = [
        ("subject", format!("the {subject}")),
        ("kind", subject.to_owned()),
        ("owner", "its owner".to_owned()),
        ("boundary", "its boundary".to_owned()),
        ("system", "the system".to_owned()),
        ("path", "the path".to_owned()),
        ("source", "the source".to_owned()),
        ("target", "the target".to_owned()),
        ("caller", "the caller".to_owned()),
        ("called", "what it calls".to_owned()),
        ("asset", "the data".to_owned()),
        ("flow", "the flow".to_owned()),
    ];
    let mut filled = text.to_owned();
    for (word, plain) in words {
        // At the beginning of a sentence it begins with a capital.
        for end in [". ", "? ", ".\" "] {
            filled = filled.replace(&format!("{end}{{{word}}}"), &format!("{end}{}", capital(plain.clone(), "{")));
        }
        filled = filled.replace(&format!("{{{word}}}"), &plain);
    }
    capital(filled, text)
}

/// A sentence that begins with a name in lower case still begins with a capital.
fn capital(filled: String, template: &str) -> String {
    let mut chars = filled.chars();
    match chars.next() {
        Some(first) if template.starts_with('{') && first.is_lowercase() => first.to_uppercase().chain(chars).collect(),
        _ => filled,
    }
}

fn is_about_paths(condition: &Condition) -> bool {
    use Condition as C;
    matches!(condition, C::ReachableFrom { .. } | C::Reaches { .. } | C::GuardedBy { .. } | C::TaintedBy { .. })
}

/// The path that shows a threat best: of a rule about paths its own, else the longest among its conditions.
pub fn path<'a>(evaluator: &mut Evaluator<'a>, raised: &Raised<'a>) -> Vec<Nr> {
    if let Some(target) = raised.target {
        return evaluator.evidence_between(&raised.rule.when, raised.at.nr, target);
    }
    let mut tests = Vec::new();
    for condition in
        [Some(&raised.rule.when), raised.rule.mitigated_by.as_ref(), Some(&raised.rule.applies)].into_iter().flatten()
    {
        about_paths(evaluator, condition, raised.at, &mut tests);
    }
    let (from, to) = evaluator.index.ends(raised.at.nr);
    let mut best = Vec::new();
    for (test, nr) in tests {
        let mut path = evaluator.evidence(test, nr);
        // What gets to where a flow begins goes on with the flow.
        if path.last() == Some(&nr) && from == Some(nr) {
            path.push(raised.at.nr);
            path.extend(to);
        }
        if path.len() > best.len().max(1) {
            best = path;
        }
    }
    best
}

/// The tests of paths in a condition, each with what it is asked of; not those asked of many flows or assets.
fn about_paths<'a>(evaluator: &Evaluator<'a>, condition: &'a Condition, at: Ctx, into: &mut Vec<(&'a Condition, Nr)>) {
    use Condition as C;
    let (from, to) = evaluator.index.ends(at.nr);
    let elsewhere = match condition {
        _ if is_about_paths(condition) => return into.push((condition, at.nr)),
        C::Source(test) => [from.map(|nr| (test, nr)), None],
        C::Target(test) => [to.map(|nr| (test, nr)), None],
        C::Peer(test) => [from.map(|nr| (test, nr)), to.map(|nr| (test, nr))],
        C::Each(test) => [at.each.map(|nr| (test, nr)), None],
        C::All(parts) | C::Any(parts) | C::AtLeastOf(_, parts) => {
            return parts.iter().for_each(|part| about_paths(evaluator, part, at, into));
        }
        C::Not(part) => return about_paths(evaluator, part, at, into),
        _ => return,
    };
    elsewhere.into_iter().flatten().for_each(|(test, nr)| about_paths(evaluator, test, at.at(nr), into));
}
