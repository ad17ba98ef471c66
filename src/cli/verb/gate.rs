//! `gate`: does a model hold the policy. What is judged and how it is reported is `review`'s; here are the files, the
//! exit code, and the text for people.

mod before;
mod out;
mod policy;
mod record;
mod text;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::load;
use crate::cli::context::{Context, Exit, Failure as Stop, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::Span;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::render::Source;
use crate::review::gate::{Before, Case, Judged, Verdict, judge, wants_review};
use crate::review::git::Repository;
use crate::review::policy::{Level, Policy};
use crate::review::report::{Lines, Report};
use crate::workbench::{Workbench, knowledge_of};
use before::Was;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let outs = out::named(parsed)?;
    let records = record::named(parsed, &outs)?;
    let path = context.model_file(parsed.path("FILE"))?;
    if parsed.is_set("new-only") && parsed.get("against").is_none() {
        let message = "--new-only needs an earlier model to compare with: give --against REF, such as origin/main";
        return Err(Stop::new(Exit::Usage, message));
    }
    let Opened { bench, policy, earlier } = open(parsed, &path, context)?;
    let (compared, was) = earlier.map(|found| (found.told, found.was)).unzip();
    let before = match &was {
        None => Before::Nothing,
        Some(Was::Nothing) => Before::First,
        Some(Was::Same(_)) => Before::Same,
        Some(Was::Model(earlier)) => Before::Model(Judged { model: &earlier.0, analysis: &earlier.1 }),
    };
    let (file, today) = (quoted(&path), bench.sitting().today);
    let head = wants_review(bench.model(), &policy.policy, today).then(|| head(&path)).flatten();
    let verdict = judge(&Case {
        now: Judged { model: bench.model(), analysis: bench.analysis() },
        before,
        new_only: parsed.is_set("new-only"),
        knowledge: bench.knowledge(),
        policy: &policy.policy,
        today,
        file: &file,
        head: head.as_deref(),
        explain: parsed.is_set("explain"),
    });
    let (from_top, format) = (from_top(&path), parsed.need("format"));
    // The text for people finds the places of the lines that it shows.
    let places = if format == "text" && outs.is_empty() { Vec::new() } else { places(&verdict, &bench) };
    let report = Report {
        verdict: &verdict,
        places: &places,
        policy: &policy.policy,
        policy_file: policy.file.as_ref().map(|file| file.name.as_str()),
        file: &from_top,
        system: &bench.model().system.name,
        knowledge: bench.knowledge(),
        against: parsed.get("against"),
        today,
    };
    let written = out::write(&outs, &report);
    // Before it is shown: who reads it may have seen enough, and a run is a run.
    let recorded = record::record(&records, &report, &bench, &policy, context.moment(parsed));
    let (compared, explain) = (compared.as_deref(), parsed.is_set("explain"));
    let page = text::Page { verdict: &verdict, bench: &bench, path: &path, policy: &policy, compared, explain };
    show(&page, format, &report, context)?;
    if let (Err(_), Err(also)) = (&written, &recorded) {
        context.report(also);
    }
    written.and(recorded)?;
    Ok(if verdict.passes() || parsed.is_set("exit-zero") { Exit::Fine } else { Exit::No })
}

/// What is judged, by what, and what it is compared with.
struct Opened {
    bench: Workbench,
    policy: Held,
    earlier: Option<before::Found>,
}

/// Opens the model, and meanwhile asks git about it: whether a merge of it is finished, and what it was before. What is
/// wrong with the model is said first.
fn open(parsed: &Parsed, path: &Path, context: &mut Context) -> Result<Opened, Stop> {
    let knowledge = knowledge_of(path).map_err(|wrong| load::misread(&wrong))?;
    let (today, reference) = (context.sitting().today, parsed.get("against"));
    std::thread::scope(|scope| {
        let find = |reference| before::find(path, reference, &knowledge, today);
        let asked = scope.spawn(move || reference.map(find).transpose());
        let merging = scope.spawn(|| load::unfinished(path));
        let bench = load::open_by(context, path, Arc::clone(&knowledge))?;
        let broken = |_| Stop::new(Exit::Environment, "git could not be asked about the model");
        if let Some(error) = merging.join().map_err(broken)? {
            load::show(context, &[error], path, bench.original());
            return Err(Stop::said(Exit::Invalid));
        }
        let policy = policy::of(context, parsed.get("policy"), path, &bench)?;
        let mut earlier = asked.join().map_err(broken)??;
        if let Some(found) = &mut earlier
            && let Was::Same(text) = &found.was
            && **text != *bench.source()
        {
            // Somebody saved the file in between.
            found.was = before::judged(text, &knowledge, today);
        }
        let is_asked = [policy.policy.questions.level, policy.policy.coverage.level].iter().any(|l| *l != Level::Off);
        if is_asked {
            earlier = earlier.map(|found| {
                let was = before::with_questions(found.was, &knowledge, today);
                before::Found { was, ..found }
            });
        }
        Ok(Opened { bench, policy, earlier })
    })
}

/// The commit that is checked out around a model, as people write it.
fn head(path: &Path) -> Option<String> {
    let whole = path.canonicalize().ok()?;
    let commit = Repository::around(&whole).and_then(|git| git.commit("HEAD")).ok()?;
    commit.get(..12).map(str::to_owned)
}

/// Prints the verdict; beside a report for programs what people should know.
fn show(page: &text::Page<'_>, format: &str, report: &Report<'_>, context: &mut Context) -> Result<(), Stop> {
    if format == "text" {
        return page.print(context);
    }
    page.notices(context);
    context.print(&out::made(format, report))?;
    context.say(&page.summary());
    Ok(())
}

/// Where the failures stand, by lines.
fn places(verdict: &Verdict, bench: &Workbench) -> Vec<Lines> {
    let source = Source { name: "", text: bench.source() };
    let spans: Vec<Span> = verdict.failures.iter().map(|f| bench.whole_of(&f.at).unwrap_or_default()).collect();
    let ends = source.positions(spans.iter().flat_map(|span| [span.start, span.end]));
    let place = |pair: &[(usize, usize)]| {
        let ((line, column), (end_line, end_column)) = (pair[0], pair[1]);
        // A region has at least one character.
        let end_column = if (line, column) == (end_line, end_column) { column + 1 } else { end_column };
        Lines { line, column, end_line, end_column }
    };
    ends.chunks_exact(2).map(place).collect()
}

/// A path from the top of its repository with slashes; outside of one as it was named.
pub(super) fn from_top(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let top = whole.ancestors().skip(1).find(|folder| folder.join(".git").exists());
    let named = top.and_then(|top| whole.strip_prefix(top).ok()).unwrap_or(path);
    let parts: Vec<String> = named.components().map(|part| one_line(&part.as_os_str().to_string_lossy())).collect();
    parts.join("/")
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = one_line(&path.to_string_lossy());
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// The policy of a model and its file as it is shown, `None` for the built-in one; for verbs that do not judge.
pub(super) fn policy_of(
    context: &mut Context,
    model: &Path,
    bench: &Workbench,
) -> Result<(Policy, Option<PathBuf>), Stop> {
    let held = policy::of(context, None, model, bench)?;
    Ok((held.policy, held.file.map(|file| file.shown)))
}

/// A policy that was read, with its file.
struct Held {
    policy: Policy,
    /// `None` for the built-in one.
    file: Option<PolicyFile>,
}

/// The file of a policy.
struct PolicyFile {
    /// From the top of the repository.
    name: String,
    /// As it is shown here.
    shown: PathBuf,
    text: String,
}
