//! What violations of parallel trends are allowed, as inequalities on the actual calendar.
//!
//! The coefficients stand at their own periods; the reference is zero. A period without a
//! coefficient between two others is a gap.

use crate::event_study::EventStudy;
use crate::refusal::Refusal;

/// The furthest that the first and the last period may lie apart for a restriction on every
/// period between them.
const LONGEST: usize = 400;

/// A polyhedron of violations: observed * violation + latent * unseen <= bound.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Restriction {
    /// Rows of one weight per coefficient.
    pub observed: Vec<Vec<f64>>,
    /// Rows of one weight per period in a gap; the violation there is free.
    pub latent: Vec<Vec<f64>>,
    /// One per row.
    pub bound: Vec<f64>,
}

/// A period on the line of the study: the reference, or a coefficient's position.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    distance: f64,
    position: Option<usize>,
}

fn nodes(study: &EventStudy) -> Vec<Node> {
    let mut nodes = vec![Node { distance: 0.0, position: None }];
    let coefficients = study.distances().iter().enumerate();
    nodes.extend(coefficients.map(|(j, &distance)| Node { distance, position: Some(j) }));
    nodes.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    nodes
}

/// Changes per period from one node to the next: one row of weights of the coefficients each.
pub(crate) type Steps = Vec<Vec<f64>>;

fn steps(study: &EventStudy) -> Steps {
    let nodes = nodes(study);
    let step = |pair: &[Node]| {
        let mut row = vec![0.0; study.values().len()];
        let length = pair[1].distance - pair[0].distance;
        for (node, sign) in pair.iter().zip([-1.0, 1.0]) {
            if let Some(position) = node.position {
                row[position] += sign / length;
            }
        }
        row
    };
    nodes.windows(2).map(step).collect()
}

/// Steps that end before the start, and the others.
///
/// # Errors
/// [`Refusal::NotDefined`] without a coefficient before the start or from it.
pub(crate) fn steps_by_phase(study: &EventStudy) -> Result<(Steps, Steps), Refusal> {
    if study.pre().is_empty() || study.post().is_empty() {
        let why = format!(
            "{} coefficients before the start and {} from it: both are needed",
            study.pre().len(),
            study.post().len()
        );
        return Err(Refusal::NotDefined { why });
    }
    let mut pre = steps(study);
    // as many steps end before the start as there are coefficients before it: the reference,
    // which lies before the start, is the one node more
    let post = pre.split_off(study.pre().len());
    Ok((pre, post))
}

/// Largest change per period from the start at most `bound` times step `largest` before it, times
/// `sign` (Delta^RM of Rambachan & Roth 2023, one of its polyhedra, post-period rows).
pub(crate) fn relative(
    (pre, post): (&[Vec<f64>], &[Vec<f64>]),
    largest: usize,
    sign: f64,
    bound: f64,
) -> Restriction {
    let mut observed = Vec::with_capacity(2 * post.len());
    for side in [1.0, -1.0] {
        for step in post {
            let limit = pre[largest].iter().map(|v| sign * bound * v);
            observed.push(step.iter().zip(limit).map(|(s, l)| side * s - l).collect());
        }
    }
    let rows = observed.len();
    Restriction { observed, latent: vec![Vec::new(); rows], bound: vec![0.0; rows] }
}

/// The whole line from the first to the last period, one place each: a coefficient's position, or
/// nothing where there is none.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Distance of each place to the reference.
    pub distance: Vec<f64>,
    /// The coefficient there.
    pub position: Vec<Option<usize>>,
    /// Place of the reference.
    pub reference: usize,
}

impl Line {
    /// # Errors
    /// [`Refusal::NotDefined`] when the periods span too long a line.
    pub fn new(study: &EventStudy) -> Result<Self, Refusal> {
        let nodes = nodes(study);
        let (first, last) = (nodes[0].distance, nodes[nodes.len() - 1].distance);
        let whole = std::iter::successors(Some(first), |d| Some(d + 1.0));
        let distance: Vec<f64> = whole.take_while(|&d| d <= last).take(LONGEST + 1).collect();
        if distance.len() > LONGEST {
            let why = format!("the periods span more than {LONGEST}");
            return Err(Refusal::NotDefined { why });
        }
        let there = |d: f64| nodes.iter().find(|node| node.distance.total_cmp(&d).is_eq());
        let position = distance.iter().map(|&d| there(d).and_then(|node| node.position)).collect();
        let reference = distance.iter().position(|&d| d == 0.0).unwrap_or(0);
        Ok(Self { distance, position, reference })
    }

    fn is_gap(&self, place: usize) -> bool {
        self.position[place].is_none() && place != self.reference
    }
}

/// Change of slope at most `bound` at every period from the last one before the start
/// (Delta^SD of Rambachan & Roth 2023, post-period rows), and at the periods that gaps tie to
/// those.
pub(crate) fn smooth(study: &EventStudy, line: &Line, bound: f64) -> Restriction {
    let last_pre = (0..line.distance.len())
        .rfind(|&i| line.position[i].is_some_and(|j| study.pre().contains(&j)))
        .unwrap_or(0)
        .max(line.reference);
    let gaps: Vec<usize> = (0..line.distance.len()).filter(|&i| line.is_gap(i)).collect();
    // a kink at place i concerns i-1, i and i+1; a gap that it concerns is free until the kinks
    // on its other side bind it too
    let mut first_kink = last_pre.max(1);
    while first_kink > 1 && line.is_gap(first_kink - 1) {
        first_kink -= 1;
    }
    let mut restriction =
        Restriction { observed: Vec::new(), latent: Vec::new(), bound: Vec::new() };
    for side in [1.0, -1.0] {
        for kink in first_kink..line.distance.len() - 1 {
            let mut observed = vec![0.0; study.values().len()];
            let mut latent = vec![0.0; gaps.len()];
            for (place, weight) in [(kink - 1, 1.0), (kink, -2.0), (kink + 1, 1.0)] {
                if let Some(position) = line.position[place] {
                    observed[position] = side * weight;
                } else if let Ok(gap) = gaps.binary_search(&place) {
                    latent[gap] = side * weight;
                }
            }
            restriction.observed.push(observed);
            restriction.latent.push(latent);
            restriction.bound.push(bound);
        }
    }
    restriction
}
