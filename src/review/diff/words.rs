//! A comparison in sentences, for text and Markdown alike. It lays nothing out: an item is a head line and what stands
//! below it.

use super::{Change, Decision, Diff, Fate, Field, ThreatChange, Turn, told};
use crate::diagnostic::inert::one_line;
use crate::file::said::Said;
use crate::model::{Override, Place, Severity, Status, StatusWord};

/// How ids and texts of the model are shown so that they do no harm.
#[derive(Clone, Copy)]
pub(super) struct Voice {
    /// An id, as code.
    pub(super) code: fn(&str) -> String,
    /// Any text.
    pub(super) text: fn(&str) -> String,
}

/// One thing to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is about.
    pub place: Place,
    /// What became of it.
    pub mark: Mark,
    /// The line.
    pub head: String,
    /// What more there is to say.
    pub below: Vec<String>,
}

/// What became of something, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It came.
    Plus,
    /// It is another one.
    Tilde,
    /// It went.
    Minus,
}

impl Mark {
    /// The sign before a line.
    pub const fn sign(self) -> char {
        match self {
            Self::Plus => '+',
            Self::Tilde => '~',
            Self::Minus => '-',
        }
    }
}

/// A heading and its items; sections without items are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// What stands under it.
    pub items: Vec<Item>,
}

/// So much of a text is shown, in characters; the model has the rest.
const LONGEST: usize = 120;

/// A text on one line, harmless, and not too long.
pub(super) fn short(text: &str) -> String {
    // What is cut is cut before it is made harmless: an escape is never cut in two.
    let start: String = text.chars().take(LONGEST * 4).collect();
    let words = start.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut cut: String = words.chars().take(LONGEST).collect();
    if cut.len() < words.len() || start.len() < text.len() {
        cut.push('…');
    }
    one_line(&cut)
}

/// "1 threat", "2 threats".
pub(super) fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The comparison in a sentence: "3 new threats, 1 High; 2 mitigated".
pub fn headline(diff: &Diff) -> String {
    if diff.is_empty() {
        return "nothing changed".to_owned();
    }
    let mut parts = Vec::new();
    let turned = |turn: Turn| diff.threats.iter().filter(move |threat| threat.turn == turn);
    for (turn, what) in [(Turn::New, "new threat"), (Turn::Back, "returned threat")] {
        let turned = |turn| turned(turn).filter(|threat| !threat.is_closed_from_the_start());
        let n = turned(turn).count();
        if n > 0 {
            let of = |severity| turned(turn).filter(|threat| threat.severity[1] == Some(severity)).count();
            let worst = [Severity::Critical, Severity::High].map(|severity| (of(severity), severity));
            let worst = worst.iter().filter(|(n, _)| *n > 0).map(|(n, severity)| format!(", {n} {severity}"));
            parts.push(count(n, what) + &worst.collect::<String>());
        }
    }
    let moved =
        |word| diff.threats.iter().filter(|threat| threat.moved().is_some_and(|to| to[1] == Some(word))).count();
    let decided = |word| {
        let is = |decision: &&Decision| decision.after.as_ref().is_some_and(|status| status.word() == word);
        let was = |decision: &&Decision| decision.before.as_ref().is_some_and(|status| status.word() == word);
        diff.decisions.iter().filter(|decision| is(decision) && !was(decision)).count()
    };
    let mut add = |n: usize, what: &str| {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    };
    add(turned(Turn::New).filter(|threat| threat.is_closed_from_the_start()).count(), "new but mitigated");
    add(turned(Turn::Gone).count(), "gone");
    for word in StatusWord::ALL {
        let n = moved(*word) + decided(*word);
        add(n, if *word == StatusWord::Open { "open again" } else { word.title() });
    }
    let rated = |up: bool| {
        let is = |threat: &&ThreatChange| threat.rated().is_some_and(|[old, new]| old != new && (new > old) == up);
        diff.threats.iter().filter(is).count()
    };
    let reworded = diff.decisions.iter().filter(|decision| {
        let words = |status: &Option<Status>| status.as_ref().map(Status::word);
        decision.after.is_some() && words(&decision.before) == words(&decision.after)
    });
    add(reworded.count(), "decided anew");
    add(rated(true), "raised in severity");
    add(rated(false), "lowered in severity");
    let threats = parts.len();
    let mut rest = Vec::new();
    if !diff.system.is_empty() {
        rest.push(count(diff.system.len(), "change") + " to the system");
    }
    if !diff.mitigations.is_empty() {
        rest.push(count(diff.mitigations.len(), "change") + " to mitigations");
    }
    if threats == 0 {
        let others = diff.threats.len() + diff.decisions.len() + diff.others.len();
        if others > 0 {
            rest.push(count(others, "change") + " to the register");
        }
        return format!("no threat recorded, none gone; {}", rest.join(", "));
    }
    if !rest.is_empty() {
        parts.push(rest.join(", "));
    }
    parts.join("; ")
}

/// All there is to tell.
pub(super) fn sections(diff: &Diff, voice: Voice) -> Vec<Section> {
    let changes = |changes: &[Change]| changes.iter().map(|c| change(c, voice)).collect::<Vec<_>>();
    let all = [
        ("System", changes(&diff.system)),
        ("Threats", diff.threats.iter().map(|t| threat(t, voice)).collect()),
        ("Decisions", diff.decisions.iter().map(|d| decision(d, voice)).collect()),
        ("Mitigations", changes(&diff.mitigations)),
        ("Assumptions, looks and conflicts", changes(&diff.others)),
    ];
    let sections = all.into_iter().filter(|(_, items)| !items.is_empty());
    sections.map(|(title, items)| Section { title, items }).collect()
}

fn change(change: &Change, voice: Voice) -> Item {
    let Voice { code, text } = voice;
    let mut head = change.kind.to_owned();
    if change.place != Place::System {
        head = format!("{head} {}", code(&change.key()));
    }
    if !change.name.trim().is_empty() && change.name != change.key() {
        head = format!("{head} ({})", text(&change.name));
    }
    let line = |field: &Field| field_line(field, voice);
    let (mark, below) = match change.fate {
        Fate::New => {
            let said = stated(change, voice);
            if !said.is_empty() {
                head = format!("{head}: {}", said.join("; "));
            }
            (Mark::Plus, Vec::new())
        }
        Fate::Removed => (Mark::Minus, Vec::new()),
        Fate::Changed => {
            let lines: Vec<String> = change.fields.iter().filter(|f| !follows(f, change)).map(line).collect();
            if let Some(was) = &change.was {
                head = format!("{head}, id was {}", code(was.as_str()));
            }
            match lines.as_slice() {
                [only] if change.was.is_none() => {
                    head = format!("{head}: {only}");
                    (Mark::Tilde, Vec::new())
                }
                _ => (Mark::Tilde, lines),
            }
        }
    };
    Item { place: change.place.clone(), mark, head, below }
}

/// Whether a field only says what the other id says already.
fn follows(field: &Field, change: &Change) -> bool {
    field.name == "formerly" && change.was.is_some()
}

/// What something new says.
fn stated(change: &Change, voice: Voice) -> Vec<String> {
    let get = |name: &str| change.fields.iter().find(|field| field.name == name).and_then(|f| f.after.as_ref());
    let mut said = Vec::new();
    if matches!(change.place, Place::Flow(_)) {
        let end = |name: &str| get(name).map_or_else(|| "nothing".to_owned(), |id| (voice.code)(&told(id)));
        said.push(format!("{} → {}", end("from"), end("to")));
    }
    let is_end = |field: &&Field| matches!(change.place, Place::Flow(_)) && ["from", "to"].contains(&&*field.name);
    for field in change.fields.iter().filter(|field| !is_end(field)) {
        let name = (voice.text)(field.fact().unwrap_or(&field.name));
        let value = field.after.as_ref().map(told).unwrap_or_default();
        said.push(format!("{name} {}", (voice.text)(&value)));
    }
    said
}

fn field_line(field: &Field, voice: Voice) -> String {
    let name = (voice.text)(&field.name);
    let list = |items: &[&Said]| items.iter().map(|item| (voice.text)(&told(item))).collect::<Vec<_>>().join(", ");
    match field.items() {
        Some((new, gone)) if !new.is_empty() && gone.is_empty() => format!("{name}: also {}", list(&new)),
        Some((new, gone)) if new.is_empty() && !gone.is_empty() => format!("{name}: no longer {}", list(&gone)),
        _ => {
            let side = |said: &Option<Said>| match said {
                Some(said) => (voice.text)(&told(said)),
                None => field.silence().to_owned(),
            };
            format!("{name}: {} → {}", side(&field.before), side(&field.after))
        }
    }
}

fn rating(severity: Option<Severity>) -> &'static str {
    severity.map_or("not rated", Severity::name)
}

/// A threat as every line calls it.
fn called(severity: Option<Severity>, id: &str, title: &str, key: &str, voice: Voice) -> String {
    let severity = severity.map(|severity| format!("{severity} ")).unwrap_or_default();
    format!("{severity}{} {} ({})", (voice.code)(id), (voice.text)(title), (voice.code)(key))
}

fn threat(threat: &ThreatChange, voice: Voice) -> Item {
    let severity = threat.severity[1].or(threat.severity[0]);
    let mut head = called(severity, &threat.id, &threat.title, threat.key.as_str(), voice);
    if let Some(was) = &threat.was {
        head = format!("{head}, key was {}", (voice.code)(was.as_str()));
    }
    let mut below = Vec::new();
    let mark = match threat.turn {
        Turn::New | Turn::Back => Mark::Plus,
        Turn::Changed => Mark::Tilde,
        Turn::Gone => Mark::Minus,
    };
    match (threat.turn, &threat.status) {
        (Turn::New, [_, Some(status)]) if *status != Status::Open && !threat.is_decided => {
            below.push(status.word().title().to_owned());
        }
        (Turn::Back, _) => below.push("it was gone and is raised again".to_owned()),
        (Turn::Gone, [Some(before), after]) => {
            let kept = if after.is_some() { "" } else { "; nothing of it is kept in the register" };
            match before.word() {
                StatusWord::Open => {}
                word => below.push(format!("it was {}{kept}", word.title())),
            }
        }
        _ => {}
    }
    if threat.is_passing() {
        below.push("it came and went in between".to_owned());
    }
    if let Some([old, new]) = threat.rated() {
        below.push(format!("severity: {} → {}", rating(old), rating(new)));
    }
    if let Some(words) = threat.moved() {
        let [old, new] = words.map(|word| word.map_or("not recorded", StatusWord::title));
        below.push(format!("status: {old} → {new}"));
    }
    below.extend(threat.fields.iter().map(|field| match field.name.as_str() {
        "decided_on" => "the facts that the decision rests on are others".to_owned(),
        _ => field_line(field, voice),
    }));
    if !threat.history.lost.is_empty() {
        let row =
            |row: &crate::model::HistoryRow| format!("{} {} by {}", row.on, row.event.name(), (voice.text)(&row.by));
        let rows: Vec<String> = threat.history.lost.iter().take(3).map(row).collect();
        let n = count(threat.history.lost.len(), "row");
        below.push(format!("{n} of its history missing now: {}", rows.join(", ")));
    }
    if !threat.because.is_empty() {
        let causes = threat.because.iter().map(|cause| cause.words(voice.code, voice.text));
        below.push(format!("because {}", causes.collect::<Vec<_>>().join("; ")));
    }
    Item { place: Place::Threat(threat.key.clone()), mark, head, below }
}

fn decision(decision: &Decision, voice: Voice) -> Item {
    let Voice { text, .. } = voice;
    let threat = called(decision.severity, &decision.id, &decision.title, decision.key.as_str(), voice);
    let mut below = Vec::new();
    let who = |by: Option<&String>| by.map_or_else(|| "somebody".to_owned(), |by| text(by));
    let on = decision.on.map(|on| format!(" on {on}")).unwrap_or_default();
    let is_taken = matches!(&decision.after, Some(after) if after.word().is_decision(after));
    let mut head = match &decision.after {
        None => threat.clone(),
        Some(after) if is_taken => {
            let by = decision.by.as_ref().map(|by| format!(" by {}", text(by))).unwrap_or_default();
            format!("{threat}: {}{by}{on}{}", after.word().title(), terms(after, voice))
        }
        Some(after) => {
            let before = decision.before.as_ref().map_or("decided", |before| before.word().title());
            format!("{threat}: no longer {before}, {} again", after.word().title())
        }
    };
    if let Some(before) = &decision.before
        && before.word().is_decision(before)
        && is_taken
    {
        let why = before.reason().filter(|why| decision.after.as_ref().and_then(Status::reason) != Some(*why));
        let why = why.filter(|why| !why.trim().is_empty()).map(|why| format!(", because {}", text(why)));
        below.push(format!("before: {}{}{}", before.word().title(), terms(before, voice), why.unwrap_or_default()));
    }
    if let Some(reason) = decision.after.as_ref().and_then(Status::reason).filter(|reason| !reason.trim().is_empty()) {
        below.push(format!("why: {}", text(reason)));
    }
    if let Some([before, after]) = &decision.rated {
        let line = rated(before.as_ref(), after.as_ref(), &who(decision.by.as_ref()), voice);
        if decision.after.is_none() {
            head = format!("{threat}: {line}");
        } else {
            below.push(line);
        }
    }
    below.extend(decision.fields.iter().map(|field| field_line(field, voice)));
    let mark = if is_taken || decision.rated.is_some() { Mark::Tilde } else { Mark::Minus };
    Item { place: Place::Threat(decision.key.clone()), mark, head, below }
}

/// Until when and by whose leave.
fn terms(status: &Status, voice: Voice) -> String {
    let how = match status {
        Status::Accepted { approver: Some(approver), .. } => format!(", approved by {}", (voice.text)(approver)),
        Status::Transferred { to, .. } => format!(" to {}", (voice.text)(to)),
        Status::Mitigated { evidence, .. } if !evidence.is_empty() => {
            format!(", to be seen in {}", (voice.text)(&evidence.join(", ")))
        }
        _ => String::new(),
    };
    let until = match (status.expires(), status) {
        (Some(day), _) => format!(", until {day}"),
        (None, Status::Accepted { .. }) => ", without an end".to_owned(),
        _ => String::new(),
    };
    how + &until
}

fn rated(before: Option<&Override>, after: Option<&Override>, who: &str, voice: Voice) -> String {
    match (before, after) {
        (_, Some(after)) => {
            let who = after.by.as_ref().map_or_else(|| who.to_owned(), |by| (voice.text)(by));
            format!("{who} rated it {}: {}", after.severity, (voice.text)(&after.reason))
        }
        (Some(before), None) => format!("nobody rates it {} by hand any more", before.severity),
        (None, None) => String::new(),
    }
}
