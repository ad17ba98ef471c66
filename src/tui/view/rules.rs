//! The rules' screen: packs and rules with how often they speak, and the page of what is selected. What a rule says about
//! itself is made elsewhere.

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use super::panes::paragraphs;
use super::pen::Pen;
use crate::rules::about;
use crate::tui::layout::inner;
use crate::tui::state::State;
use crate::tui::state::rules::{Row, Used, Voice, special, title, used, voices};
use crate::tui::text::{count, cut, fit, safe, width, window};
use crate::tui::theme::Role;

/// The number of the first row that is shown in a room of that height.
pub(crate) fn first(state: &State, rows: &[Row], height: usize) -> usize {
    let current = state.rules.current(state.bench.knowledge());
    window(rows.iter().position(|row| Some(row) == current.as_ref()).unwrap_or(0), rows.len(), height)
}

/// The row at a line of the list.
pub(crate) fn at(state: &State, area: Rect, line: usize) -> Option<Row> {
    let rows = state.rules.rows(state.bench.knowledge());
    rows.get(first(state, &rows, usize::from(inner(area).height)) + line).cloned()
}

/// Draws the list.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (model, knowledge) = (state.bench.model(), state.bench.knowledge());
    let active = knowledge.active(model.system.packs.as_deref()).count();
    let all = knowledge.rules.iter().count();
    let room = pen.frame(area, &format!("Rules  {active} of {all} in use"), true);
    let (rows, height, wide) = (state.rules.rows(knowledge), usize::from(room.height), usize::from(room.width));
    let voices = voices(state.bench.analysis());
    let first = first(state, &rows, height);
    pen.beyond(area, first > 0, first + height < rows.len());
    let current = state.rules.current(knowledge);
    for (n, row) in rows.iter().skip(first).take(height).enumerate() {
        match row {
            Row::Pack(pack) => self::pack(state, pen, (room, n), (pack, &voices)),
            Row::Rule(id) => {
                let Some(rule) = knowledge.rule(id) else { continue };
                let special = special(rule, model, knowledge);
                let said = voices.get(id.as_str()).map(|voice| told(*voice)).unwrap_or_default();
                let end =
                    if said.is_empty() { special.to_owned() } else { format!("{special} {said}").trim().to_owned() };
                let room_for = wide.saturating_sub(width(&end) + 6);
                // Narrow lists have the title alone.
                let names = if wide >= 96 { format!("{}  ", fit(&cut(id, 30), 30)) } else { String::new() };
                let text = format!("{names}{}", safe(&title(rule)));
                pen.write(room, n, 4, &cut(&text, room_for), Role::Text);
                pen.right(room, n, &format!("{end} "), if said.is_empty() { Role::Quiet } else { Role::Accent });
            }
        }
        if Some(row) == current.as_ref() {
            pen.tint(room, n, Role::Selected);
            pen.write(room, n, 0, pen.pointer(), Role::Selected);
        }
    }
}

fn told(voice: Voice) -> String {
    match (voice.open, voice.raised) {
        (0, raised) => format!("{raised} closed"),
        (open, raised) if open == raised => format!("{open} open"),
        (open, raised) => format!("{open} open of {raised}"),
    }
}

fn pack(state: &State, pen: &mut Pen<'_>, (room, n): (Rect, usize), (pack, voices): (&str, &BTreeMap<&str, Voice>)) {
    let (model, knowledge) = (state.bench.model(), state.bench.knowledge());
    let all = knowledge.rules.of(pack).count();
    let (word, role) = match used(model, pack) {
        Used::On => ("on ".to_owned(), Role::Accent),
        Used::Some(few) => (format!("{few} on"), Role::Accent),
        Used::Off => ("off".to_owned(), Role::Quiet),
    };
    let [shut, open] = if state.look.ascii { ["+", "-"] } else { ["▸", "▾"] };
    let sign = if state.rules.open.contains(pack) { open } else { shut };
    let mut column = pen.write(room, n, 2, sign, Role::Quiet);
    column = pen.write(room, n, column + 1, &fit(&cut(&safe(pack), 8), 8), Role::Strong);
    column = pen.write(room, n, column + 1, &fit(&word, 5), role);
    let mine = voices.iter().filter(|(id, _)| id.split('.').next() == Some(pack));
    let voice = mine.fold(Voice::default(), |sum, (_, voice)| Voice {
        open: sum.open + voice.open,
        raised: sum.raised + voice.raised,
    });
    let said = if voice.raised > 0 { format!("{}  ", told(voice)) } else { String::new() };
    let end = format!("{said}{} ", count(all, "rule"));
    let about = about(pack).unwrap_or("rules of the team");
    let left = usize::from(room.width).saturating_sub(column + 2 + width(&end));
    pen.write(room, n, column + 1, &cut(about, left), Role::Text);
    pen.right(room, n, &end, Role::Quiet);
}

/// Draws what is selected at length.
pub(super) fn detail(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let knowledge = state.bench.knowledge();
    match state.rules.current(knowledge) {
        Some(Row::Rule(id)) => {
            let name = knowledge.rule(&id).map(title).unwrap_or_default();
            let room = pen.frame(area, &name, false);
            let lines = paragraphs(pen, room, state.rules.page(&id), 0);
            pen.beyond(area, false, lines > usize::from(room.height));
        }
        Some(Row::Pack(pack)) => {
            let room = pen.frame(area, &format!("Pack {pack}"), false);
            let keys = |action| state.keymap.keys_of(action);
            let lines = [
                format!("For {}.", about(&pack).unwrap_or("what a team wrote itself")),
                match used(state.bench.model(), &pack) {
                    Used::On => "The model uses it.".to_owned(),
                    Used::Some(few) => format!("The model uses {} of it by name.", count(few, "rule")),
                    Used::Off => "The model does not use it.".to_owned(),
                },
                format!(
                    "{} switches it, after showing what that changes; {} opens it.",
                    keys(crate::command::Action::SwitchPack),
                    keys(crate::command::Action::OpenRule)
                ),
            ];
            paragraphs(pen, room, &lines, 0);
        }
        None => drop(pen.frame(area, "No rule", false)),
    }
}
