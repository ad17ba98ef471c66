//! Who is inside which box: Threat Dragon draws boundaries but does not say who their members are.
//! Positions serve this one purpose and are then forgotten; our layout is computed.

use super::json::Record;

/// A rectangle of the drawing; width and height are not negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Rect {
    /// Reads `position` and `size` of a cell; without a size it is a point.
    pub(super) fn read(cell: &Record) -> Option<Self> {
        let place = |key| cell.number(&["position", key]);
        let side = |key| cell.number(&["size", key]).filter(|n| *n > 0.0).unwrap_or(0.0);
        let rect = Self { x: place("x")?, y: place("y")?, width: side("width"), height: side("height") };
        rect.area().is_finite().then_some(rect)
    }

    fn area(self) -> f64 {
        self.width * self.height
    }

    fn has_centre_of(self, other: Self) -> bool {
        let (x, y) = (other.x + other.width / 2.0, other.y + other.height / 2.0);
        self.x <= x && x <= self.x + self.width && self.y <= y && y <= self.y + self.height
    }

    fn contains(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }

    fn overlaps(self, other: Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// The boxes of one diagram, nested.
pub(super) struct Boxes {
    rects: Vec<Rect>,
    parents: Vec<Option<usize>>,
}

/// Where a shape is.
pub(super) struct Placed {
    /// The innermost box around it.
    pub(super) inside: Option<usize>,
    /// Boxes that the answer does not do justice to: their frame cuts the shape, or they hold its centre without
    /// being around the innermost box.
    pub(super) doubtful: Vec<usize>,
}

impl Boxes {
    /// Nests boxes: each lies in the smallest larger one that holds its centre. Of two equal ones the first is inner,
    /// so there is never a cycle.
    pub(super) fn new(rects: Vec<Rect>) -> Self {
        let mut boxes = Self { parents: vec![None; rects.len()], rects };
        boxes.parents = (0..boxes.rects.len()).map(|i| boxes.smallest_around(boxes.rects[i], Some(i))).collect();
        boxes
    }

    /// Where a box of the diagram is.
    pub(super) fn place_box(&self, index: usize) -> Placed {
        self.placed(self.rects[index], self.parents[index], Some(index))
    }

    /// Where a shape is: in the smallest box that holds its centre.
    pub(super) fn place(&self, rect: Rect) -> Placed {
        self.placed(rect, self.smallest_around(rect, None), None)
    }

    fn smallest_around(&self, rect: Rect, me: Option<usize>) -> Option<usize> {
        let larger = |i: usize| me.is_none_or(|me| self.rank(me, i).is_lt());
        (0..self.rects.len())
            .filter(|&i| self.rects[i].has_centre_of(rect) && self.rects[i].area() > 0.0 && larger(i))
            .min_by(|&a, &b| self.rank(a, b))
    }

    fn rank(&self, a: usize, b: usize) -> std::cmp::Ordering {
        self.rects[a].area().total_cmp(&self.rects[b].area()).then(a.cmp(&b))
    }

    fn placed(&self, rect: Rect, inside: Option<usize>, me: Option<usize>) -> Placed {
        let chain: Vec<usize> = std::iter::successors(inside, |&i| self.parents[i]).collect();
        let doubtful = |&i: &usize| {
            let other = self.rects[i];
            let around = other.contains(rect);
            let within = me.is_some() && rect.contains(other);
            Some(i) != me && other.overlaps(rect) && !within && !(around && chain.contains(&i))
        };
        Placed { inside, doubtful: (0..self.rects.len()).filter(doubtful).collect() }
    }
}
