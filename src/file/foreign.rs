//! What a text is that is no threat model of ours, told from its beginning, so that a wrong file is called by its name.
//! It guesses; it reads nothing and refuses nothing.

/// So much of a text is looked at.
const LOOKED_AT: usize = 16 << 10;

/// What a text looks like, with an article; `None` when it may be a threat model of ours, or cannot be told.
pub fn looks_like(text: &str) -> Option<&'static str> {
    let text = head(text.trim_start_matches('\u{feff}').trim_start());
    let is_line_of_ours = |l: &str| l.starts_with("system: (") || l.starts_with("elements: {");
    if is_ours(text) || is_ron(text) || text.lines().any(|l| is_line_of_ours(l.trim_start())) {
        return None;
    }
    if text.contains('\0') {
        return Some("a binary file");
    }
    match text.chars().next()? {
        '<' => Some(markup(text)),
        '{' | '[' if is_json(text) => Some("JSON"),
        _ if text.starts_with("%PDF") => Some("a PDF document"),
        _ if text.starts_with("PK\u{3}") => Some("a zip archive or an office document"),
        _ => by_words(text).or_else(|| yaml(text)).or_else(|| prose(text)),
    }
}

/// Whether a text is a threat model of ours, however broken.
pub fn is_ours(text: &str) -> bool {
    head(text).contains("ThreatModel(")
}

/// Whether a text begins as RON does, with its header or with a record that has a name.
pub fn is_ron(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let behind = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    text.starts_with("#![enable(") || (behind.len() < text.len() && behind.starts_with('('))
}

/// The beginning of a text.
fn head(text: &str) -> &str {
    let end = (0..=LOOKED_AT.min(text.len())).rev().find(|n| text.is_char_boundary(*n)).unwrap_or(0);
    &text[..end]
}

fn markup(text: &str) -> &'static str {
    let lower = text.to_ascii_lowercase();
    if lower.contains("<mxfile") || lower.contains("<mxgraphmodel") {
        "a drawing of draw.io"
    } else if lower.contains("threatmodeling") || lower.starts_with("<threatmodel") {
        "a model of Microsoft's Threat Modeling Tool (.tm7)"
    } else if lower.contains("<html") {
        "a web page"
    } else if lower.contains("<svg") {
        "an SVG picture"
    } else {
        "XML"
    }
}

/// Whether a text begins as JSON does and RON does not: with a key in quotes, or a list of such objects.
fn is_json(text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).take(3).collect();
    matches!(&*compact, "{}" | "[]") || compact.starts_with("{\"") || compact.starts_with("[{")
}

/// Formats that are told by their first word.
fn by_words(text: &str) -> Option<&'static str> {
    let text = match text.strip_prefix("/*").and_then(|rest| rest.split_once("*/")) {
        Some((_, rest)) => rest,
        None => text,
    };
    let comment =
        |line: &&str| line.is_empty() || line.starts_with("//") || line.starts_with('#') || line.starts_with("%%");
    let first = text.lines().map(str::trim).find(|line| !comment(line))?;
    let opens =
        |word: &str| first.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
    [
        ("workspace", "a Structurizr workspace"),
        ("threatmodel", "a model of threatcl (HCL)"),
        ("spec_version", "a model of threatcl (HCL)"),
        ("digraph", "a Graphviz drawing"),
        ("strict", "a Graphviz drawing"),
        ("flowchart", "a Mermaid drawing"),
        ("sequenceDiagram", "a Mermaid drawing"),
        ("graph", "a drawing as text (Mermaid or Graphviz)"),
        ("@startuml", "a PlantUML drawing"),
        ("import", "a program"),
        ("from", "a program, perhaps a model of pytm"),
    ]
    .into_iter()
    .find(|(word, _)| opens(word))
    .map(|(_, name)| name)
}

/// YAML begins with `---`, `- ` or a key without brackets behind its colon.
fn yaml(text: &str) -> Option<&'static str> {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?.trim_end();
    let is_key = first.split_once(':').is_some_and(|(key, rest)| {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'');
        !key.is_empty()
            && key.chars().all(is_word)
            && (rest.is_empty() || rest.starts_with(' '))
            && !rest.ends_with(['(', ','])
    });
    if !is_key && !first.starts_with("---") && !first.starts_with("- ") {
        return None;
    }
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    let known = [
        ("threagile_version", "a Threagile model (YAML)"),
        ("otmVersion", "an Open Threat Model file (YAML)"),
        ("openapi", "an OpenAPI description (YAML)"),
        ("swagger", "an OpenAPI description (YAML)"),
        ("apiVersion", "a Kubernetes manifest (YAML)"),
        ("services", "a Compose file (YAML)"),
    ];
    Some(known.into_iter().find(|(key, _)| has(key)).map_or("YAML", |(_, name)| name))
}

/// Several words on the first line, and no bracket.
fn prose(text: &str) -> Option<&'static str> {
    let first = text.lines().next()?;
    if first.starts_with("# ") {
        return Some("a Markdown document");
    }
    (first.split_whitespace().count() > 2 && !first.contains(['(', '{', '[', '"', '#', '/'])).then_some("plain text")
}
