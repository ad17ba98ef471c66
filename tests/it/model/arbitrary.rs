//! Whole threat models from a number, for laws that hold for all of them. References lead somewhere; texts are nasty.
//! Nothing shrinks but the size: a failing case is its seed.

use proptest::prelude::{Strategy, any};
use sconce::model::act;
use sconce::model::{
    Asset, AssetKind, Assumption, BoundaryKind, Confidentiality, Considered, ConsideredKey, DataFlow, Date, Diagram,
    Edit, Element, ElementKind, Entry, Event, FactValue, Facts, HistoryRow, Id, Level, Mitigation, MitigationStatus,
    Override, Place, Provides, Reviewed, Severity, Status, Stride, System, Threat, ThreatKey, ThreatModel,
    TrustBoundary, Verdict,
};

/// Small models of all shapes.
pub(crate) fn models() -> impl Strategy<Value = ThreatModel> {
    seeds().prop_map(|(seed, size)| Dice::new(seed).model(size))
}

/// What a model is made from: a seed, and how many entries a section has at most.
pub(crate) fn seeds() -> impl Strategy<Value = (u64, usize)> {
    (any::<u64>(), 0..5usize)
}

/// A small random number generator (splitmix64, Steele et al. 2014).
pub(crate) struct Dice(u64);

const NASTY: &[&str] = &[
    "",
    "plain",
    "two words",
    "\"quoted\"",
    "back\\slash",
    "line one\nline two",
    "\n",
    "tab\tand\rreturn",
    "nul\0",
    "\u{1b}[31mred",
    "\u{1b}]0;title\u{7}",
    "\u{202e}rtl",
    "\u{85}\u{9b}",
    "// no comment",
    "/* nor */ this",
    "ünïcödé 図",
    "👩‍💻",
    "a: (b, [c]), {d}",
    "\n<<<<<<< ours\n=======\n>>>>>>> theirs",
    "r#\"raw\"#",
    "\u{feff}bom",
    "\u{2028}",
    "'",
    "trailing \\",
    "\r\n",
    "#![enable(implicit_some)]",
    "None",
    "\u{7f}",
];

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 33).unwrap() % n.max(1)
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn cell(&mut self) -> i32 {
        i32::try_from(self.below(300)).unwrap()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(3) == 0).then(|| make(self))
    }

    fn text(&mut self) -> String {
        let mut text = self.pick(NASTY).to_owned();
        if self.below(4) == 0 {
            text.push_str(self.pick(NASTY));
        }
        text
    }

    fn day(&mut self) -> Date {
        let (year, month) = (2020 + self.below(10), 1 + self.below(12));
        format!("{year}-{month:02}-{:02}", 1 + self.below(28)).parse().unwrap()
    }

    fn id(&mut self, section: &str, n: usize) -> Id {
        Id::new(&format!("{section}-{n}{}", self.pick(&["", "-x", "0", "-z9"]))).unwrap()
    }

    fn some_of(&mut self, ids: &[Id]) -> Vec<Id> {
        ids.iter().filter(|_| self.below(3) == 0).cloned().collect()
    }

    fn one_of(&mut self, ids: &[Id]) -> Option<Id> {
        if ids.is_empty() { None } else { self.maybe(|d| d.pick(ids)) }
    }

    fn texts(&mut self) -> Vec<String> {
        let mut list: Vec<String> = (0..self.below(3)).map(|_| self.text()).collect();
        list.sort();
        list
    }

    fn facts(&mut self) -> Facts {
        let mut facts = Facts::new();
        for _ in 0..self.below(4) {
            let value = match self.below(4) {
                0 => FactValue::List(self.texts()),
                1 => FactValue::NotApplicable(self.text()),
                _ => FactValue::Text(self.text()),
            };
            facts.insert(self.pick(&["authn", "enc", "x.free", "tls", "odd \"name\"\n"]).to_owned(), value);
        }
        facts
    }

    fn formerly(&mut self, id: &Id) -> Vec<Id> {
        self.maybe(|d| (0..=d.below(2)).rev().map(|n| Id::new(&format!("old{n}-{id}")).unwrap()).collect())
            .unwrap_or_default()
    }

    fn ids(&mut self, section: &str, size: usize) -> Vec<Id> {
        let mut ids: Vec<Id> = (0..self.below(size + 1)).map(|n| self.id(section, n)).collect();
        ids.sort();
        ids
    }

    /// A model with up to `size` entries in each section.
    pub(crate) fn model(&mut self, size: usize) -> ThreatModel {
        let mut m = ThreatModel { system: self.system(), ..ThreatModel::default() };
        let [bounds, assets, elements, flows, plans] = ["b", "a", "e", "f", "m"].map(|section| self.ids(section, size));
        for (n, id) in bounds.iter().enumerate() {
            m.boundaries.insert(id.clone(), self.boundary(id, &bounds[..n]));
        }
        for id in &assets {
            m.assets.insert(id.clone(), self.asset(id));
        }
        for id in &elements {
            m.elements.insert(id.clone(), self.element(id, &bounds, &assets));
        }
        for id in &flows {
            let flow = self.flow(id, &elements, &assets);
            m.flows.insert(id.clone(), flow);
        }
        let subjects: Vec<Id> = elements.iter().chain(&flows).cloned().collect();
        for id in &plans {
            m.mitigations.insert(id.clone(), self.mitigation(&subjects));
        }
        for _ in 0..self.below(size + 1).min(subjects.len()) {
            let key = self.key(&subjects, &assets);
            m.threats.insert(key, self.threat(&plans));
            let subject = self.pick(&subjects);
            let aspect = self.pick(&["S", "E", "authn", "x.free"]).to_owned();
            m.considered.insert(ConsideredKey { subject, aspect }, self.look());
        }
        let keys: Vec<ThreatKey> = m.threats.keys().cloned().collect();
        for n in 0..self.below(size + 1) {
            let supports = keys.iter().filter(|_| self.below(2) == 0).cloned().collect();
            let assumption = Assumption { text: self.text(), owner: self.maybe(Self::text), supports };
            m.assumptions.insert(self.id("p", n), assumption);
            let pins = self.some_of(&subjects).into_iter().map(|id| (id, (self.cell() - 40, self.cell())));
            let pins = pins.collect();
            let shows = self.maybe(|d| d.some_of(&subjects));
            let diagram = Diagram { title: self.text(), description: self.maybe(Self::text), shows, pins };
            m.diagrams.insert(self.id("d", n), diagram);
        }
        m
    }

    fn system(&mut self) -> System {
        System {
            name: self.text(),
            description: self.maybe(Self::text),
            owner: self.maybe(Self::text),
            packs: self.maybe(Self::texts),
            rubric: self.maybe(Self::text),
            code: self.texts(),
            reviewed: self.maybe(|d| Reviewed { on: d.day(), by: d.text(), commit: d.maybe(Self::text) }),
        }
    }

    fn boundary(&mut self, id: &Id, around: &[Id]) -> TrustBoundary {
        TrustBoundary {
            name: self.text(),
            formerly: self.formerly(id),
            description: self.maybe(Self::text),
            kind: self.maybe(|d| d.pick(BoundaryKind::ALL)),
            trust: self.maybe(|d| u8::try_from(d.below(101)).unwrap()),
            inside: self.one_of(around),
            clearance: self.maybe(|d| d.pick(Confidentiality::ALL)),
            facts: self.facts(),
        }
    }

    fn asset(&mut self, id: &Id) -> Asset {
        Asset {
            name: self.text(),
            formerly: self.formerly(id),
            description: self.maybe(Self::text),
            kind: self.maybe(|d| d.pick(AssetKind::ALL)),
            confidentiality: self.maybe(|d| d.pick(Confidentiality::ALL)),
            integrity: self.maybe(|d| d.pick(Level::ALL)),
            availability: self.maybe(|d| d.pick(Level::ALL)),
            facts: self.facts(),
        }
    }

    pub(crate) fn element(&mut self, id: &Id, bounds: &[Id], assets: &[Id]) -> Element {
        Element {
            kind: self.pick(ElementKind::ALL),
            name: self.text(),
            formerly: self.formerly(id),
            description: self.maybe(Self::text),
            inside: self.one_of(bounds),
            tech: self.maybe(Self::texts),
            runtime: self.maybe(Self::text),
            owner: self.maybe(Self::text),
            stores: self.maybe(|d| d.some_of(assets)),
            processes: self.maybe(|d| d.some_of(assets)),
            facts: self.facts(),
            code: self.texts(),
            deployed: self.maybe(Self::texts),
            notes: self.maybe(Self::text),
        }
    }

    fn flow(&mut self, id: &Id, elements: &[Id], assets: &[Id]) -> DataFlow {
        DataFlow {
            name: self.text(),
            formerly: self.formerly(id),
            from: self.one_of(elements),
            to: self.one_of(elements),
            response_of: None,
            carries: self.maybe(|d| d.some_of(assets)),
            credential: self.maybe(Self::text),
            facts: self.facts(),
            notes: self.maybe(Self::text),
        }
    }

    fn mitigation(&mut self, subjects: &[Id]) -> Mitigation {
        let provides = (0..self.below(3)).map(|_| Provides {
            fact: self.text(),
            value: self.pick(&[
                FactValue::text("present"),
                FactValue::text("mtls"),
                FactValue::List(vec!["a".to_owned()]),
            ]),
            on: subjects.first().cloned().into_iter().collect(),
        });
        let provides = provides.collect();
        Mitigation {
            title: self.text(),
            catalog: self.maybe(Self::text),
            description: self.maybe(Self::text),
            status: self.pick(MitigationStatus::ALL),
            owner: self.maybe(Self::text),
            due: self.maybe(Self::day),
            provides,
            evidence: self.texts(),
            ticket: self.maybe(Self::text),
        }
    }

    fn key(&mut self, subjects: &[Id], assets: &[Id]) -> ThreatKey {
        let (from, to) = (self.pick(subjects), self.pick(subjects));
        let detail = self.one_of(assets);
        let rule = self.pick(&["core.d.no-rate-limit", "own.by-hand", "web.session-hijack"]);
        match self.below(3) {
            0 => ThreatKey::path(&from, &to, rule, detail.as_ref().map(Id::as_str)),
            _ => ThreatKey::new(&from, rule, detail.as_ref().map(Id::as_str)),
        }
    }

    fn status(&mut self) -> Status {
        let reason = self.text();
        match self.below(10) {
            0 => Status::Mitigated { evidence: self.texts(), on: None },
            1 => Status::Accepted { reason, approver: self.maybe(Self::text), expires: self.maybe(Self::day) },
            2 => Status::Transferred { to: self.text(), reason },
            3 => Status::Avoided { reason },
            4 => Status::NotApplicable { reason },
            5 => Status::FalsePositive { reason, expires: self.maybe(Self::day) },
            6 => Status::Gone { on: self.day() },
            _ => Status::Open,
        }
    }

    fn threat(&mut self, plans: &[Id]) -> Threat {
        let undecided = Threat {
            severity: self.maybe(|d| d.pick(Severity::ALL)),
            opened: self.maybe(Self::day),
            title: self.text(),
            stride: Stride::ALL.iter().copied().filter(|_| self.below(4) == 0).collect(),
            status: self.status(),
            ..Threat::default()
        };
        if self.below(2) == 0 {
            return undecided;
        }
        let row = |d: &mut Self| HistoryRow { on: d.day(), by: d.text(), event: d.pick(Event::ALL) };
        Threat {
            category: self.maybe(Self::text),
            description: self.maybe(Self::text),
            overridden: self.maybe(|d| Override {
                severity: d.pick(Severity::ALL),
                reason: d.text(),
                by: d.maybe(Self::text),
            }),
            owner: self.maybe(Self::text),
            due: self.maybe(Self::day),
            mitigations: self.some_of(plans),
            decided_on: self.maybe(Self::text),
            notes: self.maybe(Self::text),
            history: (0..self.below(3)).map(|_| row(self)).collect(),
            ..undecided
        }
    }

    fn look(&mut self) -> Considered {
        Considered {
            verdict: self.pick(Verdict::ALL),
            by: self.maybe(Self::text),
            on: self.maybe(Self::day),
            reason: self.maybe(Self::text),
        }
    }

    /// A change to a model, as people make them: by acts, and by writing whole entries.
    pub(crate) fn edit(&mut self, model: &ThreatModel) -> Edit {
        let things: Vec<Id> = model.things().map(|(id, _)| id.clone()).collect();
        let name = self.text();
        if things.is_empty() {
            return act::add_element(model, self.pick(ElementKind::ALL), &name, None).1;
        }
        let id = self.pick(&things);
        let made = match self.below(10) {
            0 => Some(act::add_element(model, self.pick(ElementKind::ALL), &name, None).1),
            1 => act::delete(model, &id).map(|(_, edit)| edit),
            2 => act::rename(model, &id, &model.fresh_id("renamed", "x")).ok(),
            3 => act::rename_name(model, &id, &name),
            4 => Some(act::wrap(model, &self.some_of(&things), &name, None).1),
            5 => act::set_fact(model, &id, "authn", self.maybe(|_| FactValue::text("present"))),
            6 => act::set_fact(model, &id, "x.free", None),
            7 => model.threats.keys().next().cloned().map(|key| Edit::Remove(Place::Threat(key))),
            8 => model.threats.keys().last().cloned().map(|key| Edit::put(Entry::Threat(key, self.threat(&[])))),
            _ => Some(Edit::put(Entry::System(self.system()))),
        };
        made.unwrap_or_else(|| Edit::put(Entry::System(self.system())))
    }
}
