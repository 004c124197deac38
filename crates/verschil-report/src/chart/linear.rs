//! A linear scale with ticks at round numbers.

/// Maps values to coordinates.
#[derive(Debug, Clone)]
pub(crate) struct Linear {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    step: f64,
}

impl Linear {
    /// Covers `values`, widened to round numbers, with about `ticks` ticks.
    pub(crate) fn covering(values: &[f64], ticks: u8, from: f64, to: f64) -> Self {
        let finite = values.iter().copied().filter(|value| value.is_finite());
        let (mut low, mut high) =
            finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if high - low <= f64::EPSILON * high.abs().max(1.0) {
            let pad = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
            (low, high) = (low - pad, high + pad);
        }
        let step = round_step((high - low) / f64::from(ticks.max(1)));
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, from, to, step }
    }

    /// The coordinate of `value`.
    pub(crate) fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Values of the ticks, in order.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step).round();
        let last = (self.high / self.step).round();
        let mut ticks = Vec::new();
        let mut index = first;
        while index <= last {
            ticks.push(index * self.step);
            index += 1.0;
        }
        ticks
    }

    /// Decimals that tell the ticks apart.
    pub(crate) fn decimals(&self) -> u8 {
        (0..9)
            .find(|d| {
                let scaled = self.step * 10_f64.powi(i32::from(*d));
                (scaled - scaled.round()).abs() < 1e-6
            })
            .unwrap_or(9)
    }

    pub(crate) fn from(&self) -> f64 {
        self.from
    }

    pub(crate) fn to(&self) -> f64 {
        self.to
    }
}

fn round_step(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let lead = raw / power;
    let round = if lead <= 1.0 {
        1.0
    } else if lead <= 2.0 {
        2.0
    } else if lead <= 5.0 {
        5.0
    } else {
        10.0
    };
    round * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_data() {
        let scale = Linear::covering(&[-0.83, 0.21], 5, 0.0, 100.0);
        let ticks = scale.ticks();
        assert!(ticks[0] <= -0.83 && ticks[ticks.len() - 1] >= 0.21);
        assert_eq!(scale.decimals(), 1, "{ticks:?}");
        assert!((scale.at(ticks[0])).abs() < 1e-9);
    }

    #[test]
    fn a_single_value_still_has_a_scale() {
        let scale = Linear::covering(&[3.0], 4, 0.0, 1.0);
        assert!(scale.at(3.0).is_finite() && scale.ticks().len() > 1);
        assert!(Linear::covering(&[], 4, 0.0, 1.0).ticks().len() > 1);
    }
}
