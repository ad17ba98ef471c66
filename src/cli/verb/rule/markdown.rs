//! Rules as Markdown: pages with their examples, and the index. `docs/rules/` is made of both and of nothing else.

use std::fmt::Write as _;

use super::super::table::count;
use super::draw::{Stated, drawn, key};
use super::list::{title, what};
use super::show::COLUMNS;
use super::{by_pack, letters};
use crate::analysis::{RulePage, by_edition};
use crate::diagnostic::inert::{inert, one_line};
use crate::rules::about;
use crate::rules::language::{Refs, Rule};

/// The pages of some rules; under the name of the pack when that was asked for.
pub(super) fn pages(what: &str, pages: &[RulePage]) -> String {
    let mut text = String::new();
    if pages.iter().all(|page| page.rule.pack() == what) {
        let about = about(what).map(|about| format!(": {about}")).unwrap_or_default();
        let _ = write!(text, "# {}{}\n\n", escape(what), escape(&about));
        for page in pages {
            let (id, title) = (escape(&page.rule.id), escape(&page.rule.title));
            let _ = writeln!(text, "- [{id}](#{}): {title}", page.rule.id);
        }
        let _ = write!(text, "\nExamples are drawn: {}.\n\n", key());
    }
    text.push_str(&pages.iter().map(page).collect::<Vec<_>>().join("\n"));
    text
}

fn page(page: &RulePage) -> String {
    let rule = &page.rule;
    let mut text = String::new();
    let _ = write!(text, "<a id=\"{0}\"></a>\n\n## {0}\n\n", escape(&rule.id).replace('"', "&quot;"));
    let _ = writeln!(text, "**{}**\n\n*{}*", escape(&rule.title), escape(&page.about));
    for section in page.sections() {
        let _ = write!(text, "\n### {}\n", section.title);
        if section.title == "References" {
            text.push('\n');
            text.push_str(&references(&rule.refs));
            continue;
        }
        let mut was_list = false;
        for line in &section.lines {
            let is_list = line.trim_start().starts_with("- ");
            // A paragraph stands by itself; the points of a list follow each other.
            text.push_str(if is_list && was_list { "" } else { "\n" });
            was_list = is_list;
            match line.trim_start().strip_prefix("- ") {
                Some(point) => {
                    // Lists of a page are indented by two more than Markdown wants.
                    let depth = (line.len() - line.trim_start().len()).saturating_sub(2);
                    let _ = writeln!(text, "{}- {}", " ".repeat(depth), escape(point));
                }
                None => text.push_str(&(escape(line) + "\n")),
            }
        }
    }
    for (n, drawn) in drawn(page, COLUMNS).iter().enumerate() {
        text.push_str(if n == 0 { "\n### Examples\n\n" } else { "\n" });
        if !drawn.picture.is_empty() {
            let picture: String = drawn.picture.lines().map(|line| inert(line) + "\n").collect();
            let _ = write!(text, "```text\n{}```\n\n", picture.replace('`', "'"));
        }
        let point = |(id, what): &Stated<'_>| code(&format!("{id}: {what}"));
        let common = drawn.common();
        if !common.is_empty() {
            let all: Vec<String> = common.iter().map(point).collect();
            let _ = write!(text, "In all of these: {}\n\n", all.join(" · "));
        }
        for example in &drawn.examples {
            let _ = writeln!(text, "- {}: **{}**", escape(&example.name), escape(&example.words()));
            text.extend(drawn.own(example).iter().map(|stated| format!("  - {}\n", point(stated))));
        }
    }
    text
}

/// References as points, with links where a list has a page for each entry.
fn references(refs: &Refs) -> String {
    let point = |(list, ids): (&str, Vec<String>)| {
        let ids: Vec<String> = ids.iter().map(|id| linked(list, id)).collect();
        format!("- {}: {}\n", escape(list), ids.join(", "))
    };
    by_edition(refs).into_iter().map(point).collect()
}

fn linked(list: &str, id: &str) -> String {
    let at = match list.split(' ').next() {
        Some("CWE") => format!("https://cwe.mitre.org/data/definitions/{id}.html"),
        Some("CAPEC") => format!("https://capec.mitre.org/data/definitions/{id}.html"),
        Some("ATT&CK") => format!("https://attack.mitre.org/techniques/{}/", id.replace('.', "/")),
        _ => return escape(id),
    };
    let is_plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    if is_plain { format!("[{id}]({at})") } else { escape(id) }
}

/// The index: a table for each pack, with links to the pages beside it.
pub(super) fn index(rules: &[&Rule]) -> String {
    let mut text = String::from("# Rules\n\n");
    let _ = writeln!(
        text,
        "{}. Every page is printed by `sconce rule show PACK --format markdown`, this one by \
         `sconce rule list --format markdown`: what is said under an example is what the rule says about it.",
        count(rules.len(), "rule"),
    );
    for (pack, rules) in by_pack(rules) {
        let about = about(pack).map(|about| format!(": {about}")).unwrap_or_default();
        let _ = write!(text, "\n## [{0}]({0}.md){1}\n\n", escape(pack), escape(&about));
        text.push_str("| rule | letters | looks at | what may go wrong |\n|---|---|---|---|\n");
        for rule in rules {
            let (letters, what, title) = (letters(rule), escape(&what(rule)), escape(&title(rule)));
            let _ = writeln!(text, "| [{0}]({pack}.md#{0}) | {letters} | {what} | {title} |", escape(&rule.id));
        }
    }
    text
}

/// Text that Markdown shows as it is.
fn escape(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() + 8);
    if text.starts_with(['#', '-', '+', '=']) {
        out.push('\\');
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'"))
}
