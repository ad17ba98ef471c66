//! The review's signs on the drawing: what is new, changed or gone, and what is to be decided. Each is a sign with a word
//! where there is room; the colour only repeats it.

use ratatui::layout::Rect;

use super::canvas::{put, role_of, visible};
use super::changes;
use super::pen::Pen;
use super::spot::Spots;
use crate::diagram::paint::Canvas;
use crate::model::Id;
use crate::review::diff::Mark;
use crate::tui::canvas::Part;
use crate::tui::state::State;
use crate::tui::state::review::Sign;
use crate::tui::text::width;
use crate::tui::theme::Role;

/// What became of a thing and of what it stands for.
fn sign_of(state: &State, id: &Id) -> Sign {
    let own = state.review.signs.get(id).copied().unwrap_or_default();
    state.picture.parts_of(id).filter_map(|part| state.review.signs.get(part)).fold(own, |sum, sign| Sign {
        is_open: sum.is_open || sign.is_open,
        // A whole with a new part is changed, not new.
        mark: sum.mark.or(sign.mark.map(|_| Mark::Tilde)),
        came: sum.came + sign.came,
        went: sum.went + sign.went,
    })
}

/// How a thing looks: what nothing became of steps back.
pub(super) fn role(state: &State, id: &Id, part: Part) -> Role {
    let sign = sign_of(state, id);
    match sign.mark {
        _ if sign.is_open => Role::Refused,
        Some(mark) => changes::role_of(mark),
        None if state.review.signs.is_empty() => role_of(part),
        None => Role::Quiet,
    }
}

/// The ways to say it, the longest first.
fn words(sign: Sign) -> Vec<String> {
    let open = sign.is_open.then_some(("!", "to decide"));
    let mark = sign.mark.map(|mark| match mark {
        Mark::Plus => ("+", "new"),
        Mark::Tilde => ("~", "changed"),
        Mark::Minus => ("-", "gone"),
    });
    let Some((sign_of_it, word)) = open.or(mark) else {
        return match threats(sign) {
            Some((long, short)) => vec![long, short],
            None => Vec::new(),
        };
    };
    let plain = format!("{sign_of_it} {word}");
    let mut ways = Vec::new();
    if let Some((long, short)) = threats(sign) {
        ways.extend([format!("{plain}, {long}"), format!("{plain} {short}")]);
    }
    ways.extend([plain, sign_of_it.to_owned()]);
    ways
}

/// Threats that came and went, in words and in short.
fn threats(sign: Sign) -> Option<(String, String)> {
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    match (sign.came, sign.went) {
        (0, 0) => None,
        (came, 0) => Some((format!("+{came} threat{}", plural(came)), format!("+{came}"))),
        (0, went) => Some((format!("-{went} threat{}", plural(went)), format!("-{went}"))),
        (came, went) => Some((format!("+{came} -{went} threats"), format!("+{came}-{went}"))),
    }
}

/// Puts the signs on the drawing.
pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect, canvas: &Canvas<'_>) {
    let (seen, picture) = (visible(state, area), &state.picture);
    let columns = |text: &str| i32::try_from(width(text)).unwrap_or(i32::MAX);
    let look = |id: &Id, part| if state.selected.as_ref() == Some(id) { Role::Selected } else { role(state, id, part) };
    for (id, place) in picture.boxes().filter(|(_, place)| place.overlaps(seen)) {
        let sign = sign_of(state, id);
        if picture.is_small() {
            if let Some(short) = words(sign).last().and_then(|word| word.chars().next()) {
                put(state, pen, area, (place.x, place.y), &short.to_string(), look(id, Part::Element));
            }
        } else if let Some(text) = words(sign).iter().find(|text| columns(text) + 2 <= place.w) {
            let at = (place.x + place.w - 1 - columns(text), place.y + place.h - 1);
            put(state, pen, area, at, text, look(id, Part::Element));
        }
    }
    let mut spots = Spots::new(picture, canvas);
    for id in picture.lines() {
        if !picture.area(id).is_some_and(|place| seen.overlaps(place)) {
            continue;
        }
        let ways = words(sign_of(state, id));
        let spot = ways.iter().find_map(|text| Some((spots.badge(id, columns(text))?, text)));
        match (spot, ways.last(), picture.handle(id)) {
            (Some((at, text)), ..) => put(state, pen, area, at, text, look(id, Part::Flow)),
            (None, Some(short), Some(at)) => put(state, pen, area, at, short, look(id, Part::Flow)),
            _ => {}
        }
    }
    let titles = state.review.signs.keys().filter_map(|id| Some((id, picture.title(id)?)));
    for (id, title) in titles.filter(|(_, title)| title.overlaps(seen)) {
        let ways = words(sign_of(state, id));
        let end = picture.area(id).map_or(0, |frame| frame.x + frame.w - 1);
        // Behind the title where the frame is long enough, else upon its first character.
        match (ways.iter().find(|text| title.x + title.w + columns(text) < end), ways.last()) {
            (Some(text), _) => put(state, pen, area, (title.x + title.w, title.y), text, look(id, Part::Boundary)),
            (None, Some(short)) => {
                let first: String = short.chars().take(1).collect();
                put(state, pen, area, (title.x, title.y), &first, look(id, Part::Boundary));
            }
            _ => {}
        }
    }
}
