//! What is known about a subject and where it comes from. It applies no rule and asks nobody.
//!
//! Precedence: an implemented mitigation, the subject itself, the boundaries around it from the inside out (for a
//! flow those around both ends), the defaults of its technologies.

use super::graph::{Index, Nr};
use super::{FactDef, FactValue, Id, SubjectKind, Technologies, Thing, TrustBoundary, Vocabulary};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// A value that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<'a> {
    /// One word.
    Word(Cow<'a, str>),
    /// Several words.
    List(Cow<'a, [String]>),
    /// The question makes no sense here, with the reason.
    NotApplicable(&'a str),
}

impl<'a> From<&'a FactValue> for Known<'a> {
    fn from(value: &'a FactValue) -> Self {
        match value {
            FactValue::Text(t) => Self::Word(Cow::Borrowed(t)),
            FactValue::List(l) => Self::List(Cow::Borrowed(l)),
            FactValue::NotApplicable(reason) => Self::NotApplicable(reason),
        }
    }
}

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(w) => f.write_str(w),
            Self::List(l) if l.is_empty() => f.write_str("none"),
            Self::List(l) => f.write_str(&l.join(", ")),
            Self::NotApplicable(reason) => write!(f, "n/a: {reason}"),
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin<'a> {
    /// The subject says so.
    Stated,
    /// An implemented mitigation provides it.
    Mitigation(&'a Id),
    /// A boundary around it says so.
    Boundary(&'a Id),
    /// It is so with this technology unless something else is said.
    Technology(&'a str),
}

/// A value and where it comes from; `None` is unknown.
pub type Resolved<'a> = Option<(Known<'a>, Origin<'a>)>;

/// Fields of the model that rules may name like facts, with the kinds that have them.
pub const FIELDS: &[(&str, &[SubjectKind])] = {
    use SubjectKind::{Asset, Boundary, DataStore, ExternalEntity, Flow, Process};
    &[
        ("tech", &[ExternalEntity, Process, DataStore]),
        ("owner", &[ExternalEntity, Process, DataStore]),
        ("runtime", &[ExternalEntity, Process, DataStore]),
        ("boundary", &[ExternalEntity, Process, DataStore, Boundary]),
        ("stores", &[ExternalEntity, Process, DataStore]),
        ("processes", &[ExternalEntity, Process, DataStore]),
        ("carries", &[Flow]),
        ("credential", &[Flow]),
        ("response_of", &[Flow]),
        ("from", &[Flow]),
        ("to", &[Flow]),
        ("kind", &[Boundary, Asset]),
        ("trust", &[Boundary]),
        ("clearance", &[Boundary]),
        ("confidentiality", &[Asset]),
        ("integrity", &[Asset]),
        ("availability", &[Asset]),
    ]
};

/// Whether a name is a field of a kind of subject.
pub fn is_field(name: &str, kind: SubjectKind) -> bool {
    FIELDS.iter().any(|(n, kinds)| *n == name && kinds.contains(&kind))
}

/// What a technology is and can do, its general kinds included.
#[derive(Debug, Default)]
struct Lineage<'a> {
    is: BTreeSet<&'a str>,
    can: BTreeSet<&'a str>,
    facts: HashMap<&'a str, (&'a str, &'a str)>,
}

/// Answers what is known about the subjects of one model.
#[derive(Debug)]
pub struct Resolver<'a> {
    /// The model in numbers.
    pub index: &'a Index<'a>,
    vocabulary: &'a Vocabulary,
    technologies: HashMap<&'a str, Lineage<'a>>,
    provided: HashMap<&'a str, HashMap<Nr, (&'a FactValue, &'a Id)>>,
}

impl<'a> Resolver<'a> {
    /// Prepares the answers: mitigations that count and technologies that occur.
    pub fn new(index: &'a Index<'a>, vocabulary: &'a Vocabulary, technologies: &'a Technologies) -> Self {
        let mut resolver = Self { index, vocabulary, technologies: HashMap::new(), provided: HashMap::new() };
        for tech in index.model.elements.values().filter_map(|e| e.tech.as_ref()).flatten() {
            resolver.technologies.entry(tech).or_insert_with(|| lineage(tech, technologies));
        }
        for (id, mitigation) in index.model.mitigations.iter().filter(|(_, m)| m.status.counts()) {
            for provides in &mitigation.provides {
                let on = resolver.provided.entry(&provides.fact).or_default();
                for nr in provides.on.iter().filter_map(|id| index.nr(id)) {
                    let rank = |value: &FactValue| match value {
                        FactValue::Text(word) => {
                            vocabulary.get(&provides.fact, index.kind(nr)).and_then(|d| d.rank(word))
                        }
                        _ => None,
                    };
                    let better = on.get(&nr).is_none_or(|(old, _)| rank(old) < rank(&provides.value));
                    if better {
                        on.insert(nr, (&provides.value, id));
                    }
                }
            }
        }
        resolver
    }

    /// The vocabulary's entry of a fact for a subject.
    pub fn def(&self, fact: &str, nr: Nr) -> Option<&'a FactDef> {
        self.vocabulary.get(fact, self.index.kind(nr))
    }

    /// Whether a fact or field can be said of a subject at all.
    pub fn applies(&self, fact: &str, nr: Nr) -> bool {
        let kind = self.index.kind(nr);
        is_field(fact, kind) || Vocabulary::is_free(fact) || self.vocabulary.get(fact, kind).is_some()
    }

    /// The value of a fact or field.
    pub fn get(&self, fact: &str, nr: Nr) -> Resolved<'a> {
        if is_field(fact, self.index.kind(nr)) {
            return self.field(fact, nr).map(|known| (known, Origin::Stated));
        }
        if let Some(found) = self.own(fact, nr) {
            return Some(found);
        }
        let thing = self.index.thing(nr);
        let around: &[Nr] = match thing {
            Some(Thing::Element(_) | Thing::Flow(_)) => self.index.chain(nr),
            Some(Thing::Boundary(_)) => self.index.chain(nr).get(1..).unwrap_or_default(),
            _ => &[],
        };
        if !around.is_empty() && self.applies(fact, nr) {
            let inherited = around.iter().find_map(|b| self.own(fact, *b).map(|(known, _)| (known, *b)));
            if let Some((known, boundary)) = inherited {
                return Some((known, Origin::Boundary(self.index.id(boundary))));
            }
        }
        let Some(Thing::Element(element)) = thing else { return None };
        let found =
            element.tech.iter().flatten().find_map(|tech| self.technologies.get(tech.as_str())?.facts.get(fact));
        found.map(|(value, tech)| (Known::Word(Cow::Borrowed(*value)), Origin::Technology(tech)))
    }

    fn own(&self, fact: &str, nr: Nr) -> Resolved<'a> {
        if let Some((value, by)) = self.provided.get(fact).and_then(|on| on.get(&nr)) {
            return Some((Known::from(*value), Origin::Mitigation(by)));
        }
        let facts = match self.index.thing(nr) {
            Some(thing) => thing.facts(),
            None => return None,
        };
        facts.get(fact).map(|value| (Known::from(value), Origin::Stated))
    }

    fn field(&self, name: &str, nr: Nr) -> Option<Known<'a>> {
        let word = |text: &'a str| Known::Word(Cow::Borrowed(text));
        let id = |id: &'a Option<Id>| id.as_ref().map(|id| word(id.as_str()));
        let ids = |ids: &'a Option<Vec<Id>>| {
            ids.as_ref().map(|ids| Known::List(Cow::Owned(ids.iter().map(ToString::to_string).collect())))
        };
        match (self.index.thing(nr)?, name) {
            (Thing::Element(e), "tech") => e.tech.as_deref().map(|t| Known::List(Cow::Borrowed(t))),
            (Thing::Element(e), "owner") => e.owner.as_deref().map(word),
            (Thing::Element(e), "runtime") => e.runtime.as_deref().map(word),
            (Thing::Element(e), "boundary") => id(&e.inside),
            (Thing::Element(e), "stores") => ids(&e.stores),
            (Thing::Element(e), "processes") => ids(&e.processes),
            (Thing::Flow(f), "carries") => ids(&f.carries),
            (Thing::Flow(f), "credential") => f.credential.as_deref().map(word),
            (Thing::Flow(f), "response_of") => id(&f.response_of),
            (Thing::Flow(f), "from") => id(&f.from),
            (Thing::Flow(f), "to") => id(&f.to),
            (Thing::Boundary(b), "kind") => b.kind.map(|k| word(k.name())),
            (Thing::Boundary(b), "trust") => trust_of(b).map(|t| Known::Word(Cow::Owned(t.to_string()))),
            (Thing::Boundary(b), "clearance") => b.clearance.map(|c| word(c.name())),
            (Thing::Boundary(b), "boundary") => id(&b.inside),
            (Thing::Asset(a), "kind") => a.kind.map(|k| word(k.name())),
            (Thing::Asset(a), "confidentiality") => a.confidentiality.map(|c| word(c.name())),
            (Thing::Asset(a), "integrity") => a.integrity.map(|l| word(l.name())),
            (Thing::Asset(a), "availability") => a.availability.map(|l| word(l.name())),
            _ => None,
        }
    }

    /// Whether an element is made with a technology or a special case of it; `None` while its technology is unknown.
    pub fn is_tech(&self, nr: Nr, wanted: &[String]) -> Option<bool> {
        self.any_tech(nr, |lineage| wanted.iter().any(|w| lineage.is.contains(w.as_str())))
    }

    /// Whether a technology of an element can do something; `None` while its technology is unknown.
    pub fn can(&self, nr: Nr, capability: &str) -> Option<bool> {
        self.any_tech(nr, |lineage| lineage.can.contains(capability))
    }

    fn any_tech(&self, nr: Nr, test: impl Fn(&Lineage<'_>) -> bool) -> Option<bool> {
        let Some(Thing::Element(element)) = self.index.thing(nr) else { return Some(false) };
        let tech = element.tech.as_ref()?;
        Some(tech.iter().any(|t| self.technologies.get(t.as_str()).is_some_and(&test)))
    }

    /// How far an element, or the members of a boundary, are trusted (0-100): as the innermost boundary says that
    /// says anything. An external entity about which nothing is said is not trusted at all; of anything else it is
    /// then unknown.
    pub fn trust(&self, nr: Nr) -> Option<u8> {
        let said = self.boundaries(nr).find_map(trust_of);
        said.or_else(|| (self.index.kind(nr) == SubjectKind::ExternalEntity).then_some(0))
    }

    /// The boundaries around an element, or a boundary and those around it, innermost first.
    pub fn boundaries(&self, nr: Nr) -> impl Iterator<Item = &'a TrustBoundary> + use<'a> {
        let index = self.index;
        index.chain(nr).iter().filter_map(|b| match index.thing(*b) {
            Some(Thing::Boundary(boundary)) => Some(boundary),
            _ => None,
        })
    }
}

fn trust_of(boundary: &TrustBoundary) -> Option<u8> {
    boundary.trust.or_else(|| boundary.kind.and_then(super::BoundaryKind::default_trust))
}

fn lineage<'a>(tech: &'a str, technologies: &'a Technologies) -> Lineage<'a> {
    let mut all = Lineage::default();
    all.is.insert(tech);
    for ancestor in technologies.lineage(tech) {
        all.is.insert(&ancestor.id);
        all.can.extend(ancestor.can.iter().map(String::as_str));
        for (fact, value) in &ancestor.facts {
            all.facts.entry(fact).or_insert((value, &ancestor.id));
        }
    }
    all
}
