//! Every condition as an English phrase, for explanations and rule pages. No names of a model appear here: the
//! subject of a condition is "it", so that whoever knows its name can put that first.

mod capability;
mod fact;
mod search;

use super::Knowledge;
use super::language::Condition;
use crate::model::SubjectKind;

/// The condition as a phrase that can follow "because" or "when".
pub fn phrase(condition: &Condition, knowledge: &Knowledge) -> String {
    Speaker { knowledge }.phrase(condition)
}

/// The opposite of a condition, in plain words where there are some.
pub fn negated(condition: &Condition, knowledge: &Knowledge) -> String {
    Speaker { knowledge }.negated(condition)
}

/// The condition behind a noun: " that …" or " where …"; nothing where it always holds.
pub fn clause(condition: &Condition, knowledge: &Knowledge) -> String {
    Speaker { knowledge }.clause(condition)
}

/// A phrase with a name in the place of "it".
pub fn about(name: &str, phrase: &str) -> String {
    subject_first(name, phrase).unwrap_or_else(|| format!("{name}: {phrase}"))
}

fn subject_first(name: &str, phrase: &str) -> Option<String> {
    let rest = phrase.strip_prefix("it ").map(|rest| format!("{name} {rest}"));
    let control = |words: &&str| phrase.strip_suffix(" it") == Some(*words);
    rest.or_else(|| {
        ["outsiders control", "outsiders do not control"].iter().find(|w| control(w)).map(|w| format!("{w} {name}"))
    })
}

/// A kind of subject in running text.
pub const fn kind(kind: SubjectKind) -> &'static str {
    kind.title()
}

/// "a", "a and b", "a, b and c".
pub fn listed<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
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
            C::All(parts) => parts.iter().any(|part| needs(part, field)),
            C::Any(parts) => !parts.is_empty() && parts.iter().all(|part| needs(part, field)),
            C::Not(part) => needs(part, field),
            _ => false,
        }
    }
    parts.iter().filter(move |part| !matches!(part, C::Known(field) if parts.iter().any(|other| needs(other, field))))
}

/// Says conditions with the words of a vocabulary.
struct Speaker<'k> {
    knowledge: &'k Knowledge,
}

impl Speaker<'_> {
    fn phrase(&self, condition: &Condition) -> String {
        use Condition as C;
        match condition {
            C::Always => "always".to_owned(),
            C::All(parts) => worth_saying(parts).map(|part| self.inner(part)).collect::<Vec<_>>().join(" and "),
            C::Any(parts) if parts.is_empty() => "never".to_owned(),
            C::Any(parts) => self.join(parts, " or "),
            C::Not(part) => self.negated(part),
            C::Xor(a, b) => format!("either {} or {}, not both", self.inner(a), self.inner(b)),
            C::AtLeastOf(n, parts) => format!("at least {n} of: {}", self.join(parts, "; ")),
            C::Kind(kinds) => format!("it is {}", kinds_as_noun(kinds)),
            C::Carries(part) => format!("it carries data{}", self.of_data(part)),
            C::CarriesNone(part) => format!("it carries no data{}", self.of_data(part)),
            C::Stores(part) => format!("it stores data{}", self.of_data(part)),
            C::Processes(part) => format!("it processes data{}", self.of_data(part)),
            C::Handles(part) => format!("it handles data{}", self.of_data(part)),
            C::CountIn(n, part) => format!("for at least {n} flows into it, {}", self.phrase(part)),
            C::CountOut(n, part) => format!("for at least {n} flows out of it, {}", self.phrase(part)),
            C::Exists { on, is } => format!("the model has {}{}", kinds_as_noun(on), self.clause(is)),
            C::Count { at_least, on, is } => {
                format!("the model has at least {at_least} of {}{}", list(on.iter().map(|k| kind(*k))), self.clause(is))
            }
            _ => {
                let neighbour = self.neighbour(condition).map(|(who, part)| self.of(&who, part));
                neighbour
                    .or_else(|| self.search(condition))
                    .or_else(|| self.fact(condition))
                    .unwrap_or_else(|| self.place(condition))
            }
        }
    }

    /// Of a test of something beside the subject: what that is called, and the test.
    fn neighbour<'c>(&self, condition: &'c Condition) -> Option<(String, &'c Condition)> {
        use Condition as C;
        let (who, part) = match condition {
            C::Each(part) => ("the one at hand".to_owned(), part),
            C::Source(part) => ("its source".to_owned(), part),
            C::Target(part) => ("its target".to_owned(), part),
            C::Peer(part) => ("one of its ends".to_owned(), part),
            C::AnyIn(part) => ("some flow into it".to_owned(), part),
            C::AllIn(part) => ("every flow into it".to_owned(), part),
            C::AnyOut(part) => ("some flow out of it".to_owned(), part),
            C::AllOut(part) => ("every flow out of it".to_owned(), part),
            C::Upstream { is, through } => (format!("something that sends to it{}", self.looked(through)), is),
            C::Downstream { is, through } => (format!("something it sends to{}", self.looked(through)), is),
            C::SharesRuntime(part) => ("another element on the same runtime".to_owned(), part),
            C::SharesBoundary { with, without_flow, .. } => {
                let how = if *without_flow { " with which it exchanges no data" } else { "" };
                (format!("another element in the same boundary{how}"), with)
            }
            _ => return None,
        };
        Some((who, part))
    }

    /// What holds of something: it comes first where the sentence allows that.
    fn of(&self, who: &str, part: &Condition) -> String {
        of(who, part, &self.phrase(part))
    }

    fn negated(&self, condition: &Condition) -> String {
        use Condition as C;
        let swap = |from: &str, to: &str| self.phrase(condition).replacen(from, to, 1);
        let join = |parts: &[Condition], word: &str| {
            let one = |part: &Condition| {
                if parts.len() > 1 { bracketed(part, self.negated(part)) } else { self.negated(part) }
            };
            parts.iter().map(one).collect::<Vec<_>>().join(word)
        };
        match condition {
            C::All(parts) => known_and_can(parts).map_or_else(|| join(parts, " or "), fact::not_known_to),
            C::Any(parts) if !parts.is_empty() => join(parts, " and "),
            C::Not(part) => self.phrase(part),
            C::Source(part) => of("its source", &C::Not(part.clone()), &self.negated(part)),
            C::Target(part) => of("its target", &C::Not(part.clone()), &self.negated(part)),
            C::Each(part) => of("the one at hand", &C::Not(part.clone()), &self.negated(part)),
            C::Peer(_) => swap("one of its ends", "neither of its ends"),
            C::AnyIn(_) | C::AnyOut(_) => swap("some flow", "no flow"),
            C::AllIn(_) | C::AllOut(_) => swap("every flow", "not every flow"),
            C::Upstream { .. } | C::Downstream { .. } => swap("something", "nothing"),
            C::SharesRuntime(_) | C::SharesBoundary { .. } => swap("another", "no other"),
            C::AtLeastOf(..) | C::CountIn(..) | C::CountOut(..) | C::Count { .. } => swap("at least", "fewer than"),
            C::Crosses(_) | C::Enters(_) | C::Leaves(_) => swap("s a ", "s no "),
            C::Carries(_) | C::Stores(_) | C::Processes(_) | C::Handles(_) => swap("s data", "s no data"),
            C::CarriesNone(_) => swap("s no data", "s data"),
            C::Uses => "it neither stores nor processes the data at hand".to_owned(),
            C::Untrusted => "outsiders do not control it".to_owned(),
            C::Exists { .. } => swap("the model has an ", "the model has no ").replacen("has a ", "has no ", 1),
            C::ReachableFrom { .. } | C::Reaches { .. } | C::TaintedBy { .. } => {
                format!("no {}", self.phrase(condition))
            }
            C::Path { .. } | C::InCycle(_) | C::ChainOut(..) => format!("no {}", swap("a ", "")),
            C::GuardedBy { .. } => format!("not {}", self.phrase(condition)),
            C::ArticulationPoint { .. } => swap("nothing but it", "something besides it"),
            _ => self.opposite(condition).unwrap_or_else(|| format!("it is not so that {}", self.inner(condition))),
        }
    }

    fn join(&self, parts: &[Condition], word: &str) -> String {
        parts.iter().map(|part| self.inner(part)).collect::<Vec<_>>().join(word)
    }

    fn inner(&self, condition: &Condition) -> String {
        bracketed(condition, self.phrase(condition))
    }

    /// " that …" where every part has the noun for its subject, else " where …".
    fn clause(&self, test: &Condition) -> String {
        if *test == Condition::Always || *test == Condition::All(Vec::new()) {
            return String::new();
        }
        self.that(test).map_or_else(|| format!(" where {}", self.phrase(test)), |that| format!(" that {that}"))
    }

    /// What a noun is or does, when each part of the test says so.
    fn that(&self, test: &Condition) -> Option<String> {
        let one = |part: &Condition| {
            (!is_several(part)).then(|| self.phrase(part).strip_prefix("it ").map(str::to_owned)).flatten()
        };
        match test {
            Condition::All(parts) => Some(worth_saying(parts).map(one).collect::<Option<Vec<_>>>()?.join(" and ")),
            Condition::Any(parts) if !parts.is_empty() => {
                Some(parts.iter().map(one).collect::<Option<Vec<_>>>()?.join(" or "))
            }
            other => one(other),
        }
    }

    /// A test of data, behind the word "data".
    fn of_data(&self, test: &Condition) -> String {
        if *test == Condition::Always {
            String::new()
        } else {
            adjective(test).map_or_else(|| self.clause(test), |a| format!(" {a}"))
        }
    }

    fn looked(&self, through: &Condition) -> String {
        match self.clause(through) {
            _ if through.is_never() => String::new(),
            clause => format!(" (also by way of anything{clause})"),
        }
    }
}

/// What holds of something beside the subject, as it was put into words.
fn of(who: &str, part: &Condition, words: &str) -> String {
    let at = match who {
        "its source" | "its target" | "one of its ends" => "at",
        _ => "for",
    };
    let simple = if is_several(part) { None } else { subject_first(who, words) };
    simple.unwrap_or_else(|| format!("{at} {who}, {words}"))
}

/// Whether a phrase has parts between which an "and" or "or" stands.
fn is_several(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) => worth_saying(parts).count() > 1 || worth_saying(parts).any(is_several),
        Condition::Any(parts) => parts.len() > 1,
        Condition::Not(part) => match &**part {
            Condition::All(parts) => parts.len() > 1 && known_and_can(parts).is_none(),
            Condition::Any(parts) => parts.len() > 1,
            part => is_several(part),
        },
        Condition::Xor(..) => true,
        _ => false,
    }
}

/// What a technology can do, where the parts are that this is known and can do that.
fn known_and_can(parts: &[Condition]) -> Option<&str> {
    match worth_saying(parts).collect::<Vec<_>>()[..] {
        [Condition::Can(capability)] if parts.len() > 1 => Some(capability),
        _ => None,
    }
}

/// A phrase of several parts in parentheses, so that it can stand inside another.
fn bracketed(condition: &Condition, phrase: String) -> String {
    if is_several(condition) { format!("({phrase})") } else { phrase }
}

/// With its article.
pub fn a(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

fn kinds_as_noun(kinds: &[SubjectKind]) -> String {
    a(&list(kinds.iter().map(|k| kind(*k))))
}

fn list<'t>(words: impl Iterator<Item = &'t str>) -> String {
    words.collect::<Vec<_>>().join(" or ")
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
