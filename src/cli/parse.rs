//! The command table as a `clap` command, and parsed arguments by name. No verb is named here.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::command::{Arg, ArgKind, GLOBAL, Group, VERBS, Verb, VerbRow};
use crate::diagnostic::inert::one_line;
use crate::diagnostic::meant;

/// Arguments of one command line.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The verb; none opens the workbench.
    pub(crate) verb: Option<Verb>,
    matches: clap::ArgMatches,
}

impl Parsed {
    /// The text of an argument.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.matches.try_get_one::<String>(name).ok().flatten().map(String::as_str)
    }

    /// The text of an argument that the table declares needed or with a default.
    pub(crate) fn need(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// An argument as a path.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.matches.try_get_one::<PathBuf>(name).ok().flatten().cloned()
    }

    /// A repeated argument as paths.
    pub(crate) fn paths(&self, name: &str) -> Vec<PathBuf> {
        self.matches.try_get_many::<PathBuf>(name).ok().flatten().map(|v| v.cloned().collect()).unwrap_or_default()
    }

    /// A repeated argument as texts.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.matches.try_get_many::<String>(name).ok().flatten().map(|v| v.cloned().collect()).unwrap_or_default()
    }

    /// Whether a switch was given.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        matches!(self.matches.try_get_one::<bool>(name), Ok(Some(true)))
    }
}

/// Parses a command line, the program's name first.
pub(crate) fn parse(args: Vec<OsString>) -> Result<Parsed, clap::Error> {
    let word = args.get(1).and_then(|word| word.to_str()).map(str::to_owned);
    let mut matches = command().try_get_matches_from(args).map_err(|error| misspelt(word.as_deref(), error))?;
    let file = matches.contains_id("FILE");
    Ok(match matches.remove_subcommand() {
        Some((name, _)) if file => {
            let message = format!("a verb comes before its arguments: `sconce {name} FILE`\n");
            let error = command().error(clap::error::ErrorKind::ArgumentConflict, message);
            return Err(misspelt(word.as_deref(), error));
        }
        Some((name, mut matches)) => {
            let (name, matches) = match matches.remove_subcommand() {
                Some((second, matches)) => (format!("{name} {second}"), matches),
                None if VERBS.iter().all(|row| row.name != name) => {
                    let message = format!("`sconce {name}` needs another word\n\n{}", members(&name).trim_end());
                    return Err(command().error(clap::error::ErrorKind::MissingSubcommand, message));
                }
                None => (name, matches),
            };
            Parsed { verb: VERBS.iter().find(|v| v.name == name).map(|v| v.id), matches }
        }
        None => Parsed { verb: None, matches },
    })
}

/// An argument too many often follows a verb that was misspelt, and so taken for a file.
fn misspelt(word: Option<&str>, error: clap::Error) -> clap::Error {
    let verbs = || VERBS.iter().map(|row| row.name.split(' ').next().unwrap_or(row.name));
    let is_no_verb = |word: &&str| !word.starts_with('-') && verbs().all(|verb| verb != *word);
    let near = word.filter(is_no_verb).and_then(|word| Some((word, meant(word, verbs())?)));
    let kinds = [clap::error::ErrorKind::UnknownArgument, clap::error::ErrorKind::ArgumentConflict];
    match near.filter(|_| kinds.contains(&error.kind())) {
        Some((word, near)) => {
            let message = format!("there is no verb `{}`; did you mean `{near}`?\n", one_line(word));
            command().error(clap::error::ErrorKind::InvalidSubcommand, message)
        }
        None => error,
    }
}

/// The whole command line.
pub(crate) fn command() -> clap::Command {
    let file = Arg { name: "FILE", kind: ArgKind::Optional, help: "Model file to open; found when left out" };
    let mut command = clap::Command::new("sconce")
        .version(env!("CARGO_PKG_VERSION"))
        .about("A threat-modeling workbench for the terminal")
        .long_about(
            "A threat-modeling workbench for the terminal.\n\nWithout a verb it opens the model in the workbench; \
             where standard output is no terminal it prints the model's overview.",
        )
        .after_help(verb_list())
        .subcommand_value_name("VERB")
        .override_usage("sconce [OPTIONS] [FILE]\n       sconce VERB [ARGUMENTS]")
        .help_template("{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}")
        .arg(argument(&file));
    for arg in GLOBAL {
        command = command.arg(argument(arg).global(true));
    }
    let mut verbs: Vec<clap::Command> = Vec::new();
    for row in VERBS {
        match row.name.split_once(' ') {
            None => verbs.push(subcommand(row, row.name)),
            Some((first, _)) if verbs.iter().any(|verb| verb.get_name() == first) => {}
            Some((first, _)) => verbs.push(family(first)),
        }
    }
    command.subcommands(verbs)
}

/// Verbs of two words that begin alike, such as `rule list`.
fn family(first: &'static str) -> clap::Command {
    let rows = || VERBS.iter().filter_map(|row| Some((row, row.name.strip_prefix(first)?.strip_prefix(' ')?)));
    clap::Command::new(first)
        .about(format!("Verbs that begin with `{first}`"))
        .subcommand_value_name("VERB")
        .override_usage(format!("sconce {first} VERB [ARGUMENTS]"))
        .help_template("{usage-heading} {usage}{after-help}")
        .after_help(format!("Verbs (sconce {first} VERB --help tells more):\n{}", members(first)))
        .args(GLOBAL.iter().map(|arg| argument(arg).hide(true)))
        .disable_help_subcommand(true)
        .subcommands(rows().map(|(row, second)| subcommand(row, second)))
        .hide(true)
}

/// The list of such verbs.
fn members(first: &str) -> String {
    let is_member = |row: &&VerbRow| row.name.strip_prefix(first).is_some_and(|rest| rest.starts_with(' '));
    VERBS.iter().filter(is_member).map(line).collect()
}

fn subcommand(row: &VerbRow, name: &'static str) -> clap::Command {
    clap::Command::new(name)
        .about(row.summary)
        .long_about(format!("{}.\n\n{}", row.summary, row.doc))
        .args(row.args.iter().map(argument))
        .args(
            GLOBAL.iter().filter(|arg| row.args.iter().all(|a| a.name != arg.name)).map(|arg| argument(arg).hide(true)),
        )
        .hide(true)
}

fn argument(arg: &Arg) -> clap::Arg {
    let base = clap::Arg::new(arg.name).help(arg.help);
    let is_path = matches!(arg.name, "FILE" | "INPUT" | "OUTPUT" | "BASE" | "OURS" | "THEIRS" | "deployment");
    let by_place = |a: clap::Arg| if is_path { a.value_parser(clap::value_parser!(PathBuf)) } else { a };
    match arg.kind {
        ArgKind::Needed => by_place(base).required(true),
        ArgKind::Optional => by_place(base),
        ArgKind::Many => by_place(base).num_args(0..),
        ArgKind::Switch => base.long(arg.name).action(clap::ArgAction::SetTrue),
        ArgKind::Value(value) => base.long(arg.name).value_name(value),
        ArgKind::Values(value) => by_place(base).long(arg.name).value_name(value).action(clap::ArgAction::Append),
        ArgKind::Choice(words) => {
            base.long(arg.name).value_name("KIND").value_parser(words.to_vec()).default_value(words[0])
        }
    }
}

/// The verbs by group, as the end of the help page.
fn verb_list() -> String {
    let mut text = String::from("Verbs (sconce VERB --help tells more):\n");
    for group in Group::ALL {
        for row in VERBS.iter().filter(|v| v.group == *group) {
            text.push_str(&line(row));
        }
    }
    text
}

fn line(row: &VerbRow) -> String {
    format!("  {:<14} {}\n", row.name, row.summary)
}
