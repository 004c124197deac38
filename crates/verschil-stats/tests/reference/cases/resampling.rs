//! Wild bootstraps with every sign vector, so that p-values are counts, and Romano-Wolf.

use verschil_stats::fit::Fit;
use verschil_stats::grams::Grams;
use verschil_stats::multiplicity::{Hypothesis, romano_wolf};
use verschil_stats::normal::Term;
use verschil_stats::wild::{Draws, Null, Residuals, Wild, wild_bootstrap};

use crate::ledger::{Ledger, STD_ERROR};
use crate::table::{Table, normal};

/// Eleven states, a fifth of their years left out so that clusters differ in size and the jackknife
/// matters.
fn table(ledger: &Ledger) -> Table {
    let states = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0, 10.0, 12.0, 13.0, 15.0, 16.0];
    Table::read(&ledger.shared.join("data/castle/castle.csv")).keep(|get| {
        let (state, year) = (get("sid").unwrap_or(0.0), get("year").unwrap_or(0.0));
        states.contains(&state) && (7.0 * state + year) % 5.0 != 0.0
    })
}

/// The file's own treatment column, where the state has the year.
fn post(table: &Table, grams: &Grams) -> Term {
    Term::new(grams, "post".into(), |r, t| {
        let row = (0..table.len()).find(|&i| {
            table.text(i, "state") == grams.regions[r]
                && table.text(i, "year") == grams.periods[t].to_string()
        });
        row.map_or(0.0, |row| table.number(row, "post").expect("post"))
    })
}

fn fit(table: &Table, outcome: &str, covariates: &[&str]) -> Fit {
    let grams = table.grams("state", "year", outcome, covariates, None);
    Fit::new(normal(&grams, &[post(table, &grams)]))
}

fn settings(null: Null, residuals: Residuals) -> Wild {
    Wild { null, residuals, draws: Draws::Rademacher, count: 9999, seed: 1 }
}

/// Outcome, covariates, t, p-values of four kinds, ties lost.
type Enumerated = (&'static str, &'static [&'static str], f64, [f64; 4], f64);

/// wildboottest 0.3.2 (Python 3.11, statsmodels 0.15.0):
/// `wildboottest(smf.ols('y ~ post + x + C(sid) + C(year)'), param='post', cluster=sid, B=9999,
/// bootstrap_type='11'|'31', impose_null=True|False)`; all 2,048 sign vectors. For each outcome its
/// covariates, t, and p of WCR (11), WCR-S (31), WCU (11) and WCU-S (31).
///
/// The two vectors of one sign reproduce t in WCR. Theirs compares with >= but without a tolerance,
/// so that rounding decides whether it counts them; last stands how many of the two it lost.
const ENUMERATED: [Enumerated; 5] = [
    (
        "l_homicide",
        &[],
        1.351_542_960_457_392_3,
        [0.194_335_937_5, 0.192_382_812_5, 0.197_265_625, 0.200_195_312_5],
        0.0,
    ),
    (
        "l_homicide",
        &["l_police", "unemployrt", "poverty", "l_income"],
        1.569_650_750_984_043_8,
        [0.170_898_437_5, 0.186_523_437_5, 0.224_609_375, 0.248_046_875],
        2.0,
    ),
    (
        "l_robbery",
        &["poverty", "unemployrt"],
        1.170_162_147_236_137_7,
        [0.328_125, 0.363_281_25, 0.308_593_75, 0.358_398_437_5],
        2.0,
    ),
    (
        "l_burglary",
        &["poverty", "unemployrt"],
        0.229_315_345_650_934_45,
        [0.821_289_062_5, 0.822_265_625, 0.825_195_312_5, 0.820_312_5],
        2.0,
    ),
    (
        "l_assault",
        &["poverty", "unemployrt"],
        -0.856_949_164_158_231_6,
        [0.421_875, 0.432_617_187_5, 0.454_101_562_5, 0.483_398_437_5],
        0.0,
    ),
];

/// pyfixest 0.60.0: `rwolf([feols('y ~ post + poverty + unemployrt | sid + year', vcov={'CRV1':
/// 'sid'}) ...], 'post', reps=9999, seed=3)`, all 2,048 sign vectors, (1 + extreme) / 2,049; and the ties lost, as above.
const STEP_DOWN: [(&str, f64, f64); 6] = [
    ("l_homicide", 0.664_226_451_927_769_6, 0.0),
    ("l_robbery", 0.670_082_967_301_122_5, 0.0),
    ("l_burglary", 0.881_893_606_637_384_1, 0.0),
    ("l_assault", 0.745_241_581_259_150_9, 2.0),
    ("l_larceny", 0.460_224_499_755_978_5, 0.0),
    ("l_motor", 0.881_893_606_637_384_1, 0.0),
];

pub fn all(ledger: &mut Ledger) {
    let table = table(ledger);
    for (outcome, covariates, t, p_values, lost) in ENUMERATED {
        let fit = fit(&table, outcome, covariates);
        let kinds = [
            (Null::Imposed, Residuals::Fitted),
            (Null::Imposed, Residuals::Jackknifed),
            (Null::Free, Residuals::Fitted),
            (Null::Free, Residuals::Jackknifed),
        ];
        for ((null, residuals), p) in kinds.iter().copied().zip(p_values) {
            let wild = settings(null, residuals);
            let ours = wild_bootstrap(&fit, 0, 0, &wild, 0.95).expect("an answer");
            let columns = covariates.len();
            let name = format!("wildboottest {outcome} {columns} {null:?} {residuals:?}");
            let lost = if (null, residuals) == kinds[0] { lost } else { 0.0 };
            ledger.agree(&name, ours.p_value - lost / 2048.0, &p.into(), 0.0);
            // theirs has the factor G/(G-1) (N-1)/(N-K), all columns counted
            let n = fit.normal.n;
            let k = f64::from(u32::try_from(fit.k_all()).expect("few"));
            let factor = (11.0 / 10.0 * (n - 1.0) / (n - k)).sqrt();
            ledger.agree(&format!("{name} t"), ours.statistic / factor, &t.into(), STD_ERROR);
        }
    }
    let fits: Vec<Fit> = STEP_DOWN
        .iter()
        .map(|(outcome, ..)| fit(&table, outcome, &["poverty", "unemployrt"]))
        .collect();
    let family: Vec<Hypothesis> =
        fits.iter().map(|fit| Hypothesis { fit, term: 0, at: 0 }).collect();
    let ours = romano_wolf(&family, &settings(Null::Imposed, Residuals::Fitted));
    for (ours, (outcome, theirs, lost)) in ours.iter().zip(STEP_DOWN) {
        let ours = ours.as_ref().expect("an answer").adjusted;
        // every sign vector is there, so ours does not count the observed one once more
        let sampled = (2048.0 * ours - lost + 1.0) / 2049.0;
        // one rounding of a ratio of whole numbers
        ledger.agree(&format!("pyfixest rwolf {outcome}"), sampled, &theirs.into(), 1e-15);
    }
}
