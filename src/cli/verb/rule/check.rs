//! `rule check`: proves rules that are built in and rules in files, as the tests of this program do. JSON shape:
//! `sconce/rule-check/1`, see docs/json.md. What a proof is, `rules::prove` knows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::prose::wrapped;
use super::super::table::count;
use super::chosen;
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::file::{data, disk};
use crate::rules::language::Rule;
use crate::rules::{Knowledge, prove::prove};

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
    let (ids, files) = meant(context, &builtin, &parsed.texts("WHAT"))?;
    let whole = ids.iter().filter_map(|id| builtin.rules.whole(id));
    let mut cases: Vec<Case> = whole.map(|rule| Case { file: None, rule, wrong: Vec::new() }).collect();
    let mut knowledge = Knowledge::clone(&builtin);
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

/// Ids of rules that are built in, and files.
fn meant(context: &Context, builtin: &Knowledge, words: &[String]) -> Result<(Vec<String>, Vec<PathBuf>), Failure> {
    let (mut ids, mut files, mut own) = (Vec::new(), Vec::new(), Vec::new());
    let folder = context.rules_folder();
    if folder.is_dir() {
        collect(&folder, DEEPEST, &mut own)?;
    }
    if words.is_empty() {
        ids.extend(builtin.rules.iter().map(|rule| rule.id.clone()));
        files.append(&mut own);
    }
    for word in words {
        let path = Path::new(word);
        let is_path = word.contains(['/', '\\']) || path.extension().is_some_and(|end| end == "ron") || word == ".";
        let begins =
            |file: &&PathBuf| file.file_stem().is_some_and(|id| id.to_string_lossy().starts_with(word.as_str()));
        let of_team: Vec<PathBuf> = own.iter().filter(begins).cloned().collect();
        let is_known = !of_team.is_empty() || chosen(builtin, word).is_ok();
        if path.is_dir() && (is_path || !is_known) {
            let before = files.len();
            collect(path, DEEPEST, &mut files)?;
            if files.len() == before {
                let message =
                    format!("{}: there is no rule in this folder; rules are files named ID.ron", one_line(word));
                return Err(Failure::new(Exit::Usage, message));
            }
        } else if is_path {
            files.push(path.to_path_buf());
        } else {
            match chosen(builtin, word) {
                Err(_) if !of_team.is_empty() => {}
                found => ids.extend(found?.iter().map(|rule| rule.id.clone())),
            }
            files.extend(of_team);
        }
    }
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
