//! Lines that people type, or that a script gives: what a line means as an answer, and what is asked beside it.

use std::io::{BufRead as _, Write as _};

use super::told;
use crate::analysis::walk::{Answers, Asking, Choice};
use crate::cli::context::{Context, Failure};
use crate::diagnostic::inert::one_line;
use crate::model::{Severity, ThreatKey};
use crate::workbench::walk::{Answer, Found, Own};
use crate::workbench::{Workbench, read_day_to_come};

/// What a line means.
pub(super) enum Line {
    Answer(Answer),
    /// There is a threat: these; or, where none is named yet, to be asked.
    Found(Vec<ThreatKey>, Option<String>),
    Skip,
    Back,
    Help,
    Info,
    End,
    /// An empty line.
    Nothing,
    /// It means nothing here; why.
    Not(String),
}

/// Reads what a line means as an answer to a question.
pub(super) fn line(typed: &str, asking: &Asking) -> Line {
    let typed = typed.trim();
    let (word, rest) = typed.split_once(char::is_whitespace).map_or((typed, ""), |(word, rest)| (word, rest.trim()));
    let some = || (!rest.is_empty()).then(|| rest.to_owned());
    let is_letter = asking.answers == Answers::Threat;
    match (word.to_lowercase().as_str(), is_letter) {
        ("", _) => Line::Nothing,
        ("?" | "help", _) => Line::Help,
        ("i" | "info", _) if rest.is_empty() => Line::Info,
        ("k" | "skip", _) if rest.is_empty() => Line::Skip,
        ("b" | "back", _) if rest.is_empty() => Line::Back,
        ("q" | "quit" | "end", _) if rest.is_empty() => Line::End,
        ("p" | "park", _) => Line::Answer(Answer::Parked(some())),
        ("n" | "no", true) => Line::Answer(Answer::Nothing(some())),
        ("y" | "yes", true) => Line::Found(Vec::new(), some()),
        ("na", false) => Line::Answer(Answer::NotApplicable(rest.to_owned())),
        ("y" | "yes" | "n" | "no", false) if rest.is_empty() || rest == "all" => plainly(word, rest, asking),
        _ if is_letter => numbers(typed, asking.threats.len()).map_or_else(
            || Line::Not("write y, n, p, k, b or the numbers of threats; ? explains".to_owned()),
            |found| Line::Found(found.into_iter().map(|n| asking.threats[n].clone()).collect(), None),
        ),
        _ => value(typed, asking),
    }
}

/// Yes or no, where a fact can be answered so; else the answer may begin with that letter.
fn plainly(word: &str, rest: &str, asking: &Asking) -> Line {
    match asking.plainly(word.starts_with(['y', 'Y'])) {
        Some(choice) => Line::Answer(Answer::Value { values: vec![choice.value.clone()], everywhere: rest == "all" }),
        None => Line::Not("this is not answered by yes or no; ? explains".to_owned()),
    }
}

/// A value by its number or word, or in people's own words.
fn value(typed: &str, asking: &Asking) -> Line {
    let Answers::Value { choices, several, typed: free } = &asking.answers else { return Line::Nothing };
    let (text, everywhere) = match typed.strip_suffix(" all") {
        Some(text) if !asking.others.is_empty() => (text.trim(), true),
        _ => (typed, false),
    };
    let answer = |values: Vec<String>| Line::Answer(Answer::Value { values, everywhere });
    if let Some(own) = text.strip_prefix('=') {
        return match free {
            Some(_) => answer(own_words(own, *several)),
            None => Line::Not("this is answered by one of those that are listed".to_owned()),
        };
    }
    let of = |choice: &Choice| choice.value.clone();
    let chosen = numbers(text, choices.len()).map(|all| all.into_iter().map(|n| of(&choices[n])).collect());
    let is_meant = |word: &str| {
        choices.iter().find(|choice| choice.text.eq_ignore_ascii_case(word) || choice.value.eq_ignore_ascii_case(word))
    };
    let named = || text.split(',').map(|word| is_meant(word.trim()).map(of)).collect::<Option<Vec<String>>>();
    match chosen.or_else(named) {
        Some(values) if values.len() > 1 && !several => Line::Not("only one of them can be so".to_owned()),
        Some(values) => answer(values),
        // Beside a list, a word that is not on it is more often a slip of the pen.
        None if free.is_some() && choices.is_empty() => answer(own_words(text, *several)),
        None => Line::Not(format!("write a number from 1 to {}; ? explains", choices.len())),
    }
}

fn own_words(text: &str, several: bool) -> Vec<String> {
    if several {
        text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
    } else {
        vec![text.trim().to_owned()]
    }
}

/// Numbers from one to so many, as places in a list; `None` where it is anything else.
fn numbers(text: &str, most: usize) -> Option<Vec<usize>> {
    let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
    let place = |part: &str| part.parse::<usize>().ok().filter(|n| (1..=most).contains(n)).map(|n| n - 1);
    let places: Vec<usize> = parts.map(place).collect::<Option<_>>()?;
    (!places.is_empty()).then_some(places)
}

/// Lines of standard input.
pub(super) struct Lines {
    lines: std::io::Lines<std::io::StdinLock<'static>>,
    /// Whether what was read is printed too, since no terminal shows it.
    echoes: bool,
}

impl Lines {
    pub(super) fn new(echoes: bool) -> Self {
        Self { lines: std::io::stdin().lock().lines(), echoes }
    }

    /// Asks for a line; `None` at the end of input.
    pub(super) fn ask(&mut self, context: &mut Context, what: &str) -> Result<Option<String>, Failure> {
        context.print(what)?;
        context.out.flush()?;
        let read = self.lines.next().and_then(Result::ok);
        match &read {
            Some(text) if self.echoes => context.print(&format!("{}\n", one_line(text)))?,
            Some(_) => {}
            None => context.print("\n")?,
        }
        Ok(read)
    }

    /// Asks which threats there are, unless that is known, who deals with them and by when. Where the input ends in the
    /// midst of it, what was said by then counts; `None` where no threat was named.
    pub(super) fn found(
        &mut self,
        context: &mut Context,
        bench: &Workbench,
        asking: &Asking,
        mut keys: Vec<ThreatKey>,
        mut own: Option<String>,
    ) -> Result<Option<Found>, Failure> {
        while keys.is_empty() && own.is_none() {
            let what = if asking.threats.is_empty() {
                "  what could happen? "
            } else {
                "  which? numbers, or what could happen in your own words: "
            };
            let Some(text) = self.ask(context, what)? else { return Ok(None) };
            match numbers(&text, asking.threats.len()) {
                Some(places) => keys = places.into_iter().map(|n| asking.threats[n].clone()).collect(),
                None if text.trim().is_empty() => {
                    context.print("  nothing is named, so nothing is recorded\n")?;
                    return Ok(None);
                }
                None => own = Some(text.trim().to_owned()),
            }
        }
        for key in &keys {
            context.print(&format!("  {}\n", one_line(&told(bench, key))))?;
        }
        let own = match own {
            Some(title) => {
                let severity = self.until(context, "  how bad? low, medium, high, critical, or nothing: ", severity)?;
                Some(Own { title, severity })
            }
            None => None,
        };
        let owner = self.ask(context, "  who deals with it? a name, or nothing: ")?.unwrap_or_default();
        let owner = Some(owner.trim().to_owned()).filter(|owner| !owner.is_empty());
        let today = bench.sitting().today;
        let due =
            self.until(context, "  by when? a day, 30d, 2w, 3m, or nothing: ", |text| read_day_to_come(text, today))?;
        Ok(Some(Found { keys, own, owner, due }))
    }

    /// Asks until a line can be read, or there is none.
    fn until<T>(
        &mut self,
        context: &mut Context,
        what: &str,
        read: impl Fn(&str) -> Result<Option<T>, String>,
    ) -> Result<Option<T>, Failure> {
        loop {
            let Some(text) = self.ask(context, what)? else { return Ok(None) };
            match read(text.trim()) {
                Ok(value) => return Ok(value),
                Err(why) => context.print(&format!("  {}\n", one_line(&why)))?,
            }
        }
    }
}

fn severity(text: &str) -> Result<Option<Severity>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let lower = text.to_lowercase();
    let found = Severity::ALL.iter().copied().find(|severity| severity.name().to_lowercase().starts_with(&lower));
    found.map(Some).ok_or_else(|| "that is no severity: low, medium, high or critical".to_owned())
}
