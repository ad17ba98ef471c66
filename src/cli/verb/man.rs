//! `man`: the man page, from the command table: every verb with its paragraph and options, and the keys.

use std::fmt::Write as _;

use clap_mangen::Man;

use crate::analysis::FILTER_HELP;
use crate::cli::context::{Context, Exit, Outcome};
use crate::cli::parse::command;
use crate::command::{ACTIONS, Arg, ArgKind, VERBS};

/// What is read of the environment.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("COLUMNS", "Columns that text to read is broken at, where they are not those of the terminal."),
    ("NO_COLOR", "Draws the workbench without colours."),
    (
        "SCONCE_CACHE_DIR",
        "Folder for what earlier versions of models say, instead of the one for what can be made again.",
    ),
    ("SCONCE_STATE_DIR", "Folder for journals of unsaved work, instead of the one for the state of programs."),
    ("SCONCE_THEME", "Colours of the workbench: dark, light, sixteen or mono."),
];

pub(crate) fn run(context: &mut Context) -> Outcome {
    let man = Man::new(command());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    let mut page = String::from_utf8_lossy(&page).into_owned();
    page.push_str(".SH VERBS\n");
    for verb in VERBS {
        let _ = write!(page, ".TP\n\\fB{}\\fR\n{}. {}\n", verb.name, escape(verb.summary), escape(verb.doc));
        for arg in verb.args {
            let _ = write!(page, ".br\n\\fI{}\\fR: {}\n", escape(&spelt(arg)), escape(arg.help));
        }
    }
    page.push_str(".SH FILTERS\nWhat \\fB\\-\\-filter\\fR and the filter of the workbench understand:\n");
    for (word, meaning) in FILTER_HELP {
        let _ = write!(page, ".TP\n\\fB{}\\fR\n{}\n", escape(word), escape(meaning));
    }
    page.push_str(".SH KEYS OF THE WORKBENCH\n");
    for action in ACTIONS.iter().filter(|a| !a.keys.is_empty()) {
        let _ = write!(page, ".TP\n\\fB{}\\fR\n{}\n", escape(&action.keys.join(", ")), escape(action.doc));
    }
    page.push_str(
        ".SH EXIT STATUS\n0 fine; 1 the answer is no; 2 usage, configuration or a file that cannot be opened; \
         3 an invalid model; 4 internal or environment; 128 and the number of a signal that ended the workbench.\n",
    );
    page.push_str(".SH ENVIRONMENT\n");
    for (name, meaning) in ENVIRONMENT {
        let _ = write!(page, ".TP\n\\fB{name}\\fR\n{}\n", escape(meaning));
    }
    context.print(&page)?;
    Ok(Exit::Fine)
}

/// An argument as it is typed.
fn spelt(arg: &Arg) -> String {
    match arg.kind {
        ArgKind::Needed => arg.name.to_owned(),
        ArgKind::Optional => format!("[{}]", arg.name),
        ArgKind::Many => format!("[{}]...", arg.name),
        ArgKind::Switch => format!("--{}", arg.name),
        ArgKind::Value(value) => format!("--{} {value}", arg.name),
        ArgKind::Values(value) => format!("--{} {value}...", arg.name),
        ArgKind::Choice(words) => format!("--{} {}", arg.name, words.join("|")),
    }
}

/// Text that roff takes literally.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}
