//! Funnel limits for shares.

use statrs::distribution::{Binomial, Discrete};

use super::dispersion::{Dispersion, Score, dispersion};
use super::{ALARM, ALERT, Class, Limits, WINSORISED, in_range};
use crate::distribution::gaussian;
use crate::refusal::Refusal;

/// Terms of a tail that are smaller than this share of its largest no longer count.
const NEGLIGIBLE: f64 = 1e-18;

/// What was counted in one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// Observations with the event.
    pub events: f64,
    /// Observations.
    pub n: f64,
}

/// How limits follow from the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// centre +- z sqrt(centre (1 - centre) / n): a share lies beyond them exactly when the centre
    /// lies outside the share's Wilson interval.
    Score,
    /// Binomial tails: a share lies beyond a limit exactly when the chance of one so far out is
    /// smaller than the limit's.
    Exact,
}

/// How a funnel is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// How limits follow from the centre.
    pub method: Method,
    /// Units with fewer observations are not compared.
    pub fewest: f64,
}

/// One unit in the funnel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Its share; none when it is not compared.
    pub share: Option<f64>,
    /// Its limits, widened for overdispersion; none when it is not compared.
    pub limits: Option<Limits>,
    /// Where it stands.
    pub class: Class,
}

/// Shares of units around their common level.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// The share of all units that are compared together.
    pub centre: f64,
    /// How much they differ beyond chance.
    pub dispersion: Dispersion,
    /// The units, in the order given.
    pub members: Vec<Member>,
    method: Method,
}

impl Funnel {
    /// The funnel of `counts`: limits around the share of all that are compared, each widened by
    /// sqrt(1 + tau^2 / s^2), where s^2 = centre (1 - centre) / n, for what units differ beyond
    /// chance. With [`Method::Score`] these are the additive limits centre +- z sqrt(s^2 + tau^2).
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] when a count is out of range or, for exact limits, not whole;
    /// [`Refusal::TooFewUnits`] when too few units are left; [`Refusal::ConstantOutcome`] when
    /// none or all of the observations have the event.
    pub fn new(counts: &[Count], rule: &Rule) -> Result<Self, Refusal> {
        for count in counts {
            check(count, rule.method)?;
        }
        let compared = |count: &&Count| count.n >= rule.fewest && count.n > 0.0;
        let mut pooled: Vec<&Count> = counts.iter().filter(compared).collect();
        // in order of size, so that the order of the units does not change a bit
        pooled.sort_by(|a, b| a.n.total_cmp(&b.n).then(a.events.total_cmp(&b.events)));
        let events: f64 = pooled.iter().map(|count| count.events).sum();
        let n: f64 = pooled.iter().map(|count| count.n).sum();
        let centre = if n > 0.0 { events / n } else { 0.0 };
        let enough = pooled.len() >= super::dispersion::FEWEST;
        if enough && !(centre > 0.0 && centre < 1.0) {
            return Err(Refusal::ConstantOutcome);
        }
        let scores: Vec<Score> = pooled.iter().map(|count| score(count, centre)).collect();
        let dispersion = dispersion(&scores, WINSORISED)?;
        let mut funnel = Self { centre, dispersion, members: Vec::new(), method: rule.method };
        for count in counts {
            funnel.members.push(if compared(&count) {
                let (share, limits) = (count.events / count.n, funnel.limits(count.n)?);
                Member { share: Some(share), limits: Some(limits), class: limits.class(share) }
            } else {
                Member { share: None, limits: None, class: Class::NotCompared }
            });
        }
        Ok(funnel)
    }

    /// The limits of a unit with `n` observations, above 0; for exact limits `n` is taken as the
    /// nearest whole number.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] when `n` is not above 0.
    pub fn limits(&self, n: f64) -> Result<Limits, Refusal> {
        limits(self.method, n, self.centre, self.dispersion.tau2)
    }
}

fn check(count: &Count, method: Method) -> Result<(), Refusal> {
    let Count { events, n } = *count;
    in_range("number of observations", n, n >= 0.0)?;
    in_range("number of events", events, events >= 0.0 && events <= n)?;
    if method == Method::Exact && (n.fract() != 0.0 || events.fract() != 0.0) {
        let why = "exact limits need whole numbers of observations and events".to_owned();
        return Err(Refusal::NotDefined { why });
    }
    Ok(())
}

fn score(count: &Count, centre: f64) -> Score {
    let std_error = spread(centre, count.n);
    Score { z: (count.events / count.n - centre) / std_error, std_error }
}

/// Standard error of a share of `n` by chance alone.
fn spread(centre: f64, n: f64) -> f64 {
    (centre * (1.0 - centre) / n).sqrt()
}

/// Limits of a unit with `n` observations around `centre`, within 0 and 1; `tau2` is the variance
/// between units beyond chance.
///
/// # Errors
/// [`Refusal::NotDefined`] when `n` is not above 0, `centre` not between 0 and 1, or `tau2` below 0.
pub fn limits(method: Method, n: f64, centre: f64, tau2: f64) -> Result<Limits, Refusal> {
    in_range("number of observations", n, n > 0.0)?;
    in_range("centre", centre, centre > 0.0 && centre < 1.0)?;
    in_range("variance", tau2, tau2 >= 0.0)?;
    let spread = spread(centre, n);
    let widen = (1.0 + tau2 / (spread * spread)).sqrt();
    let place = |limit: f64| (centre + widen * (limit - centre)).clamp(0.0, 1.0);
    let pair = |tail: f64| match method {
        Method::Score => {
            let reach = gaussian::quantile(1.0 - tail) * spread;
            (place(centre - reach), place(centre + reach))
        }
        Method::Exact => {
            let n = n.round().max(1.0);
            let low = quantile(n, centre, tail);
            (place(low), place(1.0 - quantile(n, 1.0 - centre, tail)))
        }
    };
    Ok(Limits { alert: pair(ALERT), alarm: pair(ALARM) })
}

/// The share of `n` below which the binomial distribution around `centre` has the probability `p`,
/// interpolated between whole numbers of events (Spiegelhalter 2005, appendix): (r - a) / n with
/// r the smallest number whose cumulative probability is at least p and
/// a = (F(r) - p) / (F(r) - F(r - 1)). It can lie below 0, and is then a limit that no share
/// reaches.
///
/// A number of events x has F(x) < p exactly when x / n lies below it. The upper limit is the
/// lower one of those without the event, turned round; that of the appendix, interpolated at 1 - p,
/// lies one event lower and calls more units out than its probability says.
///
/// # Errors
/// [`Refusal::NotDefined`] when `n` is not a whole number above 0, or `centre` or `p` not between
/// 0 and 1.
pub fn interpolated(n: f64, centre: f64, p: f64) -> Result<f64, Refusal> {
    in_range("number of observations", n, n > 0.0 && n.fract() == 0.0)?;
    in_range("centre", centre, centre > 0.0 && centre < 1.0)?;
    in_range("probability", p, p > 0.0 && p < 1.0)?;
    Ok(quantile(n, centre, p))
}

fn quantile(n: f64, centre: f64, p: f64) -> f64 {
    let (r, below, at) = first_reaching(n, centre, p);
    let a = (below + at - p) / at;
    (r - a) / n
}

/// The smallest r with F(r) >= p, F(r - 1), and the probability of r.
fn first_reaching(n: f64, centre: f64, p: f64) -> (f64, f64, f64) {
    let guess = n * centre + gaussian::quantile(p) * (n * centre * (1.0 - centre)).sqrt();
    let mut r = guess.floor().clamp(0.0, n);
    let mut below = cumulative(n, centre, r - 1.0);
    let mut at = probability(n, centre, r);
    while r > 0.0 && below >= p {
        r -= 1.0;
        at = probability(n, centre, r);
        below = cumulative(n, centre, r - 1.0);
    }
    while r < n && below + at < p {
        below += at;
        r += 1.0;
        at = probability(n, centre, r);
    }
    (r, below, at)
}

/// The probability of `r` events among `n`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn probability(n: f64, centre: f64, r: f64) -> f64 {
    Binomial::new(centre, n as u64).map_or(0.0, |binomial| binomial.pmf(r as u64))
}

/// The probability of at most `r` events among `n`, summed from `r` down.
fn cumulative(n: f64, centre: f64, r: f64) -> f64 {
    if r < 0.0 {
        return 0.0;
    }
    let odds = (1.0 - centre) / centre;
    let mut term = probability(n, centre, r);
    let (mut sum, mut largest, mut k) = (term, term, r);
    while k > 0.0 && term > NEGLIGIBLE * largest {
        term *= k / (n - k + 1.0) * odds;
        sum += term;
        largest = largest.max(term);
        k -= 1.0;
    }
    sum
}
