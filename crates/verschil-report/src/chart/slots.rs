//! A band scale: equal slots for items in order.

/// Maps positions in a list to coordinates.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    count: u32,
    from: f64,
    to: f64,
}

impl Slots {
    pub(crate) fn new(count: usize, from: f64, to: f64) -> Self {
        Self { count: u32::try_from(count.max(1)).unwrap_or(u32::MAX), from, to }
    }

    /// The width of one slot.
    pub(crate) fn width(&self) -> f64 {
        (self.to - self.from) / f64::from(self.count)
    }

    /// The left edge of slot `index`; the right edge of the slot before it.
    pub(crate) fn edge(&self, index: usize) -> f64 {
        self.from + self.width() * f64::from(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The middle of slot `index`.
    pub(crate) fn middle(&self, index: usize) -> f64 {
        self.edge(index) + self.width() / 2.0
    }
}
