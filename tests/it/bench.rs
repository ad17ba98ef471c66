//! The bench: what the whole catalogue says about systems that are well built, and about the same systems with known
//! weaknesses. Every folder of `models/bench/` is one system with three files: `well-built.tm.ron`, `planted.tm.ron`,
//! and `planted.ron`, the list of what was planted. Nothing is named here: a new folder is tested by being there.
//! Single rules are not tested here; they prove themselves by their own examples.

mod files;
mod noise;
mod packs;
mod recall;
mod share;

use crate::rules::proof;
use sconce::analysis::{Analysis, ThreatRow};
use sconce::file;
use sconce::file::data;
use sconce::model::{Date, Severity, ThreatModel};
use sconce::rules::Knowledge;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The day on which the bench is judged.
const TODAY: Date = Date::constant(2026, 11, 25);

/// One weakness that was put into a model.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Planted {
    /// What an architect would say about it.
    weakness: String,
    /// Where a threat should appear; any one of them counts.
    at: Vec<String>,
    /// Rules that were written for it; any one of them counts. Empty where no rule was.
    rules: Vec<String>,
}

/// A model file, read once; evaluated once, and only when somebody asks.
struct Sheet {
    path: PathBuf,
    text: String,
    document: file::Document,
    analysis: OnceLock<Analysis>,
}

impl Sheet {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let knowledge = knowledge();
        let read = file::read_checked(&Arc::new(text.clone()), &knowledge.vocabulary, &knowledge.technologies);
        assert!(read.diagnostics.is_empty(), "{}: {:#?}", path.display(), read.diagnostics);
        let document = read.document.unwrap_or_else(|| panic!("{}: no model", path.display()));
        Self { path, text, document, analysis: OnceLock::new() }
    }

    fn model(&self) -> &ThreatModel {
        self.document.model()
    }

    fn analysis(&self) -> &Analysis {
        self.analysis.get_or_init(|| Analysis::of(self.model(), knowledge(), TODAY))
    }

    /// Threats that need somebody, as the program orders them.
    fn open(&self) -> impl Iterator<Item = &ThreatRow> {
        self.analysis().threats.iter().filter(|row| row.is_open())
    }

    /// The folder and the file, in the words of the bench.
    fn name(&self) -> String {
        let stem = self.path.file_name().unwrap().to_string_lossy().replace(".tm.ron", "");
        let folder = self.path.parent().unwrap().file_name().unwrap().to_string_lossy();
        if folder == "models" { stem } else { format!("{folder} {stem}") }
    }
}

/// A system of the bench. The files that a helper has not written yet are missed only by the tests that need them.
struct Bench {
    name: String,
    folder: PathBuf,
    well_built: OnceLock<Sheet>,
    planted: OnceLock<Sheet>,
}

impl Bench {
    fn well_built(&self) -> &Sheet {
        self.well_built.get_or_init(|| Sheet::read(self.folder.join("well-built.tm.ron")))
    }

    fn planted(&self) -> &Sheet {
        self.planted.get_or_init(|| Sheet::read(self.folder.join("planted.tm.ron")))
    }

    fn list(&self) -> Vec<Planted> {
        let path = self.folder.join("planted.ron");
        let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        data::read(&text, &path.display().to_string()).unwrap_or_else(|why| panic!("{}: {why:#?}", path.display()))
    }
}

/// Every system of the bench, by name; with `MODEL` in the environment those whose name contains it, so that one can
/// be worked on alone.
fn all() -> Vec<&'static Bench> {
    let only = std::env::var("MODEL").unwrap_or_default();
    let chosen: Vec<&Bench> = every().iter().filter(|bench| bench.name.contains(&only)).collect();
    assert!(!chosen.is_empty(), "no system of the bench has `{only}` in its name");
    chosen
}

/// Every system of the bench.
fn every() -> &'static [Bench] {
    static ALL: OnceLock<Vec<Bench>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut folders: Vec<PathBuf> = paths(&root().join("bench"));
        folders.retain(|path| path.is_dir());
        let name = |folder: &Path| folder.file_name().unwrap().to_string_lossy().into_owned();
        let bench = |folder: PathBuf| Bench {
            name: name(&folder),
            folder,
            well_built: OnceLock::new(),
            planted: OnceLock::new(),
        };
        folders.into_iter().map(bench).collect()
    })
}

/// The models that show the program in the middle of work. They are no part of the bench, but of the corpus.
fn demos() -> &'static [Sheet] {
    static DEMOS: OnceLock<Vec<Sheet>> = OnceLock::new();
    DEMOS.get_or_init(|| {
        let files = paths(&root()).into_iter().filter(|path| path.extension().is_some_and(|e| e == "ron"));
        files.map(Sheet::read).collect()
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// What the program knows, with the rules as they are on disk: whoever mends a rule sees at once what it says about
/// the bench. Another test holds what is built in against the directory.
fn knowledge() -> &'static Knowledge {
    static ONCE: OnceLock<Arc<Knowledge>> = OnceLock::new();
    ONCE.get_or_init(|| {
        let mut knowledge = Knowledge::clone(&Knowledge::builtin());
        for (id, text) in proof::files() {
            knowledge.rules.add(&id, &text);
        }
        assert_eq!(knowledge.rules.problems().collect::<Vec<_>>(), Vec::<&str>::new());
        Arc::new(knowledge)
    })
}

/// Questions and gaps, one a line: they are counted whole, whatever the screens show.
fn asked(analysis: &Analysis) -> Vec<String> {
    let mut lines = Vec::new();
    for question in &analysis.questions {
        let mut by_rules: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for subject in &question.subjects {
            by_rules.entry(subject.rules.join(" ")).or_default().push(subject.id.as_str());
        }
        let whom = by_rules.into_iter().map(|(rules, ids)| format!("{} ({rules})", ids.join(" ")));
        lines.push(format!("asks {} of {}", question.fact, whom.collect::<Vec<_>>().join(", ")));
    }
    lines.extend(analysis.lints.iter().map(|lint| format!("lint {} at {}: {}", lint.rule, lint.subject, lint.title)));
    lines
}

fn severity(row: &ThreatRow) -> &'static str {
    row.severity.map_or("unrated", Severity::name)
}
