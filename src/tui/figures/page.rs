//! Charts as tables with their formulas, the selected number in a sentence, and all of it as Markdown. The numbers are
//! the same as those that are drawn.

use super::stride::GROUPS;
use super::{DAYS, Figures, Panel, Spot};
use crate::analysis::CellState;
use crate::exchange::escape;
use crate::model::{Date, Severity, StatusWord, ThreatModel};
use crate::review::metrics::tables::{Table, by_severity, moved, rate, severity, weekly};
use crate::review::metrics::{Moves, Runs, Spread};
use crate::review::runs::Run;
use crate::tui::text::{count, wrap};
use crate::tui::view::brief;
use crate::workbench::Replay;

impl Figures {
    /// A chart as tables.
    pub(crate) fn tables(&self, panel: Panel) -> Vec<Table> {
        match panel {
            Panel::Matrix => vec![self.matrix_table()],
            Panel::Stride => vec![self.stride_table()],
            Panel::Cover => self.cover_tables(),
            Panel::Weeks => {
                let severities: Vec<Option<Severity>> = self.metrics.rows.iter().map(|row| row.severity).collect();
                let table = weekly(&self.metrics.weeks, &severities);
                let formula = format!("{}{}", table.formula, self.undated());
                vec![table.saying(formula)]
            }
            Panel::Times => self.time_tables(),
            Panel::Needs => vec![self.needs_table()],
        }
    }

    fn matrix_table(&self) -> Table {
        let matrix = &self.matrix;
        let mut heading = vec!["impact \\ likelihood".to_owned()];
        heading.extend(matrix.likelihoods.iter().map(|label| label.word.clone()));
        let rows = matrix.impacts.iter().zip(&matrix.cells).map(|(impact, cells)| {
            let cells = cells.iter().map(|cell| match cell.severity {
                Some(severity) if cell.open > 0 => format!("{} {severity}", cell.open),
                _ => "0".to_owned(),
            });
            std::iter::once(impact.word.clone()).chain(cells).collect()
        });
        let all = matrix.total() + matrix.without;
        let formula = format!(
            "open threats by what the rubric ({}) makes of likelihood and impact, with the worst severity that counts \
             among them; {} in the matrix, {} that no rule rates: {} open",
            matrix.rubric,
            matrix.total(),
            matrix.without,
            all
        );
        Table { heading, ..Table::new("Risk matrix", &[], rows.collect()) }.saying(formula)
    }

    fn stride_table(&self) -> Table {
        let mut heading = vec!["letter"];
        heading.extend(StatusWord::ALL.iter().map(|word| brief(*word)));
        heading.push("all");
        let rows = self.sheet.rows.iter().map(|line| {
            let counts = StatusWord::ALL.iter().map(|word| line.of(&[*word]).to_string());
            std::iter::once(line.names()[1].to_owned()).chain(counts).chain([line.total().to_string()]).collect()
        });
        let words: Vec<String> = StatusWord::ALL
            .iter()
            .filter(|word| brief(**word) != word.title())
            .map(|word| format!("{}: {}", brief(*word), word.title()))
            .collect();
        let formula = format!(
            "threats by the status that counts; each row adds up to its last number; {} with several letters stand in \
             several rows, {} in all; {}; the chart has transferred, avoided, not applicable and false positive as otherwise",
            count(self.sheet.several, "threat"),
            count(self.sheet.all, "threat"),
            words.join(", ")
        );
        Table::new(Panel::Stride.title(), &heading, rows.collect()).saying(formula)
    }

    fn cover_tables(&self) -> Vec<Table> {
        let rows = self.cover.measures.iter().map(|measure| {
            let numbers = match measure.share {
                Some(share) => [share.part.to_string(), share.whole.to_string(), rate(share)],
                None => [measure.count.to_string(), String::new(), String::new()],
            };
            std::iter::once(measure.name.to_owned()).chain(numbers).collect()
        });
        let formula: Vec<String> =
            self.cover.measures.iter().map(|measure| format!("{}: {}", measure.name, measure.about)).collect();
        let first = Table::new("Coverage", &["", "n", "of", "rate"], rows.collect()).saying(formula.join("; "));
        let mut heading = vec!["letter", "settled", "of", "rate"];
        heading.extend(CellState::ALL.iter().map(|state| state.word()));
        let rows = self.cover.columns.iter().map(|column| {
            let share = column.settled;
            let states = column.states.iter().map(ToString::to_string);
            let head = [column.name.to_owned(), share.part.to_string(), share.whole.to_string(), rate(share)];
            head.into_iter().chain(states).collect()
        });
        let formula = "settled: closed or clear, of all cells but flows and n/a; open: a threat is open; waiting: rules \
                       wait for facts; closed: every threat is mitigated or decided; clear: rules apply and find \
                       nothing, or somebody looked; unseen: no rule fits and nobody looked; flows: asked of its flows";
        vec![first, Table::new("Cells by letter", &heading, rows.collect()).saying(formula)]
    }

    fn time_tables(&self) -> Vec<Table> {
        let open = |row: &super::Times| vec![severity(row.row.severity), row.open.to_string()];
        let open = Table::new("Open now", &["severity", "n"], self.times.iter().map(open).collect());
        let [fix, age, remediation, sla] = by_severity(&self.metrics);
        let formula = format!("{}; {}", sla.formula, self.ruled.told);
        let days = format!("the window: {} to {}, {DAYS} days{}", self.metrics.from, self.metrics.to, self.undated());
        vec![open.saying(days), fix, age, remediation, sla.saying(formula)]
    }

    /// What is in no figure, behind other words.
    fn undated(&self) -> String {
        match self.metrics.undated.len() {
            0 => String::new(),
            n => format!("; {} in no figure, because a day is missing or later", count(n, "threat")),
        }
    }

    fn needs_table(&self) -> Table {
        let rows = self.needs.iter().map(|need| {
            let what = need.severity.map_or_else(String::new, |severity| severity.to_string());
            vec![need.text.clone(), need.mark.to_owned(), what, need.why.clone()]
        });
        let formula = format!(
            "overdue: past their due day; past SLA: without a due day and open for longer than the policy allows; expired, \
             stale: decisions until a day that has passed, or on facts that have changed; late: mitigations; no owner: \
             open from {} on, and elements; parked: questions put off; {}",
            self.ruled.owned, self.ruled.told
        );
        Table::of_words(Panel::Needs.title(), &["what", "why", "severity", ""], rows.collect()).saying(formula)
    }

    /// The selected number in a sentence.
    pub(crate) fn told(&self, panel: Panel, at: Spot) -> String {
        let (row, column) = self.within(panel, at);
        match panel {
            Panel::Matrix => match self.matrix.cell((row, column)) {
                Some((cell, likelihood, impact)) => {
                    let worst = cell.severity.map_or("unrated", Severity::name);
                    let worst = if cell.open > 0 { format!(", worst {worst}") } else { format!(" ({worst})") };
                    format!("{} open: likelihood {}, impact {}{worst}", cell.open, likelihood.word, impact.word)
                }
                None => format!("{} that no rule rates", count(self.matrix.without, "open threat")),
            },
            Panel::Stride => match self.sheet.rows.get(row).zip(GROUPS.get(column)) {
                Some((line, (name, _, words))) => {
                    format!("{} {name} of {}: {}", line.of(words), line.total(), line.name().to_lowercase())
                }
                None => String::new(),
            },
            Panel::Cover => self.cover.measures.get(row).map_or_else(String::new, |measure| match measure.share {
                Some(share) => {
                    format!("{}: {} of {} ({}) {}", measure.name, share.part, share.whole, rate(share), measure.about)
                }
                None => format!("{}: {} {}", measure.name, measure.count, measure.about),
            }),
            Panel::Weeks => self.metrics.weeks.get(column).map_or_else(String::new, |week| {
                let Moves { opened, resolved, otherwise, open } = week.total();
                format!("{open} open on {}, {opened} opened, {resolved} resolved, {otherwise} otherwise", week.to)
            }),
            Panel::Times => self.times.get(row).map_or_else(String::new, |times| {
                let Spread { n, .. } = times.row.time_to_fix;
                let (name, sla) = (severity(times.row.severity), times.row.sla);
                format!("{name}: {} open, {n} fixed, {} of {} in time", times.open, sla.part, sla.whole)
            }),
            Panel::Needs => match self.needs.get(row) {
                Some(need) => format!("{} of {}: {}", row + 1, self.needs.len(), need.why),
                None => "nothing needs attention".to_owned(),
            },
        }
    }

    /// All charts as Markdown.
    pub(crate) fn markdown(&self, model: &ThreatModel) -> String {
        let name = if model.system.name.is_empty() { "the system" } else { &model.system.name };
        let mut text = format!("## Threats to {}: {}\n", escape(name), self.metrics.to);
        for table in Panel::ALL.iter().flat_map(|panel| self.tables(*panel)) {
            text += "\n";
            text += &table.markdown();
        }
        text
    }

    /// What happened in a week, threat by threat.
    pub(crate) fn week(&self, model: &ThreatModel, n: usize) -> Option<(String, Vec<String>)> {
        let week = self.metrics.weeks.get(n)?;
        let Moves { opened, resolved, otherwise, open } = week.total();
        let mut lines = vec![
            format!("{opened} opened, {resolved} resolved, {otherwise} otherwise; {open} open at the end."),
            String::new(),
        ];
        for (on, turn, key) in moved(model, week, self.metrics.to) {
            let threat = model.threats.get(&key);
            let severity = severity(threat.and_then(crate::model::Threat::effective_severity));
            let title = threat.map(|threat| threat.title.clone()).unwrap_or_default();
            lines.push(format!("{on} {}: {severity} {title}", turn.word()));
        }
        Some((format!("{} to {}", week.from, week.to), lines))
    }
}

/// Tables as lines of a page of so many columns. A table that is too wide becomes a list, so that no number is cut.
pub(crate) fn lines(tables: &[Table], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for table in tables {
        if !lines.is_empty() {
            lines.extend([String::new(), table.title.clone()]);
        }
        let text = table.text();
        if text.lines().all(|line| crate::tui::text::width(line) <= columns) {
            lines.extend(text.lines().map(str::to_owned));
        } else {
            for row in &table.rows {
                let cells = row.iter().zip(table.heading.iter()).filter(|(cell, _)| !cell.is_empty());
                let said = cells.enumerate().map(|(n, (cell, name))| match (n, name.as_str()) {
                    (0, _) | (_, "") => cell.clone(),
                    (_, name) => format!("{name} {cell}"),
                });
                let mut said = said.collect::<Vec<_>>().into_iter();
                lines.extend(wrap(&said.next().unwrap_or_default(), columns));
                let rest = said.collect::<Vec<_>>().join(", ");
                lines.extend(wrap(&rest, columns.saturating_sub(2)).into_iter().map(|line| format!("  {line}")));
            }
        }
        if !table.formula.is_empty() {
            lines.extend(wrap(&format!("= {}", table.formula), columns));
        }
    }
    lines
}

/// The history that git has of the file, as tables.
pub(crate) fn replayed(replay: &Replay, runs: &[Run], (from, to): (Date, Date)) -> Vec<Table> {
    let mut versions = crate::review::metrics::tables::versions(&replay.versions);
    // The latest first: it is what the eye meets.
    versions.rows.reverse();
    let shallow = if replay.is_shallow { "; this clone is shallow: what was before is not known here" } else { "" };
    let later = match replay.later {
        0 => String::new(),
        n => format!("; {} committed after today, passed over", count(n, "version")),
    };
    let formula = format!(
        "open threats in each version along first parents, by the day of the commit; {}{shallow}{later}",
        replay.compared.told()
    );
    let mut tables = vec![versions.saying(formula)];
    let names = replay.names();
    let counted = Runs::of(runs, |file| names.iter().any(|name| name == file), from, to);
    if counted.gate.whole > 0 {
        let all = [("policy held".to_owned(), counted.gate), ("all rules".to_owned(), counted.compliance)];
        let rows = all
            .into_iter()
            .chain(counted.rules)
            .map(|(name, share)| vec![name, share.whole.to_string(), share.part.to_string(), rate(share)]);
        let formula = crate::review::metrics::tables::formula("compliance");
        tables.push(Table::new("Runs of the gate", &["", "n", "held", "rate"], rows.collect()).saying(formula));
    }
    tables
}
