//! What is known about a subject and where it comes from. It applies no rule and asks nobody.
//!
//! Precedence: an implemented mitigation, the subject itself, the boundaries around it from the inside out (for a
//! flow those around both ends), the defaults of its technologies.

use super::graph::{Index, Nr};
use super::{FactDef, FactValue, Id, SubjectKind, Technologies, Thing, TrustBoundary, Vocabulary};
use foldhash::{HashMap, HashMapExt as _};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A value that is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// A field that rules may name like a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of that name")]
pub enum Field {
    Tech,
    Owner,
    Runtime,
    Boundary,
    Stores,
    Processes,
    Carries,
    Credential,
    ResponseOf,
    From,
    To,
    Kind,
    Trust,
    Clearance,
    Confidentiality,
    Integrity,
    Availability,
}

/// Fields of the model that rules may name like facts, each with the kinds that have it.
pub const FIELDS: &[(&str, Field, &[SubjectKind])] = {
    use SubjectKind::{Asset, Boundary, DataStore, ExternalEntity, Flow, Process};
    &[
        ("tech", Field::Tech, &[ExternalEntity, Process, DataStore]),
        ("owner", Field::Owner, &[ExternalEntity, Process, DataStore]),
        ("runtime", Field::Runtime, &[ExternalEntity, Process, DataStore]),
        ("boundary", Field::Boundary, &[ExternalEntity, Process, DataStore, Boundary]),
        ("stores", Field::Stores, &[ExternalEntity, Process, DataStore]),
        ("processes", Field::Processes, &[ExternalEntity, Process, DataStore]),
        ("carries", Field::Carries, &[Flow]),
        ("credential", Field::Credential, &[Flow]),
        ("response_of", Field::ResponseOf, &[Flow]),
        ("from", Field::From, &[Flow]),
        ("to", Field::To, &[Flow]),
        ("kind", Field::Kind, &[Boundary, Asset]),
        ("trust", Field::Trust, &[Boundary]),
        ("clearance", Field::Clearance, &[Boundary]),
        ("confidentiality", Field::Confidentiality, &[Asset]),
        ("integrity", Field::Integrity, &[Asset]),
        ("availability", Field::Availability, &[Asset]),
    ]
};

/// Whether a name is a field of a kind of subject.
pub fn is_field(name: &str, kind: SubjectKind) -> bool {
    FIELDS.iter().any(|(n, _, kinds)| *n == name && kinds.contains(&kind))
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
    technologies: Vec<(&'a str, Lineage<'a>)>,
    /// Technologies of each element, as places in the list.
    made_with: Vec<Option<Box<[usize]>>>,
    names: Names<'a>,
}

/// What is worth knowing about a name before anybody asks for a value, so that asking is cheap.
#[derive(Debug, Default)]
struct Name<'a> {
    field: Option<Field>,
    /// Kinds that have it as a field, and the entries of those that have it as a fact; by kind.
    is_field: [bool; 7],
    defs: [Option<&'a FactDef>; 7],
    /// Whether any boundary says it, so that members may inherit it.
    in_boundaries: bool,
    provided: BTreeMap<Nr, (&'a FactValue, &'a Id)>,
}

/// Everything that is known about one fact, as rules ask for it of all subjects together. Where it is a field of the
/// model nothing is told.
#[derive(Debug)]
pub struct Spread<'a> {
    /// Kinds of which it is a field.
    pub is_field: [bool; 7],
    /// Whether it can be said of a kind of subject at all, by kind.
    pub applies: [bool; 7],
    /// The vocabulary's entries, by kind.
    pub defs: [Option<&'a FactDef>; 7],
    /// Each value once.
    pub values: Vec<Known<'a>>,
    /// Who has which of the values, by number.
    pub of: Vec<(Nr, u32)>,
}

/// Numbers for values that come again and again.
#[derive(Default)]
struct Values<'a> {
    values: Vec<Known<'a>>,
    places: HashMap<Known<'a>, u32>,
}

impl<'a> Values<'a> {
    /// A fact has few values as a rule; going through them is quicker than hashing.
    const FEW: usize = 8;

    fn number(&mut self, value: Known<'a>) -> u32 {
        if let Some(place) = self.values.iter().take(Self::FEW).position(|known| *known == value) {
            return u32::try_from(place).unwrap_or(u32::MAX);
        }
        let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        if self.values.len() < Self::FEW {
            self.values.push(value);
            return next;
        }
        let values = &mut self.values;
        *self.places.entry(value).or_insert_with_key(|value| {
            values.push(value.clone());
            next
        })
    }
}

type Names<'a> = HashMap<&'a str, Name<'a>>;

/// What subjects say themselves, in the order of their numbers, by the name of the fact.
pub type Stated<'a> = HashMap<&'a str, Vec<(Nr, &'a FactValue)>>;

impl<'a> Resolver<'a> {
    /// Prepares the answers: the names of the vocabulary, mitigations that count and technologies that occur.
    pub fn new(index: &'a Index<'a>, vocabulary: &'a Vocabulary, technologies: &'a Technologies) -> Self {
        let mut resolver = Self::unmitigated(index, vocabulary, technologies);
        resolver.provide();
        resolver
    }

    /// The same as if no mitigation counted.
    pub fn unmitigated(index: &'a Index<'a>, vocabulary: &'a Vocabulary, technologies: &'a Technologies) -> Self {
        let mut resolver = Self { index, technologies: Vec::new(), made_with: Vec::new(), names: Names::default() };
        for (name, field, kinds) in FIELDS {
            let entry = resolver.names.entry(name).or_default();
            entry.field = Some(*field);
            kinds.iter().for_each(|kind| entry.is_field[*kind as usize] = true);
        }
        for def in vocabulary.iter() {
            let entry = resolver.names.entry(&def.name).or_default();
            def.on.iter().for_each(|kind| entry.defs[*kind as usize] = Some(def));
        }
        for fact in index.model.boundaries.values().flat_map(|boundary| boundary.facts.keys()) {
            resolver.names.entry(fact).or_default().in_boundaries = true;
        }
        resolver.number_technologies(technologies);
        resolver
    }

    fn number_technologies(&mut self, technologies: &'a Technologies) {
        let mut places: HashMap<&'a str, usize> = HashMap::new();
        for element in self.index.model.elements.values() {
            let made_with = element.tech.as_ref().map(|techs| {
                let place = |tech: &'a String| {
                    *places.entry(tech).or_insert_with(|| {
                        self.technologies.push((tech, lineage(tech, technologies)));
                        self.technologies.len() - 1
                    })
                };
                techs.iter().map(place).collect()
            });
            self.made_with.push(made_with);
        }
    }

    /// Notes what mitigations provide; of two that provide the same fact the stronger one counts.
    fn provide(&mut self) {
        let index = self.index;
        for (id, mitigation) in index.model.mitigations.iter().filter(|(_, m)| m.status.counts()) {
            for provides in &mitigation.provides {
                let name = self.names.entry(&provides.fact).or_default();
                for nr in provides.on.iter().filter_map(|id| index.nr(id)) {
                    let kind = index.kind(nr);
                    let rank = |value: &FactValue| match value {
                        FactValue::Text(word) => name.defs[kind as usize].and_then(|d| d.rank(word)),
                        _ => None,
                    };
                    if name.provided.get(&nr).is_none_or(|(old, _)| rank(old) < rank(&provides.value)) {
                        name.provided.insert(nr, (&provides.value, id));
                        name.in_boundaries |= kind == SubjectKind::Boundary;
                    }
                }
            }
        }
    }

    /// The vocabulary's entry of a fact for a subject.
    pub fn def(&self, fact: &str, nr: Nr) -> Option<&'a FactDef> {
        self.names.get(fact)?.defs[self.index.kind(nr) as usize]
    }

    /// What all subjects say themselves, for [`Self::spread`].
    pub fn stated(&self) -> Stated<'a> {
        let mut all = Stated::new();
        for nr in 0..self.index.system() {
            for (fact, value) in self.index.thing(nr).into_iter().flat_map(Thing::facts) {
                all.entry(fact).or_default().push((nr, value));
            }
        }
        all
    }

    /// All that is known about a fact; `None` of a name that nobody knows.
    pub fn spread(&self, fact: &str, stated: &Stated<'a>) -> Option<Spread<'a>> {
        let name = self.names.get(fact)?;
        let counts = |nr: Nr| !name.is_field[self.index.kind(nr) as usize];
        let mut values = Values::default();
        let stated = stated.get(fact).into_iter().flatten();
        let stated = stated.filter(|(nr, _)| !name.provided.contains_key(nr)).copied();
        let provided = name.provided.iter().map(|(nr, (value, _))| (*nr, *value));
        let said = stated.chain(provided).filter(|(nr, _)| counts(*nr));
        let mut of: Vec<(Nr, u32)> = said.map(|(nr, value)| (nr, values.number(value.into()))).collect();
        let with_technologies = self.technologies.iter().any(|(_, t)| t.facts.contains_key(fact));
        if name.in_boundaries || with_technologies {
            let mut is_said = vec![false; self.index.len()];
            for (nr, _) in &of {
                is_said[*nr] = true;
            }
            // Only elements have technologies.
            let others = if name.in_boundaries { self.index.len() } else { self.index.elements().end };
            for nr in (0..others).filter(|nr| !is_said[*nr] && counts(*nr)) {
                let found = self.inherited(name, fact, nr).map(|(value, _)| value);
                let found = found.or_else(|| self.usual(fact, nr).map(|(value, _)| value));
                of.extend(found.map(|value| (nr, values.number(value))));
            }
        }
        Some(Spread {
            is_field: name.is_field,
            applies: name.defs.map(|def| def.is_some() || Vocabulary::is_free(fact)),
            defs: name.defs,
            values: values.values,
            of,
        })
    }

    /// Whether a fact or field can be said of a subject at all.
    pub fn applies(&self, fact: &str, nr: Nr) -> bool {
        let kind = self.index.kind(nr) as usize;
        self.names.get(fact).is_some_and(|n| n.is_field[kind] || n.defs[kind].is_some()) || Vocabulary::is_free(fact)
    }

    /// The value of a fact or field.
    pub fn get(&self, fact: &str, nr: Nr) -> Resolved<'a> {
        self.named(self.names.get(fact), fact, nr)
    }

    /// The values of a fact or field, for whoever asks of many.
    pub fn of(&self, fact: &str) -> impl Fn(Nr) -> Resolved<'a> {
        let name = self.names.get(fact);
        move |nr| self.named(name, fact, nr)
    }

    fn named(&self, name: Option<&Name<'a>>, fact: &str, nr: Nr) -> Resolved<'a> {
        let Some(name) = name else {
            return self.said(fact, nr).or_else(|| self.usual(fact, nr));
        };
        if let Some(field) = name.field.filter(|_| name.is_field[self.index.kind(nr) as usize]) {
            return self.field(field, nr).map(|known| (known, Origin::Stated));
        }
        let found = self.own(name, fact, nr).or_else(|| self.inherited(name, fact, nr));
        found.or_else(|| self.usual(fact, nr))
    }

    /// What is so with an element's technologies.
    fn usual(&self, fact: &str, nr: Nr) -> Resolved<'a> {
        let mut technologies = self.made_with.get(nr)?.iter().flatten();
        let (value, tech) = technologies.find_map(|tech| self.technologies[*tech].1.facts.get(fact))?;
        Some((Known::Word(Cow::Borrowed(*value)), Origin::Technology(tech)))
    }

    /// Whether the value of a fact or field is known. For a field that is cheaper than the value.
    pub fn is_known(&self, fact: &str, nr: Nr) -> bool {
        let kind = self.index.kind(nr) as usize;
        match self.names.get(fact).and_then(|name| name.field.filter(|_| name.is_field[kind])) {
            None => self.get(fact, nr).is_some(),
            Some(field) => self.has_field(field, nr),
        }
    }

    /// Of which of some subjects a field is stated; `None` of names that are fields of no kind.
    pub fn field_is_stated(&self, name: &str) -> Option<impl Fn(Nr) -> bool> {
        let field = self.names.get(name)?.field?;
        Some(move |nr| self.has_field(field, nr))
    }

    fn has_field(&self, field: Field, nr: Nr) -> bool {
        match (self.index.thing(nr), field) {
            (Some(Thing::Element(e)), Field::Tech) => e.tech.is_some(),
            (Some(Thing::Element(e)), Field::Stores) => e.stores.is_some(),
            (Some(Thing::Element(e)), Field::Processes) => e.processes.is_some(),
            (Some(Thing::Flow(f)), Field::Carries) => f.carries.is_some(),
            _ => self.field(field, nr).is_some(),
        }
    }

    fn inherited(&self, name: &Name<'a>, fact: &str, nr: Nr) -> Resolved<'a> {
        if !name.in_boundaries || !self.applies(fact, nr) {
            return None;
        }
        let own = usize::from(self.index.kind(nr) == SubjectKind::Boundary);
        let around = self.index.chain(nr).get(own..).unwrap_or_default();
        around
            .iter()
            .find_map(|b| self.own(name, fact, *b).map(|(known, _)| (known, Origin::Boundary(self.index.id(*b)))))
    }

    fn own(&self, name: &Name<'a>, fact: &str, nr: Nr) -> Resolved<'a> {
        if let Some((value, by)) = name.provided.get(&nr).filter(|_| !name.provided.is_empty()) {
            return Some((Known::from(*value), Origin::Mitigation(by)));
        }
        self.said(fact, nr)
    }

    /// What a subject says itself.
    fn said(&self, fact: &str, nr: Nr) -> Resolved<'a> {
        Some((Known::from(self.index.thing(nr)?.facts().get(fact)?), Origin::Stated))
    }

    fn field(&self, field: Field, nr: Nr) -> Option<Known<'a>> {
        let word = |text: &'a str| Known::Word(Cow::Borrowed(text));
        let id = |id: &'a Option<Id>| id.as_ref().map(|id| word(id.as_str()));
        let ids = |ids: &'a Option<Vec<Id>>| {
            ids.as_ref().map(|ids| Known::List(Cow::Owned(ids.iter().map(ToString::to_string).collect())))
        };
        match (self.index.thing(nr)?, field) {
            (Thing::Element(e), Field::Tech) => e.tech.as_deref().map(|t| Known::List(Cow::Borrowed(t))),
            (Thing::Element(e), Field::Owner) => e.owner.as_deref().map(word),
            (Thing::Element(e), Field::Runtime) => e.runtime.as_deref().map(word),
            (Thing::Element(e), Field::Boundary) => id(&e.inside),
            (Thing::Element(e), Field::Stores) => ids(&e.stores),
            (Thing::Element(e), Field::Processes) => ids(&e.processes),
            (Thing::Flow(f), Field::Carries) => ids(&f.carries),
            (Thing::Flow(f), Field::Credential) => f.credential.as_deref().map(word),
            (Thing::Flow(f), Field::ResponseOf) => id(&f.response_of),
            (Thing::Flow(f), Field::From) => id(&f.from),
            (Thing::Flow(f), Field::To) => id(&f.to),
            (Thing::Boundary(b), Field::Kind) => b.kind.map(|k| word(k.name())),
            (Thing::Boundary(b), Field::Trust) => trust_of(b).map(|t| Known::Word(Cow::Owned(t.to_string()))),
            (Thing::Boundary(b), Field::Clearance) => b.clearance.map(|c| word(c.name())),
            (Thing::Boundary(b), Field::Boundary) => id(&b.inside),
            (Thing::Asset(a), Field::Kind) => a.kind.map(|k| word(k.name())),
            (Thing::Asset(a), Field::Confidentiality) => a.confidentiality.map(|c| word(c.name())),
            (Thing::Asset(a), Field::Integrity) => a.integrity.map(|l| word(l.name())),
            (Thing::Asset(a), Field::Availability) => a.availability.map(|l| word(l.name())),
            _ => None,
        }
    }

    /// Whether an element is made with a technology or a special case of it; `None` while its technology is unknown.
    pub fn is_tech(&self, nr: Nr, wanted: &[String]) -> Option<bool> {
        self.made_of(&self.are_tech(wanted), nr)
    }

    /// Whether a technology of an element can do something; `None` while its technology is unknown.
    pub fn can(&self, nr: Nr, capability: &str) -> Option<bool> {
        self.made_of(&self.are_able(capability), nr)
    }

    /// Which technologies of the model are one of these or a special case of it.
    pub fn are_tech(&self, wanted: &[String]) -> Vec<bool> {
        self.technologies.iter().map(|(_, lineage)| wanted.iter().any(|w| lineage.is.contains(w.as_str()))).collect()
    }

    /// Which technologies of the model can do something.
    pub fn are_able(&self, capability: &str) -> Vec<bool> {
        self.technologies.iter().map(|(_, lineage)| lineage.can.contains(capability)).collect()
    }

    /// The technologies of an element, as places in the lists of [`Self::are_tech`]; `None` while it is unknown.
    pub fn made_with(&self, nr: Nr) -> Option<&[usize]> {
        self.made_with.get(nr)?.as_deref()
    }

    /// Whether one of these technologies of the model is an element's; `None` while its technology is unknown.
    pub fn made_of(&self, wanted: &[bool], nr: Nr) -> Option<bool> {
        let Some(made_with) = self.made_with.get(nr) else { return Some(false) };
        Some(made_with.as_ref()?.iter().any(|tech| wanted[*tech]))
    }

    /// How far an element, or the members of a boundary, are trusted (0-100): as the innermost boundary says that
    /// says anything. An external entity about which nothing is said is not trusted at all; of anything else it is
    /// then unknown.
    pub fn trust(&self, nr: Nr) -> Option<u8> {
        let said = self.boundaries(nr).find_map(trust_of);
        // Of somebody inside a boundary that boundary will tell, once it is known how far it is trusted.
        let outside = || self.index.kind(nr) == SubjectKind::ExternalEntity && self.index.chain(nr).is_empty();
        said.or_else(|| outside().then_some(0))
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
