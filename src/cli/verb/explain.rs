//! `explain`: why a threat was raised, a rule's page, or a mitigation's. The explanation is made by `analysis`.

use super::load;
use super::prose::wrapped;
use crate::analysis::{explain_mitigation, explain_rule, explain_threat, known};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::model::{Id, SubjectKind, ThreatKey};
use crate::rules::Knowledge;
use crate::workbench::Workbench;

/// Threats listed where several are meant.
const MOST: usize = 10;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let what = parsed.need("WHAT");
    let knowledge = load::knowledge(context, parsed.path("FILE"))?;
    let (text, mut json) = if let Some(page) = explain_rule(&knowledge, what) {
        (page.to_text(), page.to_json())
    } else if let Some(page) = explain_mitigation(&knowledge, what) {
        (page.to_text(), page.to_json())
    } else if let Some(list) = family(&knowledge, what) {
        let also = named_alike(context, parsed, what).unwrap_or_default();
        return Err(Failure::new(Exit::Usage, format!("{list}{also}")));
    } else {
        let bench = load::open(context, parsed.path("FILE"))?;
        let key = find(&bench, what)?;
        let today = bench.sitting().today;
        let explanation = explain_threat(bench.model(), bench.knowledge(), &key, today)
            .ok_or_else(|| Failure::new(Exit::Usage, format!("nothing is known of `{key}`")))?;
        (explanation.to_text(), explanation.to_json())
    };
    if parsed.need("format") == "json" {
        json["schema"] = "sconce/explain/1".into();
        context.print_json(&json)?;
    } else {
        context.print(&wrapped(&text, context.columns))?;
    }
    Ok(Exit::Fine)
}

/// Rules or mitigations whose ids begin with what was typed up to a dot, such as `core.d`.
fn family(knowledge: &Knowledge, what: &str) -> Option<String> {
    let begin = format!("{}.", what.strip_suffix('.').unwrap_or(what));
    let rules = knowledge.rules.iter().map(|rule| (&rule.id, rule.finds.as_str()));
    let records = knowledge.mitigations.iter().map(|(id, record)| (id, record.title.as_str()));
    let found: Vec<String> = rules
        .chain(records)
        .filter(|(id, _)| id.starts_with(&begin))
        .map(|(id, about)| format!("{id}: {about}"))
        .collect();
    (!found.is_empty()).then(|| format!("{} ids begin so; name one of them:\n  {}", found.len(), found.join("\n  ")))
}

/// That a thing of the model which was given has the name of a family as well.
fn named_alike(context: &Context, parsed: &Parsed, what: &str) -> Option<String> {
    let bench = load::try_open(context, &parsed.path("FILE")?).ok()?;
    let (id, _) = bench.model().things().find(|(id, _)| id.as_str() == what)?;
    Some(format!("\n`{id}` is in the model as well; `sconce coverage --of {id}` tells what threatens it"))
}

/// The threat that a key, a display id or the beginning of one names.
fn find(bench: &Workbench, what: &str) -> Result<ThreatKey, Failure> {
    let analysis = bench.analysis();
    if let Some(row) = analysis.find(what) {
        return Ok(row.key.clone());
    }
    let wanted = what.to_ascii_uppercase();
    let wanted = wanted.strip_prefix("T-").unwrap_or(&wanted);
    let found: Vec<_> = analysis.threats.iter().filter(|r| r.id[2..].starts_with(wanted)).collect();
    let message = match found.as_slice() {
        [] => unknown(bench, what),
        several => {
            let list: Vec<String> =
                several.iter().take(MOST).map(|r| format!("{}  {}", r.id, one_line(&r.title))).collect();
            let more = several.len().saturating_sub(MOST);
            let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
            format!("several threats begin so; give more of the id:\n  {}{more}", list.join("\n  "))
        }
    };
    Err(Failure::new(Exit::Usage, message))
}

/// What something is that cannot be explained, or what was probably meant.
fn unknown(bench: &Workbench, what: &str) -> String {
    let (shown, model, knowledge) = (one_line(what), bench.model(), bench.knowledge());
    let own = |id: &&Id| id.as_str() == what;
    if let Some((id, thing)) = model.things().find(|(id, thing)| id.as_str() == what || thing.name() == what) {
        return format!(
            "`{shown}` is in the model, {}; threats, rules and mitigations are explained\n\
             `sconce threats --filter on:{id}` lists the threats to it",
            match thing.kind() {
                SubjectKind::ExternalEntity | SubjectKind::Asset => format!("an {}", thing.kind().title()),
                kind => format!("a {}", kind.title()),
            }
        );
    }
    if let Some(mitigation) = model.mitigations.keys().find(own).and_then(|id| model.mitigations.get(id)) {
        let record = mitigation.catalog.as_ref().map_or_else(String::new, |record| {
            format!("\n`sconce explain {}` explains what it follows", one_line(record))
        });
        return format!(
            "`{shown}` is a mitigation of the model, \"{}\", {}\n\
             `sconce threats --filter fix:{shown}` lists the threats it is for{record}",
            one_line(&mitigation.title),
            mitigation.status.title(),
        );
    }
    let threats = bench.analysis().threats.iter();
    let names: Vec<String> = knowledge
        .rules
        .iter()
        .map(|rule| &rule.id)
        .chain(knowledge.mitigations.keys())
        .cloned()
        .chain(threats.flat_map(|row| [row.key.to_string(), row.id.clone()]))
        .chain(model.things().map(|(id, _)| id.to_string()))
        .chain(model.mitigations.keys().map(ToString::to_string))
        .collect();
    match known::meant(what, names.iter().map(String::as_str)) {
        Some(best) => format!("`{shown}` is nothing that can be explained; did you mean `{best}`?"),
        None => format!(
            "`{shown}` is neither a threat of this model nor a rule nor a mitigation of the catalogue\n\
             `sconce threats` lists the threats with their ids"
        ),
    }
}
