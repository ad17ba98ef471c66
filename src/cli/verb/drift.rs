//! `drift`: where the model and the system no longer agree. The elements whose code changed since the model was reviewed,
//! with what to look at again; and with --deployment, what differs from the files by which the system is deployed (see
//! `deployment`). JSON shape: `sconce/drift/1`, see docs/json.md.

mod deployment;

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::load;
use super::prose::wrapped;
use super::table::count;
use crate::analysis::ThreatRow;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::exchange::inert_json;
use crate::model::{Id, ThreatModel};
use crate::review::drift::{Drift, Touched, drift};
use crate::review::git::{GitError, Repository};
use crate::workbench::Workbench;
use deployment::Compared;

/// Files, threats and facts shown of one element.
const MOST: usize = 8;

/// What drifted of the code, and what it was compared with.
struct Code {
    found: Drift,
    since: Since,
}

/// What the work tree is compared with.
enum Since {
    /// The commit of the model's review, as the model names it.
    Review(String),
    /// What the command line names.
    Reference(String),
    /// The command line says that nothing was before: nothing can have moved on.
    Nothing,
}

impl Since {
    /// For programs; `None` where nothing was compared.
    fn name(&self) -> Option<String> {
        match self {
            Self::Review(commit) => Some(format!("the review at {commit}")),
            Self::Reference(name) => Some(name.clone()),
            Self::Nothing => None,
        }
    }

    /// For people, with what is no word of ours as `code` writes it.
    fn words(&self, code: impl Fn(&str) -> String) -> String {
        // The whole id of a commit says no more than its beginning.
        let is_id = |name: &str| matches!(name.len(), 40 | 64) && name.bytes().all(|b| b.is_ascii_hexdigit());
        let short = |name: &str| code(if is_id(name) { &name[..10] } else { name });
        match self {
            Self::Review(commit) => format!("the review at {}", short(commit)),
            Self::Reference(name) => short(name),
            Self::Nothing => "the beginning, as --against names no commit".to_owned(),
        }
    }
}

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let bench = load::open(context, parsed.path("FILE"))?;
    let paths = parsed.paths("deployment");
    let compared = if paths.is_empty() { None } else { Some(deployment::compare(&paths, bench.model())?) };
    let reviewed = bench.model().system.reviewed.as_ref().and_then(|reviewed| reviewed.commit.as_ref());
    // Who asks for the deployment only, and has nothing to compare code with, is not kept from it.
    let is_only = compared.is_some() && reviewed.is_none() && parsed.get("against").is_none();
    let code = if is_only { None } else { Some(code(parsed, context, &bench)?) };
    if is_only {
        context.say("code was not compared: system.reviewed names no commit, and neither does --against REF");
    }
    let is_same = code.as_ref().is_none_or(|code| code.found.touched.is_empty() && code.found.unclaimed.is_empty());
    let is_drift = compared.as_ref().is_some_and(Compared::is_drift);
    match parsed.need("format") {
        "json" => {
            let value = value(code.as_ref(), compared.as_ref(), &bench);
            context.print(&inert_json(&format!("{value:#}\n")))?;
        }
        "markdown" => {
            let parts = [
                code.map(|code| markdown(&code.found, &bench, &code.since)),
                compared.map(|compared| compared.markdown(bench.model())),
            ];
            context.print(&parts.into_iter().flatten().collect::<Vec<_>>().join("\n"))?;
        }
        _ => {
            let parts = [
                code.map(|code| page(&code.found, &bench, &code.since)),
                compared.map(|compared| compared.page(bench.model())),
            ];
            let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
            context.print(&wrapped(&text, context.columns))?;
        }
    }
    Ok(if is_same && !is_drift { Exit::Fine } else { Exit::No })
}

fn code(parsed: &Parsed, context: &mut Context, bench: &Workbench) -> Result<Code, Failure> {
    let around = bench.path().map_or(context.folder.as_path(), Path::new).to_owned();
    let repository = Repository::around(&around).map_err(|error| {
        let is_outside = matches!(error, GitError::NoRepository(_));
        let mut failure = Failure::from(error);
        if is_outside && parsed.paths("deployment").is_empty() {
            failure.message += "\nwithout git a model is compared with deployment files: --deployment PATH";
        }
        failure
    })?;
    let (since, commit) = since(parsed, &repository, bench.model())?;
    let Some(commit) = commit else { return Ok(Code { found: Drift::default(), since }) };
    let own = bench.path().and_then(|path| repository.inside(path).ok());
    // That the model changed is no reason to look at the model again.
    let changed: Vec<String> =
        repository.changed_since(&commit)?.into_iter().filter(|file| Some(file) != own.as_ref()).collect();
    let found = drift(bench.model(), &changed);
    for (place, glob, why) in &found.unreadable {
        context.say(&one_line(&format!("{place}: the glob `{glob}` cannot be read: {why}")));
    }
    Ok(Code { found, since })
}

/// What is compared with, and its commit.
fn since(parsed: &Parsed, repository: &Repository, model: &ThreatModel) -> Result<(Since, Option<String>), Failure> {
    if let Some(reference) = parsed.get("against") {
        if Repository::is_nothing(reference) {
            return Ok((Since::Nothing, None));
        }
        let commit = repository.commit(reference)?;
        let head = repository.commit("HEAD")?;
        let commit = repository.parting(&commit, &head)?.commit;
        return Ok((Since::Reference(reference.to_owned()), Some(commit)));
    }
    let reviewed = model.system.reviewed.as_ref();
    let Some(commit) = reviewed.and_then(|reviewed| reviewed.commit.as_deref()) else {
        let message = "the model does not say at which commit it was reviewed (system.reviewed.commit)";
        return Err(Failure::new(Exit::Usage, format!("{message}; name what to compare with: --against REF")));
    };
    match repository.commit(commit) {
        Ok(whole) => Ok((Since::Review(commit.to_owned()), Some(whole))),
        Err(GitError::NoCommit(_)) => {
            let shallow = repository.is_shallow()?;
            let way =
                if shallow { "this clone is shallow: fetch more of its history, or" } else { "write another one, or" };
            let message = format!("the model was reviewed at {}, which is no commit here", one_line(commit));
            Err(Failure::new(Exit::Usage, format!("{message}; {way} name what to compare with: --against REF")))
        }
        Err(error) => Err(error.into()),
    }
}

fn open_threats<'r>(rows: &'r [ThreatRow], id: &Id) -> Vec<&'r ThreatRow> {
    rows.iter().filter(|row| row.is_open() && row.about.contains(id)).collect()
}

/// Facts that people stated about an element, which the change may have made untrue.
fn stated(model: &ThreatModel, id: &Id) -> Vec<String> {
    let facts = model.elements.get(id).map(|element| &element.facts);
    facts.into_iter().flatten().map(|(name, value)| format!("{name} {value}")).collect()
}

fn some(items: &[String]) -> String {
    let shown: Vec<String> = items.iter().take(MOST).map(|item| one_line(item)).collect();
    let more = if items.len() > MOST { format!(" and {} more", items.len() - MOST) } else { String::new() };
    shown.join(", ") + &more
}

fn severity(row: &ThreatRow) -> String {
    row.severity.map_or_else(|| "unrated".to_owned(), |severity| severity.name().to_owned())
}

/// The sentence that sums up, without a full stop.
fn sum(found: &Drift, since: &str) -> String {
    let unclaimed = count(found.unclaimed.len(), "file");
    match (found.touched.len(), found.unclaimed.is_empty()) {
        (0, true) => format!("no element's code changed since {since}"),
        (0, false) => format!("no element's code changed since {since}, but {unclaimed} that no element claims"),
        (n, true) => format!("the code of {} changed since {since}", count(n, "element")),
        (n, false) => {
            format!("the code of {} changed since {since}, and {unclaimed} that no element claims", count(n, "element"))
        }
    }
}

fn page(found: &Drift, bench: &Workbench, since: &Since) -> String {
    let rows = &bench.analysis().threats;
    let mut text = String::new();
    for Touched { element, files } in &found.touched {
        let _ = writeln!(
            text,
            "{} ({element}): {} changed",
            one_line(bench.model().name_of(element)),
            count(files.len(), "file")
        );
        let _ = writeln!(text, "  {}", some(files));
        for row in open_threats(rows, element) {
            let _ = writeln!(text, "  {} {} {}", row.id, severity(row), one_line(&row.title));
        }
        let facts = stated(bench.model(), element);
        if !facts.is_empty() {
            let _ = writeln!(text, "  still true? {}", some(&facts));
        }
        text.push('\n');
    }
    if !found.unclaimed.is_empty() {
        let _ = writeln!(text, "code of the system that no element claims: {}\n", some(&found.unclaimed));
    }
    text + &sum(found, &since.words(one_line)) + "\n"
}

/// A part of a comment on a pull request.
fn markdown(found: &Drift, bench: &Workbench, since: &Since) -> String {
    let rows = &bench.analysis().threats;
    // What is said about things of the file is said as code, which nothing in it can leave.
    let code = |text: &str| format!("`{}`", one_line(text).replace('`', "'"));
    let sum = sum(found, &since.words(code));
    let mut text = format!("{}{}.\n", sum[..1].to_uppercase(), &sum[1..]);
    for Touched { element, files } in &found.touched {
        let _ = writeln!(text, "\n**{}**: {}", code(bench.model().name_of(element)), count(files.len(), "file"));
        for row in open_threats(rows, element) {
            let _ = writeln!(text, "- open: {} {} {}", row.id, severity(row), code(&row.title));
        }
        let facts = stated(bench.model(), element);
        if !facts.is_empty() {
            let _ = writeln!(text, "- still true? {}", facts.iter().map(|f| code(f)).collect::<Vec<_>>().join(", "));
        }
    }
    if !found.unclaimed.is_empty() {
        let files: Vec<String> = found.unclaimed.iter().take(MOST).map(|file| code(file)).collect();
        let _ = writeln!(text, "\nNo element claims {}.", files.join(", "));
    }
    text
}

fn value(code: Option<&Code>, compared: Option<&Compared>, bench: &Workbench) -> serde_json::Value {
    let rows = &bench.analysis().threats;
    let of = |touched: &Touched| {
        let open = open_threats(rows, &touched.element);
        let threats: Vec<&str> = open.iter().map(|row| row.key.as_str()).collect();
        let facts = bench.model().elements.get(&touched.element).map(|element| &element.facts);
        let facts: Vec<&String> = facts.into_iter().flat_map(|facts| facts.keys()).collect();
        json!({ "element": touched.element.as_str(), "files": touched.files, "open_threats": threats, "facts": facts })
    };
    let touched = code.iter().flat_map(|code| &code.found.touched);
    json!({
        "schema": "sconce/drift/1",
        "since": code.and_then(|code| code.since.name()),
        "touched": touched.map(of).collect::<Vec<_>>(),
        "unclaimed": code.iter().flat_map(|code| &code.found.unclaimed).collect::<Vec<_>>(),
        "deployment": compared.map(Compared::value),
    })
}
