//! Everything the rules rest on, as one value: facts, technologies, mitigations, rubric, rules. It is read once from
//! the text compiled into the program; what a team adds is laid over it.

use super::builtin;
use super::catalogue::{self, Catalogue};
use super::language::{Rule, Tier};
use super::rubric::Rubrics;
use super::team::{ByTeam, Silenced};
use crate::diagnostic::Diagnostic;
use crate::file::data;
use crate::model::{FactDef, Technologies, Technology, Vocabulary};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// A way to close threats, shared by many rules.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MitigationRecord {
    /// `mit.` and a slug.
    pub id: String,
    /// What to do, in a few words.
    pub title: String,
    /// How to do it.
    pub how: String,
    /// Facts that are so once it is done, with their values.
    pub provides: Vec<(String, String)>,
    /// How much work it usually is.
    pub effort: Effort,
    /// Controls of NIST SP 800-53 revision 5.
    #[serde(default)]
    pub nist: Vec<String>,
    /// Practices of the Secure Software Development Framework 1.1.
    #[serde(default)]
    pub ssdf: Vec<String>,
    /// Techniques of D3FEND.
    #[serde(default)]
    pub d3fend: Vec<String>,
    /// Requirements of ASVS 5.0.0.
    #[serde(default)]
    pub asvs: Vec<String>,
}

/// How much work a mitigation usually is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Effort {
    /// Hours.
    Small,
    /// Days.
    Medium,
    /// Weeks.
    Large,
}

/// Everything the rules rest on.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Facts that can be stated.
    pub vocabulary: Vocabulary,
    /// Technologies with their hierarchy.
    pub technologies: Technologies,
    /// Mitigations, by id.
    pub mitigations: BTreeMap<String, MitigationRecord>,
    /// Rules of all packs.
    pub rules: Catalogue,
    /// The ways to compute severities, of which a model names one.
    pub rubric: Rubrics,
    /// What a team added and changed; nothing in what is built in.
    pub by_team: ByTeam,
    /// What could not be read, besides rules. Empty for what is built in: a test says so.
    pub problems: Vec<String>,
}

impl Knowledge {
    /// What is compiled into the program, read on the first call; the rules of a pack when they are first asked for.
    /// Rules come without their examples: these are three quarters of the text and only prove the rules, which tests
    /// do from the files.
    pub fn builtin() -> Arc<Self> {
        static ONCE: OnceLock<Arc<Knowledge>> = OnceLock::new();
        Arc::clone(ONCE.get_or_init(|| Arc::new(Self::read_builtin())))
    }

    fn read_builtin() -> Self {
        let mut all = Self::default();
        let (facts, techs, mitigations) = (builtin::VOCABULARY, builtin::TECHNOLOGIES, builtin::MITIGATIONS);
        all.vocabulary = all.part(read::<Vec<FactDef>>(facts, "vocabulary").and_then(Vocabulary::new));
        all.technologies = all.part(read::<Vec<Technology>>(techs, "technologies").and_then(Technologies::new));
        let records: Vec<MitigationRecord> = all.part(read(mitigations, "mitigations"));
        all.mitigations = records.into_iter().map(|m| (m.id.clone(), m)).collect();
        let (rubrics, problems) = Rubrics::read(builtin::RUBRICS);
        all.rubric = rubrics;
        all.problems.extend(problems);
        all.rules = Catalogue::new(builtin::RULES);
        all
    }

    fn part<T: Default>(&mut self, read: Result<T, String>) -> T {
        read.unwrap_or_else(|why| {
            self.problems.push(why);
            T::default()
        })
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id)
    }

    /// The rules of some packs, by id: tier A, and those of tier B that are named themselves. `None` is `core` alone.
    /// What the team switched off is left out.
    pub fn active<'k>(&'k self, packs: Option<&'k [String]>) -> impl Iterator<Item = &'k Rule> {
        let names = named(packs);
        let packs: BTreeSet<&str> = names.iter().map(|name| catalogue::pack(name)).collect();
        let rules = packs.into_iter().flat_map(|pack| self.rules.of(pack));
        rules.filter(move |rule| is_named(rule, &names)).filter(|rule| !self.by_team.is_off(&rule.id))
    }

    /// The rules of some packs that say less because of the team, by id: nobody misses in a list what they would have
    /// said.
    pub fn silenced<'k>(&'k self, packs: Option<&'k [String]>) -> impl Iterator<Item = Silenced<'k>> {
        let names = named(packs);
        self.by_team.overrides.iter().filter_map(move |(rule, by)| {
            let is_asked = !by.off && self.rule(rule).is_some_and(|rule| is_named(rule, &names));
            let is_less = is_named(&by.before, &names) && (!is_asked || by.excludes);
            is_less.then_some(Silenced { rule, is_off: !is_asked, by })
        })
    }
}

/// What a model names; `core` where it names nothing.
fn named(packs: Option<&[String]>) -> BTreeSet<&str> {
    packs.map_or_else(|| ["core"].into(), |p| p.iter().map(String::as_str).collect())
}

/// Whether a rule is asked where these are named: itself, or its pack, if it is of tier A.
fn is_named(rule: &Rule, names: &BTreeSet<&str>) -> bool {
    names.contains(rule.id.as_str()) || rule.tier == Tier::A && names.contains(rule.pack())
}

fn read<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, String> {
    data::read(text, name).map_err(|diagnostic: Diagnostic| diagnostic.message)
}

impl Rule {
    /// The pack it belongs to.
    pub fn pack(&self) -> &str {
        catalogue::pack(&self.id)
    }
}
