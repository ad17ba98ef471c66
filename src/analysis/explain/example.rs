//! An example of a rule for somebody who reads its page: the model to be drawn, what is stated in it besides, and what
//! the rule says about it. The outcome is computed here, not copied from the example.

use serde_json::{Value, json};

use crate::model::{FactValue, Id, ThreatModel};
use crate::rules::language::{Example, Rule, Sketch, SketchBody, SketchElement, SketchFact};
use crate::rules::said::Said;
use crate::rules::{Knowledge, sketch};
use std::collections::BTreeMap;

/// An example of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct ExamplePage {
    /// What it shows.
    pub name: String,
    /// Its model, to be drawn; names are the ids. Empty where it cannot be read.
    pub model: ThreatModel,
    /// What is stated that a drawing does not show: the id of a thing, and what is said of it, one by one.
    pub stated: Vec<(String, Vec<String>)>,
    /// What the rule says about it, or why nobody can tell.
    pub said: Result<Said, String>,
    /// Whether that is what the example expects.
    pub is_kept: bool,
}

/// An example as the rule sees it today.
pub(super) fn example(rule: &Rule, knowledge: &Knowledge, example: &Example) -> ExamplePage {
    let name = example.name.clone();
    let stated = stated(&example.model);
    let mut model = match sketch::model(&example.model) {
        Ok(model) => model,
        Err(why) => {
            return ExamplePage { name, model: ThreatModel::default(), stated, said: Err(why), is_kept: false };
        }
    };
    let said = Said::by(rule, knowledge, &model);
    let is_kept = said.is(&example.expect);
    for (id, flow) in &mut model.flows {
        id.as_str().clone_into(&mut flow.name);
    }
    ExamplePage { name, model, stated, said: Ok(said), is_kept }
}

impl ExamplePage {
    /// What the rule says: "fires on shop (High)".
    pub fn words(&self) -> String {
        match &self.said {
            Ok(said) if self.is_kept => said.rated(),
            Ok(said) => format!("{}; the example expects something else", said.rated()),
            Err(why) => format!("cannot be read: {why}"),
        }
    }

    /// The example as a JSON object.
    pub(super) fn to_json(&self) -> Value {
        let said = self.said.clone().unwrap_or_default();
        let rated = |map: &BTreeMap<String, crate::model::Severity>| {
            map.iter().map(|(key, s)| json!({ "subject": key, "severity": s.name() })).collect::<Vec<_>>()
        };
        json!({
            "name": self.name,
            "elements": self.model.elements.keys().map(Id::as_str).collect::<Vec<_>>(),
            "stated": self.stated.iter().map(|(id, what)| json!({ "id": id, "what": what })).collect::<Vec<_>>(),
            "fires": rated(&said.fires),
            "mitigated": rated(&said.mitigated),
            "asks": said.asks.iter().map(|(fact, id)| json!({ "fact": fact, "subject": id })).collect::<Vec<_>>(),
            "kept": self.is_kept,
        })
    }
}

/// What is said of each thing, in the order in which people draw: surroundings, data, elements, flows.
fn stated(sketch: &Sketch) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(&String, Vec<String>)> = Vec::new();
    for (id, boundary) in &sketch.boundaries {
        let kind = boundary.kind.map(|k| k.name().to_owned());
        let trust = boundary.trust.map(|n| format!("trust {n}"));
        let clearance = boundary.clearance.map(|c| format!("clearance {c}"));
        all.push((id, [kind, trust, clearance].into_iter().flatten().chain(facts(&boundary.facts)).collect()));
    }
    for (id, asset) in &sketch.assets {
        let kind = asset.kind.map(|k| k.name().to_owned());
        let secret = asset.confidentiality.map(|c| c.to_string());
        let integrity = asset.integrity.map(|l| format!("integrity {l}"));
        let availability = asset.availability.map(|l| format!("availability {l}"));
        let said = [kind, secret, integrity, availability].into_iter().flatten();
        all.push((id, said.chain(facts(&asset.facts)).collect()));
    }
    for (id, element) in &sketch.elements {
        let (SketchElement::ExternalEntity(body) | SketchElement::Process(body) | SketchElement::DataStore(body)) =
            element;
        all.push((id, of_element(body)));
    }
    for (id, flow) in &sketch.flows {
        let answers = flow.response_of.as_ref().map(|other| format!("answers {other}"));
        let carries = flow.carries.as_ref().map(|assets| many("carries", assets));
        let credential = flow.credential.as_ref().map(|c| format!("shows {c}"));
        let said = [answers, carries, credential].into_iter().flatten();
        all.push((id, said.chain(facts(&flow.facts)).collect()));
    }
    all.retain(|(_, said)| !said.is_empty());
    all.into_iter().map(|(id, said)| (id.clone(), said)).collect()
}

fn of_element(body: &SketchBody) -> Vec<String> {
    let tech = body.tech.as_ref().map(|tech| many("tech", tech));
    let runtime = body.runtime.as_ref().map(|runtime| format!("runs on {runtime}"));
    let owner = body.owner.as_ref().map(|owner| format!("owner {owner}"));
    let stores = body.stores.as_ref().map(|assets| many("stores", assets));
    let processes = body.processes.as_ref().map(|assets| many("works on", assets));
    [tech, runtime, owner, stores, processes].into_iter().flatten().chain(facts(&body.facts)).collect()
}

fn many(what: &str, names: &[String]) -> String {
    if names.is_empty() { format!("{what} nothing") } else { format!("{what} {}", names.join(", ")) }
}

fn facts(facts: &BTreeMap<String, SketchFact>) -> impl Iterator<Item = String> {
    facts.iter().map(|(name, SketchFact(value))| match value {
        FactValue::NotApplicable(why) => format!("{name} does not apply ({why})"),
        other => format!("{name} = {other}"),
    })
}
