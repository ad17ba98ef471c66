//! Tests of facts and fields in words: the titles of the vocabulary, names of technologies, what these can do.

use super::{Speaker, capability, list};
use crate::model::Values;
use crate::rules::language::Condition;

/// Fields of the model, which have no entry in the vocabulary.
const FIELDS: &[(&str, &str)] = &[
    ("boundary", "its boundary"),
    ("carries", "what it carries"),
    ("credential", "its credential"),
    ("owner", "its owner"),
    ("processes", "what it works on"),
    ("runtime", "its runtime"),
    ("stores", "what it stores"),
    ("tech", "its technology"),
    ("trust", "its trust"),
];

/// What kind of word stands for a fact.
enum Word<'k> {
    /// A control, as something that one can have.
    Control(&'k str),
    /// A fact that is so or not, as what the subject is or does then.
    Trait(&'k str),
    /// Anything else, as a thing with a value.
    Thing(String),
}

impl Speaker<'_> {
    fn word(&self, fact: &str) -> Word<'_> {
        let field = FIELDS.iter().find(|(name, _)| *name == fact).map(|(_, words)| (*words).to_owned());
        let defs = self.knowledge.vocabulary.all_of(fact);
        let Some(def) = defs.iter().find(|def| def.title.is_some() && field.is_none()) else {
            return Word::Thing(field.unwrap_or_else(|| fact.replace('_', " ")));
        };
        let title = def.title.as_deref().unwrap_or_default();
        match def.values {
            // One name may be a control of an element and have other values for a flow.
            _ if defs.iter().any(|def| def.values == Values::Control) => Word::Control(title),
            Values::YesNo => Word::Trait(title),
            _ => Word::Thing(title.to_owned()),
        }
    }

    /// A fact as a thing with a value.
    pub(super) fn thing(&self, fact: &str) -> String {
        match self.word(fact) {
            Word::Control(title) => title.to_owned(),
            Word::Trait(title) => format!("whether it {title}"),
            Word::Thing(title) => title,
        }
    }

    /// The values of a fact: those of a technology are its names.
    fn values(&self, fact: &str, values: &[String]) -> String {
        let technologies = &self.knowledge.technologies;
        list(values.iter().map(|value| match technologies.get(value).filter(|_| fact == "tech") {
            Some(technology) => technology.name.as_str(),
            None => value,
        }))
    }

    pub(super) fn fact(&self, condition: &Condition) -> Option<String> {
        use Condition as C;
        Some(match condition {
            C::Known(fact) | C::Unknown(fact) => self.known(fact, matches!(condition, C::Known(_))),
            C::Is(fact, value) => self.stated(fact, std::slice::from_ref(value), true),
            C::OneOf(fact, values) => self.stated(fact, values, true),
            C::Said(fact, values) => self.said(fact, values, true),
            C::AtLeast(fact, value) => format!("{} is {value} or more", self.thing(fact)),
            C::AtMost(fact, value) => format!("{} is {value} or less", self.thing(fact)),
            C::Includes(fact, values) => format!("{} includes {}", self.thing(fact), self.values(fact, values)),
            C::OlderThan(fact, days) => format!("{} is more than {days} days ago", self.thing(fact)),
            C::Has(fact) => match self.word(fact) {
                Word::Control(title) => format!("it has {title}"),
                Word::Trait(_) | Word::Thing(_) => format!("{} is present", self.thing(fact)),
            },
            C::HasPartly(fact) => format!("it has {}, at least partly", self.thing(fact)),
            C::Lacks(fact) => format!("it lacks {}, at least partly", self.thing(fact)),
            C::Verified(fact) => format!("it has {}, and somebody verified that", self.thing(fact)),
            C::Tech(techs) => format!("its technology is {}", self.values("tech", techs)),
            C::Can(capability) => format!("it {}", capability::does(capability)),
            C::Confidentiality(least) => format!("its data is {least} or more"),
            C::Integrity(least) => format!("its need of integrity is {least} or more"),
            C::Availability(least) => format!("its need of availability is {least} or more"),
            C::AssetKind(kinds) => format!("its data is of kind {}", list(kinds.iter().map(|k| k.name()))),
            C::Uses => "it stores or processes the data at hand".to_owned(),
            C::ExceedsClearance => "it carries data above the clearance of its target's boundary".to_owned(),
            _ => return None,
        })
    }

    /// The opposite of a test of a fact or a place.
    pub(super) fn opposite(&self, condition: &Condition) -> Option<String> {
        use Condition as C;
        let swap = |from: &str, to: &str| self.phrase(condition).replacen(from, to, 1);
        Some(match condition {
            C::Known(fact) | C::Unknown(fact) => self.known(fact, matches!(condition, C::Unknown(_))),
            C::Is(fact, value) => self.stated(fact, std::slice::from_ref(value), false),
            C::OneOf(fact, values) => self.stated(fact, values, false),
            C::Said(fact, values) => self.said(fact, values, false),
            C::AtLeast(fact, value) => format!("{} is less than {value}", self.thing(fact)),
            C::AtMost(fact, value) => format!("{} is more than {value}", self.thing(fact)),
            C::OlderThan(fact, days) => format!("{} is at most {days} days ago", self.thing(fact)),
            C::Has(fact) => match self.word(fact) {
                Word::Control(title) => format!("it has no {}", bare(title)),
                Word::Trait(_) | Word::Thing(_) => format!("{} is not present", self.thing(fact)),
            },
            C::HasPartly(fact) => format!("it has no {}, not even partly", bare(&self.thing(fact))),
            C::Lacks(fact) => format!("it does not lack {}", self.thing(fact)),
            C::Verified(fact) => format!("it has no verified {}", bare(&self.thing(fact))),
            C::Includes(..) => swap(" includes ", " does not include "),
            C::Can(capability) => format!("it {}", not(&capability::does(capability))),
            C::Confidentiality(least) => format!("its data is less than {least}"),
            C::Integrity(least) => format!("its need of integrity is less than {least}"),
            C::Availability(least) => format!("its need of availability is less than {least}"),
            C::TrustAtMost(n) => format!("its trust is more than {n}"),
            C::TrustAtLeast(n) => format!("its trust is less than {n}"),
            C::EndsDiffer(_) => swap(" is different ", " is the same "),
            C::SameBoundary(_) => swap("both ends are", "its ends are not both"),
            C::SharesCredential(n) => format!("fewer than {n} elements show the same credential"),
            C::DistinctPeers(n) => format!("it exchanges data with fewer than {n} others"),
            C::Unused => "something uses it".to_owned(),
            C::Kind(_) | C::Tech(_) | C::AssetKind(_) | C::InBoundary(_) | C::TrustRise(_) | C::TrustDrop(_) => {
                swap(" is ", " is not ")
            }
            _ => return None,
        })
    }

    /// That somebody said what a fact is, or nobody did.
    fn known(&self, fact: &str, is_known: bool) -> String {
        let is = if is_known { "is" } else { "is not" };
        match (fact, self.word(fact)) {
            ("response_of", _) if is_known => "it answers another flow".to_owned(),
            ("response_of", _) => "it answers no other flow".to_owned(),
            ("boundary", _) if is_known => "it is inside a boundary".to_owned(),
            ("boundary", _) => "it is inside no boundary".to_owned(),
            (_, Word::Control(title)) => format!("whether it has {title} {is} known"),
            (_, Word::Trait(title)) => format!("whether it {title} {is} known"),
            (_, Word::Thing(title)) => format!("{title} {is} known"),
        }
    }

    /// A fact with one value or one of several, or with another one.
    fn stated(&self, fact: &str, values: &[String], holds: bool) -> String {
        let words: Vec<&str> = values.iter().map(String::as_str).collect();
        let is = if holds { "is" } else { "is not" };
        match (fact, self.word(fact), &words[..]) {
            (_, Word::Trait(title), ["yes"]) => format!("it {}", if holds { title.to_owned() } else { not(title) }),
            (_, Word::Trait(title), ["no"]) => format!("it {}", if holds { not(title) } else { title.to_owned() }),
            ("sync", _, ["sync"]) => format!("its answer {is} waited for"),
            ("sync", _, ["async"]) if holds => "its answer is not waited for".to_owned(),
            (_, Word::Control(title), ["present"]) if holds => format!("it has {title}"),
            (_, Word::Control(title), ["absent" | "none"]) if holds => format!("it has no {}", bare(title)),
            (_, Word::Control(title), ["absent" | "none"]) => format!("it has some {}", bare(title)),
            (_, Word::Thing(title), ["none"]) if holds => format!("it has no {}", bare(&title)),
            (_, Word::Thing(title), ["none"]) => format!("it has some {}", bare(&title)),
            _ => format!("{} {is} {}", self.thing(fact), self.values(fact, values)),
        }
    }

    /// What somebody said, or nobody did.
    fn said(&self, fact: &str, values: &[String], holds: bool) -> String {
        let words: Vec<&str> = values.iter().map(String::as_str).collect();
        let is = if holds { "is said" } else { "is not said" };
        match (fact, self.word(fact), &words[..]) {
            ("initiator", _, ["target"]) => format!("its target {is} to open the connection"),
            ("sync", _, ["sync"]) => format!("its answer {is} to be waited for"),
            ("sync", _, ["async"]) => format!("its answer {is} to go without waiting"),
            (_, Word::Trait(title), ["yes"]) => format!("it {is} to {}", infinitive(title)),
            (_, Word::Trait(title), ["no"]) if holds => format!("it {is} not to {}", infinitive(title)),
            (_, Word::Trait(title), ["no"]) => format!("it may {}", infinitive(title)),
            (_, Word::Control(title), ["present"]) => format!("it {is} to have {title}"),
            (_, Word::Control(title), ["absent" | "none"]) => format!("it {is} to have no {}", bare(title)),
            (_, Word::Thing(title), ["none"]) => format!("it {is} to have no {}", bare(&title)),
            _ => format!("{} {is} to be {}", self.thing(fact), self.values(fact, values)),
        }
    }
}

/// That a technology cannot do something, or nobody said which it is.
pub(super) fn not_known_to(capability: &str) -> String {
    format!("it is not known to {}", infinitive(&capability::does(capability)))
}

/// A noun without its article.
fn bare(noun: &str) -> &str {
    ["a ", "an ", "the ", "its "].iter().find_map(|article| noun.strip_prefix(article)).unwrap_or(noun)
}

/// The opposite of what something is or does.
fn not(says: &str) -> String {
    match says.strip_prefix("is ") {
        Some(rest) => format!("is not {rest}"),
        None => format!("does not {}", infinitive(says)),
    }
}

/// What something is or does, behind "to".
fn infinitive(says: &str) -> String {
    let (verb, rest) = says.split_once(' ').map_or((says, String::new()), |(verb, rest)| (verb, format!(" {rest}")));
    let is_hissing = || ["shes", "ches", "sses", "xes"].iter().any(|end| verb.ends_with(end));
    let verb = match (verb, verb.strip_suffix("ies")) {
        ("is", _) => "be".to_owned(),
        ("has", _) => "have".to_owned(),
        ("goes", _) => "go".to_owned(),
        (_, Some(stem)) => format!("{stem}y"),
        _ => verb[..verb.len().saturating_sub(if is_hissing() { 2 } else { 1 })].to_owned(),
    };
    verb + &rest
}
