//! Where a quartic polynomial changes sign, by the places where its derivatives do.

/// Beyond so many standard errors nothing is looked for: an end as far as that is none.
pub(super) const FAR: f64 = 1e7;

/// Coefficients, constant first.
pub(super) type Quartic = [f64; 5];

/// Most places: one between any two neighbours of the four of the derivative and the ends.
const MOST: usize = 5;

/// Places in order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Places {
    at: [f64; MOST],
    count: usize,
}

impl Places {
    pub(super) fn as_slice(&self) -> &[f64] {
        &self.at[..self.count]
    }

    fn push(&mut self, x: f64) {
        self.at[self.count] = x;
        self.count += 1;
    }
}

/// Places between 0 and [`FAR`] where the polynomial passes between at most zero and more.
///
/// Between two neighbouring places of its derivative it is monotone, so there is one or none.
pub(super) fn crossings(p: &Quartic) -> Places {
    places(p, 4)
}

/// The same for a polynomial that is at most zero at `start` too, where it can be told by its signs
/// that it is so all the way from 0 to `start`, and then passes zero once: by its Bernstein
/// coefficients, and by Descartes' rule for its expansion around `start`. Most need no more.
pub(super) fn lone_crossing(p: &Quartic, start: f64) -> Option<Places> {
    let [e, d, c, b, a] = *p;
    let (s, s2, s3) = (start, start * start, start * start * start);
    let value = value(p, 4, s);
    let within = [
        e + d * s / 4.0,
        e + d * s / 2.0 + c * s2 / 6.0,
        e + 0.75 * d * s + c * s2 / 2.0 + b * s3 / 4.0,
    ];
    let stays = e <= 0.0 && value <= 0.0 && within.iter().all(|&x| x <= 0.0);
    let around = [
        ((4.0 * a * s + 3.0 * b) * s + 2.0 * c) * s + d,
        (6.0 * a * s + 3.0 * b) * s + c,
        4.0 * a * s + b,
        a,
    ];
    let risen = around.iter().position(|&x| x > 0.0).unwrap_or(around.len());
    if !stays || around[risen..].iter().any(|&x| x < 0.0) {
        return None;
    }
    let mut found = Places::default();
    beyond(p, 4, start, true, &mut found);
    Some(found)
}

fn places(p: &Quartic, degree: usize) -> Places {
    let mut found = Places::default();
    if degree == 0 {
        return found;
    }
    let mut derivative = [0.0; 5];
    let mut power = 0.0;
    for i in 0..degree {
        power += 1.0;
        derivative[i] = power * p[i + 1];
    }
    let turns = places(&derivative, degree - 1);
    let (mut low, mut below) = (0.0, p[0] <= 0.0);
    for &turn in turns.as_slice() {
        if (value(p, degree, turn) <= 0.0) != below {
            found.push(bracketed(p, degree, low, turn));
            below = !below;
        }
        low = turn;
    }
    beyond(p, degree, low, below, &mut found);
    found
}

/// Adds the place beyond the last turn, if there is one: doubles the distance until it is passed.
fn beyond(p: &Quartic, degree: usize, mut low: f64, below: bool, found: &mut Places) {
    while low < FAR {
        let high = (2.0 * low).clamp(1.0, FAR);
        if (value(p, degree, high) <= 0.0) != below {
            found.push(bracketed(p, degree, low, high));
            return;
        }
        low = high;
    }
}

fn value(p: &Quartic, degree: usize, x: f64) -> f64 {
    p[..=degree].iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// The one place within the bracket: Newton's steps, and halving where they leave the bracket and
/// at every fourth step.
fn bracketed(p: &Quartic, degree: usize, mut low: f64, mut high: f64) -> f64 {
    let first = value(p, degree, low);
    if first == 0.0 {
        return low;
    }
    let below = first < 0.0;
    let mut x = f64::midpoint(low, high);
    for step in 1..400 {
        let (mut at, mut slope) = (0.0, 0.0);
        for c in p[..=degree].iter().rev() {
            slope = slope * x + at;
            at = at * x + c;
        }
        if (at <= 0.0) == below {
            low = x
        } else {
            high = x
        }
        let newton = x - at / slope;
        let inside = newton > low && newton < high;
        let next = if inside && step % 4 != 0 { newton } else { f64::midpoint(low, high) };
        let near = (next - x).abs() <= f64::EPSILON * x;
        if (near && step % 4 != 0) || next <= low || next >= high {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (x - a)(x - b)(x - c)(x - d), constant first.
    fn with_roots(roots: &[f64]) -> Quartic {
        let mut p = [1.0, 0.0, 0.0, 0.0, 0.0];
        for (degree, root) in roots.iter().enumerate() {
            for i in (0..=degree + 1).rev() {
                p[i] = if i > 0 { p[i - 1] } else { 0.0 } - root * p[i];
            }
        }
        p
    }

    #[test]
    fn every_root_above_zero_is_found() {
        for roots in [
            &[-1.0, 0.5, 2.0, 7.0][..],
            &[-3.0, -2.0, -1.0, 4.25],
            &[1e-3, 1.0, 1e3, 9e6],
            &[2.0, 3.0],
            &[5.0],
            &[-5.0],
        ] {
            let found = crossings(&with_roots(roots));
            let expected: Vec<f64> = roots.iter().copied().filter(|&r| r > 0.0).collect();
            assert_eq!(found.count, expected.len(), "{roots:?}: {found:?}");
            for (x, root) in found.as_slice().iter().zip(&expected) {
                assert!((x - root).abs() <= 1e-9 * root, "{roots:?}: {x}");
            }
        }
    }

    #[test]
    fn what_the_signs_tell_is_what_the_turns_tell() {
        let (mut told, mut z) = (0, 1u64);
        let mut noise = || {
            z = z.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            f64::from(u32::try_from(z >> 32).expect("half")) / f64::from(u32::MAX) - 0.5
        };
        for _ in 0..5000 {
            let p = [-noise().abs(), noise(), noise(), noise(), noise().abs()];
            for start in [0.0, 0.3, 1.0, 2.5] {
                if let Some(lone) = lone_crossing(&p, start) {
                    let all = crossings(&p);
                    assert_eq!(lone.count, all.count, "{p:?} from {start}");
                    for (x, y) in lone.as_slice().iter().zip(all.as_slice()) {
                        assert!(*x >= start && (x - y).abs() <= 1e-9 * y, "{p:?}: {x}, {y}");
                    }
                    told += 1;
                }
            }
        }
        assert!(told > 1000, "{told}");
    }

    #[test]
    fn what_lies_too_far_and_what_never_passes_has_no_place() {
        assert_eq!(crossings(&with_roots(&[2e7])).count, 0);
        assert_eq!(crossings(&[1.0, 0.0, 1.0, 0.0, 1.0]).count, 0);
        assert_eq!(crossings(&[0.0; 5]).count, 0);
        // it leaves zero at zero
        assert_eq!(crossings(&[0.0, 0.0, 1.0, 0.0, 0.0]).as_slice(), [0.0]);
    }
}
