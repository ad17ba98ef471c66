//! A condition for somebody who reads a rule's page: one sentence while that is short and clear, else a heading with
//! its parts as an indented list. The words for the parts are those of `rules::phrase`.

use crate::rules::language::Condition;
use crate::rules::phrase::{phrase, worth_saying};

/// Longer sentences are taken apart.
const LONGEST: usize = 100;

/// What is said, and what is listed below it.
struct Node {
    text: String,
    parts: Vec<Node>,
}

/// The lines of "`when` …", those of lists indented.
pub(super) fn lines(when: &str, condition: &Condition) -> Vec<String> {
    let node = node(condition);
    let mut out = Vec::new();
    let node = Node { text: format!("{when} {}", node.text), ..node };
    write(&node, "", &mut out);
    out
}

fn write(node: &Node, mark: &str, out: &mut Vec<String>) {
    // A list within a list is one step further in.
    let indent = mark.strip_suffix("- ").map_or_else(|| "  - ".to_owned(), |blank| format!("{blank}  - "));
    let end = match (node.parts.is_empty(), mark.is_empty()) {
        (true, true) => ".",
        (true, false) => "",
        (false, _) => ":",
    };
    out.push(format!("{mark}{}{end}", node.text));
    for part in &node.parts {
        write(part, &indent, out);
    }
}

fn node(condition: &Condition) -> Node {
    if let Condition::All(parts) = condition
        && let [only] = worth_saying(parts).collect::<Vec<_>>()[..]
        && parts.len() > 1
    {
        return node(only);
    }
    let sentence = phrase(condition);
    let joints = sentence.matches(" and ").count() + sentence.matches(" or ").count();
    // After "at its source, …" an "or" could belong to either.
    let is_clear = joints == 0 || joints == 1 && !sentence.contains(", ");
    if is_clear && sentence.len() <= LONGEST {
        return Node { text: sentence, parts: Vec::new() };
    }
    if let Some((text, parts)) = together(condition) {
        let parts = if matches!(condition, Condition::All(_)) {
            worth_saying(parts).map(node).collect()
        } else {
            parts.iter().map(node).collect()
        };
        return Node { text, parts };
    }
    // What of it is taken apart: parts that can be found in the sentence again, of "no flow" as of "some flow".
    let parts = match condition {
        Condition::Not(inner) => inner.parts(),
        other => other.parts(),
    };
    let several = |part: &&Condition| !node(part).parts.is_empty() && within(&sentence, part).is_some();
    match parts.into_iter().filter(several).collect::<Vec<_>>()[..] {
        [] => Node { text: sentence, parts: Vec::new() },
        [part] => {
            let inner = node(part);
            Node { text: put(&sentence, part, &inner.text), parts: inner.parts }
        }
        ref parts => {
            let mut text = sentence;
            let mut listed = Vec::new();
            for (n, part) in parts.iter().enumerate() {
                let (number, inner) = (format!("({})", n + 1), node(part));
                text = put(&text, part, &format!("{number} holds"));
                listed.push(Node { text: format!("{number} {}", inner.text), ..inner });
            }
            Node { text, parts: listed }
        }
    }
}

/// The words for a part as they stand in a sentence: the phrase itself, or "that …" in the place of "it …".
fn within(sentence: &str, part: &Condition) -> Option<String> {
    let words = phrase(part);
    let that = words.strip_prefix("it ").map(|rest| format!("that {rest}"));
    that.filter(|that| sentence.contains(that)).or_else(|| sentence.contains(&words).then_some(words))
}

/// The sentence with other words for a part.
fn put(sentence: &str, part: &Condition, words: &str) -> String {
    match within(sentence, part) {
        Some(old) if old.starts_with("that ") => sentence.replacen(&old, &format!("of which {words}"), 1),
        Some(old) => sentence.replacen(&old, words, 1),
        None => sentence.to_owned(),
    }
}

/// The heading of a condition that is nothing but several others, and these.
fn together(condition: &Condition) -> Option<(String, &[Condition])> {
    Some(match condition {
        Condition::All(parts) if parts.len() > 1 => ("all of these hold".to_owned(), parts),
        Condition::Any(parts) if parts.len() > 1 => ("one of these holds".to_owned(), parts),
        Condition::AtLeastOf(n, parts) => (format!("at least {n} of these hold"), parts),
        Condition::Not(inner) => match &**inner {
            Condition::All(parts) if parts.len() > 1 => ("not all of these hold".to_owned(), parts),
            Condition::Any(parts) if parts.len() > 1 => ("none of these holds".to_owned(), parts),
            _ => return None,
        },
        _ => return None,
    })
}
