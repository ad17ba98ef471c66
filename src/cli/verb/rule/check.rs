//! `rule check`: proves rules that are built in, a team's own and those in other files, as the tests of this program
//! do. JSON shape: `sconce/rule-check/1`, see docs/json.md. What a proof is, `rules::prove` knows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::load;
use super::super::prose::wrapped;
use super::super::table::count;
use super::chosen;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::diagnostic::render::text;
use crate::file::{data, disk};
use crate::rules::language::Rule;
use crate::rules::team::Team;
use crate::rules::{Knowledge, prove::prove};
use crate::workbench::team_in;

/// Folders within folders that are looked into.
const DEEPEST: usize = 8;

/// A rule to be proven.
struct Case {
    /// Where it was read from; none of what is built in.
    file: Option<PathBuf>,
    rule: Rule,
    /// What is wrong about the file, before anything is proven.
    wrong: Vec<String>,
}

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let builtin = Knowledge::builtin();
    let of_team = team_in(&context.folder).map_err(|wrong| load::misread(&wrong))?;
    let team = of_team.unwrap_or_else(|| Team { knowledge: Knowledge::clone(&builtin), rules: Vec::new() });
    let (ids, files) = meant(context, &team.knowledge, &parsed.texts("WHAT"))?;
    let mut knowledge = team.knowledge;
    for notice in &knowledge.by_team.notices {
        context.say(&text(&notice.diagnostic, notice.source()));
        context.say("");
    }
    let mut cases: Vec<Case> = Vec::new();
    for id in ids {
        // What is changed by an override is proven as it is written.
        let own = team.rules.iter().find(|rule| rule.id == id).cloned();
        let file = knowledge.by_team.rules.get(&id).map(PathBuf::from);
        cases.extend(own.or_else(|| builtin.rules.whole(&id)).map(|rule| Case { file, rule, wrong: Vec::new() }));
    }
    let (mut exit, mut unread) = (Exit::Fine, Vec::new());
    for path in files {
        match read(&path, &mut knowledge) {
            Ok(case) => cases.push(case),
            Err(failure) => {
                unread.push(json!({ "file": path.to_string_lossy(), "unreadable": failure.message }));
                // The other rules are proven all the same.
                let failed = context.report(&failure);
                exit = if failed.code() > exit.code() { failed } else { exit };
            }
        }
    }
    twice(&mut cases);
    let is_json = parsed.need("format") == "json";
    let (mut counts, mut values) = ([0, 0, unread.len()], unread);
    for mut case in cases {
        case.wrong.extend(prove(&case.rule, &knowledge));
        counts[usize::from(!case.wrong.is_empty())] += 1;
        if is_json {
            values.push(value(&case));
        } else {
            context.print(&wrapped(&report(&case), context.columns))?;
        }
    }
    if counts[1] > 0 && exit == Exit::Fine {
        exit = Exit::No;
    }
    if is_json {
        context.print_json(&json!({ "schema": "sconce/rule-check/1", "ok": exit == Exit::Fine, "rules": values }))?;
    } else {
        context.print(&total(counts))?;
    }
    Ok(exit)
}

/// Ids of rules that are built in or the team's own, and files of others.
fn meant(context: &Context, knowledge: &Knowledge, words: &[String]) -> Result<(Vec<String>, Vec<PathBuf>), Failure> {
    let (mut ids, mut files) = (Vec::new(), Vec::new());
    if words.is_empty() {
        ids.extend(knowledge.rules.iter().map(|rule| rule.id.clone()));
    }
    for word in words {
        let path = Path::new(word);
        let is_path = word.contains(['/', '\\']) || path.extension().is_some_and(|end| end == "ron") || word == ".";
        if path.is_dir() && (is_path || chosen(knowledge, word).is_err()) {
            let mut found = Vec::new();
            collect(path, DEEPEST, &mut found)?;
            // Beside the packs of a team there are its facts, technologies and the like, which are no rules.
            let beside = context.rules_folder().canonicalize().ok();
            found.retain(|file| beside.is_none() || file.parent().and_then(|at| at.canonicalize().ok()) != beside);
            if found.is_empty() {
                let message =
                    format!("{}: there is no rule in this folder; rules are files named ID.ron", one_line(word));
                return Err(Failure::new(Exit::Usage, message));
            }
            files.append(&mut found);
        } else if is_path {
            files.push(path.to_path_buf());
        } else {
            ids.extend(chosen(knowledge, word)?.iter().map(|rule| rule.id.clone()));
        }
    }
    // The team's own have been read already.
    let own = |(id, name): (&String, &String)| Some((context.root().join(name).canonicalize().ok()?, id.clone()));
    let own: BTreeMap<PathBuf, String> = knowledge.by_team.rules.iter().filter_map(own).collect();
    let known = |file: &PathBuf| file.canonicalize().ok().and_then(|file| own.get(&file));
    ids.extend(files.iter().filter_map(known).cloned());
    files.retain(|file| known(file).is_none());
    ids.sort();
    ids.dedup();
    files.sort();
    files.dedup();
    Ok((ids, files))
}

/// The rule files in a folder and the folders in it, sorted. Links to folders are not followed.
fn collect(folder: &Path, deep: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        let (why, help) = disk::plain(&error);
        Failure::new(Exit::Usage, format!("{}: {why}; {help}", one_line(&folder.to_string_lossy())))
    })?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !path.is_symlink() && deep > 0 && !is_hidden {
            collect(&path, deep - 1, files)?;
        } else if !is_hidden && !path.is_dir() && path.extension().is_some_and(|end| end == "ron") {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads a rule and lays it over what is known.
fn read(path: &Path, knowledge: &mut Knowledge) -> Result<Case, Failure> {
    let opened = disk::open(path).map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let name = one_line(&path.to_string_lossy());
    let rule: Rule = data::read(&opened.text, &name).map_err(|why| Failure::new(Exit::Invalid, why.message))?;
    knowledge.rules.add(&rule.id, &opened.text);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut wrong = Vec::new();
    if stem != rule.id {
        wrong.push(format!("the id in the file is `{0}`: name the file {0}.ron, or change the id", one_line(&rule.id)));
    }
    Ok(Case { file: Some(path.to_path_buf()), rule, wrong })
}

/// Rules that several files hold.
fn twice(cases: &mut [Case]) {
    let mut first: BTreeMap<String, PathBuf> = BTreeMap::new();
    for case in cases {
        let Some(file) = case.file.clone() else { continue };
        if let Some(other) = first.get(&case.rule.id) {
            case.wrong.push(format!("{} has the same id", one_line(&other.to_string_lossy())));
        } else {
            first.insert(case.rule.id.clone(), file);
        }
    }
}

/// A line for each thing that is wrong.
fn report(case: &Case) -> String {
    let at = match &case.file {
        Some(file) => one_line(&file.to_string_lossy()),
        None => case.rule.id.clone(),
    };
    case.wrong.iter().flat_map(|wrong| [at.clone(), ": ".to_owned(), one_line(wrong), "\n".to_owned()]).collect()
}

/// Rules that are proven, rules that are not, and files that are no rules.
fn total([proven, failed, unread]: [usize; 3]) -> String {
    let mut text = format!("{} proven", count(proven, "rule"));
    if failed > 0 {
        let _ = write!(text, ", {failed} not");
    }
    if unread > 0 {
        let _ = write!(text, ", {} not read", count(unread, "file"));
    }
    text + "\n"
}

fn value(case: &Case) -> Value {
    json!({
        "rule": case.rule.id,
        "file": case.file.as_ref().map(|file| file.to_string_lossy()),
        "proven": case.wrong.is_empty(),
        "wrong": case.wrong,
    })
}
