//! What a mitigation of the catalogue is about: what to do, which facts it makes true, which rules wait for it.
//! Mitigations of a model, which follow such records, are not explained here.

use serde_json::{Value, json};

use super::page::effort;
use super::text::{harmless, joined, section};
use crate::model::FactValue;
use crate::rules::phrase::a;
use crate::rules::{Effort, Knowledge, MitigationRecord, fill};

/// The page of a mitigation.
#[derive(Clone, Debug, PartialEq)]
pub struct MitigationPage {
    /// Its record.
    pub record: MitigationRecord,
    /// What it makes true: a fact, its value, and what that fact means of what can have this value.
    pub provides: Vec<(String, String, String)>,
    /// Rules that it closes: id and title.
    pub closes: Vec<(String, String)>,
    /// References, each with its list.
    pub references: Vec<String>,
}

/// The page of a mitigation of the catalogue; `None` when there is no such record.
pub fn explain_mitigation(knowledge: &Knowledge, id: &str) -> Option<MitigationPage> {
    let record = knowledge.mitigations.get(id)?.clone();
    let closed = knowledge.rules.iter().filter(|rule| knowledge.closes(&record, rule));
    let references = |list: &str, all: &[String]| all.iter().map(|r| format!("{list} {r}")).collect::<Vec<_>>();
    Some(MitigationPage {
        provides: record
            .provides
            .iter()
            .map(|(fact, value)| (fact.clone(), value.clone(), meaning(knowledge, fact, value)))
            .collect(),
        closes: closed.map(|rule| (rule.id.clone(), fill::fill_plain(&rule.title, rule))).collect(),
        references: [
            references("SP 800-53 r5", &record.nist),
            references("SSDF 1.1", &record.ssdf),
            references("D3FEND", &record.d3fend),
            references("ASVS 5.0.0", &record.asvs),
        ]
        .concat(),
        record,
    })
}

/// What a fact means where it can have a value. One name may mean something else of a flow and of an element; then it
/// is said of which.
fn meaning(knowledge: &Knowledge, fact: &str, value: &str) -> String {
    let defs = knowledge.vocabulary.all_of(fact);
    let value = FactValue::text(value);
    let many = |value: &FactValue| FactValue::List(vec![value.to_string()]);
    let fitting = defs.iter().filter(|def| def.accepts(&value).is_ok() || def.accepts(&many(&value)).is_ok());
    let told = fitting.map(|def| {
        let kinds: Vec<&str> = def.on.iter().map(|kind| kind.title()).collect();
        if defs.len() > 1 { format!("(of {}) {}", a(&kinds.join(" or ")), def.meaning) } else { def.meaning.clone() }
    });
    told.collect::<Vec<_>>().join(" ")
}

impl MitigationPage {
    /// The page for a terminal, without colours.
    pub fn to_text(&self) -> String {
        let record = &self.record;
        let effort = effort(record.effort);
        let mut out = vec![format!("{}  {}", record.id, record.title), format!("mitigation, {effort}")];
        section(&mut out, "What to do", std::slice::from_ref(&record.how));
        let provides = self.provides.iter().map(|(fact, value, meaning)| format!("{fact} = {value}: {meaning}"));
        section(&mut out, "What is so once it is done", &provides.collect::<Vec<_>>());
        let closes: Vec<String> = self.closes.iter().map(|(id, title)| format!("{id}: {title}")).collect();
        section(&mut out, "Rules that it closes", &closes);
        section(&mut out, "References", &joined(&self.references));
        section(
            &mut out,
            "Threats of a model whose rules name it",
            &[format!("sconce threats --filter 'open fix:{}'", record.id)],
        );
        harmless(&out)
    }

    /// The page as a JSON object.
    pub fn to_json(&self) -> Value {
        let record = &self.record;
        json!({
            "mitigation": record.id,
            "title": record.title,
            "how": record.how,
            "effort": match record.effort { Effort::Small => "small", Effort::Medium => "medium", Effort::Large => "large" },
            "provides": self.provides.iter().map(|(fact, value, _)| json!({"fact": fact, "value": value})).collect::<Vec<_>>(),
            "closes": self.closes.iter().map(|(id, title)| json!({"rule": id, "title": title})).collect::<Vec<_>>(),
            "references": self.references,
        })
    }
}
