//! Threats and what was done about them: each becomes a threat written by hand and, where somebody wrote how it is
//! mitigated, a mitigation. Dates and names are not made up: Threat Dragon records neither.

use super::Import;
use super::cell::Cell;
use super::json::{Record, one_line};
use crate::model::{Id, Mitigation, MitigationStatus, OWN_PACK, Severity, Status, Stride, Threat, ThreatKey};

/// Texts that Threat Dragon has put into new threats for people to replace, in the releases so far. Those of new
/// diagrams have the method in the middle.
const PLACEHOLDERS: &[&str] = &[
    "Provide a description for this threat",
    "Provide mitigation or prevention for this threat",
    "Provide remediation for this threat or a reason if status is N/A",
    "Provide mitigation for this threat or a reason if status is N/A",
];

/// What stands as evidence or reason where Threat Dragon has only the status.
const UNEXPLAINED: &str = "so marked in Threat Dragon, without a reason";

impl Import {
    pub(super) fn threats(&mut self, cell: &mut Cell, subject: &Id, earlier: bool) {
        for value in cell.data.list("threats") {
            let text = value.to_string();
            // A thing that is drawn twice has its threats twice in the file.
            if !self.read_threats.insert((subject.clone(), text.clone())) && earlier {
                continue;
            }
            match Record::new(value) {
                Ok(record) => self.threat(&cell.where_, subject, record),
                Err(_) => self.lose(&cell.where_, "threat that is not an object", &text),
            }
        }
    }

    fn threat(&mut self, where_: &str, subject: &Id, mut record: Record) {
        let mut threat = Threat::default();
        let kind = record.line("type");
        let method = record.line("modelType");
        threat.title = record.line("title").or_else(|| kind.clone()).unwrap_or_else(|| "Untitled threat".to_owned());
        let where_ = format!("{where_}, threat \"{}\"", threat.title.chars().take(60).collect::<String>());
        match kind.as_deref().and_then(stride) {
            Some(letter) => threat.stride = vec![letter],
            None => threat.category = kind.or_else(|| method.clone()),
        }
        threat.description = self.written(&mut record, "description");
        let remedy = self.written(&mut record, "mitigation");
        let mut notes = Vec::new();
        threat.severity = rating(&mut record, &mut notes);
        self.decide(&where_, &mut record, &mut threat, remedy, &mut notes);

        let fields =
            [("score", "Score"), ("cardSuit", "Card suit"), ("cardNumber", "Card"), ("eopGameId", "Card game")];
        notes.extend(fields.iter().filter_map(|(k, label)| Some(format!("{label}: {}", record.line(k)?))));
        notes.extend(
            method.filter(|m| m != "STRIDE" && threat.category.as_ref() != Some(m)).map(|m| format!("Method: {m}")),
        );
        threat.notes = (!notes.is_empty()).then(|| notes.join("\n"));
        self.discard(&mut record, &["id", "number", "new"]);
        self.lose_rest(&where_, record);

        let threats = &mut self.out.model.threats;
        let key = |slug: &str| ThreatKey::new(subject, &format!("{OWN_PACK}.{slug}"), None);
        let slug = Id::slug(&threat.title, "threat", |slug| threats.contains_key(&key(slug)));
        threats.insert(key(slug.as_str()), threat);
    }

    /// A text that a person wrote; Threat Dragon's own are counted and left out.
    pub(super) fn written(&mut self, record: &mut Record, key: &str) -> Option<String> {
        let text = record.text(key)?;
        let placeholder = PLACEHOLDERS.contains(&text.trim_end_matches('.'))
            || text.starts_with("New ") && text.ends_with(" diagram description");
        self.placeholders += usize::from(placeholder);
        (!placeholder).then_some(text)
    }

    /// Status and remedy. The remedy of a threat that does not apply, or was accepted, is the reason for that.
    fn decide(
        &mut self,
        where_: &str,
        record: &mut Record,
        threat: &mut Threat,
        remedy: Option<String>,
        notes: &mut Vec<String>,
    ) {
        let said = record.line("status").unwrap_or_default();
        let word: String = said.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        let reason = || remedy.clone().unwrap_or_else(|| UNEXPLAINED.to_owned());
        threat.status = match word.as_str() {
            "notapplicable" | "na" => Status::NotApplicable { reason: reason() },
            "accepted" => Status::Accepted { reason: reason(), approver: None, expires: None },
            "transferred" => Status::Transferred { to: "not named in Threat Dragon".to_owned(), reason: reason() },
            "avoided" | "eliminated" => Status::Avoided { reason: reason() },
            "mitigated" => {
                let evidence = remedy.as_deref().map_or_else(|| UNEXPLAINED.to_owned(), title);
                Status::Mitigated { evidence: vec![evidence], on: None }
            }
            "open" => Status::Open,
            _ => {
                notes.push(format!("Status in Threat Dragon: {}", if said.is_empty() { "none" } else { &said }));
                if !said.is_empty() {
                    self.lose(where_, "status of an unknown word", &said);
                }
                Status::Open
            }
        };
        let done = matches!(threat.status, Status::Mitigated { .. });
        if let Some(remedy) = remedy.filter(|_| done || matches!(threat.status, Status::Open)) {
            threat.mitigations = vec![self.mitigation(remedy, done)];
        }
    }

    fn mitigation(&mut self, text: String, done: bool) -> Id {
        if let Some(id) = self.mitigations.get(&(text.clone(), done)) {
            return id.clone();
        }
        let mitigations = &mut self.out.model.mitigations;
        let title = title(&text);
        let id = Id::slug(&title, "mitigation", |id| mitigations.contains_key(id));
        let mut mitigation = Mitigation::new(&title);
        mitigation.status = if done { MitigationStatus::Claimed } else { MitigationStatus::Proposed };
        mitigation.description = (title != text).then(|| text.clone());
        mitigations.insert(id.clone(), mitigation);
        self.mitigations.insert((text, done), id.clone());
        id
    }
}

/// The first line of a text, cut between words after 80 characters.
fn title(text: &str) -> String {
    let line = one_line(text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default());
    let Some((end, _)) = line.char_indices().nth(80) else { return line };
    let cut = line[..end].rsplit_once(' ').map_or(&line[..end], |(before, _)| before);
    format!("{cut}…")
}

/// The severity, or a note of the word that is none of ours (TBD, TBA).
fn rating(record: &mut Record, notes: &mut Vec<String>) -> Option<Severity> {
    let said = record.line("severity")?;
    let found = Severity::ALL.iter().copied().find(|s| s.name().eq_ignore_ascii_case(&said));
    if found.is_none() {
        notes.push(format!("Severity in Threat Dragon: {said}"));
    }
    found
}

/// A STRIDE letter by its English name, whatever the capitals. Other languages and methods stay as they are.
fn stride(kind: &str) -> Option<Stride> {
    let kind = kind.to_lowercase();
    let kind = kind.strip_suffix("privileges").map_or(kind.clone(), |start| format!("{start}privilege"));
    Stride::ALL.iter().copied().find(|s| s.title() == kind)
}
