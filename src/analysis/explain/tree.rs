//! The tree of conditions behind a threat as lines for people: the subject of each line first, "not" as what is so
//! instead, and nothing said twice. What a condition alone reads like is `rules::phrase`.

use super::Line;
use crate::model::resolve::Origin;
use crate::model::{Id, SubjectKind};
use crate::rules::eval::{Ctx, Evaluator, Read, Trace};
use crate::rules::language::Condition;
use crate::rules::phrase::{about, negated, phrase, worth_saying};
use crate::rules::{Knowledge, fill};

/// Longer sentences about paths are told by what stands along the path.
const LONGEST: usize = 110;

/// A question that a rule asked, with its answer.
pub(super) fn labelled<'a>(
    evaluator: &mut Evaluator<'a>,
    knowledge: &Knowledge,
    at: Ctx,
    label: &str,
    condition: &'a Condition,
) -> Line {
    let trace = evaluator.trace(condition, at);
    let line = Teller { evaluator, knowledge }.line(&trace, Said { above: at.nr, role: None, is_not: false });
    if TOGETHER.contains(&line.text.as_str()) {
        return Line { text: format!("{label} {}:", capital(&line.text)), ..line };
    }
    Line { text: label.to_owned(), mark: line.mark, facts: Vec::new(), path: Vec::new(), parts: vec![line] }
}

/// Names of the elements along a path.
pub(super) fn elements(evaluator: &Evaluator<'_>, path: &[usize]) -> Vec<String> {
    path.iter().filter(|nr| !evaluator.index.is_flow(**nr)).map(|nr| fill::name(evaluator, *nr)).collect()
}

/// What is said of several conditions: every one is needed, or one of them.
const TOGETHER: [&str; 2] = ["all of these must hold", "one of these is enough"];

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// How a line is said.
#[derive(Clone, Copy)]
struct Said<'s> {
    /// The subject of the line above; another one is named.
    above: usize,
    /// What the subject is to the one above, such as "its target".
    role: Option<&'s str>,
    /// Whether the opposite is said.
    is_not: bool,
}

struct Teller<'t, 'a> {
    evaluator: &'t Evaluator<'a>,
    knowledge: &'t Knowledge,
}

impl Teller<'_, '_> {
    fn line(&self, trace: &Trace<'_>, said: Said<'_>) -> Line {
        use Condition as C;
        let below = Said { above: trace.at.nr, role: None, is_not: false };
        match (trace.condition, &trace.parts[..]) {
            (C::Not(_), [part]) => self.line(part, Said { is_not: !said.is_not, ..said }),
            (C::Source(_), [part]) => self.line(part, Said { role: Some("its source"), ..below.as_is(said) }),
            (C::Target(_), [part]) => self.line(part, Said { role: Some("its target"), ..below.as_is(said) }),
            (C::Each(_), [part]) => self.line(part, Said { role: Some("at hand"), ..below.as_is(said) }),
            (C::All(_) | C::Any(_), parts) if !parts.is_empty() => self.group(trace, said),
            _ => {
                let line = Line {
                    mark: mark(trace, said),
                    text: self.text(trace, said),
                    facts: [self.crossing(trace), self.facts(trace)].concat(),
                    path: elements(self.evaluator, &trace.path),
                    parts: Vec::new(),
                };
                let parts = decisive(trace).filter_map(|part| Some((part.at.nr, self.part(trace, part, below)?)));
                self.merged(trace, line, parts.collect())
            }
        }
    }

    /// Several conditions together; one that is left alone speaks for itself.
    fn group(&self, trace: &Trace<'_>, said: Said<'_>) -> Line {
        let all = if let Condition::All(all) = trace.condition { all.as_slice() } else { &[] };
        let is_worth = |part: &Trace<'_>| worth_saying(all).any(|other| std::ptr::eq(other, part.condition));
        // That a fact is known goes without saying where a test of it gives the answer.
        let is_settled = trace.parts.iter().any(|part| part.truth.is_false() && is_worth(part));
        let is_said = |part: &&Trace<'_>| all.is_empty() || is_worth(part) || !part.truth.is_true() && !is_settled;
        let parts: Vec<&Trace<'_>> = trace.parts.iter().filter(is_said).collect();
        if let [only] = parts[..] {
            return self.line(only, said);
        }
        let words = TOGETHER[usize::from(all.is_empty() != said.is_not)];
        let below = Said { above: trace.at.nr, role: None, is_not: said.is_not };
        Line {
            mark: mark(trace, said),
            text: self.named(trace, said, words),
            facts: Vec::new(),
            path: elements(self.evaluator, &trace.path),
            parts: parts.into_iter().flat_map(|part| spread(self.line(part, below), words)).collect(),
        }
    }

    /// What a condition asked of something else. Along a path it is told why nothing there is a guard; what can be
    /// none by its kind is left out.
    fn part(&self, trace: &Trace<'_>, part: &Trace<'_>, below: Said<'_>) -> Option<Line> {
        let Some(role) = role(trace.condition, part.condition) else {
            let line = self.line(part, below);
            // The line above says already that all must hold, or one.
            let name = line.text.rsplit_once(": ").filter(|(_, words)| TOGETHER.contains(words)).map(|(name, _)| name);
            let name = name.filter(|_| is_neighbour(trace.condition)).map(str::to_owned);
            return Some(Line { text: name.unwrap_or(line.text), ..line });
        };
        let is_not = role == ON_THE_WAY;
        let cannot = |test: &Trace<'_>| matches!(test.condition, Condition::Kind(_)) && test.truth.is_false();
        let is_out = is_not && part.parts.iter().any(cannot);
        let line = (!is_out).then(|| self.line(part, Said { role: Some(role), is_not, ..below }));
        // Nor is anything said of what the test cannot be about.
        line.filter(|line| !is_not || !line.parts.is_empty() || !line.facts.is_empty())
    }

    /// A line with its parts. Where these say the same again, each of something else, it takes over their facts, or
    /// else their names.
    fn merged(&self, trace: &Trace<'_>, mut line: Line, parts: Vec<(usize, Line)>) -> Line {
        if !is_outer(trace.condition) || parts.iter().any(|(_, part)| !part.parts.is_empty()) {
            line.parts.extend(parts.into_iter().map(|(_, part)| part));
            return line;
        }
        for (nr, part) in parts {
            let name = fill::spoken(self.evaluator, nr);
            let is_bare = part.facts.is_empty();
            let own = |fact: String| if fact.contains(": ") { fact } else { format!("{name}: {fact}") };
            line.facts.extend(part.facts.into_iter().map(own));
            line.facts.extend(is_bare.then_some(name));
            line.path.extend(part.path);
        }
        line
    }

    /// The words for a condition, with the name of what it was asked of where that is another one than above.
    fn text(&self, trace: &Trace<'_>, said: Said<'_>) -> String {
        let say = if said.is_not { negated } else { phrase };
        let words = say(trace.condition, self.knowledge);
        let words = match trace.condition {
            // What the lines below say one by one is not said here as well.
            condition if is_neighbour(condition) && !trace.parts.is_empty() => self.shortened(condition, words),
            Condition::AtLeastOf(n, _) if said.is_not => format!("fewer than {n} of these hold"),
            Condition::AtLeastOf(n, _) => format!("at least {n} of these must hold"),
            Condition::Xor(..) if !said.is_not => "one of these must hold, and the other not".to_owned(),
            _ if words.len() > LONGEST => path(trace.condition, said.is_not).map_or(words, str::to_owned),
            _ => words,
        };
        self.named(trace, said, &words)
    }

    /// A sentence about neighbours without the words for a test of several parts.
    fn shortened(&self, condition: &Condition, words: String) -> String {
        use Condition as C;
        let inner = match condition.parts().first() {
            Some(C::All(parts)) if worth_saying(parts).count() > 1 => TOGETHER[0],
            Some(C::Any(parts)) if parts.len() > 1 => TOGETHER[1],
            _ => return words,
        };
        let said = condition.parts().first().map(|part| phrase(part, self.knowledge)).unwrap_or_default();
        words.replacen(&said, inner, 1)
    }

    fn named(&self, trace: &Trace<'_>, said: Said<'_>, words: &str) -> String {
        let name = || fill::spoken(self.evaluator, trace.at.nr);
        match said.role {
            Some(role) => about(&format!("{} ({role})", name()), words),
            None if trace.at.nr == said.above => words.to_owned(),
            None => about(&name(), words),
        }
    }

    /// The boundaries that a flow crosses, where it was asked for them.
    fn crossing(&self, trace: &Trace<'_>) -> Vec<String> {
        use Condition as C;
        match trace.condition {
            C::Crosses(_) | C::Enters(_) | C::Leaves(_) | C::CrossDepth(_) => {
                let (left, entered) = self.evaluator.index.crossed(trace.at.nr);
                let told = |word: &str, all: &[usize]| {
                    let names: Vec<String> = all.iter().map(|nr| fill::name(self.evaluator, *nr)).collect();
                    (!names.is_empty()).then(|| format!("{word} {}", names.join(", ")))
                };
                told("out of", left).into_iter().chain(told("into", entered)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn facts(&self, trace: &Trace<'_>) -> Vec<String> {
        use Condition as C;
        let resolver = &self.evaluator.resolver;
        let is_told = match trace.condition {
            // The data that decides is told, so not what else is there.
            C::Confidentiality(_) | C::Integrity(_) | C::Availability(_) | C::AssetKind(_) | C::Handles(_) => {
                decisive(trace).next().is_some()
            }
            C::Known(fact) | C::Unknown(fact) => fact == "response_of" && resolver.get(fact, trace.at.nr).is_none(),
            _ => false,
        };
        if is_told { Vec::new() } else { trace.reads.iter().map(|read| self.fact(trace, read)).collect() }
    }

    /// A fact with its value and where that comes from; of another subject, that first.
    fn fact(&self, trace: &Trace<'_>, read: &Read<'_>) -> String {
        let whose =
            if read.nr == trace.at.nr { String::new() } else { format!("{}: ", fill::spoken(self.evaluator, read.nr)) };
        let value = match self.evaluator.resolver.get(read.fact, read.nr) {
            // What nothing surrounds is not trusted, and the reader has to know that to follow.
            None if read.fact == "boundary" && self.is_trustless(trace.condition, read.nr) => {
                "none, so trust 0".to_owned()
            }
            None if matches!(read.fact, "boundary" | "response_of") => "none".to_owned(),
            None => "not known".to_owned(),
            Some((known, origin)) => format!("{}, {}", self.value(read.fact, &known.to_string()), self.origin(origin)),
        };
        format!("{whose}{} {value}", read.fact)
    }

    fn is_trustless(&self, condition: &Condition, nr: usize) -> bool {
        use Condition as C;
        matches!(condition, C::TrustRise(_) | C::TrustDrop(_) | C::TrustAtMost(_) | C::TrustAtLeast(_))
            && self.evaluator.index.kind(nr) == SubjectKind::ExternalEntity
    }

    /// Fields that hold ids are told by names.
    fn value(&self, fact: &str, value: &str) -> String {
        if !matches!(fact, "boundary" | "carries" | "stores" | "processes" | "response_of") {
            return value.to_owned();
        }
        let model = self.evaluator.index.model;
        let name = |id: &str| Id::new(id).map_or_else(|_| id.to_owned(), |id| model.name_of(&id).to_owned());
        value.split(", ").map(name).collect::<Vec<_>>().join(", ")
    }

    fn origin(&self, origin: Origin<'_>) -> String {
        let model = self.evaluator.index.model;
        match origin {
            Origin::Stated => "stated".to_owned(),
            Origin::Mitigation(id) => {
                let title = model.mitigations.get(id).map_or(id.as_str(), |m| m.title.as_str());
                format!("provided by the mitigation \"{title}\"")
            }
            Origin::Boundary(id) => format!("inherited from {}", model.name_of(id)),
            Origin::Technology(tech) => format!("usual for {tech}"),
        }
    }
}

impl Said<'_> {
    /// The same, negated as the line above is.
    const fn as_is(self, above: Said<'_>) -> Self {
        Self { is_not: above.is_not, ..self }
    }
}

fn mark(trace: &Trace<'_>, said: Said<'_>) -> char {
    if said.is_not { (!trace.truth).mark() } else { trace.truth.mark() }
}

/// The parts of a trace that make it what it is: of a test that one of several passes, those that do.
fn decisive<'t, 'a>(trace: &'t Trace<'a>) -> impl Iterator<Item = &'t Trace<'a>> {
    use Condition as C;
    let like = match trace.condition {
        C::CarriesNone(_) => Some(!trace.truth),
        C::CountIn(..)
        | C::CountOut(..)
        | C::AtLeastOf(..)
        | C::Xor(..)
        | C::Path { .. }
        | C::ReachableFrom { .. }
        | C::Reaches { .. }
        | C::GuardedBy { .. }
        | C::TaintedBy { .. } => None,
        _ => Some(trace.truth),
    };
    trace.parts.iter().filter(move |part| like.is_none_or(|like| part.truth == like))
}

/// A line that says the same as the one above it leaves its parts to that.
fn spread(line: Line, words: &str) -> Vec<Line> {
    if line.text == words { line.parts } else { vec![line] }
}

/// Whether a condition is about what is next to the subject, each of which has a line of its own.
const fn is_neighbour(condition: &Condition) -> bool {
    use Condition as C;
    matches!(
        condition,
        C::Peer(_)
            | C::AnyIn(_)
            | C::AllIn(_)
            | C::AnyOut(_)
            | C::AllOut(_)
            | C::CountIn(..)
            | C::CountOut(..)
            | C::Upstream { .. }
            | C::Downstream { .. }
            | C::SharesRuntime(_)
            | C::SharesBoundary { .. }
            | C::Exists { .. }
            | C::Count { .. }
    )
}

/// Whether a condition asks others about what its own words say already.
const fn is_outer(condition: &Condition) -> bool {
    !matches!(condition, Condition::AtLeastOf(..) | Condition::Xor(..) | Condition::Path { .. })
}

const ON_THE_WAY: &str = "on the way";

/// What something is to the path that a condition looks for.
fn role(condition: &Condition, part: &Condition) -> Option<&'static str> {
    use Condition as C;
    let (begins, ends, stop) = match condition {
        C::Path { from, to, without, .. } => (Some(from), Some(to), Some(without)),
        C::ReachableFrom { from, without, .. } | C::TaintedBy { by: from, without } => {
            (Some(from), None, Some(without))
        }
        C::Reaches { to, without, .. } => (None, Some(to), Some(without)),
        C::GuardedBy { by, from, .. } => (Some(from), None, Some(by)),
        _ => return None,
    };
    let is = |test: Option<&Box<Condition>>| test.is_some_and(|test| std::ptr::eq(&raw const **test, part));
    if is(begins) {
        Some("where it begins")
    } else if is(ends) {
        Some("where it ends")
    } else {
        is(stop).then_some(ON_THE_WAY)
    }
}

/// A test of paths whose ends and guards are told one by one.
fn path(condition: &Condition, is_not: bool) -> Option<&'static str> {
    use Condition as C;
    Some(match (condition, is_not) {
        (C::Path { .. }, false) => "a path leads from one to the other, and nothing on the way stops what is sent",
        (C::Path { .. }, true) => "no path leads from one to the other without something that stops what is sent",
        (C::ReachableFrom { .. }, false) => "something reaches it, and nothing on the way stops that",
        (C::ReachableFrom { .. }, true) => "nothing reaches it without being stopped on the way",
        (C::Reaches { .. }, false) => "it reaches something, and nothing on the way stops that",
        (C::Reaches { .. }, true) => "it reaches nothing without being stopped on the way",
        (C::GuardedBy { .. }, false) => "every path to it passes a guard",
        (C::GuardedBy { .. }, true) => "a path to it passes no guard",
        (C::TaintedBy { .. }, false) => {
            "data of others gets here, also by way of stores, and nothing makes it harmless"
        }
        (C::TaintedBy { .. }, true) => "no data of others gets here without being made harmless",
        _ => return None,
    })
}
