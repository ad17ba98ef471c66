//! A condition for somebody who reads a rule's page: one sentence while that is short and clear, else a heading with
//! its parts as an indented list. The words for the parts are those of `rules::phrase`.

use crate::rules::Knowledge;
use crate::rules::language::Condition;
use crate::rules::phrase::{clause, phrase, worth_saying};

/// Longer sentences are taken apart.
const LONGEST: usize = 100;

/// What is said, and what is listed below it.
struct Node {
    text: String,
    parts: Vec<Node>,
}

/// The lines of "`when` …", those of lists indented.
pub(super) fn lines(when: &str, condition: &Condition, knowledge: &Knowledge) -> Vec<String> {
    let node = node(condition, knowledge);
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

fn node(condition: &Condition, knowledge: &Knowledge) -> Node {
    if let Condition::All(parts) = condition
        && let [only] = worth_saying(parts).collect::<Vec<_>>()[..]
        && parts.len() > 1
    {
        return node(only, knowledge);
    }
    let sentence = phrase(condition, knowledge);
    let joints = sentence.matches(" and ").count() + sentence.matches(" or ").count();
    // After "at its source, …" an "or" could belong to either.
    let is_clear = joints == 0 || joints == 1 && !sentence.contains(", ");
    if is_clear && sentence.len() <= LONGEST {
        return Node { text: sentence, parts: Vec::new() };
    }
    if let Some((text, parts)) = together(condition) {
        let parts = if matches!(condition, Condition::All(_)) {
            worth_saying(parts).map(|part| node(part, knowledge)).collect()
        } else {
            parts.iter().map(|part| node(part, knowledge)).collect()
        };
        return Node { text, parts };
    }
    if let (Condition::Tech(_), Some(names)) = (condition, sentence.strip_prefix("its technology is ")) {
        let names = Node { text: names.replace(" or ", ", "), parts: Vec::new() };
        return Node { text: "its technology is one of these".to_owned(), parts: vec![names] };
    }
    // What of it is taken apart: parts that can be found in the sentence again, of "no flow" as of "some flow".
    let parts = match condition {
        Condition::Not(inner) => inner.parts(),
        other => other.parts(),
    };
    let several =
        |part: &&Condition| !node(part, knowledge).parts.is_empty() && within(&sentence, part, knowledge).is_some();
    match parts.into_iter().filter(several).collect::<Vec<_>>()[..] {
        [] => Node { text: sentence, parts: Vec::new() },
        [part] => {
            let inner = node(part, knowledge);
            Node { text: put(&sentence, part, &inner.text, knowledge), parts: inner.parts }
        }
        ref parts => {
            let mut text = sentence;
            let mut listed = Vec::new();
            for (n, part) in parts.iter().enumerate() {
                let (number, inner) = (format!("({})", n + 1), node(part, knowledge));
                text = put(&text, part, &format!("{number} holds"), knowledge);
                listed.push(Node { text: format!("{number} {}", inner.text), ..inner });
            }
            Node { text, parts: listed }
        }
    }
}

/// Makes other words fit where the words for a part stand.
type Put = fn(&str) -> String;

/// How a part stands in a sentence, and what is to be put in the place of that with other words for the part.
fn within(sentence: &str, part: &Condition, knowledge: &Knowledge) -> Option<(String, Put)> {
    let words = phrase(part, knowledge);
    let after: Put = |words| format!(" where {words}");
    let subject: Put = |words| words.strip_prefix("it").map_or_else(|| format!(", {words}"), str::to_owned);
    let forms = [
        (clause(part, knowledge), after),
        (words.clone(), str::to_owned as Put),
        (words.strip_prefix("it").map(str::to_owned).unwrap_or_default(), subject),
    ];
    forms.into_iter().find(|(form, _)| !form.is_empty() && sentence.contains(form.as_str()))
}

/// The sentence with other words for a part.
fn put(sentence: &str, part: &Condition, words: &str, knowledge: &Knowledge) -> String {
    match within(sentence, part, knowledge) {
        Some((old, form)) => sentence.replacen(&old, &form(words), 1),
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
