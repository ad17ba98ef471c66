//! What differs from deployment files, in words: for a terminal, and for a comment on a pull request.

use std::fmt::Write as _;

use super::super::super::table::count;
use super::Compared;
use crate::diagnostic::inert::one_line;
use crate::exchange::deployment::Part;
use crate::exchange::{Loss, grouped};
use crate::model::{Id, ThreatModel};
use crate::review::drift::{Missing, Strange, Undrawn};

/// Things shown of one sort that is no drift.
const MOST: usize = 8;
/// Places shown of one sort of what was not read.
const MOST_PLACES: usize = 3;

/// A heading, and lines below it; those with two spaces before them belong to the line above.
type Section = (String, Vec<String>);

impl Compared {
    /// The page for a terminal.
    pub(in crate::cli::verb::drift) fn page(&self, model: &ThreatModel) -> String {
        let mut text = String::new();
        for (head, lines) in self.drift(model).into_iter().chain(self.hints(model)) {
            let _ = writeln!(text, "{head}:");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
            text.push('\n');
        }
        text + &self.end() + "\n"
    }

    /// A part of a comment on a pull request.
    pub(in crate::cli::verb::drift) fn markdown(&self, model: &ThreatModel) -> String {
        let mut text = format!("{}.\n", sentence(&self.end()));
        for (head, lines) in self.drift(model) {
            let _ = writeln!(text, "\n**{}:**\n", sentence(&head));
            for line in lines {
                let (indent, line) = line.strip_prefix("  ").map_or(("", line.as_str()), |line| ("  ", line));
                let _ = writeln!(text, "{indent}- {}", code(line));
            }
        }
        let hints = self.hints(model);
        if !hints.is_empty() {
            text.push_str("\n<details><summary>Seen on one side only, or not read</summary>\n");
            for (head, lines) in hints {
                let _ = writeln!(text, "\n{}:\n", sentence(&head));
                for line in lines {
                    let _ = writeln!(text, "- {}", code(&line));
                }
            }
            text.push_str("\n</details>\n");
        }
        text
    }

    /// The last line: how much was compared, and what came of it.
    fn end(&self) -> String {
        let runs = || self.deployment.parts.iter().enumerate().filter(|(_, part)| part.kind.runs());
        let known = runs().filter(|(n, _)| !self.found.pairs.of_part[*n].is_empty()).count();
        let files: Vec<String> =
            self.deployment.files.iter().map(|(system, n)| count(*n, &format!("{} file", system.title()))).collect();
        let verdict = if self.is_drift() { "the model and the deployment differ" } else { "nothing of it drifted" };
        let parts = count(runs().count(), "part");
        format!("deployment: {known} of {parts} in the model ({}); {verdict}", files.join(", "))
    }

    /// What differs for sure.
    fn drift(&self, model: &ThreatModel) -> Vec<Section> {
        let found = &self.found;
        let mut sections = Vec::new();
        let mut add = |n: usize, what: &str, one: &str, many: &str, lines: Vec<String>| {
            if n > 0 {
                sections.push((format!("{} {}", count(n, what), if n == 1 { one } else { many }), lines));
            }
        };
        add(
            found.strange.len(),
            "part",
            "is not in the model; add the line to `elements`, or the name to `deployed` of the element that it is",
            "are not in the model; add the lines to `elements`, or each name to `deployed` of the element that it is",
            found.strange.iter().flat_map(|strange| self.strange(strange)).collect(),
        );
        add(
            found.missing.len(),
            "element",
            "is not in the files; say what it is called there, deployed: [\"NAME\"], or that it rightly is not, deployed: []",
            "are not in the files; say what each is called there, deployed: [\"NAME\"], or that it rightly is not, deployed: []",
            found.missing.iter().flat_map(|missing| self.missing(missing, model)).collect(),
        );
        add(
            found.undrawn.len(),
            "link",
            "has no flow in either direction; add the line to `flows`",
            "have no flow in either direction; add the lines to `flows`",
            found.undrawn.iter().flat_map(undrawn).collect(),
        );
        let open = found.open.iter().map(|open| {
            let doors: Vec<String> =
                open.doors.iter().map(|door| one_line(&format!("{} ({})", door.what, door.at))).collect();
            format!("{}: {}", named(&open.element, model), doors.join(", "))
        });
        add(
            found.open.len(),
            "element",
            "is open to the outside, and nothing outside flows to it; draw who comes in, or close it in the file",
            "are open to the outside, and nothing outside flows to them; draw who comes in, or close them in the file",
            open.collect(),
        );
        sections
    }

    fn strange(&self, strange: &Strange) -> Vec<String> {
        let first = strange.parts[0];
        let shown: Vec<String> = strange.parts.iter().map(|n| described(self.part(*n))).collect();
        let mut lines = vec![format!("{}: {}", one_line(&self.part(first).name), shown.join("; "))];
        if !strange.perhaps.is_empty() {
            let ids: Vec<&str> = strange.perhaps.iter().map(Id::as_str).collect();
            lines.push(format!("  perhaps {}: deployed: [{}],", ids.join(" or "), quoted(&self.name(first))));
        }
        lines.push(format!("  {}", one_line(&strange.add)));
        lines
    }

    fn missing(&self, missing: &Missing, model: &ThreatModel) -> Vec<String> {
        let kind = model.elements.get(&missing.element).map_or("element", |element| element.kind.title());
        let gone: Vec<String> = missing.gone.iter().map(|name| quoted(name)).collect();
        let said = match gone.len() {
            0 => String::new(),
            _ => format!(", deployed as {}, which no part is called", gone.join(", ")),
        };
        let mut lines = vec![format!("{}: {kind}{said}", named(&missing.element, model))];
        lines.extend(missing.perhaps.map(|n| {
            let name = one_line(&self.part(n).name);
            format!("  perhaps {name}: deployed: [{}],", quoted(&self.name(n)))
        }));
        lines
    }

    /// What is seen on one side only because files do not show everything, and what was not read.
    fn hints(&self, model: &ThreatModel) -> Vec<Section> {
        let found = &self.found;
        let mut sections = Vec::new();
        let flows: Vec<String> = found.unseen.iter().map(|id| flow(id, model)).collect();
        if !flows.is_empty() {
            let head = format!("no drift: {} not seen in the files, which show only part", count(flows.len(), "flow"));
            sections.push((head, some(flows, MOST)));
        }
        let outside = found.outside.iter().map(|(part, callers)| {
            let callers: Vec<&str> = callers.iter().take(MOST).map(|n| self.part(*n).name.as_str()).collect();
            let by = if callers.is_empty() { String::new() } else { format!(", by {}", callers.join(", ")) };
            let part = self.part(*part);
            one_line(&format!("{}{by} ({})", part.name, part.at))
        });
        let outside: Vec<String> = outside.collect();
        if !outside.is_empty() {
            let what = "that no file deploys and no element is (an external entity with `deployed`?)";
            sections.push((format!("no drift: {} {what}", count(outside.len(), "host")), some(outside, MOST)));
        }
        let lost: Vec<String> = grouped(&self.deployment.losses).into_iter().map(lost).collect();
        if !lost.is_empty() {
            sections.push(("not read (--format json has each)".to_owned(), lost));
        }
        sections
    }
}

fn undrawn(undrawn: &Undrawn) -> Vec<String> {
    let because: Vec<String> = undrawn.because.iter().map(|(how, at)| one_line(&format!("{how} ({at})"))).collect();
    vec![format!("{} → {}: {}", undrawn.from, undrawn.to, because.join(", ")), format!("  {}", one_line(&undrawn.add))]
}

/// One sort of what was not read, with the first places.
fn lost((what, places): (&str, Vec<&Loss>)) -> String {
    let place = |loss: &&Loss| {
        let value = if loss.value.is_empty() { String::new() } else { format!("{} ", loss.value) };
        one_line(&format!("{value}({})", loss.where_))
    };
    let shown: Vec<String> = places.iter().take(MOST_PLACES).map(place).collect();
    let more = places.len().saturating_sub(MOST_PLACES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} × {}: {}{more}", places.len(), one_line(what), shown.join(", "))
}

/// The first so many lines, and how many more there are.
fn some(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        let more = lines.len() - most;
        lines.truncate(most);
        lines.push(format!("and {more} more"));
    }
    lines
}

fn described(part: &Part) -> String {
    let image = part.images.first().map(|image| format!(" {}", short(image))).unwrap_or_default();
    one_line(&format!("{}{image} ({})", part.kind.word(), part.at))
}

/// An image without its registry and digest.
fn short(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    if image.contains(' ') { image } else { image.rsplit('/').next().unwrap_or(image) }
}

fn named(id: &Id, model: &ThreatModel) -> String {
    let name = one_line(model.name_of(id));
    if name == id.as_str() { name } else { format!("{name} ({id})") }
}

fn flow(id: &Id, model: &ThreatModel) -> String {
    let flow = model.flows.get(id);
    let end = |end: Option<&Id>| end.map_or("?", Id::as_str).to_owned();
    let from = end(flow.and_then(|flow| flow.from.as_ref()));
    format!("{id}: {from} → {}", end(flow.and_then(|flow| flow.to.as_ref())))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Text of a file as code, which nothing in it can leave.
fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'"))
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
