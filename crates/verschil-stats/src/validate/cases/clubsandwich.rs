//! CR2, its degrees of freedom and its joint test, against clubSandwich.

use super::castle::{event_fit, fit, table as castle_table};
use super::panels::{MEDICAID_COLUMNS, medicaid_table, medicaid_terms};
use crate::cr2::joint_htz;
use crate::distribution::student_p_at;
use crate::fit::Fit;
use crate::grams::{Grams, Weighting, count};
use crate::linalg::{Matrix, invert};
use crate::trend::Joint;
use crate::validate::files::Node;
use crate::validate::tables::{Table, normal};
use crate::validate::{ESTIMATE, Fault, Files, Ledger, STD_ERROR};

/// Which working model a weighted CR2 of the reference has.
pub(super) const CR2_ON_ROWS: &str = "theirs supposes equal variances in spite of the weights; \
    followed on rows, as the sums by cell suppose variances of 1/w";

/// A line of `coef_test`.
pub(super) struct Theirs {
    estimate: f64,
    pub se: f64,
    pub df: f64,
    p: f64,
}

impl Theirs {
    pub(super) fn of(node: &Node) -> Result<Self, Fault> {
        let number = |key| node.number_at(&[key]);
        Ok(Self {
            estimate: number("estimate")?,
            se: number("se")?,
            df: number("df")?,
            p: number("p")?,
        })
    }
}

fn pick(fit: &Fit, term: usize) -> Vec<f64> {
    (0..fit.normal.terms.len()).map(|j| f64::from(u8::from(j == term))).collect()
}

/// As clubSandwich computes it, by the generalised inverse where the adjustment does not exist.
pub(super) fn compare_cr2(
    ledger: &mut Ledger,
    label: &str,
    fit: &Fit,
    weights: &[f64],
    theirs: &Theirs,
) -> Result<(), Fault> {
    let adjustment = fit.adjustment()?;
    let mut estimate = 0.0;
    for (j, weight) in weights.iter().enumerate() {
        estimate += weight * fit.coefficient(j, 0)?;
    }
    let influence = adjustment.influence(fit, weights, 0);
    let se = influence.iter().map(|i| i * i).sum::<f64>().sqrt();
    let df = adjustment.degrees(fit, weights);
    ledger.agree(format!("{label} estimate"), estimate, theirs.estimate, ESTIMATE);
    ledger.agree(format!("{label} se"), se, theirs.se, STD_ERROR);
    ledger.agree(format!("{label} df"), df, theirs.df, STD_ERROR);
    // in the tail a difference of t is magnified
    ledger.agree(format!("{label} p"), student_p_at(estimate / se, df), theirs.p, 1e-7);
    Ok(())
}

/// F, its two degrees of freedom and p.
pub(super) fn compare_joint(ledger: &mut Ledger, label: &str, ours: &Joint, theirs: &[f64]) {
    let numbers = [ours.f, ours.df.0, ours.df.1, ours.p_value];
    for ((ours, &theirs), what) in numbers.iter().zip(theirs).zip(["F", "df1", "df2", "p"]) {
        // a ratio of sums of squares of differences
        ledger.agree(format!("{label} HTZ {what}"), *ours, theirs, 1e-7);
    }
}

fn joint_row(ledger: &mut Ledger, reference: &Node, key: &str, ours: &Joint) -> Result<(), Fault> {
    let theirs = reference.down(&[key, "HTZ"])?;
    let keys = ["Fstat", "df_num", "df_denom", "p"];
    let theirs = keys.iter().map(|key| theirs.number_at(&[key])).collect::<Result<Vec<_>, _>>()?;
    compare_joint(ledger, key, ours, &theirs);
    Ok(())
}

/// CR2 of the weighted regression with errors of equal variance as working model: standard error
/// and degrees of freedom. With the n-by-n matrix I - H: B_g = [(I - H)(I - H)']_gg and weights
/// a_g = B_g^-1/2 W_g X_g M c.
pub(super) fn equal_variances(table: &Table) -> Result<(f64, f64), Fault> {
    let n = table.len();
    let (states, years) = (table.texts("state")?, table.texts("year")?);
    let (weights, outcomes) = (table.numbers("popwt")?, table.numbers("l_homicide")?);
    let (starts, when) = (table.column("effyear")?, table.numbers("year")?);
    let post: Vec<f64> = (0..n)
        .map(|i| f64::from(u8::from(starts[i].is_some_and(|start| when[i] >= start))))
        .collect();
    let distinct = |texts: &[&str]| {
        texts.iter().map(|t| (*t).to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    let (all_states, all_years) = (distinct(&states), distinct(&years));
    let names: Vec<&str> = all_states.iter().map(String::as_str).collect();
    let later: Vec<&str> = all_years.iter().skip(1).map(String::as_str).collect();
    let x = Matrix::from_fn(n, 1 + names.len() + later.len(), |i, j| match j {
        0 => post[i],
        j if j <= names.len() => f64::from(u8::from(states[i] == names[j - 1])),
        j => f64::from(u8::from(years[i] == later[j - names.len() - 1])),
    });
    let wx = Matrix::from_fn(n, x.ncols(), |i, j| weights[i] * x[(i, j)]);
    let collinear = crate::refusal::Refusal::NotIdentified { term: "post".into() };
    let row = &wx * &invert(&(x.transpose() * &wx)).ok_or(collinear)?;
    let left = Matrix::identity(n, n) - &x * row.transpose();
    let residuals = &left * &Matrix::from_fn(n, 1, |i, _| outcomes[i]);
    let working = &left * left.transpose();
    let own = |name: &str| (0..n).filter(|&i| states[i] == name).collect::<Vec<usize>>();
    let members: Vec<Vec<usize>> = names.iter().map(|name| own(name)).collect();
    let mut adjusted = vec![0.0; n];
    for own in &members {
        adjust(&working, &row, own, &mut adjusted);
    }
    Ok(moments(&working, &residuals, &adjusted, &members))
}

/// Weights of one cluster's rows: the inverse root of its block times its part of the bread.
fn adjust(working: &Matrix, row: &Matrix, own: &[usize], adjusted: &mut [f64]) {
    let block = Matrix::from_fn(own.len(), own.len(), |i, j| working[(own[i], own[j])]);
    let Ok(eigen) = block.self_adjoint_eigen(faer::Side::Lower) else { return };
    let (axes, values) = (eigen.U(), eigen.S().column_vector());
    for a in (0..own.len()).filter(|&a| values[a] > 1e-10) {
        let along: f64 = (0..own.len()).map(|i| axes[(i, a)] * row[(own[i], 0)]).sum();
        for i in 0..own.len() {
            adjusted[own[i]] += axes[(i, a)] * along / values[a].sqrt();
        }
    }
}

fn moments(
    working: &Matrix,
    residuals: &Matrix,
    adjusted: &[f64],
    members: &[Vec<usize>],
) -> (f64, f64) {
    let (mut variance, mut mean, mut square) = (0.0, 0.0, 0.0);
    for (g, rows) in members.iter().enumerate() {
        let part: f64 = rows.iter().map(|&i| adjusted[i] * residuals[(i, 0)]).sum();
        variance += part * part;
        for (h, others) in members.iter().enumerate() {
            let mut pair = 0.0;
            for &i in rows {
                for &j in others {
                    pair += adjusted[i] * working[(i, j)] * adjusted[j];
                }
            }
            square += pair * pair;
            mean += if g == h { pair } else { 0.0 };
        }
    }
    (variance.sqrt(), mean * mean / square)
}

pub(crate) fn castle(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = castle_table(files)?;
    let reference = files.results("clubsandwich_cr2")?;
    let theirs = Theirs::of(&reference.down(&["castle popwt inverse_var", "post"])?)?;
    let weighted = fit(&table, "l_homicide", &[], Some("popwt"))?;
    compare_cr2(ledger, "weighted, variances 1/w", &weighted, &[1.0], &theirs)?;
    let study = event_fit(&table, None)?;
    for (j, event) in (-9..=5).filter(|&e| e != -1).enumerate() {
        let theirs = reference.get("castle event study")?.get(&format!("T{}", event + 10))?;
        let label = format!("event {event}");
        compare_cr2(ledger, &label, &study, &pick(&study, j), &Theirs::of(&theirs)?)?;
    }
    let before = [5, 6, 7];
    joint_row(ledger, &reference, "castle event study, pre", &joint_htz(&study, &before, 0)?)?;
    let study = event_fit(&table, Some("popwt"))?;
    let joint = joint_htz(&study, &before, 0)?;
    joint_row(ledger, &reference, "castle event study popwt, pre", &joint)
}

pub(crate) fn medicaid(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("clubsandwich_cr2")?;
    let table = medicaid_table(files)?;
    let solve = |grams: &Grams| -> Result<Fit, Fault> {
        Ok(Fit::new(normal(grams, &medicaid_terms(&table, grams)?)))
    };
    let mean = [0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5];
    let plain = solve(&table.unweighted(&MEDICAID_COLUMNS)?)?;
    let label = "ehec mean of 2014 and 2015";
    let theirs = Theirs::of(&reference.down(&[label, "S"])?)?;
    compare_cr2(ledger, label, &plain, &mean, &theirs)?;
    let weighted = solve(&table.maybe_weighted(&MEDICAID_COLUMNS, Some("W"))?)?;
    let copies: Vec<f64> =
        (1..=table.len()).map(|row| count(1 + ((row + row / 5) % 4) as u64)).collect();
    let copied = solve(&table.grams(&MEDICAID_COLUMNS, Weighting::Frequency, &copies)?)?;
    for (key, fit) in [("ehec W", &weighted), ("ehec copies", &copied)] {
        for (j, term) in [(0, "E2008"), (6, "E2015")] {
            let theirs = Theirs::of(&reference.down(&[key, term])?)?;
            compare_cr2(ledger, &format!("{key} {term}"), fit, &pick(fit, j), &theirs)?;
        }
        joint_row(ledger, &reference, key, &joint_htz(fit, &[0, 1, 2, 3, 4], 0)?)?;
    }
    let label = "ehec copies, mean of 2014 and 2015";
    let theirs = Theirs::of(&reference.down(&[label, "S"])?)?;
    compare_cr2(ledger, label, &copied, &mean, &theirs)
}
