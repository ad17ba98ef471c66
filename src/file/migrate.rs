//! Old formats become the present one by named steps. A step looks at the tree and says which pieces of the text to
//! replace, so that comments stay where they are; it does not decode anything. There is no old format yet.

use crate::diagnostic::{At, Diagnostic, Span};

use super::syntax::{Kind, Tree, parse};

/// One step from a format to a later one.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// The format it starts from.
    pub(crate) from: (u32, u32),
    /// The format it leads to.
    pub(crate) to: (u32, u32),
    /// What it did, as a sentence for the person whose file it is.
    pub(crate) says: &'static str,
    /// The pieces to replace, in order and not overlapping; the version itself is not among them.
    pub(crate) patches: fn(Tree<'_>) -> Vec<(Span, String)>,
}

/// Every step, oldest first.
pub(crate) const STEPS: &[Step] = &[];

/// Takes a text as far as steps lead. `None` when there is nothing to do; else the new text and a note for each step.
pub(crate) fn migrate(source: &str, steps: &[Step]) -> Option<(String, Vec<Diagnostic>)> {
    let mut text: Option<String> = None;
    let mut notes = Vec::new();
    for _ in 0..steps.len() {
        let current = text.as_deref().unwrap_or(source);
        let parsed = parse(current);
        let tree = parsed.tree(current);
        let Some((version, place)) = version(tree).filter(|_| parsed.errors.is_empty()) else { break };
        let Some(step) = steps.iter().find(|step| step.from == version) else { break };
        let mut patches = (step.patches)(tree);
        patches.push((place, format!("({}, {})", step.to.0, step.to.1)));
        patches.sort_by_key(|(span, _)| span.start);
        let next = replace(current, &patches);
        let ((a, b), (c, d)) = (step.from, step.to);
        notes.push(Diagnostic::note("migrated", At::File, format!("format {a}.{b} became {c}.{d}: {}", step.says)));
        text = Some(next);
    }
    text.map(|text| (text, notes))
}

fn replace(text: &str, patches: &[(Span, String)]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (span, new) in patches {
        out.push_str(text.get(at..span.start).unwrap_or(""));
        out.push_str(new);
        at = span.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// The format a text says it has, and where it says so.
fn version(tree: Tree<'_>) -> Option<((u32, u32), Span)> {
    let is_format = |field: &super::syntax::NodeRef<'_>| field.kind() == Kind::Field && field.name() == "format";
    let pair = tree.root()?.children().find(is_format)?.value();
    let mut numbers = pair.children().map(|n| n.source().parse().ok());
    Some(((numbers.next()??, numbers.next()??), pair.span()))
}

#[cfg(test)]
mod tests {
    use super::{Span, Step, Tree, migrate};

    /// Renames a field of the model.
    fn rename(tree: Tree<'_>, from: &str, to: &str) -> Vec<(Span, String)> {
        let fields = tree.root().unwrap().children().filter(|f| f.name() == from);
        fields.map(|f| (f.key_span(), to.to_owned())).collect()
    }

    const STEPS: &[Step] = &[
        Step {
            from: (0, 1),
            to: (0, 2),
            says: "`zones` are called `boundaries`",
            patches: |t| rename(t, "zones", "boundaries"),
        },
        Step {
            from: (0, 2),
            to: (1, 0),
            says: "`things` are called `elements`",
            patches: |t| rename(t, "things", "elements"),
        },
    ];

    #[test]
    fn steps_follow_each_other_and_keep_comments() {
        let old = "ThreatModel(\n    format: (0, 1), // old\n    zones: {}, /* here */\n    things: {},\n)\n";
        let (text, notes) = migrate(old, STEPS).unwrap();
        assert_eq!(
            text,
            "ThreatModel(\n    format: (1, 0), // old\n    boundaries: {}, /* here */\n    elements: {},\n)\n"
        );
        let said: Vec<&str> = notes.iter().map(|n| n.message.as_str()).collect();
        assert_eq!(
            said,
            [
                "format 0.1 became 0.2: `zones` are called `boundaries`",
                "format 0.2 became 1.0: `things` are called `elements`"
            ]
        );
    }

    #[test]
    fn the_present_format_stays_as_it_is() {
        assert_eq!(migrate("ThreatModel(format: (1, 0))", STEPS), None);
        assert_eq!(migrate("ThreatModel(format: (0, ", STEPS), None);
    }
}
