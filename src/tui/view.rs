//! The state as a frame. It changes nothing: what a frame shows depends on the state alone.

pub(crate) mod bars;
mod canvas;
pub(crate) mod changes;
pub(crate) mod dashboard;
pub(crate) mod inspector;
mod list;
mod menu;
mod minimap;
pub(crate) mod mitigations;
mod over;
mod panes;
mod pen;
pub(crate) mod pick;
pub(crate) mod rules;
mod signs;
mod spot;
pub(crate) mod walk;

use ratatui::Frame;

use super::state::State;
use super::state::layer::Layer;
pub(crate) use list::brief;
use pen::Pen;

/// Draws the state.
pub fn view(state: &State, frame: &mut Frame<'_>) {
    let mut pen = Pen::new(frame.buffer_mut(), state.look);
    let places = state.panes();
    bars::header(state, &mut pen, places.header);
    if let Some(area) = places.outline {
        panes::outline(state, &mut pen, area);
    }
    if let Some(area) = places.canvas {
        canvas::draw(state, &mut pen, area);
    }
    if let Some(area) = places.strip {
        panes::strip(state, &mut pen, area);
    }
    if let Some(area) = places.inspector {
        inspector::draw(state, &mut pen, area);
    }
    if let Some(area) = places.threats {
        list::threats(state, &mut pen, area);
    }
    if let Some(area) = places.mitigations {
        mitigations::draw(state, &mut pen, area);
    }
    if let Some(area) = places.rules {
        rules::draw(state, &mut pen, area);
    }
    if let Some(area) = places.walk {
        walk::draw(state, &mut pen, area);
    }
    if let Some(area) = places.dashboard {
        dashboard::draw(state, &mut pen, area);
    }
    match places.detail {
        Some(area) if places.rules.is_some() => rules::detail(state, &mut pen, area),
        Some(area) if places.mitigations.is_some() => mitigations::detail(state, &mut pen, area),
        Some(area) => panes::detail(state, &mut pen, area),
        None => {}
    }
    if let Some(area) = places.changes {
        changes::draw(state, &mut pen, area);
    }
    bars::status(state, &mut pen, places.status);
    bars::hints(state, &mut pen, places.hints);
    for layer in &state.layers {
        match layer {
            Layer::Prompt(prompt) => over::prompt(state, &mut pen, prompt),
            Layer::Pick(list) => pick::draw(state, &mut pen, list),
            Layer::Form(form) => over::form(state, &mut pen, form),
            Layer::Confirm(confirm) => over::confirm(state, &mut pen, confirm),
            Layer::Labels(labels) => canvas::labels(state, &mut pen, labels),
            Layer::Page(page) => over::page(state, &mut pen, page),
        }
    }
    if state.layers.is_empty() && (state.menu || !state.pending.is_empty()) {
        menu::draw(state, &mut pen);
    }
}
