//! `walk`: the walk-through, in the workbench or line by line. Which question comes next and what an answer does is
//! `workbench`'s; here lines are printed and read. Nothing is drawn anew, so that a screen reader can follow.

mod read;

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use super::prose::wrapped;
use super::{coverage, load};
use crate::analysis::walk::{Answers, Asking};
use crate::cli::context::{Context, Exit, Failure};
use crate::cli::parse::Parsed;
use crate::cli::{End, First};
use crate::diagnostic::inert::one_line;
use crate::model::{Severity, ThreatKey};
use crate::workbench::Workbench;
use crate::workbench::walk::{Answer, Range, Walk};
use read::{Line, Lines, line};

/// What may be typed, for `?`.
const HELP: &str =
    "  1 2 3       the answer with this number; several as 1,3; 1 all for everything of which this is asked
  y           yes; a threat: which one, who deals with it and by when is asked next
  n REASON    no, nothing here; the reason may be left out unless threats are open here
  p NOTE      not sure: parked, asked again at the end; a note, such as who knows, may be left out
  k           skip: nothing is written, and it is asked again next time
  b           back to the question before; another answer takes the place of the first
  na REASON   a fact that makes no sense here
  = TEXT      an answer in your own words, where the question takes one
  i           what is known of it
  q           end, with what came of it; so does Ctrl-D
";

pub(crate) fn run(parsed: &Parsed, context: &mut Context) -> Result<End, Failure> {
    let is_plain = parsed.is_set("plain") || !context.interactive || context.dumb;
    let path = context.model_file(parsed.path("FILE"))?;
    let mut bench = if is_plain {
        load::open(context, Some(path.clone()))?
    } else {
        load::open_to_work(context, Some(path.clone()))?
    };
    let of = parsed.get("of").map_or(Ok(Range::All), |ids| range(&bench, ids))?;
    if !is_plain {
        return Ok(End::Open(Box::new(bench), First::Walk(of)));
    }
    load::sit_down(&mut bench, &path)?;
    let mut session = Session {
        walk: Walk::new(&bench, &of),
        lines: Lines::new(!std::io::stdin().is_terminal()),
        bench,
        columns: context.columns,
    };
    session.begin(context)?;
    session.go(context)?;
    let Session { walk, bench, columns, .. } = session;
    let lines: String = walk.summary(&bench).lines().iter().map(|line| one_indented(line) + "\n").collect();
    context.print(&format!("\n{}", wrapped(&lines, columns)))?;
    bench.leave();
    Ok(End::Exit(Exit::Fine))
}

/// A line made harmless that keeps its indent.
fn one_indented(line: &str) -> String {
    let indent = if line.starts_with("  ") { "  " } else { "" };
    format!("{indent}{}", one_line(line))
}

/// The things that `--of` names.
fn range(bench: &Workbench, ids: &str) -> Result<Range, Failure> {
    ids.split(',').map(|id| coverage::meant(bench.model(), id.trim())).collect::<Result<_, _>>().map(Range::Of)
}

/// A session on lines.
struct Session {
    walk: Walk,
    bench: Workbench,
    lines: Lines,
    columns: Option<u16>,
}

impl Session {
    fn begin(&mut self, context: &mut Context) -> Result<(), Failure> {
        let progress = self.walk.progress();
        let questions = super::table::count(progress.total, "question");
        let parked = if progress.parked > 0 { format!(", {} parked", progress.parked) } else { String::new() };
        let name = one_line(&self.bench.title());
        let text = format!(
            "Walk-through of {name}: {questions}{parked}. Every answer is saved at once.\n\
             Answer with a number, or y yes, n no, p not sure, k skip, b back, q end; ? explains.\n"
        );
        context.print(&wrapped(&text, self.columns))
    }

    /// Asks until nothing is left, or nobody answers any more.
    fn go(&mut self, context: &mut Context) -> Result<(), Failure> {
        while let Some(asking) = self.walk.asking().cloned() {
            let text = self.question(&asking);
            context.print(&wrapped(&text, self.columns))?;
            loop {
                let Some(typed) = self.lines.ask(context, "> ")? else { return Ok(()) };
                match line(&typed, &asking) {
                    Line::End => return Ok(()),
                    Line::Nothing => {}
                    Line::Help => context.print(HELP)?,
                    Line::Info => self.info(context, &asking)?,
                    Line::Skip => {
                        self.walk.skip(&self.bench);
                        break;
                    }
                    Line::Back if self.walk.back(&self.bench) => break,
                    Line::Back => context.print("  this is the first question\n")?,
                    Line::Not(why) => context.print(&format!("  {}\n", one_line(&why)))?,
                    Line::Answer(answer) => {
                        if self.answer(context, &answer)? {
                            break;
                        }
                    }
                    Line::Found(keys, own) => {
                        let Some(found) = self.lines.found(context, &self.bench, &asking, keys, own)? else { continue };
                        if self.answer(context, &Answer::Found(found))? {
                            break;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Applies an answer and saves it; whether it was taken.
    fn answer(&mut self, context: &mut Context, answer: &Answer) -> Result<bool, Failure> {
        let prepared = match self.walk.prepare(&self.bench, answer) {
            Ok(prepared) => prepared,
            Err(why) => {
                context.print(&format!("  {}\n", one_line(&why)))?;
                return Ok(false);
            }
        };
        let applied = self.bench.apply(&prepared.label, prepared.edit.clone());
        let changed = applied.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
        self.walk.done(&self.bench, prepared);
        let lost =
            |why: String| Failure::new(Exit::Usage, format!("the last answer was not saved: {}", one_line(&why)));
        self.bench.save().map_err(|error| lost(error.to_string()))?;
        let summary = if changed.summary.is_empty() { String::new() } else { format!(" · {}", changed.summary) };
        context.print(&format!("  saved: {}{summary}\n", one_line(&changed.label)))?;
        Ok(true)
    }

    /// A question with what can be answered.
    fn question(&self, asking: &Asking) -> String {
        let progress = self.walk.progress();
        let number = if progress.of_parked {
            "parked question".to_owned()
        } else {
            format!("question {} of {}", progress.number, progress.total)
        };
        let parked = if progress.parked > 0 { format!(" · {} parked", progress.parked) } else { String::new() };
        let what = format!("{} ({}) · {}", asking.name, asking.kind.title(), asking.topic);
        let mut text = format!("\n{number}{parked} · {}\n{}\n", one_line(&what), one_line(&asking.text));
        for more in [&asking.think].into_iter().chain(&asking.because).filter(|more| !more.is_empty()) {
            let _ = writeln!(text, "{}", one_line(more));
        }
        text.extend(asking.before.iter().map(|before| format!("{}\n", one_line(before))));
        if let Some(turn) = self.walk.turn() {
            let said = if turn.said.is_empty() { "skipped" } else { &turn.said };
            let _ = writeln!(text, "answered: {}; another answer takes its place, k keeps it", one_line(said));
        }
        for (n, key) in asking.threats.iter().enumerate() {
            let _ = writeln!(text, "  {}. {}", n + 1, one_line(&told(&self.bench, key)));
        }
        if let Answers::Value { choices, several, typed } = &asking.answers {
            for (n, choice) in choices.iter().enumerate() {
                let _ = writeln!(text, "  {}. {}", n + 1, one_line(&choice.text));
            }
            if *several && !choices.is_empty() {
                text.push_str("several may be right: write 1,3\n");
            }
            let or = if choices.is_empty() { "" } else { "or " };
            text.extend(typed.iter().map(|what| format!("{or}type {what}\n")));
            if !asking.others.is_empty() {
                let all = asking.others.len() + 1;
                let _ =
                    writeln!(text, "asked of {all} things; write all behind the answer where it is so of all of them");
            }
        }
        text
    }

    /// What is known of the thing.
    fn info(&self, context: &mut Context, asking: &Asking) -> Result<(), Failure> {
        let known = asking.known.iter().map(|(word, value)| format!("  {word}: {}\n", one_line(value)));
        let mut text: String = known.collect();
        if text.is_empty() {
            text.push_str("  nothing is known of it yet\n");
        }
        let names: Vec<String> = asking.others.iter().map(|id| one_line(&self.bench.model().called(id))).collect();
        if !names.is_empty() {
            let _ = writeln!(text, "  the same is asked of: {}", names.join(", "));
        }
        context.print(&wrapped(&text, self.columns))
    }
}

/// A threat in a line.
fn told(bench: &Workbench, key: &ThreatKey) -> String {
    let row = bench.analysis().threats.iter().find(|row| row.key == *key);
    row.map_or_else(
        || key.to_string(),
        |row| {
            let severity = row.severity.map_or("not rated", Severity::name);
            format!("{severity}: {}", row.title)
        },
    )
}
