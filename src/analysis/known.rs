//! Names that only the rules know: packs and rules a model mentions. A name that leads nowhere must be said, or a slip
//! of the pen would empty the register. Everything else about a file is checked by `file`.

pub use crate::diagnostic::meant;
use crate::diagnostic::{At, Diagnostic};
use crate::file::team::FOLDER;
use crate::model::{Id, ThreatKey, ThreatModel};
use crate::rules::Knowledge;

/// The codes of these checks with what they mean.
pub const CODES: &[(&str, &str)] = &[
    ("idle-pack", "the system does not name a pack of the team's own"),
    ("unknown-pack", "the system names a rule pack that does not exist"),
    ("unknown-rubric", "the system names a rubric that does not exist"),
    ("unknown-catalog", "a mitigation follows a record of the catalogue that does not exist"),
    ("no-pack", "the system names no rule pack, so that no rule is asked"),
    ("unknown-rule", "a recorded threat or an assumption names a rule that does not exist"),
    ("unproven-mitigation", "a threat is recorded as mitigated, but no control is a fact"),
];

/// Checks the packs and rules that a model mentions.
pub fn names(model: &ThreatModel, knowledge: &Knowledge) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let packs: Vec<&str> = knowledge.rules.packs().collect();
    let stated = model.system.packs.as_deref();
    for pack in stated.into_iter().flatten() {
        let is_rule = knowledge.rule(pack).is_some();
        if !is_rule && !packs.contains(&pack.as_str()) {
            // A model may name single rules as well.
            let rules = knowledge.rules.iter().map(|rule| rule.id.as_str());
            let help = meant(pack, packs.iter().copied().chain(rules)).map_or_else(
                || format!("the packs are {}; a team's own are read from {FOLDER}", packs.join(", ")),
                |best| format!("did you mean `{best}`?"),
            );
            let at = At::path(["system", "packs", pack]);
            found.push(Diagnostic::error("unknown-pack", at, format!("there is no rule pack `{pack}`")).help(help));
        }
    }
    let named = |pack: &String| {
        let of_pack = |name: &String| name == pack || knowledge.rule(name).is_some_and(|rule| rule.pack() == pack);
        stated.is_some_and(|all| all.iter().any(of_pack))
    };
    for pack in knowledge.by_team.packs.iter().filter(|pack| !named(pack)) {
        let at = if stated.is_some() { At::path(["system", "packs"]) } else { At::path(["system"]) };
        let note =
            Diagnostic::note("idle-pack", at, format!("the team's pack `{pack}` is not named here: it is not asked"));
        let packs = stated.map_or_else(|| "\"core\"".to_owned(), |_| "…".to_owned());
        found.push(note.help(format!("to ask it as well, write packs: [{packs}, \"{pack}\"]")));
    }
    if let Some(name) = model.system.rubric.as_deref().filter(|name| !knowledge.rubric.knows(name)) {
        let all: Vec<&str> = knowledge.rubric.names().collect();
        let list = format!("the rubrics are {}", all.join(", "));
        let help =
            meant(name, all.iter().copied()).map_or(list.clone(), |best| format!("did you mean `{best}`? {list}"));
        let at = At::path(["system", "rubric"]);
        found.push(Diagnostic::error("unknown-rubric", at, format!("there is no rubric `{name}`")).help(help));
    }
    if stated.is_some_and(<[String]>::is_empty) {
        let at = At::path(["system", "packs"]);
        let warning = Diagnostic::warning("no-pack", at, "no rule pack is named, so that no rule is asked");
        found.push(warning.help(format!("name some of {}", packs.join(", "))));
    }
    for (id, mitigation) in &model.mitigations {
        let known = |record: &&String| !knowledge.mitigations.contains_key(*record);
        found.extend(mitigation.catalog.as_ref().filter(known).map(|record| catalog(id, record, knowledge)));
    }
    for key in model.threats.keys() {
        found.extend(rule(key, At::path(["threats", key.as_str()]), knowledge));
    }
    for (id, assumption) in &model.assumptions {
        for key in &assumption.supports {
            found.extend(rule(key, At::path(["assumptions", id.as_str(), "supports"]), knowledge));
        }
    }
    found
}

/// A warning about a mitigation that follows a record that does not exist.
fn catalog(id: &Id, record: &str, knowledge: &Knowledge) -> Diagnostic {
    let help = meant(record, knowledge.mitigations.keys().map(String::as_str)).map_or_else(
        || "remove it, or name a record; `sconce explain` of a threat lists those that close it".to_owned(),
        |best| format!("did you mean `{best}`?"),
    );
    let at = At::path(["mitigations", id.as_str(), "catalog"]);
    let message = format!("the catalogue has no mitigation `{record}`");
    Diagnostic::warning("unknown-catalog", at, message).help(help)
}

/// A warning about a key of a rule that does not exist. Its record is kept as it is.
fn rule(key: &ThreatKey, at: At, knowledge: &Knowledge) -> Option<Diagnostic> {
    let id = key.rule();
    if key.is_own() || knowledge.rule(id).is_some() {
        return None;
    }
    let best = meant(id, knowledge.rules.iter().map(|rule| rule.id.as_str()));
    let help = best.map_or_else(
        || "its record is kept as it is; remove it, or bring the pack back that has the rule".to_owned(),
        |best| format!("did you mean `{best}`? Its record is kept as it is until then"),
    );
    Some(Diagnostic::warning("unknown-rule", at, format!("there is no rule `{id}`")).help(help))
}

/// Warns of threats that are recorded as mitigated without evidence although the rules find them open.
pub fn unproven(model: &ThreatModel, analysis: &super::Analysis) -> Vec<Diagnostic> {
    let bare = |row: &&super::ThreatRow| {
        let recorded = model.threats.get(&row.key).map(|t| &t.status);
        matches!(recorded, Some(crate::model::Status::Mitigated { evidence, .. }) if evidence.is_empty())
    };
    let open = analysis.threats.iter().filter(|row| row.is_open() && !row.key.is_own());
    let warn = |row: &super::ThreatRow| {
        let at = At::path(["threats", row.key.as_str(), "status"]);
        let message = "it is recorded as mitigated, but no control that the rule knows is a fact";
        Diagnostic::warning("unproven-mitigation", at, message)
            .help("state the control or implement a mitigation that provides it, or write Mitigated(evidence: [\"…\"])")
    };
    open.filter(bare).map(warn).collect()
}
