//! Every condition as an English phrase, for explanations and rule pages. No names of a model appear here.

use super::language::{Along, Condition};
use crate::model::SubjectKind;

/// The condition as a phrase that can follow "because" or "when".
pub fn phrase(condition: &Condition) -> String {
    use Condition as C;
    let join = |parts: &[Condition], word: &str| parts.iter().map(inner).collect::<Vec<_>>().join(word);
    match condition {
        C::Always => "always".to_owned(),
        C::All(parts) => {
            let said: Vec<String> = worth_saying(parts).map(inner).collect();
            said.join(" and ")
        }
        C::Any(parts) if parts.is_empty() => "never".to_owned(),
        C::Any(parts) => join(parts, " or "),
        C::Not(part) => negated(part),
        C::Xor(a, b) => format!("either {} or {}, not both", inner(a), inner(b)),
        C::AtLeastOf(n, parts) => format!("at least {n} of: {}", join(parts, "; ")),
        C::Kind(kinds) => format!("it is {}", a(&list(kinds.iter().map(|k| kind(*k))))),
        C::Carries(part) => format!("it carries data{}", of_data(part)),
        C::CarriesNone(part) => format!("it carries no data{}", of_data(part)),
        C::Stores(part) => format!("it stores data{}", of_data(part)),
        C::Processes(part) => format!("it processes data{}", of_data(part)),
        C::Handles(part) => format!("it handles data{}", of_data(part)),
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
            format!("the model has {}{}", a(&list(on.iter().map(|k| kind(*k)))), of_which(is))
        }
        C::Count { at_least, on, is } => {
            format!("the model has at least {at_least} of {}{}", list(on.iter().map(|k| kind(*k))), of_which(is))
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
    let join = |parts: &[Condition], word: &str| {
        let one = |part: &Condition| if parts.len() > 1 { bracketed(part, negated(part)) } else { negated(part) };
        parts.iter().map(one).collect::<Vec<_>>().join(word)
    };
    match condition {
        C::All(parts) => join(parts, " or "),
        C::Any(parts) if !parts.is_empty() => join(parts, " and "),
        C::Not(part) => phrase(part),
        C::Source(part) => format!("at its source, {}", negated(part)),
        C::Target(part) => format!("at its target, {}", negated(part)),
        C::Each(part) => format!("of the one at hand, {}", negated(part)),
        C::Peer(_) => swap("at one of its ends", "at neither of its ends"),
        C::AnyIn(_) | C::AnyOut(_) => swap("of some flow", "of no flow"),
        C::AllIn(_) | C::AllOut(_) => swap("of every flow", "not of every flow"),
        C::Unknown(fact) if fact == "response_of" => "it answers another flow".to_owned(),
        C::Unknown(fact) => format!("{} is known", words(fact)),
        C::Includes(..) => swap(" includes ", " does not include "),
        C::AtLeast(fact, value) => format!("{} is less than {value}", words(fact)),
        C::AtMost(fact, value) => format!("{} is more than {value}", words(fact)),
        C::TrustAtMost(n) => format!("its trust is more than {n}"),
        C::TrustAtLeast(n) => format!("its trust is less than {n}"),
        C::Can(capability) if is_verb(capability) => format!("nothing in it {}", capability.replace('-', " ")),
        C::Can(_) => swap("it counts", "it does not count"),
        C::Crosses(_) => swap("it crosses a", "it crosses no"),
        C::Carries(_) => swap("it carries data", "it carries no data"),
        C::Stores(_) => swap("it stores data", "it stores no data"),
        C::Processes(_) => swap("it processes data", "it processes no data"),
        C::Uses => "it neither stores nor processes the data at hand".to_owned(),
        C::Untrusted => "outsiders do not control it".to_owned(),
        C::Exists { .. } => swap("the model has an ", "the model has no ").replacen("has a ", "has no ", 1),
        C::ReachableFrom { .. } => format!("no {}", phrase(condition).replacen("flows", "flow", 1)),
        C::Is(fact, no) if no == "no" && TRAITS.iter().any(|(name, _)| name == fact) => stated(fact, &["yes"], "is"),
        C::Is(..) | C::OneOf(..) | C::Said(..) | C::Has(_) | C::HasPartly(_) | C::Lacks(_) | C::Verified(_) => {
            swap(" is ", " is not ")
        }
        C::Kind(_) | C::Tech(_) | C::Known(_) | C::Unused => swap(" is ", " is not "),
        other => format!("it is not so that {}", inner(other)),
    }
}

/// Facts whose names are abbreviations or mean nothing outside the vocabulary.
const WORDS: &[(&str, &str)] = &[
    ("access_log", "log of access"),
    ("authn", "authentication"),
    ("authz", "authorization"),
    ("authz_object", "authorization for each record"),
    ("boundary", "its boundary"),
    ("carries", "what it carries"),
    ("csp", "content security policy"),
    ("enc", "encryption"),
    ("enc_rest", "encryption at rest"),
    ("four_eyes", "a second pair of eyes"),
    ("initiator", "the end that starts the exchange"),
    ("kind", "its kind"),
    ("least_priv", "limitation to the least rights"),
    ("log_ship", "shipping of logs"),
    ("mfa", "login with a second factor"),
    ("net", "the network it uses"),
    ("no_store", "refusal of caches"),
    ("owner", "its owner"),
    ("pam", "handing out of administrative rights for a task"),
    ("pattern", "its pattern"),
    ("peer_check", "check of who answers"),
    ("privilege", "its privilege"),
    ("processes", "what it works on"),
    ("proto", "its protocol"),
    ("rate_limit", "limit of requests"),
    ("size_limits", "limit of size"),
    ("stores", "what it stores"),
    ("tech", "its technology"),
    ("tls", "the oldest version of TLS"),
    ("usage", "its use"),
    ("waf", "web application firewall"),
];

/// What a subject is when one of these facts says yes.
const TRAITS: &[(&str, &str)] = &[
    ("human", "a person"),
    ("immutable", "safe from change"),
    ("ip_filter", "limited to some addresses"),
    ("readonly", "read-only"),
    ("vpn", "inside a VPN"),
];

/// A fact's name as words.
fn words(fact: &str) -> String {
    let found = WORDS.iter().chain(TRAITS).find(|(name, _)| *name == fact);
    found.map_or_else(|| fact.replace('_', " "), |(_, words)| (*words).to_owned())
}

/// A fact with one value, or one of several.
fn stated(fact: &str, values: &[&str], is: &str) -> String {
    let named = TRAITS.iter().find(|(name, _)| *name == fact);
    match (fact, named, values) {
        (_, Some((_, what)), ["yes"]) => format!("it {is} {what}"),
        (_, Some((_, what)), ["no"]) => format!("it {is} not {what}").replace("to be not", "not to be"),
        ("sync", _, ["sync"]) => format!("its answer {is} waited for"),
        ("sync", _, ["async"]) => format!("its answer {is} not waited for"),
        ("initiator", _, ["target"]) => "its target is said to start it".to_owned(),
        _ => format!("{} {is} {}", words(fact), list(values.iter().copied())),
    }
}

fn inner(condition: &Condition) -> String {
    bracketed(condition, phrase(condition))
}

/// A phrase of several parts in parentheses, so that it can stand inside another.
fn bracketed(condition: &Condition, phrase: String) -> String {
    let several = |c: &Condition| matches!(c, Condition::All(parts) | Condition::Any(parts) if parts.len() > 1);
    match condition {
        Condition::Not(part) if several(part) => format!("({phrase})"),
        other if several(other) => format!("({phrase})"),
        _ => phrase,
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

/// "a", "a and b", "a, b and c".
pub fn listed<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// With its article.
fn a(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// Whether a capability says what a technology does, as "forwards-traffic", and not what it is, as "high-value".
fn is_verb(capability: &str) -> bool {
    let first = capability.split('-').next().unwrap_or_default();
    first.ends_with('s') && !first.ends_with("ss") && first != "analytics"
}

fn of_which(test: &Condition) -> String {
    let words = phrase(test);
    match words.strip_prefix("it ") {
        _ if *test == Condition::Always => String::new(),
        Some(rest) => format!(" that {rest}"),
        None => format!(" of which {words}"),
    }
}

/// A test of data, behind the word "data".
fn of_data(test: &Condition) -> String {
    if *test == Condition::Always {
        String::new()
    } else {
        adjective(test).map_or_else(|| of_which(test), |a| format!(" {a}"))
    }
}

fn adjective(test: &Condition) -> Option<String> {
    use Condition as C;
    let several =
        |parts: &[Condition], word: &str| Some(parts.iter().map(adjective).collect::<Option<Vec<_>>>()?.join(word));
    match test {
        C::Confidentiality(least) => Some(format!("that is {least} or more")),
        C::Integrity(least) => Some(format!("whose need of integrity is {least} or more")),
        C::Availability(least) => Some(format!("whose need of availability is {least} or more")),
        C::AssetKind(kinds) => Some(format!("of kind {}", list(kinds.iter().map(|k| k.name())))),
        C::Any(parts) if !parts.is_empty() => several(parts, " or "),
        C::All(parts) => match worth_saying(parts).collect::<Vec<_>>()[..] {
            [only] => adjective(only),
            _ => None,
        },
        _ => None,
    }
}

/// The parts of an "and" without those that another part says as well: a technology that can do something is known.
pub fn worth_saying(parts: &[Condition]) -> impl Iterator<Item = &Condition> {
    use Condition as C;
    fn needs(part: &Condition, field: &str) -> bool {
        match part {
            C::Tech(_) | C::Can(_) => field == "tech",
            C::Stores(_) => field == "stores",
            C::Processes(_) => field == "processes",
            C::Carries(_) => field == "carries",
            C::AssetKind(_) => field == "kind",
            C::Is(fact, _) | C::OneOf(fact, _) | C::Includes(fact, _) => field == fact,
            C::Any(parts) => !parts.is_empty() && parts.iter().all(|part| needs(part, field)),
            C::Not(part) => needs(part, field),
            _ => false,
        }
    }
    parts.iter().filter(move |part| !matches!(part, C::Known(field) if parts.iter().any(|other| needs(other, field))))
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
        C::Kind(kinds) => a(&list(kinds.iter().map(|k| kind(*k)))),
        other => format!("an element{}", of_which(other)),
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
        C::Is(fact, value) => stated(fact, &[value], "is"),
        C::OneOf(fact, values) => stated(fact, &values.iter().map(String::as_str).collect::<Vec<_>>(), "is"),
        C::Said(fact, values) => stated(fact, &values.iter().map(String::as_str).collect::<Vec<_>>(), "is said to be"),
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
        C::Can(capability) => {
            format!("{} {}", if is_verb(capability) { "it" } else { "it counts as" }, capability.replace('-', " "))
        }
        C::Confidentiality(least) => format!("its data is {least} or more"),
        C::Integrity(least) => format!("its need of integrity is {least} or more"),
        C::Availability(least) => format!("its need of availability is {least} or more"),
        C::AssetKind(kinds) => format!("its data is of kind {}", list(kinds.iter().map(|k| k.name()))),
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
