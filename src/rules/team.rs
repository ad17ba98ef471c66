//! A team's own rules: what it adds to the built-in ones and what it changes about them, each change with a reason.
//! It reads no file, proves no rule and half-reads nothing: one error, and there is no knowledge at all.

mod overrides;
mod records;

use super::catalogue::pack;
use super::check::check;
use super::language::Rule;
use super::{Knowledge, builtin};
use crate::diagnostic::{At, Diagnostic, InFile, Span, meant};
use crate::file::data;
use crate::file::team::{Folder, Text};
use crate::model::OWN_PACK;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

pub use overrides::{Effect, Overridden};

/// The codes of this module with what they mean. What cannot be read at all has the codes of `file`.
pub const CODES: &[(&str, &str)] = &[
    ("bad-override", "a team's override asks for what cannot be"),
    ("bad-record", "a team's fact, technology or mitigation cannot be as it is written"),
    ("bad-rule", "a team's rule cannot be as it is written"),
    ("idle-override", "a team's override has no effect"),
    ("not-named-so", "a file of a team's rules has a name that means nothing, or another than its rule"),
    ("taken", "a team's rule, fact, technology or mitigation has a name that is in use"),
];

/// What a team added and changed. Nothing of it for what is built in.
#[derive(Clone, Debug, Default)]
pub struct ByTeam {
    /// The folder it was read from; `None` where there is none.
    pub folder: Option<String>,
    /// Packs that have no rules but the team's.
    pub packs: BTreeSet<String>,
    /// The team's own rules, by id, each with its file.
    pub rules: BTreeMap<String, String>,
    /// Rules that the team changed, by id.
    pub overrides: BTreeMap<String, Overridden>,
    /// What is not wrong, but probably not meant either.
    pub notices: Vec<InFile>,
}

impl ByTeam {
    /// Whether the team switched a rule off.
    pub fn is_off(&self, rule: &str) -> bool {
        self.overrides.get(rule).is_some_and(|by| by.off)
    }
}

/// A rule that says less because of the team.
#[derive(Clone, Copy, Debug)]
pub struct Silenced<'k> {
    /// The rule.
    pub rule: &'k str,
    /// Whether it is not asked at all; else it is silent where a condition holds.
    pub is_off: bool,
    /// The override that says so.
    pub by: &'k Overridden,
}

/// A team's own rules, read.
#[derive(Clone, Debug)]
pub struct Team {
    /// The built-in knowledge with the team's laid over it.
    pub knowledge: Knowledge,
    /// The team's own rules as they are written, with their examples: what there is to prove, by id.
    pub rules: Vec<Rule>,
}

/// Understands what is in a team's folder. Everything that is wrong is said, each with its file and place.
pub fn read(folder: &Folder) -> Result<Team, Vec<InFile>> {
    let mut team = Reader { knowledge: Knowledge::clone(&Knowledge::builtin()), rules: Vec::new(), found: Vec::new() };
    team.knowledge.by_team.folder = Some(folder.name.clone());
    let mut orders = Vec::new();
    let mut is_named = true;
    for text in &folder.texts {
        let before = team.found.len();
        match (text.pack.as_deref(), text.stem.as_str()) {
            (Some(pack), _) => team.rule(text, pack),
            (None, "overrides") => orders = team.list(text).into_iter().map(|(at, order)| (text, at, order)).collect(),
            (None, "vocabulary") => team.facts(text),
            (None, "technologies") => team.technologies(text),
            (None, "mitigations") => team.mitigations(text),
            (None, _) => team.stray(text),
        }
        is_named &= text.pack.is_some() || team.found.len() == before;
    }
    // What is said about names would often follow from what could not be read of those.
    if is_named {
        for text in folder.texts.iter().filter(|text| text.pack.is_none()) {
            team.stated(text);
        }
        team.check();
        team.change(orders);
    }
    let Reader { knowledge, rules, found } = team;
    if found.is_empty() {
        Ok(Team { knowledge, rules: rules.into_iter().map(|(_, rule)| rule).collect() })
    } else {
        Err(found)
    }
}

struct Reader<'t> {
    knowledge: Knowledge,
    rules: Vec<(&'t Text, Rule)>,
    found: Vec<InFile>,
}

impl<'t> Reader<'t> {
    fn error(&mut self, text: &Text, code: &'static str, at: At, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::error(code, at, message).help(help);
        self.found.push(in_file(text, diagnostic));
    }

    /// The records of a file.
    fn list<T: DeserializeOwned>(&mut self, text: &Text) -> Vec<(Span, T)> {
        data::records(&text.text).unwrap_or_else(|wrong| {
            self.found.extend(wrong.into_iter().map(|d| in_file(text, readable(d))));
            Vec::new()
        })
    }

    fn stray(&mut self, text: &Text) {
        let names = "overrides, vocabulary, technologies, mitigations";
        let help = match meant(&text.stem, names.split(", ")) {
            Some(near) => format!("did you mean {near}.ron?"),
            None => format!(
                "beside the folders of packs there are {}.ron; a rule belongs into the folder of its pack",
                names.replace(", ", ".ron, ")
            ),
        };
        self.error(text, "not-named-so", At::File, format!("a file {}.ron means nothing here", text.stem), &help);
    }

    /// Takes a rule in. Its conditions are looked at when everything they can name is known.
    fn rule(&mut self, text: &'t Text, folder: &str) {
        let rule: Rule = match data::record(&text.text) {
            Ok(rule) => rule,
            Err(wrong) => return self.found.push(in_file(text, readable(wrong))),
        };
        let at = place(&text.text, Span::new(0, text.text.len()), &rule.id);
        if rule.id != text.stem {
            let message = format!("the file is named {}.ron, its rule `{}`", text.stem, rule.id);
            self.error(text, "not-named-so", at, message, "give both the same name, such as acme.d.no-quota");
        } else if pack(&rule.id) != folder {
            let message = format!("the rule is of the pack `{}`, and the folder is `{folder}`", pack(&rule.id));
            self.error(
                text,
                "not-named-so",
                at,
                message,
                "a rule lies in the folder of its pack, its id up to the dot",
            );
        } else if folder == OWN_PACK {
            let message = "the pack `own` is for threats that are written by hand";
            self.error(text, "taken", at, message, "give the pack another name");
        } else if builtin::RULES.iter().any(|(id, _)| *id == rule.id) {
            let message = format!("`{}` is a built-in rule", rule.id);
            let help = "give yours another id; to change the built-in one, write an override in overrides.ron";
            self.error(text, "taken", at, message, help);
        }
        // What it says is looked at all the same, unless its name belongs to something else.
        if folder != OWN_PACK && !builtin::RULES.iter().any(|(id, _)| *id == rule.id) {
            self.rules.push((text, rule));
        }
    }

    /// Lays the rules over the built-in ones and looks at what they say.
    fn check(&mut self) {
        let packs: BTreeSet<String> = self.knowledge.rules.packs().map(str::to_owned).collect();
        for (text, rule) in &self.rules {
            self.knowledge.rules.put(rule.clone());
            self.knowledge.by_team.rules.insert(rule.id.clone(), text.name.clone());
            self.knowledge.by_team.packs.extend(Some(rule.pack().to_owned()).filter(|pack| !packs.contains(pack)));
        }
        for (text, rule) in &self.rules {
            for wrong in check(rule, &self.knowledge) {
                let at = named(&text.text, Span::new(0, text.text.len()), &wrong, &rule.id);
                let diagnostic = Diagnostic::error("bad-rule", at, wrong).help(LANGUAGE);
                self.found.push(in_file(text, diagnostic));
            }
        }
    }
}

/// Characters of a message.
const LONGEST_MESSAGE: usize = 400;
/// Where the language is described.
const LANGUAGE: &str =
    "`sconce rule new ID` writes a rule that explains itself; docs/team-rules.md shows the other files";

/// A diagnostic of the reader with a way out.
fn readable(diagnostic: Diagnostic) -> Diagnostic {
    let help = match diagnostic.message.as_str() {
        "the field `reason` is missing" => "say in a sentence why: reason: \"…\"",
        _ => LANGUAGE,
    };
    diagnostic.help(help)
}

fn in_file(text: &Text, mut diagnostic: Diagnostic) -> InFile {
    // A message quotes names, which can be as long as a file.
    if let Some((cut, _)) = diagnostic.message.char_indices().nth(LONGEST_MESSAGE) {
        diagnostic.message.truncate(cut);
        diagnostic.message.push('…');
    }
    InFile { diagnostic, name: text.name.clone(), text: text.text.clone() }
}

/// The place of a word in quotes within a piece of a text; else the first character of the piece.
fn place(text: &str, within: Span, word: &str) -> At {
    let piece = text.get(within.start..within.end).unwrap_or_default();
    let quoted = format!("\"{word}\"");
    let first = (piece.len() - piece.trim_start().len(), 1);
    let (from, length) = piece.find(&quoted).map_or(first, |from| (from, quoted.len()));
    At::Span(Span::new(within.start + from, within.start + from + length))
}

/// The place of what a message names between backticks: a word in quotes, else a placeholder in the sentence of a
/// field, else a field; else of the id.
fn named(text: &str, within: Span, message: &str, id: &str) -> At {
    let piece = text.get(within.start..within.end).unwrap_or_default();
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let Some(word) = words.first().filter(|word| piece.contains(&format!("\"{word}\""))) {
        return place(text, within, word);
    }
    let field = |name: &str| piece.find(&format!("{name}:")).map(|at| (at, name.len()));
    // A message without backticks begins with the field.
    let first = words.last().copied().or_else(|| message.split(' ').next()).and_then(field);
    let held = words.first().filter(|word| word.starts_with('{')).and_then(|word| {
        let from = first.map_or(0, |(at, _)| at);
        Some((from + piece[from..].find(word)?, word.len()))
    });
    held.or(first).map_or_else(
        || place(text, within, id),
        |(from, length)| At::Span(Span::new(within.start + from, within.start + from + length)),
    )
}
