//! Which part of the drawing is in sight. It moves the view so that things can be seen; what is selected is not its work.

use super::State;
use crate::diagram::Placement;
use crate::tui::canvas::{Before, Picture};
use crate::tui::layout::inner;

impl State {
    /// Draws what is in sight for the first time; where less than everything is shown it looks like the whole drawing.
    pub(crate) fn redraw(&mut self, whole: Option<&Placement>) {
        let before = match whole {
            None => Before::Nothing,
            Some(whole) if self.sight.is_whole() => Before::Same(whole),
            Some(whole) => Before::Like(whole),
        };
        self.picture = Picture::of(self.drawn(), &self.sight, self.look.ascii, before);
    }

    /// Draws what was in sight before, from another placement than the one on the screen where there is one.
    pub(super) fn draw_again(&mut self, before: Option<&Placement>) {
        let before = Before::Same(before.unwrap_or(self.picture.placement()));
        let picture = Picture::of(self.drawn(), &self.sight, self.look.ascii, before);
        // What grows to the left or upwards pushes nothing out of sight.
        let ((x, y), (to_x, to_y)) = (self.picture.placement().origin, picture.placement().origin);
        self.scroll = (self.scroll.0 + x - to_x, self.scroll.1 + y - to_y);
        self.picture = picture;
    }

    /// Columns and rows of the diagram's pane, its frame excluded.
    pub(crate) fn viewport(&self) -> (i32, i32) {
        let area = self.panes().canvas.map(inner).unwrap_or_default();
        (i32::from(area.width), i32::from(area.height))
    }

    /// Puts the whole drawing into the middle where it fits, else its upper left corner into view.
    pub(crate) fn fit(&mut self) {
        let ((w, h), (vw, vh)) = (self.picture.size(), self.viewport());
        let margin = |size: i32, view: i32| if size <= view { (size - view) / 2 } else { 0 };
        self.scroll = (margin(w, vw), margin(h, vh));
    }

    /// Moves the view only when the selection is not in it.
    pub(crate) fn reveal(&mut self) {
        let ((w, h), (vw, vh)) = (self.picture.size(), self.viewport());
        if w <= vw && h <= vh {
            let outside = |scroll: i32, size: i32, view: i32| scroll > 0 || size - scroll > view;
            if outside(self.scroll.0, w, vw) || outside(self.scroll.1, h, vh) {
                self.fit();
            }
            return;
        }
        let Some(area) = self.selected.as_ref().and_then(|id| self.picture.area(id)) else { return };
        let hidden = |at: i32, size: i32, scroll: i32, view: i32| {
            let size = size.min(view);
            at < scroll || at + size > scroll + view
        };
        if hidden(area.x, area.w, self.scroll.0, vw) || hidden(area.y, area.h, self.scroll.1, vh) {
            self.scroll = (window(area.x, area.w, w, vw), window(area.y, area.h, h, vh));
        }
    }
}

/// Where a view of `view` cells starts that has the cells `at..at + size` in its middle, and of the `all` cells of the
/// drawing as many as it can. Where the thing is larger than the view, its beginning is shown.
fn window(at: i32, size: i32, all: i32, view: i32) -> i32 {
    if all <= view {
        return (all - view) / 2;
    }
    let shown = size.min(view);
    (at + shown / 2 - view / 2).min(at).clamp(0, all - view)
}
