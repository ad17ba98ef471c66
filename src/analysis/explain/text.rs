//! Explanations as plain text and JSON. All names have been given by people, so all of it is made
//! inert line by line.

use super::{Explanation, Line};
use crate::analysis::{Raises, State, ThreatRow};
use crate::diagnostic::inert::{inert, one_line};
use crate::model::{Event, Id, Severity, Status, StatusWord};
use crate::rules::team::Effect;
use serde_json::{Value, json};

impl Explanation {
    /// The explanation for a screen or a terminal, without colours.
    pub fn to_text(&self) -> String {
        let row = &self.row;
        let mut out = Vec::new();
        let severity = row.severity.map_or_else(|| "not rated".to_owned(), |s| s.to_string());
        out.push(format!("{}  {}", row.id, one_line(&row.title)));
        out.push(format!("{severity}, {}, {}", row.status.word().title(), row.categories()));
        // Of what no rule raises neither is known.
        let inherent = row.inherent.filter(|_| row.risk.is_some());
        out.extend(inherent.map(|worst| format!("{worst} without any control, {}", row.confidence.sentence())));
        out.push(format!("score {}", row.score.sum()));
        out.push(format!("key {}", row.key));
        section(&mut out, "Where it is", &self.place.iter().map(|line| one_line(line)).collect::<Vec<_>>());
        section(&mut out, "What was decided", &decision(row));
        section(&mut out, "What the team changed", &by_team(row.by_team.as_ref()));
        section(&mut out, "Why it matters", &[one_line(&self.why)]);
        let mut fix = vec![one_line(&self.fix)];
        fix.retain(|line| !line.is_empty());
        fix.extend(self.planned.iter().map(|work| format!("planned: {}", one_line(work))));
        fix.extend(self.mitigations.iter().map(|(id, title)| format!("{title} ({id})")));
        section(&mut out, "How to close it", &fix);
        section(&mut out, "How to check", &non_empty(&self.verify));
        let mut lines = Vec::new();
        for line in &self.because {
            tree(line, 0, &self.path, &mut lines);
        }
        if !lines.is_empty() {
            lines.insert(0, LEGEND.to_owned());
        }
        section(&mut out, "Why the rule says so", &lines);
        if !self.path.is_empty() {
            section(&mut out, "The path", &[self.path.iter().map(|p| one_line(p)).collect::<Vec<_>>().join(" → ")]);
        }
        section(&mut out, "How bad it is", &self.rating());
        section(&mut out, "When the rule may be wrong", &non_empty(&self.false_positives));
        section(&mut out, "References", &joined(&self.references));
        harmless(&out)
    }

    /// The steps to the severity, and what the rubric is where the model names one.
    pub fn rating(&self) -> Vec<String> {
        let about = self.about_rubric.iter().map(|about| format!("by the rubric {about}"));
        self.risk.iter().cloned().chain(about).collect()
    }

    /// The explanation as a JSON object.
    pub fn to_json(&self) -> Value {
        let row = &self.row;
        json!({
            "id": row.id,
            "key": row.key.as_str(),
            "title": row.title,
            "stride": row.stride.iter().map(|s| s.letter().to_string()).collect::<Vec<_>>(),
            "linddun": row.linddun.iter().map(|l| l.mark()).collect::<Vec<_>>(),
            "severity": row.severity.map(Severity::name),
            "inherent": row.inherent.map(Severity::name),
            "confidence": row.confidence.word(),
            "likelihood": row.risk.map(|r| r.0),
            "impact": row.risk.map(|r| r.1),
            "labels": self.labels,
            "rubric": self.rubric,
            "score": row.score.to_json(),
            "status": row.status.word().name(),
            "by_team": row.by_team,
            "place": self.place,
            "why": self.why,
            "because": self.because.iter().map(Line::to_json).collect::<Vec<_>>(),
            "path": self.path,
            "risk": self.risk,
            "fix": self.fix,
            "verify": self.verify,
            "false_positives": self.false_positives,
            "planned": self.planned,
            "mitigations": self.mitigations.iter().map(|(id, title)| json!({"id": id, "title": title})).collect::<Vec<_>>(),
            "references": self.references,
        })
    }
}

impl Line {
    fn to_json(&self) -> Value {
        json!({
            "holds": match self.mark { '✓' => Some(true), '✗' => Some(false), _ => None },
            "text": self.text,
            "facts": self.facts,
            "path": self.path,
            "parts": self.parts.iter().map(Self::to_json).collect::<Vec<_>>(),
        })
    }
}

/// What the team changed about a rule.
pub(super) fn by_team(effect: Option<&Effect>) -> Vec<String> {
    effect.map(|effect| one_line(&effect.sentence())).into_iter().collect()
}

/// What people, mitigations and time have done to a threat.
fn decision(row: &ThreatRow) -> Vec<String> {
    let record = &row.record;
    let mut lines = Vec::new();
    let mut say = |what: &str, value: Option<String>| {
        lines.extend(value.map(|v| format!("{what} {}", one_line(&v)).trim_start().to_owned()));
    };
    if row.key.is_own() {
        say("", Some("written by hand, so that no rule raises or closes it".to_owned()));
    }
    match recorded(row) {
        Some(sentence) => say("", Some(sentence)),
        None if record.status.word() != row.status.word() => {
            say("recorded as", Some(record.status.word().title().to_owned()));
        }
        None => {}
    }
    say("because", record.status.reason().map(str::to_owned));
    if let Status::Accepted { approver, .. } = &record.status {
        say("approved by", approver.clone());
    }
    if let Status::Transferred { to, .. } = &record.status {
        say("transferred to", Some(to.clone()));
    }
    if let Status::Mitigated { evidence, .. } = &record.status {
        say("evidence:", (!evidence.is_empty()).then(|| evidence.join(", ")));
    }
    say(if row.expired { "ran out on" } else { "until" }, record.status.expires().map(|d| d.to_string()));
    if let Some(by) = &record.overridden {
        let who = by.by.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
        say("rated", Some(format!("{}{who}: {}", by.severity, by.reason)));
    }
    if row.stale {
        say("stale:", Some("facts that the decision rested on have changed since".to_owned()));
    }
    let closed: Vec<&str> = row.closed_by.iter().map(Id::as_str).collect();
    say("closed by the mitigation", (!closed.is_empty()).then(|| closed.join(", ")));
    say("owner", record.owner.clone());
    say("due", record.due.map(|d| d.to_string()));
    say("notes:", record.notes.clone());
    lines
}

/// What has to be said of how a threat is recorded where that and what its rule says differ.
fn recorded(row: &ThreatRow) -> Option<String> {
    let is_by_hand = row.record.status.word() == StatusWord::Mitigated && row.raised == Some(Raises::Open);
    if row.state == State::New {
        Some("nothing yet: the register does not have it; `sconce update` records it".to_owned())
    } else if is_by_hand && row.closed_by.is_empty() {
        let set = row.record.history.iter().rev().find(|past| past.event == Event::entering(StatusWord::Mitigated));
        let by = set.map(|past| format!(" by {} on {}", past.by, past.on)).unwrap_or_default();
        Some(format!("recorded as mitigated{by}, although the rule still finds the weakness open"))
    } else {
        None
    }
}

/// Lines as text that drives no terminal.
pub(super) fn harmless(lines: &[String]) -> String {
    lines.iter().map(|line| inert(line) + "\n").collect()
}

fn non_empty(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![one_line(text)] }
}

pub(super) fn joined(words: &[String]) -> Vec<String> {
    if words.is_empty() { Vec::new() } else { vec![words.join(", ")] }
}

pub(super) fn section(out: &mut Vec<String>, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        out.push(String::new());
        out.push(title.to_owned());
        out.extend(lines.iter().map(|line| format!("  {line}")));
    }
}

/// What the marks of the tree mean.
const LEGEND: &str = "✓ holds · ✗ does not hold · ? is not known";

/// A line of the tree and what is below it. The path that is told by itself is not told here as well.
fn tree(line: &Line, depth: usize, path: &[String], out: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let facts = match &line.facts[..] {
        [] => String::new(),
        some => format!(" [{}]", some.iter().map(|f| one_line(f)).collect::<Vec<_>>().join("; ")),
    };
    out.push(format!("{indent}{} {}{facts}", line.mark, one_line(&line.text)));
    if !line.path.is_empty() && line.path != path {
        out.push(format!("{indent}    by {}", line.path.iter().map(|p| one_line(p)).collect::<Vec<_>>().join(" → ")));
    }
    for part in &line.parts {
        tree(part, depth + 1, path, out);
    }
}
