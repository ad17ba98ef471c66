//! Threats as JSON for programs: one documented shape that only grows. It is not the model file and cannot be read
//! back into one.

use std::fmt::Write as _;

use serde::Serialize;

use crate::analysis::{By, Group, ThreatRow, expiring};
use crate::diagnostic::inert::is_hazard;
use crate::model::{Id, SYSTEM, Severity, Status, StatusWord, SubjectKind, Thing, ThreatModel};
use crate::rules::team::{Effect, Silenced};
use crate::rules::{Knowledge, USUAL};
use std::collections::BTreeMap;

/// The name of the shape; the number grows when a field goes or changes its meaning, not when one is added.
const SCHEMA: &str = "sconce/threats/1";

/// The threats as JSON, indented, with a line feed at the end. Fields that are not known are `null` or `[]`, never
/// left out. Dates are YYYY-MM-DD.
///
/// ```json
/// {
///   "schema": "sconce/threats/1",
///   "system": "Storefront",
///   "rubric": "default",
///   "statuses": { "Accepted": 1 },       // how many threats have each status
///   "expiring": [                        // the ten decisions that run out next
///     { "key": "web:core.d.no-rate-limit", "status": "Accepted", "expires": "2027-01-15" }
///   ],
///   "threats": [
///     {
///       "id": "T-7F3K2QWXPA",            // for people; stays when things are renamed
///       "key": "web:core.d.no-rate-limit",
///       "rule": "core.d.no-rate-limit",  // own.* is written by hand
///       "title": "Web app can be flooded",
///       "subject": { "id": "web", "name": "Web app", "kind": "process" },
///       "target": null,                  // where a path ends, shaped as subject
///       "stride": ["D"],
///       "category": null,                // of another method than STRIDE, as imported
///       "severity": "Medium",            // Low, Medium, High, Critical: the one that counts
///       "computed": "High",              // by the rubric, controls counted
///       "inherent": "High",              // by the rubric, without any control
///       "risk": { "likelihood": 3, "impact": 3 },  // 1 to 4 each
///       "confidence": "stated",          // stated, inherited, assumed
///       "score": { "total": 12, "base": 9, "exposure": 3, "blast": 2, "restricted": 4, "doubt": 2 },
///       "group": { "by": "mitigation", "id": "mit.rate-limit", "title": "Limit the rate" },  // of open threats
///       "shares_row_with": null,         // key of the threat whose row it shares in the group
///       "status": "Accepted",            // Open, Mitigated, Accepted, Transferred, Avoided, NotApplicable,
///                                        // FalsePositive, Gone
///       "reason": "until the edge limit is live",
///       "approver": "li",
///       "expires": "2027-01-15",
///       "evidence": [],                  // of a status Mitigated that a person gave
///       "state": "known",                // new, known, reopened, gone, orphan
///       "stale": false,                  // the facts behind the decision have changed
///       "expired": false,                // the decision has run out
///       "opened": "2026-11-20",
///       "owner": "ana",
///       "due": "2026-12-20",
///       "mitigations": [{ "id": "edge-rate-limit", "title": "Rate limit at the edge", "status": "InProgress" }],
///       "fixes": ["mit.rate-limit"],     // catalogue ids that would close it
///       "path": [],                      // ids from subject to target, elements and flows in turn
///       "by_team": null,                 // what a team's override did: what, file, reason
///       "description": null,
///       "notes": null
///     }
///   ],
///   "silenced": [                        // rules that say less because of the team, of those that the model would ask
///     {
///       "rule": "core.r.no-audit",
///       "off": true,                     // not asked at all; false: silent where a condition holds
///       "by_team": { "what": ["switched off"], "file": ".sconce/rules/overrides.ron", "reason": "…" }
///     }
///   ]
/// }
/// ```
pub fn threats_json(rows: &[ThreatRow], model: &ThreatModel, knowledge: &Knowledge) -> String {
    threats_json_grouped(rows, (model, knowledge), By::None, &[])
}

/// The same with the groups that open threats belong to.
pub fn threats_json_grouped(
    rows: &[ThreatRow],
    (model, knowledge): (&ThreatModel, &Knowledge),
    by: By,
    groups: &[Group<'_>],
) -> String {
    let mut places = BTreeMap::new();
    for group in groups.iter().filter(|_| by != By::None) {
        for shared in &group.rows {
            places.insert(&shared.row.key, (group, None));
            places.extend(shared.also.iter().map(|row| (&row.key, (group, Some(shared.row.key.as_str())))));
        }
    }
    let of = |row: &ThreatRow| {
        let (group, first) = places.get(&row.key)?;
        Some((Place { by: by.word(), id: &group.id, title: &group.title }, *first))
    };
    let count = |word: StatusWord| rows.iter().filter(|row| row.status.word() == word).count();
    let statuses = StatusWord::ALL.iter().map(|word| (word.name(), count(*word)));
    let due = |e: &crate::analysis::Expiring<'_>| e.on.to_string();
    let next = expiring(rows).into_iter();
    let list = List {
        schema: SCHEMA,
        system: &model.system.name,
        rubric: model.system.rubric.as_deref().unwrap_or(USUAL),
        statuses: statuses.filter(|(_, n)| *n > 0).collect(),
        expiring: next
            .map(|e| Next { expires: due(&e), key: e.row.key.as_str().to_owned(), status: e.row.status.word().name() })
            .collect(),
        threats: rows.iter().map(|row| threat(row, model, of(row))).collect(),
        silenced: knowledge.silenced(model.system.packs.as_deref()).map(silent).collect(),
    };
    // Texts, numbers and lists only: this cannot fail.
    let mut text = inert_json(&serde_json::to_string_pretty(&list).unwrap_or_default());
    text.push('\n');
    text
}

#[derive(Serialize)]
struct List<'a> {
    schema: &'static str,
    system: &'a str,
    rubric: &'a str,
    statuses: BTreeMap<&'static str, usize>,
    expiring: Vec<Next>,
    threats: Vec<Row<'a>>,
    silenced: Vec<Silent<'a>>,
}

#[derive(Serialize)]
struct Silent<'a> {
    rule: &'a str,
    off: bool,
    by_team: Effect,
}

#[derive(Serialize)]
struct Next {
    key: String,
    status: &'static str,
    expires: String,
}

#[derive(Serialize)]
struct Place<'a> {
    by: &'static str,
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    key: &'a str,
    rule: &'a str,
    title: &'a str,
    subject: Subject<'a>,
    target: Option<Subject<'a>>,
    stride: Vec<char>,
    linddun: Vec<&'static str>,
    category: Option<&'a str>,
    severity: Option<&'static str>,
    computed: Option<&'static str>,
    inherent: Option<&'static str>,
    risk: Option<Risk>,
    confidence: &'static str,
    score: serde_json::Value,
    group: Option<Place<'a>>,
    shares_row_with: Option<&'a str>,
    status: &'static str,
    reason: Option<&'a str>,
    approver: Option<&'a str>,
    expires: Option<String>,
    evidence: &'a [String],
    state: &'static str,
    stale: bool,
    expired: bool,
    opened: Option<String>,
    owner: Option<&'a str>,
    due: Option<String>,
    mitigations: Vec<Work<'a>>,
    fixes: &'a [String],
    path: Vec<&'a str>,
    by_team: Option<&'a Effect>,
    description: Option<&'a str>,
    notes: Option<&'a str>,
}

#[derive(Serialize)]
struct Subject<'a> {
    id: &'a str,
    name: &'a str,
    kind: Option<&'static str>,
}

#[derive(Serialize)]
struct Risk {
    likelihood: u8,
    impact: u8,
}

#[derive(Serialize)]
struct Work<'a> {
    id: &'a str,
    title: Option<&'a str>,
    status: Option<&'static str>,
}

fn silent(silenced: Silenced<'_>) -> Silent<'_> {
    Silent { rule: silenced.rule, off: silenced.is_off, by_team: silenced.by.effect() }
}

fn threat<'a>(row: &'a ThreatRow, model: &'a ThreatModel, place: Option<(Place<'a>, Option<&'a str>)>) -> Row<'a> {
    let record = &row.record;
    let (approver, evidence) = match &row.status {
        Status::Accepted { approver, .. } => (approver.as_deref(), &[][..]),
        Status::Mitigated { evidence, .. } => (None, evidence.as_slice()),
        _ => (None, &[][..]),
    };
    let (group, shares_row_with) = place.map_or((None, None), |(group, first)| (Some(group), first));
    Row {
        id: &row.id,
        key: row.key.as_str(),
        rule: row.key.rule(),
        title: &row.title,
        subject: subject(&row.subject, model),
        target: row.target.as_ref().map(|id| subject(id, model)),
        stride: row.stride.iter().map(|s| s.letter()).collect(),
        linddun: row.linddun.iter().map(|l| l.mark()).collect(),
        category: record.category.as_deref(),
        severity: row.severity.map(Severity::name),
        computed: row.computed.map(Severity::name),
        inherent: row.inherent.map(Severity::name),
        risk: row.risk.map(|(likelihood, impact)| Risk { likelihood, impact }),
        confidence: row.confidence.word(),
        score: row.score.to_json(),
        group,
        shares_row_with,
        status: row.status.word().name(),
        reason: row.status.reason(),
        approver,
        expires: row.status.expires().map(|d| d.to_string()),
        evidence,
        state: row.state.word(),
        stale: row.stale,
        expired: row.expired,
        opened: record.opened.map(|d| d.to_string()),
        owner: record.owner.as_deref(),
        due: record.due.map(|d| d.to_string()),
        mitigations: record.mitigations.iter().map(|id| work(id, model)).collect(),
        fixes: &row.fixes,
        path: row.evidence.iter().map(Id::as_str).collect(),
        by_team: row.by_team.as_ref(),
        description: record.description.as_deref(),
        notes: record.notes.as_deref(),
    }
}

fn subject<'a>(id: &'a Id, model: &'a ThreatModel) -> Subject<'a> {
    let kind = if id.as_str() == SYSTEM { Some(SubjectKind::System) } else { model.thing(id).map(Thing::kind) };
    Subject { id: id.as_str(), name: model.name_of(id), kind: kind.map(SubjectKind::title) }
}

fn work<'a>(id: &'a Id, model: &'a ThreatModel) -> Work<'a> {
    let found = model.mitigations.get(id);
    Work { id: id.as_str(), title: found.map(|m| m.title.as_str()), status: found.map(|m| m.status.name()) }
}

/// JSON that is harmless on a terminal: what serde_json leaves as it is (DEL, C1, bidi controls) becomes `\u` escapes,
/// which mean the same. Such characters stand only inside strings, so the text stays JSON.
pub(crate) fn inert_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hazard(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}
