//! The ends of the set of values that a test accepts.

use crate::refusal::Refusal;

/// Steps of the search per standard error.
const STEPS: f64 = 8.0;
/// Halvings of the last step.
const HALVINGS: usize = 36;
/// Doublings of the reach before the search gives up.
const DOUBLINGS: usize = 30;
/// Most steps of one search, whatever the reach.
const MOST_STEPS: f64 = 4000.0;

/// Where to search.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    /// The estimate.
    pub centre: f64,
    /// Its standard error.
    pub std_error: f64,
    /// First guess of how far the set reaches.
    pub reach: f64,
}

impl Range {
    /// Widened until both ends, and the points twice as far out, are rejected.
    ///
    /// # Errors
    /// [`Refusal::NoEnd`] when the set does not end.
    pub fn closed(mut self, accepts: &impl Fn(f64) -> bool) -> Result<Self, Refusal> {
        for _ in 0..DOUBLINGS {
            let open = [-2.0, -1.0, 1.0, 2.0].iter().any(|s| accepts(self.centre + s * self.reach));
            if !open {
                return Ok(self);
            }
            self.reach *= 2.0;
        }
        Err(Refusal::NoEnd { reach: self.reach })
    }

    fn step(&self) -> f64 {
        (self.std_error / STEPS).max(2.0 * self.reach / MOST_STEPS)
    }

    /// Smallest (`side` -1) or largest (`side` 1) accepted value, from outside inwards, then by
    /// bisection; nothing when no step is accepted.
    pub fn end(&self, side: f64, accepts: &impl Fn(f64) -> bool) -> Option<f64> {
        let step = self.step();
        let mut outside = self.reach;
        while outside > -self.reach {
            let inside = outside - step;
            if accepts(self.centre + side * inside) {
                return Some(
                    self.centre
                        + side * bisect(inside, outside, |x| accepts(self.centre + side * x)),
                );
            }
            outside = inside;
        }
        None
    }

    /// Whether a value at zero or beyond it, seen from the estimate, is accepted.
    pub fn holds_zero(&self, accepts: &impl Fn(f64) -> bool) -> bool {
        if accepts(0.0) {
            return true;
        }
        let side = if self.centre > 0.0 { -1.0 } else { 1.0 };
        let (step, mut beyond) = (self.step(), self.reach - self.centre.abs());
        while beyond > 0.0 {
            if accepts(side * beyond) {
                return true;
            }
            beyond -= step;
        }
        false
    }
}

/// The border between a value that holds and one that does not.
fn bisect(mut holds: f64, mut fails: f64, test: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..HALVINGS {
        let middle = 0.5 * (holds + fails);
        if test(middle) { holds = middle } else { fails = middle }
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Range = Range { centre: 1.0, std_error: 0.5, reach: 0.1 };

    #[test]
    fn the_search_widens_until_the_set_is_inside() {
        let accepts = |x: f64| (-7.25..=3.5).contains(&x);
        let range = RANGE.closed(&accepts).expect("closed");
        assert!((range.end(-1.0, &accepts).expect("end") + 7.25).abs() < 1e-10);
        assert!((range.end(1.0, &accepts).expect("end") - 3.5).abs() < 1e-10);
        assert!(range.holds_zero(&accepts));
    }

    #[test]
    fn a_set_without_end_is_refused_and_an_empty_one_is_nothing() {
        assert!(matches!(RANGE.closed(&|_| true), Err(Refusal::NoEnd { .. })));
        let range = RANGE.closed(&|_| false).expect("closed");
        assert_eq!(range.end(1.0, &|_| false), None);
        assert!(!range.holds_zero(&|_| false));
    }
}
