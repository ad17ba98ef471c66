//! The menu of keys: after Space everything that works here, by group; within a sequence what can follow. It is made
//! from the table of commands alone.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::command::{Action, Group};
use crate::tui::keymap::spell;
use crate::tui::state::State;
use crate::tui::text::{fit, width};
use crate::tui::theme::Role;
use crate::tui::update::{available, continuations, for_changes};

/// Columns that keys take.
const KEYS: usize = 11;
/// No title is given more columns than this.
const LONGEST: usize = 44;
/// A column of the whole menu is no narrower than this where there are several.
const NARROWEST: usize = 38;

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// The heading of a group.
    Heading(&'static str),
    /// Keys with what they do, and whether that makes sense now.
    Keys(String, String, bool),
}

/// Draws it above the lower bars.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>) {
    let whole = state.pending.is_empty();
    let rows: Vec<Entry> = if whole {
        grouped(state)
    } else {
        continuations(state).into_iter().map(|(key, text, off)| Entry::Keys(key, text, off.is_none())).collect()
    };
    let text = |row: &Entry| if let Entry::Keys(_, text, _) = row { width(text) + 2 } else { 0 };
    let longest = rows.iter().map(text).max().unwrap_or(0).min(LONGEST);
    let each = longest + KEYS + 2;
    let room = usize::from(state.size.0).saturating_sub(2);
    let columns = (room / if whole { NARROWEST } else { each.max(1) }).clamp(1, if whole { 3 } else { 2 });
    let each = each.min(room / columns);
    let lines = split(&rows, columns);
    let wide = u16::try_from((each * columns).min(room) + 2).unwrap_or(u16::MAX).min(state.size.0);
    let high = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(state.size.1.saturating_sub(1));
    let bottom = state.size.1.saturating_sub(u16::from(state.size.1 > 2));
    let area = Rect::new((state.size.0 - wide) / 2, bottom.saturating_sub(high), wide, high);
    let title = if whole { "Keys here (Esc closes)".to_owned() } else { spell(&state.pending) };
    let inside = pen.frame(area, &title, true);
    pen.beyond(area, false, lines > usize::from(inside.height));
    for (column, part) in parts(&rows, lines).into_iter().enumerate() {
        for (line, row) in part.iter().enumerate() {
            entry(pen, inside, (line, column * each), (row, each));
        }
    }
}

/// One line, within so many columns.
fn entry(pen: &mut Pen<'_>, area: Rect, (line, column): (usize, usize), (row, each): (&Entry, usize)) {
    match row {
        Entry::Heading(title) => {
            pen.write(area, line, column + 1, title, Role::Strong);
        }
        Entry::Keys(keys, text, on) => {
            let (key, word) = if *on { (Role::Accent, Role::Text) } else { (Role::Quiet, Role::Quiet) };
            let text = if *on { text.clone() } else { format!("({text})") };
            pen.write(area, line, column + 2, &fit(keys, KEYS - 1), key);
            pen.write(area, line, column + 2 + KEYS, &fit(&text, each.saturating_sub(KEYS + 3)), word);
        }
    }
}

/// The fewest lines that so many columns can have without a heading at the foot of one.
fn split(rows: &[Entry], columns: usize) -> usize {
    (rows.len().div_ceil(columns)..=rows.len()).find(|lines| parts(rows, *lines).len() <= columns).unwrap_or(rows.len())
}

/// The rows in columns of so many lines. A heading goes where its first row is.
fn parts(rows: &[Entry], lines: usize) -> Vec<&[Entry]> {
    let mut parts = Vec::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let end = lines.max(2).min(rest.len());
        let orphan = end < rest.len() && matches!(rest[end - 1], Entry::Heading(_));
        let (part, after) = rest.split_at(end - usize::from(orphan));
        parts.push(part);
        rest = after;
    }
    parts
}

/// Everything that works here, in the order of groups. What goes in four directions, or forth and back, is one row;
/// the menu itself, what closes it, and what programs in a terminal have anyway are left to the help.
fn grouped(state: &State) -> Vec<Entry> {
    let mut rows: Vec<(Group, String, Entry)> = Vec::new();
    let barred = state.bench.barred().is_some();
    let mut seen: Vec<Action> = vec![Action::Menu, Action::Back, Action::Suspend, Action::Redraw];
    for binding in state.keymap.follow(state.scopes(), &[]) {
        let (row, sequence) = (binding.action.row(), binding.keys.len() > 1);
        let key = binding.keys.first().map(|k| spell(&[*k])).unwrap_or_default();
        // Of a model that may be looked at only, what changes it would only be in the way.
        if seen.contains(&binding.action) || barred && for_changes(binding.action) {
            continue;
        }
        seen.push(binding.action);
        let (family, title) =
            if sequence { (key.clone(), sequences(&key).to_owned()) } else { family(row.name, row.title) };
        let on = sequence || available(state, binding.action).is_ok();
        match rows.iter_mut().find(|(_, name, _)| *name == family) {
            Some((_, name, Entry::Keys(keys, text, is_on))) if !sequence => {
                *keys = joined(keys, &key);
                *is_on |= on;
                if let Some(both) = both(name) {
                    both.clone_into(text);
                }
            }
            Some(_) => {}
            None => rows.push((row.group, family, Entry::Keys(key, title, on))),
        }
    }
    let group = |group: &Group| {
        let of: Vec<Entry> = rows.iter().filter(|(g, ..)| g == group).map(|(.., e)| e.clone()).collect();
        let heading = (!of.is_empty()).then(|| Entry::Heading(group.title()));
        heading.into_iter().chain(of).collect::<Vec<_>>()
    };
    Group::ALL.iter().flat_map(group).collect()
}

fn is_number(key: &str) -> bool {
    key.bytes().all(|b| b.is_ascii_digit())
}

/// Keys of one row: as many as there is room for, arrows by their name.
fn joined(keys: &str, key: &str) -> String {
    match keys.split_once('-') {
        Some((held, _)) if key.starts_with(held) => format!("{held}-arrow"),
        // Numbers follow each other: the first and the last one say it.
        _ if is_number(key) && (keys.contains('…') || width(keys) + 1 + width(key) >= KEYS) => {
            format!("{} … {key}", keys.split(' ').next().unwrap_or_default())
        }
        _ if width(keys) + 1 + width(key) < KEYS => format!("{keys} {key}"),
        _ => keys.to_owned(),
    }
}

/// What rows belong to that are shown as one, and what that one says: directions lose theirs, and what goes forth and
/// back says so.
fn family(name: &str, title: &str) -> (String, String) {
    const SIDES: [&str; 4] = ["left", "right", "up", "down"];
    if let Some((stem, _)) = name.rsplit_once('-').filter(|(stem, side)| *stem != "page" && SIDES.contains(side)) {
        let words: Vec<&str> = title.split(' ').collect();
        let short = words.iter().take_while(|w| !["left", "right", "up", "down", "to", "above", "below"].contains(w));
        return (stem.to_owned(), short.copied().collect::<Vec<_>>().join(" "));
    }
    if matches!(name, "connect" | "connect-from") {
        return ("connect".to_owned(), title.to_owned());
    }
    if matches!(name, "mark" | "mark-kind") {
        return ("mark".to_owned(), title.to_owned());
    }
    if name.starts_with("screen-") {
        return ("screen".to_owned(), "Screens".to_owned());
    }
    if ["undo", "redo"].contains(&name) {
        return ("undo".to_owned(), "Undo, redo".to_owned());
    }
    if ["save", "save-as"].contains(&name) {
        return ("save".to_owned(), "Save, save as …".to_owned());
    }
    if name.starts_with("zoom-") {
        return ("zoom".to_owned(), "Look closer, further away".to_owned());
    }
    for side in ["next-", "previous-"] {
        if let Some(stem) = name.strip_prefix(side) {
            return (stem.to_owned(), title.replacen("Next", "Next, previous", 1));
        }
    }
    (name.to_owned(), title.to_owned())
}

/// What a row says that stands for two actions, where neither says it for both.
fn both(family: &str) -> Option<&'static str> {
    match family {
        "connect" => Some("Connect to …, from …"),
        "mark" => Some("Mark all of a kind, one"),
        _ => None,
    }
}

/// What a key that begins a sequence is about.
fn sequences(key: &str) -> &'static str {
    match key {
        "a" => "Add …",
        "A" => "Add connected …",
        "g" => "Go and pan …",
        _ => "View and pins …",
    }
}
