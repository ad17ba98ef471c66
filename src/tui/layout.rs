//! Where the panes are: a pure function of the size of the screen. There is no size it refuses.

pub(crate) mod grid;

use ratatui::layout::Rect;

use super::state::{Pane, Screen};

/// Narrower or lower than this, one pane has the whole screen.
const ONE_PANE: (u16, u16) = (60, 16);
/// From this size on, the inspector and the threats stand beside the diagram all the time.
const BENCH: (u16, u16) = (100, 30);
/// From this size on there are an outline and the detail of a threat as well.
const HALL: (u16, u16) = (160, 45);

/// The panes of a screen; those that do not fit are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Panes {
    /// Names of the screens, and of the model.
    pub header: Rect,
    /// The list of everything that is drawn.
    pub outline: Option<Rect>,
    /// The diagram.
    pub canvas: Option<Rect>,
    /// A few lines about the selection, where the inspector has no place.
    pub strip: Option<Rect>,
    /// Fields and facts of the selection.
    pub inspector: Option<Rect>,
    /// A list of threats.
    pub threats: Option<Rect>,
    /// One threat at length.
    pub detail: Option<Rect>,
    /// What changed.
    pub changes: Option<Rect>,
    /// Rules; the selected one is at length where the detail of a threat is elsewhere.
    pub rules: Option<Rect>,
    /// Mitigations; the selected one is at length where the detail of a threat is elsewhere.
    pub mitigations: Option<Rect>,
    /// The question of the walk-through.
    pub walk: Option<Rect>,
    /// The charts of the dashboard.
    pub dashboard: Option<Rect>,
    /// What the last act did.
    pub status: Rect,
    /// Keys.
    pub hints: Rect,
}

impl Panes {
    /// The panes of a screen of this size, when this pane has the keys and so many rows of changes are to be shown.
    pub(crate) fn of((width, height): (u16, u16), screen: Screen, focus: Pane, changes: u16) -> Self {
        let (top, rest) = split_top(Rect::new(0, 0, width, height), u16::from(height > 2));
        let (rest, hints) = split_bottom(rest, u16::from(height > 3));
        let (body, status) = split_bottom(rest, u16::from(height > 1));
        let mut panes = Self { header: top, status, hints, ..Self::default() };
        let fits = |(w, h): (u16, u16)| width >= w && height >= h;
        match screen {
            Screen::Threats => {
                let (list, detail) = with_detail(body, fits(ONE_PANE), width >= HALL.0);
                (panes.threats, panes.detail) = (Some(list), detail);
            }
            Screen::Mitigations => {
                let (list, detail) = with_detail(body, fits(ONE_PANE), width >= HALL.0);
                (panes.mitigations, panes.detail) = (Some(list), detail);
            }
            Screen::Rules => {
                let (list, detail) = with_detail(body, fits(ONE_PANE), width >= HALL.0);
                (panes.rules, panes.detail) = (Some(list), detail);
            }
            Screen::Walk => panes.walk = Some(body),
            Screen::Dashboard => panes.dashboard = Some(body),
            Screen::Review if fits(HALL) => {
                let (canvas, changes) = split_right(body, body.width * 2 / 5);
                (panes.canvas, panes.changes) = (Some(canvas), Some(changes));
            }
            Screen::Review if fits(ONE_PANE) => {
                // Whichever has the keys has more room.
                let part = if focus == Pane::Canvas { body.height * 2 / 5 } else { body.height * 3 / 5 };
                let part = part.min(changes.saturating_add(2)).max(5);
                let (canvas, changes) = split_bottom(body, part);
                (panes.canvas, panes.changes) = (Some(canvas), Some(changes));
            }
            Screen::Review if focus == Pane::Canvas => panes.canvas = Some(body),
            Screen::Review => panes.changes = Some(body),
            Screen::Diagram if fits(HALL) => panes.hall(body),
            Screen::Diagram if fits(BENCH) => panes.bench(body),
            Screen::Diagram if fits(ONE_PANE) => panes.small(body, focus),
            Screen::Diagram => match focus {
                Pane::Canvas => panes.canvas = Some(body),
                Pane::Outline => panes.outline = Some(body),
                Pane::Inspector => panes.inspector = Some(body),
                Pane::Threats | Pane::Changes | Pane::Mitigations | Pane::Rules | Pane::Walk | Pane::Dashboard => {
                    panes.threats = Some(body);
                }
            },
        }
        panes
    }

    fn hall(&mut self, body: Rect) {
        let (above, below) = split_bottom(body, (body.height / 4).clamp(9, 16));
        let (threats, detail) = split_right(below, body.width / 3);
        let (outline, rest) = split_left(above, 30);
        // Wide enough for a value and where it is from; more of a wide screen than of a narrow one.
        let (canvas, inspector) = split_right(rest, (body.width * 3 / 10).clamp(46, 64));
        (self.outline, self.canvas, self.inspector) = (Some(outline), Some(canvas), Some(inspector));
        (self.threats, self.detail) = (Some(threats), Some(detail));
    }

    fn bench(&mut self, body: Rect) {
        let (above, threats) = split_bottom(body, (body.height / 4).clamp(7, 11));
        let (canvas, inspector) = split_right(above, (body.width / 3).min(44));
        (self.canvas, self.inspector, self.threats) = (Some(canvas), Some(inspector), Some(threats));
    }

    fn small(&mut self, body: Rect, focus: Pane) {
        match focus {
            Pane::Canvas => {
                let (canvas, strip) = split_bottom(body, 4);
                (self.canvas, self.strip) = (Some(canvas), Some(strip));
            }
            Pane::Outline => {
                let (outline, canvas) = split_left(body, 28);
                (self.outline, self.canvas) = (Some(outline), Some(canvas));
            }
            Pane::Inspector => {
                let (canvas, inspector) = split_right(body, (body.width / 2).max(38));
                (self.canvas, self.inspector) = (Some(canvas), Some(inspector));
            }
            Pane::Threats | Pane::Changes | Pane::Mitigations | Pane::Rules | Pane::Walk | Pane::Dashboard => {
                let (canvas, threats) = split_bottom(body, body.height / 2);
                (self.canvas, self.threats) = (Some(canvas), Some(threats));
            }
        }
    }

    /// The panes that can have the keys, in the order of Tab.
    pub(crate) fn order(size: (u16, u16), screen: Screen) -> &'static [Pane] {
        match screen {
            Screen::Threats => &[Pane::Threats],
            Screen::Mitigations => &[Pane::Mitigations],
            Screen::Rules => &[Pane::Rules],
            Screen::Walk => &[Pane::Walk],
            Screen::Dashboard => &[Pane::Dashboard],
            Screen::Review => &[Pane::Changes, Pane::Canvas],
            Screen::Diagram if size.0 >= HALL.0 && size.1 >= HALL.1 => {
                &[Pane::Canvas, Pane::Inspector, Pane::Threats, Pane::Outline]
            }
            Screen::Diagram => &[Pane::Canvas, Pane::Inspector, Pane::Threats],
        }
    }
}

/// A list, and what is selected in it at length where there is room for that.
fn with_detail(body: Rect, detail: bool, beside: bool) -> (Rect, Option<Rect>) {
    if !detail {
        return (body, None);
    }
    let (list, text) =
        if beside { split_right(body, body.width * 2 / 5) } else { split_bottom(body, body.height * 2 / 5) };
    (list, Some(text))
}

/// A box for something that lies over the panes: as large as wanted, no larger than the screen, in the middle.
pub(crate) fn popup((width, height): (u16, u16), wanted: (u16, u16)) -> Rect {
    let (w, h) = (wanted.0.min(width), wanted.1.min(height));
    Rect::new((width - w) / 2, (height - h) / 2, w, h)
}

/// The area within a frame of one cell.
pub(crate) fn inner(area: Rect) -> Rect {
    let (x, y) = (area.x.saturating_add(1), area.y.saturating_add(1));
    Rect::new(x.min(area.right()), y.min(area.bottom()), area.width.saturating_sub(2), area.height.saturating_sub(2))
}

fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let top = Rect { height: rows, ..area };
    (top, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

fn split_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    split_top(area, area.height.saturating_sub(rows))
}

fn split_left(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    let left = Rect { width: columns, ..area };
    (left, Rect { x: area.x + columns, width: area.width - columns, ..area })
}

fn split_right(area: Rect, columns: u16) -> (Rect, Rect) {
    split_left(area, area.width.saturating_sub(columns))
}
