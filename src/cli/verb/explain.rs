//! `explain`: why a threat was raised, or a rule's page. The explanation is made by `analysis`.

use super::load;
use crate::analysis::{explain_rule, explain_threat};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::one_line;
use crate::model::ThreatKey;
use crate::rules::Knowledge;
use crate::workbench::Workbench;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    let what = parsed.need("WHAT");
    let (text, mut json) = if let Some(page) = explain_rule(&Knowledge::builtin(), what) {
        (page.to_text(), page.to_json())
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
        context.print(&text)?;
    }
    Ok(Exit::Fine)
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
    match found.as_slice() {
        [] => Err(Failure::new(
            Exit::Usage,
            format!("`{}` is neither a rule nor a threat of this model; `sconce threats` lists them", one_line(what)),
        )),
        several => {
            let list: Vec<String> =
                several.iter().take(10).map(|r| format!("{}  {}", r.id, one_line(&r.title))).collect();
            let list = list.join("\n  ");
            Err(Failure::new(Exit::Usage, format!("several threats begin so; give more of the id:\n  {list}")))
        }
    }
}
