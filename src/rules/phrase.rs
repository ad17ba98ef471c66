//! Every condition as an English phrase, for explanations and rule pages. No names of a model appear here.

use super::language::{Along, Condition};
use crate::model::SubjectKind;

/// The condition as a phrase that can follow "because" or "when".
pub fn phrase(condition: &Condition) -> String {
    use Condition as C;
    let join = |parts: &[Condition], word: &str| parts.iter().map(inner).collect::<Vec<_>>().join(word);
    match condition {
        C::Always => "always".to_owned(),
        C::All(parts) => join(parts, " and "),
        C::Any(parts) if parts.is_empty() => "never".to_owned(),
        C::Any(parts) => join(parts, " or "),
        C::Not(part) => negated(part),
        C::Xor(a, b) => format!("either {} or {}, not both", inner(a), inner(b)),
        C::AtLeastOf(n, parts) => format!("at least {n} of: {}", join(parts, "; ")),
        C::Kind(kinds) => format!("it is a {}", list(kinds.iter().map(|k| kind(*k)))),
        C::Carries(part) if **part == C::Always => "it carries data".to_owned(),
        C::CarriesNone(part) if **part == C::Always => "it carries no data".to_owned(),
        C::Carries(part) => format!("it carries data of which {}", phrase(part)),
        C::CarriesNone(part) => format!("it carries no data of which {}", phrase(part)),
        C::Stores(part) => format!("it stores data of which {}", phrase(part)),
        C::Processes(part) => format!("it processes data of which {}", phrase(part)),
        C::Handles(part) => format!("it handles data of which {}", phrase(part)),
        C::Each(part) => format!("of the one at hand, {}", phrase(part)),
        C::Source(part) => format!("at its source, {}", phrase(part)),
        C::Target(part) => format!("at its target, {}", phrase(part)),
        C::Peer(part) => format!("at one of its ends, {}", phrase(part)),
        C::AnyIn(part) => format!("of some flow into it, {}", phrase(part)),
        C::AllIn(part) => format!("of every flow into it, {}", phrase(part)),
        C::AnyOut(part) => format!("of some flow out of it, {}", phrase(part)),
        C::AllOut(part) => format!("of every flow out of it, {}", phrase(part)),
        C::CountIn(n, part) => format!("of at least {n} flows into it, {}", phrase(part)),
        C::CountOut(n, part) => format!("of at least {n} flows out of it, {}", phrase(part)),
        C::Upstream { is, through } => format!("of something that sends to it{}, {}", looked(through), phrase(is)),
        C::Downstream { is, through } => format!("of something it sends to{}, {}", looked(through), phrase(is)),
        C::SharesRuntime(part) => format!("of another element on the same runtime, {}", phrase(part)),
        C::Exists { on, is } => {
            format!("the model has a {} of which {}", list(on.iter().map(|k| kind(*k))), phrase(is))
        }
        C::Count { at_least, on, is } => {
            format!(
                "the model has at least {at_least} of {} of which {}",
                list(on.iter().map(|k| kind(*k))),
                phrase(is)
            )
        }
        C::InCycle(part) => format!("a path leads from it back to it along flows of which {}", phrase(part)),
        C::ChainOut(n, part) => format!("a chain of {n} calls or more begins here, of each of which {}", phrase(part)),
        C::SharesBoundary { with, without_flow, .. } => {
            let how = if *without_flow { ", without exchanging data with it," } else { "" };
            format!("of another element in the same boundary{how} {}", phrase(with))
        }
        _ => search(condition).or_else(|| fact(condition)).unwrap_or_else(|| place(condition)),
    }
}

/// The opposite of a condition, in plain words where there are some.
fn negated(condition: &Condition) -> String {
    use Condition as C;
    let swap = |from: &str, to: &str| phrase(condition).replacen(from, to, 1);
    match condition {
        C::Is(..) | C::Kind(_) | C::Tech(_) | C::Known(_) => swap(" is ", " is not "),
        C::Has(fact) => format!("{} is not present", words(fact)),
        C::OneOf(fact, values) => format!("{} is not {}", words(fact), list(values.iter().map(String::as_str))),
        C::Unknown(fact) if fact == "response_of" => "it answers another flow".to_owned(),
        C::Unknown(fact) => format!("{} is known", words(fact)),
        C::Can(_) => swap("has the", "lacks the"),
        C::Crosses(_) => swap("it crosses a", "it crosses no"),
        C::Carries(_) => swap("it carries data", "it carries no data"),
        C::Stores(_) => swap("it stores data", "it stores no data"),
        C::Untrusted => "outsiders do not control it".to_owned(),
        C::Exists { .. } => swap("the model has a", "the model has no"),
        C::ReachableFrom { .. } => format!("no {}", phrase(condition).replacen("flows", "flow", 1)),
        other => format!("it is not so that {}", inner(other)),
    }
}

/// A fact's name as words.
fn words(fact: &str) -> String {
    match fact {
        "tech" => "its technology".to_owned(),
        "boundary" => "its boundary".to_owned(),
        other => other.replace('_', " "),
    }
}

fn inner(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) | Condition::Any(parts) if parts.len() > 1 => format!("({})", phrase(condition)),
        _ => phrase(condition),
    }
}

/// A kind of subject in running text.
pub fn kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::ExternalEntity => "external entity",
        SubjectKind::Process => "process",
        SubjectKind::DataStore => "data store",
        SubjectKind::Flow => "data flow",
        SubjectKind::Boundary => "trust boundary",
        SubjectKind::Asset => "asset",
        SubjectKind::System => "system",
    }
}

fn list<'t>(words: impl Iterator<Item = &'t str>) -> String {
    words.collect::<Vec<_>>().join(" or ")
}

fn looked(through: &Condition) -> String {
    if through.is_never() { String::new() } else { format!(" (also by way of those of which {})", phrase(through)) }
}

fn search(condition: &Condition) -> Option<String> {
    use Condition as C;
    let who = |part: &Condition| match part {
        C::Untrusted => "an untrusted element".to_owned(),
        other => format!("an element of which {}", phrase(other)),
    };
    let stop = |part: &Condition| match part {
        part if part.is_never() => String::new(),
        part => format!(" without passing anything of which {}", phrase(part)),
    };
    let how = |along: &Along| match along {
        Along::Data => "data flows",
        Along::Calls => "calls lead",
    };
    Some(match condition {
        C::ReachableFrom { from, along, without } => {
            format!("{} to it from {}{}", how(along), who(from), stop(without))
        }
        C::Reaches { to, along, without } => format!("{} from it to {}{}", how(along), who(to), stop(without)),
        C::GuardedBy { by, from, .. } => {
            format!("every path to it from {} passes something of which {}", who(from), phrase(by))
        }
        C::TaintedBy { by, without } => {
            format!("data from {} gets here, also by way of stores{}", who(by), stop(without))
        }
        C::Path { from, to, without, .. } => format!("a path leads from {} to {}{}", who(from), who(to), stop(without)),
        C::ArticulationPoint { between, and } => {
            format!("nothing but it connects {} with {}", who(between), who(and))
        }
        _ => return None,
    })
}

fn fact(condition: &Condition) -> Option<String> {
    use Condition as C;
    let any = |words: &[String]| list(words.iter().map(String::as_str));
    Some(match condition {
        C::Unknown(fact) if fact == "response_of" => "it answers no other flow".to_owned(),
        C::Known(fact) if fact == "response_of" => "it answers another flow".to_owned(),
        C::Is(fact, value) => format!("{} is {value}", words(fact)),
        C::OneOf(fact, values) => format!("{} is {}", words(fact), any(values)),
        C::AtLeast(fact, value) => format!("{} is {value} or more", words(fact)),
        C::AtMost(fact, value) => format!("{} is {value} or less", words(fact)),
        C::Includes(fact, values) => format!("{} includes {}", words(fact), any(values)),
        C::Known(fact) => format!("{} is known", words(fact)),
        C::Unknown(fact) => format!("{} is not known", words(fact)),
        C::OlderThan(fact, days) => format!("{} is more than {days} days ago", words(fact)),
        C::Has(fact) => format!("{} is present", words(fact)),
        C::HasPartly(fact) => format!("{} is present or partial", words(fact)),
        C::Lacks(fact) => format!("{} is absent or partial", words(fact)),
        C::Verified(fact) => format!("{} is provided by a verified mitigation", words(fact)),
        C::Tech(techs) => format!("its technology is {}", any(techs)),
        C::Can(capability) => format!("its technology has the capability {capability}"),
        C::Confidentiality(least) => format!("data is {least} or more"),
        C::Integrity(least) => format!("integrity of data is {least} or more"),
        C::Availability(least) => format!("availability of data is {least} or more"),
        C::AssetKind(kinds) => format!("data is of kind {}", list(kinds.iter().map(|k| k.name()))),
        C::Uses => "it stores or processes the data at hand".to_owned(),
        C::ExceedsClearance => "it carries data above the clearance of its target's boundary".to_owned(),
        _ => return None,
    })
}

fn place(condition: &Condition) -> String {
    use Condition as C;
    let kinds = |kinds: &[crate::model::BoundaryKind]| match kinds {
        [] => "trust boundary".to_owned(),
        some => format!("boundary of kind {}", list(some.iter().map(|k| k.name()))),
    };
    match condition {
        C::EndsDiffer(fact) => format!("{} is different at its two ends", words(fact)),
        C::Crosses(k) => format!("it crosses a {}", kinds(k)),
        C::CrossDepth(n) => format!("it crosses {n} boundaries or more"),
        C::Enters(k) => format!("it enters a {}", kinds(k)),
        C::Leaves(k) => format!("it leaves a {}", kinds(k)),
        C::SameBoundary(k) => format!("both ends are inside the same {}", kinds(k)),
        C::InBoundary(k) => format!("it is inside a {}", kinds(k)),
        C::TrustRise(n) => format!("its target is trusted {n} points more than its source"),
        C::TrustDrop(n) => format!("its target is trusted {n} points less than its source"),
        C::TrustAtMost(n) => format!("its trust is {n} or less"),
        C::TrustAtLeast(n) => format!("its trust is {n} or more"),
        C::Untrusted => "outsiders control it".to_owned(),
        C::DistinctPeers(n) => format!("it exchanges data with {n} others or more"),
        C::Unused => "nothing uses it".to_owned(),
        C::SharesCredential(n) => format!("{n} elements or more show the same credential"),
        _ => String::new(),
    }
}
