//! What lies over the panes besides lists: a prompt, a form, a question before something is lost, a text.

use ratatui::layout::Rect;

use super::panes::paragraphs;
use super::pen::Pen;
use crate::tui::layout::{inner, popup};
use crate::tui::state::State;
use crate::tui::state::layer::{About, Answer, Confirm, Form, Line, Page, Part, Prompt};
use crate::tui::text::{cut, fit, safe, width, wrap};
use crate::tui::theme::Role;

/// Draws a line to type, on the thing it is about where that is visible, else in the middle.
pub(super) fn prompt(state: &State, pen: &mut Pen<'_>, prompt: &Prompt) {
    let title = safe(&prompt.title);
    let wanted = width(&title).max(width(example(&prompt.then))) + 6;
    let wanted = u16::try_from(wanted).unwrap_or(u16::MAX).clamp(44, 76);
    let error = prompt.error.as_ref().map(|why| safe(&format!("! {why}"))).unwrap_or_default();
    // As wide as what is wrong needs, in as many lines as it takes.
    let wanted = wanted.max(u16::try_from(width(&error) + 4).unwrap_or(u16::MAX)).min(76.min(state.size.0));
    let error = wrap(&error, usize::from(wanted).saturating_sub(4));
    let height = 3 + u16::try_from(error.len()).unwrap_or(u16::MAX);
    let middle = popup(state.size, (wanted, height));
    let area = anchor(state, prompt, middle).unwrap_or(middle);
    let room = pen.frame(area, &title, true);
    pen.field(room, 0, 1, usize::from(room.width).saturating_sub(2), &prompt.input);
    if prompt.input.value().is_empty() {
        pen.write(room, 0, 3, &cut(example(&prompt.then), usize::from(room.width).saturating_sub(4)), Role::Quiet);
    }
    for (n, line) in error.iter().enumerate() {
        pen.write(room, n + 1, 1, line, Role::Refused);
    }
}

/// What could be typed, where a person cannot know.
const fn example(line: &Line) -> &'static str {
    match line {
        Line::Filter => "such as open sev>=high on:web; ? explains all words",
        Line::Compare => "such as main, v1.2, HEAD~3, 1a2b3c4 or other.tm.ron",
        Line::Decide(_) => "as the file writes it",
        Line::WalkPark => "who knows, or what to look up",
        _ => "",
    }
}

/// A place just at the thing, moved so far that all of it is on the screen.
fn anchor(state: &State, prompt: &Prompt, size: Rect) -> Option<Rect> {
    let view = inner(state.panes().canvas?);
    let place = state.picture.area(prompt.at.as_ref()?)?;
    let x = i32::from(view.x) + place.x - state.scroll.0;
    let y = i32::from(view.y) + place.y + place.h - state.scroll.1;
    let fits = |at: i32, size: u16, all: u16| u16::try_from(at.clamp(0, i32::from(all.saturating_sub(size)))).ok();
    let inside = y > i32::from(view.y) && y <= i32::from(view.bottom()) && x < i32::from(view.right());
    if !inside {
        return None;
    }
    Some(Rect { x: fits(x, size.width, state.size.0)?, y: fits(y, size.height, state.size.1)?, ..size })
}

/// Draws a question before something is lost.
pub(super) fn confirm(state: &State, pen: &mut Pen<'_>, confirm: &Confirm) {
    let columns = usize::from(state.size.0.min(68)).saturating_sub(4).max(1);
    let lines: Vec<String> = confirm.lines.iter().flat_map(|l| wrap(&safe(l), columns)).collect();
    let height = u16::try_from(lines.len() + 4 + confirm.answers.len()).unwrap_or(u16::MAX);
    let room = pen.frame(popup(state.size, (68, height)), &confirm.title, true);
    for (n, line) in lines.iter().enumerate() {
        pen.write(room, n, 1, line, Role::Text);
    }
    let first = lines.len() + 1;
    for (n, (key, word, _)) in confirm.answers.iter().enumerate() {
        pen.write(room, first + n, 1, &key.to_string(), Role::Accent);
        pen.write(room, first + n, 6, word, Role::Text);
    }
    pen.write(room, first + confirm.answers.len(), 1, "Esc", Role::Accent);
    pen.write(room, first + confirm.answers.len(), 6, confirm.esc, Role::Text);
}

/// Draws rows of a table, which are cut where the screen ends.
fn table(state: &State, pen: &mut Pen<'_>, page: &Page) {
    let columns = page.lines.iter().map(|line| width(&safe(line))).max().unwrap_or(0);
    let wide = u16::try_from(columns + 4).unwrap_or(u16::MAX).min(state.size.0);
    let high = u16::try_from(page.lines.len() + 2).unwrap_or(u16::MAX).min(state.size.1.saturating_sub(2));
    let area = popup(state.size, (wide, high));
    let room = pen.frame(area, &page.title, true);
    let height = usize::from(room.height);
    let skip = page.scroll.min(page.lines.len().saturating_sub(height));
    for (row, line) in page.lines.iter().skip(skip).take(height).enumerate() {
        pen.write(room, row, 0, &cut(&safe(line), usize::from(room.width)), Role::Text);
    }
    pen.beyond(area, skip > 0, skip + height < page.lines.len());
}

/// Draws text to read.
pub(super) fn page(state: &State, pen: &mut Pen<'_>, page: &Page) {
    let wide = if state.size.0 >= 120 && !page.is_table { 96 } else { state.size.0 };
    if page.is_table {
        return table(state, pen, page);
    }
    let columns = usize::from(wide).saturating_sub(4).max(1);
    let lines: usize = page.lines.iter().map(|l| wrap(&safe(l), columns).len()).sum();
    let high = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(state.size.1.saturating_sub(2));
    let area = popup(state.size, (wide, high));
    let room = pen.frame(area, &page.title, true);
    let height = usize::from(room.height);
    let skip = page.scroll.min(lines.saturating_sub(height));
    paragraphs(pen, room, &page.lines, skip);
    pen.beyond(area, skip > 0, skip + height < lines);
}

/// Draws the form of a decision.
pub(super) fn form(state: &State, pen: &mut Pen<'_>, form: &Form) {
    let shown = form.shown();
    let height = u16::try_from(shown.len() + 4).unwrap_or(u16::MAX);
    let room = pen.frame(popup(state.size, (86, height)), &form.title, true);
    for (n, field) in shown.iter().map(|n| &form.fields[*n]).enumerate() {
        let here = n == form.at;
        if here {
            pen.write(room, n, 0, pen.pointer(), Role::Accent);
        }
        let column = pen.write(room, n, 2, &fit(label(field.part), 12), if here { Role::Strong } else { Role::Quiet });
        let left = usize::from(room.width).saturating_sub(column + 2);
        match &field.value {
            Answer::Text(input) if here => {
                pen.field(room, n, column, left, input);
            }
            Answer::Text(input) => {
                pen.write(room, n, column, &fit(&safe(input.value()), left), Role::Field);
            }
            // Where the words do not fit on the line, the chosen one alone.
            Answer::Word(words, at) if words.iter().map(|w| width(w) + 1).sum::<usize>() > left + 1 => {
                let text = format!("‹ {} ›", words[*at]);
                let end = pen.write(room, n, column, &text, if here { Role::Selected } else { Role::Marked });
                pen.write(room, n, end + 1, &format!("{} of {}", at + 1, words.len()), Role::Quiet);
            }
            Answer::Word(words, at) => {
                let mut at_column = column;
                for (w, word) in words.iter().enumerate() {
                    let role = match (w == *at, here) {
                        (true, true) => Role::Selected,
                        (true, false) => Role::Marked,
                        _ => Role::Quiet,
                    };
                    at_column = pen.write(room, n, at_column, word, role) + 1;
                }
            }
        }
    }
    let hint = match (&form.error, shown.get(form.at).map(|n| form.fields[*n].part)) {
        (Some((_, why)), _) => (format!("! {why}"), Role::Refused),
        (None, Some(Part::Evidence)) if matches!(form.about, About::Mitigations(_)) => {
            ("where one can see that it is done: links, commits, tests, separated by commas".to_owned(), Role::Quiet)
        }
        (None, Some(Part::Severity)) if matches!(form.about, About::Found(..)) => {
            ("how bad it would be; ←→ or the first letter chooses".to_owned(), Role::Quiet)
        }
        (None, Some(Part::Owner)) if matches!(form.about, About::Found(..)) => {
            ("who deals with it; may be empty".to_owned(), Role::Quiet)
        }
        (None, Some(part)) => (help(part).to_owned(), Role::Quiet),
        (None, None) => (String::new(), Role::Quiet),
    };
    pen.write(room, shown.len() + 1, 2, &hint.0, hint.1);
}

const fn label(part: Part) -> &'static str {
    match part {
        Part::Status | Part::Progress => "Status",
        Part::Ticket => "Ticket",
        Part::Reason => "Reason",
        Part::Approver => "Approved by",
        Part::Expires => "Until",
        Part::To => "To whom",
        Part::Evidence => "Evidence",
        Part::Severity => "Severity",
        Part::Why => "Because",
        Part::Owner => "Owner",
        Part::Due => "Due",
    }
}

const fn help(part: Part) -> &'static str {
    match part {
        Part::Status | Part::Progress => "←→ or the first letter chooses",
        Part::Ticket => "its item in an issue tracker; may be empty",
        Part::Reason => "why, so that others can follow; needed",
        Part::Approver => "who allowed it",
        Part::Expires | Part::Due => "a day such as 2027-03-31, or 30d, 2w, 3m from today; may be empty",
        Part::To => "who has it now; needed",
        Part::Evidence => "where one can see it: links, commits, tests, separated by commas; needed",
        Part::Severity => "←→ or the first letter; another severity than the computed one needs a reason",
        Part::Why => "why another severity; needed",
        Part::Owner => "who deals with it",
    }
}
