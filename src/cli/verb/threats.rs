//! `threats`: the list, filtered, in groups or as a table, or JSON (`sconce/threats/1`, see docs/json.md). What belongs
//! together is found by `analysis`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::load;
use super::prose::wrapped;
use super::table::{Grid, count, cut, table};
use crate::analysis::{
    By, Expiring, FILTER_HELP, Filter, FilterError, Group, State, ThreatRow, expiring, groups, raised_as,
};
use crate::cli::context::{Context, Exit, Failure, Outcome};
use crate::cli::parse::Parsed;
use crate::diagnostic::inert::{inert, one_line};
use crate::exchange;
use crate::model::{Id, StatusWord, ThreatKey};
use crate::rules::language::Linddun;
use crate::rules::team::Silenced;
use crate::workbench::Workbench;

/// Behind the severity of a threat of which the team changed the rule.
const MARK: &str = "*";
/// Rules named that say less because of the team.
const MOST_SILENCED: usize = 5;

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Outcome {
    if parsed.get("filter") == Some("help") {
        let rows: Vec<Vec<String>> =
            FILTER_HELP.iter().map(|(word, meaning)| vec![(*word).to_owned(), (*meaning).to_owned()]).collect();
        context.print(&table(&["WORD", "PICKS THREATS THAT"], &rows))?;
        return Ok(Exit::Fine);
    }
    let filter = filter(parsed)?;
    let bench = load::open(context, parsed.path("FILE"))?;
    let rows = matching(context, &bench, filter.as_ref());
    let by = By::parse(parsed.need("group")).unwrap_or(By::Mitigation);
    let list: Vec<&ThreatRow> = rows.iter().collect();
    let groups = groups(&list, by, bench.model(), bench.knowledge());
    if parsed.need("format") == "json" {
        let about = (bench.model(), bench.knowledge());
        context.print(&exchange::threats_json_grouped(&rows, about, by, &groups))?;
        return Ok(Exit::Fine);
    }
    if rows.is_empty() && filter.is_some() {
        // What is to be said about it has been said.
        return Ok(Exit::Fine);
    }
    // That open ones are open the groups say: their status is worth a column where there is more to say.
    let lines = rows.iter().map(|row| (&row.key, line(row, &bench, by != By::None))).collect();
    let page = Page { bench: &bench, groups, rows: &rows, lines, by, columns: context.columns };
    context.print(&page.text())?;
    if filter.is_none() {
        context.print(&wrapped(&silenced(&bench), context.columns))?;
    }
    Ok(Exit::Fine)
}

/// What is printed for people.
struct Page<'r> {
    bench: &'r Workbench,
    groups: Vec<Group<'r>>,
    rows: &'r [ThreatRow],
    lines: BTreeMap<&'r ThreatKey, Vec<String>>,
    by: By,
    columns: Option<u16>,
}

/// The columns, the one that may go on below last.
const HEADING: [&str; 9] = ["ID", "SEVERITY", "SCORE", "STATUS", "STRIDE", "OWNER", "DUE", "SUBJECT", "THREAT"];
/// The numbers of who deals with it and by when.
const OWNER: [usize; 2] = [5, 6];
/// Those that can be missed in their columns: titles tell the subject nearly always, and who deals with it goes below.
const SPARE: [usize; 5] = [7, 6, 5, 4, 2];

impl Page<'_> {
    fn text(&self) -> String {
        let is_open = |row: &&ThreatRow| row.is_open();
        let open: Vec<&ThreatRow> = self.rows.iter().filter(is_open).collect();
        let rest: Vec<&ThreatRow> = self.rows.iter().filter(|row| !row.is_open()).collect();
        let mut text = String::new();
        if self.by == By::None {
            text += &self.table("", open.iter().chain(&rest).map(|row| (*row, &[][..])));
        } else {
            text += &self.grouped();
            let heading = if open.is_empty() { "" } else { "Mitigated, decided or gone" };
            text += &self.table(heading, rest.iter().map(|row| (*row, &[][..])));
        }
        text + &wrapped(&by_team(self.rows), self.columns) + &self.footer(open.len())
    }

    /// Rows under a heading, each with what shares its row.
    fn table<'a>(&self, title: &str, rows: impl Iterator<Item = (&'a ThreatRow, &'a [&'a ThreatRow])>) -> String {
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return String::new();
        }
        let lines: Vec<Vec<String>> = rows.iter().filter_map(|(row, _)| self.lines.get(&row.key).cloned()).collect();
        let grid = Grid::of(&HEADING, &lines, &SPARE, self.columns);
        let mut text = if title.is_empty() { String::new() } else { format!("{title}\n") };
        text += &grid.line(&HEADING);
        for (row, also) in rows {
            text += &self.row(&grid, row, also);
        }
        text + "\n"
    }

    fn row(&self, grid: &Grid, row: &ThreatRow, also: &[&ThreatRow]) -> String {
        let mut text = self.lines.get(&row.key).map(|cells| grid.line(cells)).unwrap_or_default();
        let owner = row.record.owner.as_ref().map(|who| format!("owner {who}"));
        let dealt = [owner, row.record.due.map(|day| format!("due {day}"))].into_iter().zip(OWNER);
        let below: Vec<String> = dealt.filter(|(_, c)| !grid.shows(*c)).filter_map(|(what, _)| what).collect();
        if !below.is_empty() {
            text += &grid.below(&below.join(", "));
        }
        if !also.is_empty() {
            let ids: Vec<String> = also.iter().map(|row| raised_as(&row.key)).collect();
            text += &grid.below(&format!("also raised as {}", ids.join(", ")));
        }
        if let State::Orphan { suggestion } = &row.state {
            let where_ = suggestion.as_ref().map(|key| format!("; perhaps it belongs to {key}")).unwrap_or_default();
            let lost = lost(row, self.bench);
            text += &grid.below(&format!("recorded as {}; {lost} is no longer in the model{where_}", row.key));
        }
        text
    }

    /// Open threats in their groups, all under one heading.
    fn grouped(&self) -> String {
        let first = self.groups.iter().flat_map(|group| group.rows.iter().map(|shared| &shared.row.key));
        let lines: Vec<Vec<String>> = first.filter_map(|key| self.lines.get(key).cloned()).collect();
        if lines.is_empty() {
            return String::new();
        }
        let grid = Grid::of(&HEADING, &lines, &SPARE, self.columns);
        let mut text = grid.line(&HEADING);
        for group in &self.groups {
            text += &wrapped(&format!("{}\n", self.title(group)), self.columns);
            for shared in &group.rows {
                text += &self.row(&grid, shared.row, &shared.also);
            }
        }
        text + "\n"
    }

    /// "Encrypt the traffic (mit.tls13): closes 4 threats in 3 rows, worst High".
    fn title(&self, group: &Group<'_>) -> String {
        let mut how_many = count(group.threats(), "threat");
        if group.rows.len() < group.threats() {
            let _ = write!(how_many, " in {}", count(group.rows.len(), "row"));
        }
        let worst = if group.threats() == 1 { "" } else { "worst " };
        let worst = group.worst().map(|s| format!(", {worst}{s}")).unwrap_or_default();
        let title = one_line(&group.title);
        match (self.by, group.id.as_str()) {
            (By::Mitigation, "") => format!("{title}: {how_many}{worst}"),
            (By::Mitigation, id) => format!("{title} ({id}): closes {how_many}{worst}"),
            _ => format!("{title}: {how_many}{worst}"),
        }
    }

    /// How many there are, how they stand, and which decisions run out next.
    fn footer(&self, open: usize) -> String {
        let rows: usize = self.groups.iter().map(|group| group.rows.len()).sum();
        let in_rows = if rows < open { format!(" in {}", count(rows, "row")) } else { String::new() };
        let mut parts = vec![format!("{open} open{in_rows}")];
        for word in StatusWord::ALL.iter().filter(|word| **word != StatusWord::Open) {
            let n = self.rows.iter().filter(|row| row.status.word() == *word).count();
            parts.extend((n > 0).then(|| format!("{n} {}", word.title())));
        }
        let mut text = format!("{}, {}", count(self.rows.len(), "threat"), parts.join(", "));
        let questions = self.bench.analysis().questions.len();
        if questions > 0 {
            let _ = write!(text, "; {} would decide more (`sconce questions`)", count(questions, "question"));
        }
        text.push('\n');
        let marked = |test: fn(&ThreatRow) -> bool| self.rows.iter().filter(|row| test(row)).count();
        for (n, what, word) in [
            (marked(|row| row.expired), "has run out", "expired"),
            (marked(|row| row.stale), "rests on facts that have changed", "stale"),
            (marked(|row| matches!(row.state, State::Orphan { .. })), "is about something that is gone", "orphan"),
        ] {
            if n > 0 {
                let what = if n == 1 { what.to_owned() } else { several(what) };
                let _ = writeln!(text, "{} {what} (`sconce threats --filter {word}`)", count(n, "decision"));
            }
        }
        let marks: Vec<String> = (Linddun::ALL.iter())
            .filter(|mark| self.rows.iter().any(|row| row.linddun.contains(mark)))
            .map(|mark| format!("{} {}", mark.mark(), mark.title()))
            .collect();
        if !marks.is_empty() {
            let _ = writeln!(text, "behind the slash, privacy: {}", marks.join(", "));
        }
        let next = expiring(self.rows);
        if !next.is_empty() {
            text.push_str("decisions that run out next:\n");
        }
        for Expiring { row, on } in next {
            let _ = writeln!(text, "  {on}  {}  {}, {}", row.id, row.status.word().title(), one_line(&row.title));
        }
        wrapped(&text, self.columns)
    }
}

/// What the marked severities mean: the overrides behind them, each once, with the reason.
fn by_team(rows: &[ThreatRow]) -> String {
    let mut notes: Vec<String> = Vec::new();
    for row in rows {
        let Some(effect) = &row.by_team else { continue };
        let note = format!("{MARK} {}: {}\n", row.key.rule(), one_line(&effect.sentence()));
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    if !notes.is_empty() {
        notes.push("\n".to_owned());
    }
    notes.concat()
}

/// The rules that say less because of the team.
fn silenced(bench: &Workbench) -> String {
    let all = bench.knowledge().silenced(bench.model().system.packs.as_deref());
    let (off, partly): (Vec<Silenced<'_>>, Vec<Silenced<'_>>) = all.partition(|silenced| silenced.is_off);
    let tell = |rules: &[Silenced<'_>], what: &str| {
        let Some(first) = rules.first() else { return String::new() };
        let names: Vec<&str> = rules.iter().take(MOST_SILENCED).map(|silenced| silenced.rule).collect();
        let more = rules.len().saturating_sub(MOST_SILENCED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let (n, file) = (count(rules.len(), "rule"), one_line(&first.by.file));
        format!("{n} {what} by {file}: {}{more} (`sconce explain RULE` says why)\n", names.join(", "))
    };
    tell(&off, "switched off") + &tell(&partly, "silent under a condition")
}

/// The same said of several.
fn several(what: &str) -> String {
    let mut words = what.splitn(2, ' ');
    let verb = match words.next().unwrap_or_default() {
        "has" => "have",
        "is" => "are",
        _ => "rest",
    };
    format!("{verb} {}", words.next().unwrap_or_default())
}

/// What an orphan was about.
fn lost(row: &ThreatRow, bench: &Workbench) -> String {
    let is_there = |id: &Id| bench.model().thing(id).is_some();
    let ids = [Some(&row.subject), row.target.as_ref()].into_iter().flatten();
    ids.filter(|id| !is_there(id)).map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" and ")
}

/// The filter of the command line.
pub(super) fn filter(parsed: &Parsed) -> Result<Option<Filter>, Failure> {
    let Some(text) = parsed.get("filter") else { return Ok(None) };
    let refused = |error: FilterError| {
        let before: String = text.chars().take(error.column.saturating_sub(1)).collect();
        let caret = format!("{}^", " ".repeat(UnicodeWidthStr::width(inert(&before).as_str())));
        let help = "`sconce threats --filter help` lists the words";
        let FilterError { message, help: way_out, .. } = error;
        Failure::new(Exit::Usage, format!("--filter: {message}\n  {}\n  {caret}\n{way_out}\n{help}", inert(text)))
    };
    Filter::parse(text).map(Some).map_err(refused)
}

/// Rows that match; without a filter all that are not gone, and decisions about what is no longer there. Where a filter leaves none, it is said why.
pub(super) fn matching(context: &mut Context, bench: &Workbench, filter: Option<&Filter>) -> Vec<ThreatRow> {
    let (all, today) = (&bench.analysis().threats, bench.sitting().today);
    let Some(filter) = filter else {
        let is_lost = |r: &ThreatRow| matches!(r.state, State::Orphan { .. }) && r.record.is_decided();
        return all.iter().filter(|r| r.status.word() != StatusWord::Gone || is_lost(r)).cloned().collect();
    };
    let filter = filter.clone().naming(bench.model());
    let rows = filter.apply(all, today);
    if rows.is_empty() {
        context.say(&format!("the filter hides {}", all_of(all.len())));
    }
    for why in filter.why_nothing(all, today) {
        context.say(&format!("  {}", one_line(&why)));
    }
    rows.into_iter().cloned().collect()
}

fn all_of(threats: usize) -> String {
    match threats {
        0 => "nothing: the model has no threats".to_owned(),
        1 => "the only threat".to_owned(),
        n => format!("all {n} threats"),
    }
}

/// The cells of a row; of open ones that are `grouped` the status has only what there is besides.
fn line(row: &ThreatRow, bench: &Workbench, grouped: bool) -> Vec<String> {
    let mark = if row.by_team.is_some() { MARK } else { "" };
    let severity = format!("{}{mark}", row.severity.map_or("unrated", |s| s.name()));
    let stride = row.letters();
    let word = Some(row.status.word().title()).filter(|_| !(grouped && row.is_open()));
    let marks = [(row.expired, "expired"), (row.stale, "stale"), (row.is_overdue(bench.sitting().today), "overdue")];
    let marks = marks.into_iter().filter_map(|(is_so, mark)| is_so.then_some(mark));
    let status = word.into_iter().chain(marks).collect::<Vec<_>>().join(", ");
    let mut subject = bench.model().name_of(&row.subject).to_owned();
    if let Some(target) = &row.target {
        subject = format!("{subject} → {}", bench.model().name_of(target));
    }
    let due = row.record.due.map(|d| d.to_string()).unwrap_or_default();
    let owner = row.record.owner.clone().unwrap_or_default();
    let score = row.score.total().to_string();
    vec![row.id.clone(), severity, score, status, stride, owner, due, cut(&subject), row.title.clone()]
}
