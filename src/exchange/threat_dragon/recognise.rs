//! Tells a Threat Dragon v2 model from everything else that comes in JSON, and says what the else is.
//! It looks at keys and cells only; what they say is read elsewhere.

use serde_json::{Map, Value};

use super::json;
use crate::diagnostic::{At, Diagnostic, Span};
use crate::file::foreign;

/// The largest text that is read, in bytes.
pub const LARGEST: usize = 64 << 20;

/// The most cells that are read, over all diagrams; the largest real model known has about a hundred. It bounds the
/// time for finding out who is inside whom.
pub const MOST_CELLS: usize = 30_000;

/// What is said about every other format.
const ONLY: &str = "only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one";

/// Codes of the refusals.
pub const CODES: &[&str] =
    &["import-too-large", "import-json", "import-other-format", "import-version", "import-shape"];

/// The object with `summary` and `detail`, and what was unwrapped to get there.
pub(super) fn recognise(text: &str) -> Result<(Map<String, Value>, Vec<String>), Diagnostic> {
    if text.len() > LARGEST {
        let message = format!("the file has {} MB; at most {} MB are read", text.len() >> 20, LARGEST >> 20);
        return Err(Diagnostic::error("import-too-large", At::File, message)
            .help("split the model in Threat Dragon and import the parts"));
    }
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let value = json::parse(&text[bom..]).map_err(|e| not_json(text, bom, &e))?;
    let Value::Object(top) = value else {
        return Err(Diagnostic::error("import-shape", At::File, "the file holds JSON, but not an object")
            .help("a Threat Dragon model is an object with `summary` and `detail`"));
    };
    let (model, notes) = unwrap(top)?;
    if let Some(error) = other_version(&model) {
        return Err(error);
    }
    for key in ["summary", "detail"] {
        if !matches!(model.get(key), Some(Value::Object(_))) {
            return Err(wrong_key(text, &model, key, At::File));
        }
    }
    if let Some(Value::Object(detail)) = model.get("detail")
        && !matches!(detail.get("diagrams"), Some(Value::Array(_)))
    {
        return Err(wrong_key(text, detail, "diagrams", At::path(["detail"])));
    }
    let cells = cells_of(&model).count();
    if cells > MOST_CELLS {
        let message = format!("the model has {cells} cells; at most {MOST_CELLS} are read");
        return Err(Diagnostic::error("import-too-large", At::path(["detail", "diagrams"]), message)
            .help("split the model in Threat Dragon and import the parts"));
    }
    Ok((model, notes))
}

/// The cells of all diagrams.
fn cells_of(model: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let diagrams = model.get("detail").and_then(|d| d.get("diagrams")?.as_array());
    diagrams.into_iter().flatten().filter_map(|d| d.get("cells")?.as_array()).flatten()
}

fn not_json(text: &str, bom: usize, error: &serde_json::Error) -> Diagnostic {
    let what = error.to_string();
    let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(before, _)| before);
    let twice = what.contains("comes twice");
    let line_start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let skipped = if error.line() <= 1 { bom } else { 0 };
    let at = (line_start + skipped + error.column().saturating_sub(1)).min(text.len());
    if let Some(refusal) = not_even_nearly(text, bom) {
        return refusal;
    }
    let (message, help) = if twice {
        (what.to_owned(), "delete one of the two; no reader could tell which one is meant")
    } else if what.starts_with("recursion limit") {
        let message = "brackets nest deeper than 128 levels, so this is not a Threat Dragon model".to_owned();
        (message, "a model nests some ten levels deep; look at what wrote the file")
    } else {
        let help = "the file is broken here: mend it, or open it in Threat Dragon and save it again";
        (format!("this is not JSON: {}", plain(what)), help)
    };
    Diagnostic::error("import-json", At::Span(Span::new(at, at)), message).help(help)
}

/// The refusal of a text that is empty or of another format altogether.
fn not_even_nearly(text: &str, bom: usize) -> Option<Diagnostic> {
    let start = text.len() - text[bom..].trim_start().len();
    let first = text[start..].lines().next().unwrap_or("").trim_end().len();
    let at = At::Span(Span::new(start, start + if first <= 60 { first } else { 0 }));
    if start == text.len() {
        let error = Diagnostic::error("import-json", at, "the file is empty");
        return Some(error.help("name a file that Threat Dragon saved"));
    }
    let (message, help) = if foreign::is_ours(text) {
        (
            "this is a threat model of sconce already".to_owned(),
            "there is nothing to import; open it with `sconce FILE`",
        )
    } else {
        let name = foreign::looks_like(text).or_else(|| foreign::is_ron(text).then_some("RON"));
        (format!("this looks like {}, which is not imported yet", name.filter(|name| *name != "JSON")?), ONLY)
    };
    Some(Diagnostic::error("import-other-format", at, message).help(help))
}

/// What a reader of JSON says, in words for people.
fn plain(what: &str) -> &str {
    match what {
        "trailing comma" => "this comma is one too many",
        "EOF while parsing an object" | "EOF while parsing a list" | "EOF while parsing a value" => {
            "the file ends in the middle; the rest may be lost"
        }
        "EOF while parsing a string" => "the file ends inside a text",
        "expected value" => "a value is expected here",
        "expected `:`" => "a colon is expected here",
        "expected `,` or `}`" | "expected `,` or `]`" => "a comma or a closing bracket is expected here",
        "key must be a string" => "a key in double quotes is expected here",
        "trailing characters" => "there is something behind the end",
        "control character (\\u0000-\\u001F) found while parsing a string" => {
            "a text runs over the end of its line, or holds a control character"
        }
        "invalid escape" => "this escape does not exist",
        other => other,
    }
}

/// Takes a model out of a template or of a dump of the program's state.
fn unwrap(mut top: Map<String, Value>) -> Result<(Map<String, Value>, Vec<String>), Diagnostic> {
    if top.contains_key("templateMetadata")
        && let Some(Value::Object(model)) = top.remove("model")
    {
        return Ok((model, vec!["The file is a template of Threat Dragon; its `model` is imported".to_owned()]));
    }
    if !top.contains_key("detail")
        && let Some(Value::Object(state)) = top.get_mut("threatmodel")
        && let Some(Value::Object(model)) = state.remove("data")
    {
        let note = "The file is a dump of Threat Dragon's state; its `threatmodel.data` is imported";
        return Ok((model, vec![note.to_owned()]));
    }
    match other_format(&top) {
        Some(name) => Err(Diagnostic::error("import-other-format", At::File, format!("this is {name}")).help(ONLY)),
        None => Ok((top, Vec::new())),
    }
}

/// Formats that share the file name or the extension, by keys that only they have.
fn other_format(top: &Map<String, Value>) -> Option<&'static str> {
    let has = |keys: &[&str]| keys.iter().all(|k| top.contains_key(*k));
    if has(&["summary", "detail"]) {
        return None;
    }
    [
        (&["applicationInfo"][..], "AWS Threat Composer"),
        (&["assumptionLinks", "mitigationLinks"], "AWS Threat Composer"),
        (&["otmVersion"], "an Open Threat Model (OTM) file"),
        (&["bomFormat"], "a CycloneDX file"),
        (&["trust_zones"], "a TM-BOM threat model"),
        (&["trust_boundaries", "data_flows"], "a TM-BOM threat model"),
        (&["threagile_version"], "a Threagile model"),
        (&["onDuplicates"], "a model of pytm"),
        (&["boundaries", "elements", "flows"], "a model of pytm"),
        (&["openapi"], "an OpenAPI description"),
        (&["swagger"], "an OpenAPI description"),
        (&["$schema", "properties"], "a JSON schema, which describes models but is none"),
        (&["$schema", "definitions"], "a JSON schema, which describes models but is none"),
        (&["ThreatModel"], "a Microsoft .tm7 file turned into JSON"),
    ]
    .iter()
    .find(|(keys, _)| has(keys))
    .map(|(_, name)| *name)
}

/// Version 1 is told by its cells; the version field is missing or wrong in real files.
fn other_version(model: &Map<String, Value>) -> Option<Diagnostic> {
    let old = cells_of(model).filter(|c| is_version_1(c)).count();
    let new = cells_of(model).count() - old;
    let nested = model.get("detail")?.get("diagrams")?.as_array()?.iter().any(|d| d.get("diagramJson").is_some());
    if new > 0 || (old == 0 && !nested) {
        return None;
    }
    let claimed = model.get("version").and_then(Value::as_str).unwrap_or_default();
    let message = if claimed.trim_start_matches('v').starts_with('2') {
        format!("this is a Threat Dragon v1 model: the version says {claimed}, but the cells are those of version 1")
    } else {
        "this is a Threat Dragon v1 model".to_owned()
    };
    let help = "open it in Threat Dragon 2 and save it, which converts it; then import the result";
    Some(Diagnostic::error("import-version", At::path(["detail", "diagrams"]), message).help(help))
}

/// Cells of version 1 carry their type at the top level and have no shape.
pub(super) fn is_version_1(cell: &Value) -> bool {
    cell.get("shape").is_none()
        && cell.get("data").is_none()
        && cell.get("type").and_then(Value::as_str).is_some_and(|t| t.starts_with("tm."))
}

/// A key that is missing or of the wrong type; names the key that was probably meant.
fn wrong_key(text: &str, object: &Map<String, Value>, key: &str, at: At) -> Diagnostic {
    let near = |k: &&String| k.as_str() != key && strsim::damerau_levenshtein(k, key) <= 4;
    let meant = object.keys().filter(near).min_by_key(|k| strsim::damerau_levenshtein(k, key));
    let kind = if key == "diagrams" { "a list" } else { "an object" };
    let message = match object.get(key) {
        Some(_) => format!("`{key}` is not {kind}, so this is not a Threat Dragon model"),
        None => format!("`{key}` is missing, so this is not a Threat Dragon model"),
    };
    let shown = if object.contains_key(key) { Some(key) } else { meant.map(String::as_str) };
    let quoted = shown.map(|k| format!("\"{k}\""));
    let place = quoted.and_then(|q| text.find(&q).map(|start| At::Span(Span::new(start, start + q.len()))));
    let error = Diagnostic::error("import-shape", place.unwrap_or(at), message);
    match meant.filter(|_| !object.contains_key(key)) {
        Some(meant) => error.help(format!("perhaps `{meant}` was meant to be `{key}`")),
        None => error.help("a Threat Dragon model has `summary` and `detail`, and `detail` has `diagrams`"),
    }
}
