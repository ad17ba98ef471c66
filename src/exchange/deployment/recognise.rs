//! Tells compose files and Kubernetes manifests from other YAML, and says what the else is. Helm templates are no YAML
//! yet and are refused. It looks at the top of each document only.

use std::rc::Rc;

use super::draft::Draft;
use super::yaml::{self, Node, Value};
use super::{Orchestrator, Spot, Text};
use crate::diagnostic::{At, Diagnostic, Span};
use crate::file::foreign;

/// Codes of the refusals.
pub const CODES: &[&str] = &["deployment-too-large", "deployment-yaml", "deployment-template", "deployment-other"];

/// What is read.
const ONLY: &str =
    "read are compose files (with `services:`) and Kubernetes manifests (with `apiVersion:` and `kind:`)";

/// What stands in a template of Helm between `{{` and `}}`, and hardly in any other.
const HELM: &[&str] = &[".Values", ".Release", ".Chart", ".Capabilities", ".Files", "include \"", "template \""];

/// The documents of a file that say something, each with whose it is.
pub(super) fn recognise(file: &Text<'_>, draft: &mut Draft) -> Result<Vec<(Orchestrator, Rc<Node>)>, Diagnostic> {
    if let Some(at) = template(file.text) {
        return Err(helm(file.text, at));
    }
    let documents = yaml::read(file.text).map_err(|error| instead(file, error))?;
    let mut lose = |line: usize, what: &str, value: &str| {
        draft.lose(&Spot { file: file.name.to_owned(), line }, what, value);
    };
    for (tag, line) in &documents.tags {
        lose(*line, "YAML tag, its value read as if it were not there", tag);
    }
    let mut found = Vec::new();
    let mut other: Option<&Node> = None;
    let roots = documents.roots.iter().flat_map(unfolded);
    for root in roots.filter(|root| !root.is_null()) {
        if root.word("apiVersion").is_some() && root.word("kind").is_some() {
            found.push((Orchestrator::Kubernetes, Rc::clone(root)));
        } else if root.get("services").is_some_and(|services| services.is_map() || services.is_null()) {
            found.push((Orchestrator::Compose, Rc::clone(root)));
        } else {
            other = other.or(Some(root));
            if file.is_named && !found.is_empty() {
                lose(root.line, "document that is neither compose nor Kubernetes", &keys(root));
            }
        }
    }
    match other {
        _ if !found.is_empty() => Ok(found),
        Some(root) if !file.is_named => {
            lose(root.line, "file that is neither compose nor Kubernetes", &keys(root));
            Ok(found)
        }
        None if !file.is_named => {
            lose(1, "file that is empty", "");
            Ok(found)
        }
        other => Err(refused(file.text, other)),
    }
}

/// A list that Kubernetes prints (`kind: List`) as what is in it.
fn unfolded(root: &Rc<Node>) -> Vec<&Rc<Node>> {
    let is_list = root.word("kind").is_some_and(|kind| kind.ends_with("List")) && root.word("apiVersion").is_some();
    match root.get("items").filter(|_| is_list) {
        Some(items) => items.items().iter().collect(),
        None => vec![root],
    }
}

/// The first keys of a document, to be known by.
fn keys(root: &Node) -> String {
    let names: Vec<&str> = root.pairs().iter().take(4).map(|(key, _)| key.name.as_str()).collect();
    names.join(", ")
}

/// Where a template of Helm gives itself away: a line that is nothing but an instruction, or Helm's own objects.
fn template(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("{{").map(|at| from + at) {
        let rest = text[at..].lines().next().unwrap_or("");
        let inside = &rest[..rest.find("}}").unwrap_or(rest.len())];
        let before = text[..at].rsplit('\n').next().unwrap_or("");
        if HELM.iter().any(|word| inside.contains(word)) && !before.trim_start().starts_with('#') {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

fn helm(text: &str, at: usize) -> Diagnostic {
    let rest = text[at..].lines().next().unwrap_or("");
    let end = at + rest.find("}}").map_or(rest.len(), |end| end + 2);
    Diagnostic::error("deployment-template", At::Span(Span::new(at, end)), "this is a template, not YAML yet")
        .help("fill it in first, as with `helm template CHART > all.yaml`, and name what comes out")
}

/// What is said of a text that the reader of YAML refused.
fn instead(file: &Text<'_>, error: Diagnostic) -> Diagnostic {
    if error.code == "deployment-yaml" {
        if let Some(at) = file.text.find("{{") {
            return helm(file.text, at);
        }
        if foreign::is_ours(file.text) {
            let message = "this is a threat model of sconce, not a deployment file";
            return Diagnostic::error("deployment-other", At::File, message)
                .help("the model comes first and without an option: `sconce drift FILE --deployment PATH`");
        }
    }
    error
}

fn refused(text: &str, root: Option<&Node>) -> Diagnostic {
    let Some(root) = root else {
        return Diagnostic::error("deployment-other", At::File, "the file is empty").help(ONLY);
    };
    let at = At::Span(yaml::span_of(text, root.line));
    let is_old = root.pairs().iter().any(|(_, node)| node.get("image").is_some() || node.get("build").is_some());
    let is_kustomize = root.get("resources").is_some() || root.get("patches").is_some();
    let is_chart = root.get("apiVersion").is_some() && root.get("name").is_some() && root.get("version").is_some();
    let (message, help) = match &root.value {
        Value::Map(_) if is_old => {
            ("this looks like a compose file of version 1, without `services:`", "put everything under `services:`")
        }
        Value::Map(_) if is_kustomize => (
            "this is a kustomization, which only names other files",
            "build it first, as with `kubectl kustomize . > all.yaml`, and name what comes out",
        ),
        Value::Map(_) if is_chart => (
            "this describes a Helm chart, and deploys nothing itself",
            "fill the chart in first, as with `helm template CHART > all.yaml`, and name what comes out",
        ),
        Value::Map(_) => ("this is neither a compose file nor a Kubernetes manifest", ONLY),
        Value::List(_) => ("a list stands at the top of this file", ONLY),
        Value::Text(_) | Value::Null => ("this is text, not a deployment file", ONLY),
    };
    Diagnostic::error("deployment-other", at, message).help(help)
}
