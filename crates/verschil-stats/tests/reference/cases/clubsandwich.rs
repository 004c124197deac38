//! CR2, its degrees of freedom and its joint test, against clubSandwich.

use serde_json::{Value, json};
use verschil_stats::cr2::{adjusted_influence, joint_htz, satterthwaite};
use verschil_stats::distribution::student_p_at;
use verschil_stats::fit::Fit;
use verschil_stats::grams::{Grams, Weighting};
use verschil_stats::linalg::{Matrix, invert};
use verschil_stats::normal::Term;
use verschil_stats::refusal::Refusal;
use verschil_stats::trend::Joint;

use super::castle::{event_fit, fit};
use super::others::{indicator, medicaid_table, medicaid_terms};
use crate::ledger::{ESTIMATE, Ledger, STD_ERROR};
use crate::table::{Table, normal};

/// Estimate (F), standard error (its first degrees of freedom), degrees of freedom (the second), p.
type Row = (&'static str, &'static str, [f64; 4]);

/// R 4.2.2, clubSandwich 0.5.8: `coef_test(lm(..), vcov = "CR2", cluster = .., test =
/// "Satterthwaite")` and `Wald_test(.., constrain_zero(..), test = "HTZ")` on `lm` with a dummy for each
/// region and year. `inverse_var` with `inverse_var = TRUE`; `W` and `popwt, pre` on all columns
/// and the outcome times the root of the weight; `copies` on rows repeated 1 + (i + i %/% 5) %% 4
/// times, i the row; `mean` by the parameters E2014 + E2015 and E2015 - E2014.
const R: [Row; 25] = [
    (
        "castle popwt inverse_var",
        "post",
        [
            0.059_444_149_643_281_41,
            0.028_584_302_775_868_37,
            18.454_898_228_989_233,
            0.051_760_145_711_719_89,
        ],
    ),
    (
        "castle event study",
        "T1",
        [
            -0.248_405_733_158_893_58,
            0.056_588_073_546_640_257,
            35.612_015_015_561_71,
            9.695389601906694e-05,
        ],
    ),
    (
        "castle event study",
        "T2",
        [
            -0.076_695_506_131_892_52,
            0.189_435_740_365_517_75,
            2.832_246_604_237_427_7,
            0.714_200_511_051_831,
        ],
    ),
    (
        "castle event study",
        "T3",
        [
            -0.226_252_605_204_572_63,
            0.131_365_602_873_931_12,
            9.787_760_481_823_616,
            0.116_399_470_385_082_47,
        ],
    ),
    (
        "castle event study",
        "T4",
        [
            0.038_373_784_995_151_74,
            0.062_798_034_833_938_73,
            27.005_073_328_284_96,
            0.546_265_069_592_381_4,
        ],
    ),
    (
        "castle event study",
        "T5",
        [
            0.024_041_170_806_657_75,
            0.059_724_578_086_537_874,
            25.735_551_108_578_857,
            0.690_615_231_185_063_5,
        ],
    ),
    (
        "castle event study",
        "T6",
        [
            -0.001_538_949_224_700_776_2,
            0.059_345_475_220_562_53,
            24.254_907_300_077_76,
            0.979_523_724_204_892_9,
        ],
    ),
    (
        "castle event study",
        "T7",
        [
            0.054_130_730_281_809_19,
            0.045_189_717_566_097_28,
            22.881_781_965_914_087,
            0.243_234_687_971_915_5,
        ],
    ),
    (
        "castle event study",
        "T8",
        [
            0.058_576_498_986_650_224,
            0.050_613_618_214_042_82,
            21.275_677_888_991_403,
            0.259_967_491_597_075_55,
        ],
    ),
    (
        "castle event study",
        "T10",
        [
            0.091_861_356_724_846_58,
            0.043_549_802_542_732_46,
            21.281_881_733_646_767,
            0.046_925_977_818_448_115,
        ],
    ),
    (
        "castle event study",
        "T11",
        [
            0.105_671_014_363_581_05,
            0.052_051_620_947_422_41,
            22.952_838_777_826_52,
            0.054_089_777_452_453_36,
        ],
    ),
    (
        "castle event study",
        "T12",
        [
            0.114_622_715_502_490_94,
            0.065_845_562_237_535_24,
            25.228_918_160_951_512,
            0.093_906_574_937_716_19,
        ],
    ),
    (
        "castle event study",
        "T13",
        [
            0.109_520_152_254_637_68,
            0.066_293_242_411_240_25,
            26.597_046_770_796_58,
            0.110_282_059_191_876_89,
        ],
    ),
    (
        "castle event study",
        "T14",
        [
            0.083_584_296_496_713_83,
            0.058_862_027_579_584_496,
            26.139_080_538_850_305,
            0.167_424_516_080_659_56,
        ],
    ),
    (
        "castle event study",
        "T15",
        [
            0.127_244_421_698_949_45,
            0.049_677_952_569_346_34,
            42.143_572_005_595_51,
            0.014_092_747_575_963_698,
        ],
    ),
    (
        "castle event study, pre",
        "HTZ",
        [1.580_625_999_610_437_7, 3.0, 20.239_105_660_984_436, 0.224_973_580_129_471_66],
    ),
    (
        "castle event study popwt, pre",
        "HTZ",
        [1.232_306_116_359_034_3, 3.0, 8.405_582_090_794_239, 0.357_187_804_017_878_4],
    ),
    (
        "ehec W",
        "E2008",
        [
            -0.006_534_688_928_492_737,
            0.007_086_350_867_924_189,
            18.004_885_738_039_462,
            0.368_642_194_326_239,
        ],
    ),
    (
        "ehec W",
        "E2015",
        [
            0.076_301_324_932_393_42,
            0.013_247_026_462_102_629,
            18.004_885_738_039_47,
            1.8477213022962093e-05,
        ],
    ),
    (
        "ehec W",
        "HTZ",
        [0.753_302_518_684_910_4, 5.0, 14.004_885_738_039_47, 0.597_467_628_342_813_3],
    ),
    (
        "ehec copies",
        "E2008",
        [
            -0.002_483_911_864_577_104_5,
            0.008_600_239_949_095_236,
            38.745_296_410_922_414,
            0.774_259_646_185_867_1,
        ],
    ),
    (
        "ehec copies",
        "E2015",
        [
            0.070_909_474_764_354_72,
            0.010_733_378_565_917_885,
            38.902_230_186_992_86,
            7.555985119661162e-08,
        ],
    ),
    (
        "ehec copies",
        "HTZ",
        [1.174_416_312_629_373_4, 5.0, 35.050_844_861_821_9, 0.341_282_499_589_624_7],
    ),
    (
        "ehec mean of 2014 and 2015",
        "S",
        [
            0.057_826_522_402_597_86,
            0.008_827_002_854_185_011,
            40.907_079_646_017_69,
            7.192409880884123e-08,
        ],
    ),
    (
        "ehec copies, mean of 2014 and 2015",
        "S",
        [
            0.060_205_513_770_599_614,
            0.009_141_184_839_907_5,
            37.656_317_168_808_24,
            9.358411790189812e-08,
        ],
    ),
];

pub fn all(ledger: &mut Ledger) {
    castle(ledger);
    castle_events(ledger);
    organ_donations(ledger);
    medicaid(ledger);
    medicaid_weighted(ledger);
}

fn row(case: &str, term: &str) -> Value {
    let row = R.iter().find(|row| row.0 == case && row.1 == term).expect("in the list").2;
    json!({ "estimate": row[0], "se": row[1], "df": row[2], "p": row[3] })
}

fn pick(fit: &Fit, term: usize) -> Vec<f64> {
    (0..fit.normal.terms.len()).map(|j| f64::from(u8::from(j == term))).collect()
}

/// As clubSandwich computes it, by the generalised inverse where the adjustment does not exist.
fn compare(ledger: &mut Ledger, case: &str, fit: &Fit, weights: &[f64], theirs: &Value) {
    let adjustment = fit.adjustment().expect("well conditioned");
    let of = |j: usize| weights[j] * fit.coefficient(j, 0).expect("identified");
    let estimate: f64 = (0..weights.len()).map(of).sum();
    let influence = adjustment.influence(fit, weights, 0);
    let se = influence.iter().map(|i| i * i).sum::<f64>().sqrt();
    let df = adjustment.degrees(fit, weights);
    ledger.agree(case, estimate, &theirs["estimate"], ESTIMATE);
    ledger.agree(&format!("{case} CR2 se"), se, &theirs["se"], STD_ERROR);
    ledger.agree(&format!("{case} CR2 df"), df, &theirs["df"], STD_ERROR);
    let p = student_p_at(estimate / se, df);
    ledger.agree(&format!("{case} CR2 p"), p, &theirs["p"], 1e-7);
}

fn compare_joint(ledger: &mut Ledger, case: &str, ours: &Joint, theirs: [&Value; 4]) {
    let numbers = [ours.f, ours.df.0, ours.df.1, ours.p_value];
    for ((ours, theirs), what) in numbers.iter().zip(theirs).zip(["F", "df1", "df2", "p"]) {
        ledger.agree(&format!("{case} HTZ {what}"), *ours, theirs, 1e-7);
    }
}

fn joint_row(ledger: &mut Ledger, case: &str, ours: &Joint) {
    let theirs = row(case, "HTZ");
    let keys = ["estimate", "se", "df", "p"];
    compare_joint(ledger, case, ours, keys.map(|key| &theirs[key]));
}

fn castle(ledger: &mut Ledger) {
    let table = Table::read(&ledger.shared.join("data/castle/castle.csv"));
    let reference = ledger.reference("castle_cr2_cr3");
    let covariates = ["l_police", "unemployrt", "poverty", "l_income"];
    for (key, covariates) in [("unweighted", &[][..]), ("covariates", &covariates[..])] {
        let list = reference[key].as_array().expect("list");
        let theirs = list.iter().find(|row| row["type"] == "CR2").expect("CR2");
        let case = format!("castle_cr2_cr3 {key}");
        compare(ledger, &case, &fit(&table, covariates, None), &[1.0], theirs);
    }
    // with weights the case supposes equal variances in spite of them, which the Grams do not carry:
    // on rows that gives its number; the same call with variances 1/w is this engine's convention
    let list = reference["weighted"].as_array().expect("list");
    let theirs = list.iter().find(|row| row["type"] == "CR2").expect("CR2");
    let (se, df) = equal_variances(&table);
    ledger.agree("castle_cr2_cr3 weighted, on rows se", se, &theirs["se"], STD_ERROR);
    ledger.agree("castle_cr2_cr3 weighted, on rows df", df, &theirs["df"], STD_ERROR);
    let case = "castle popwt inverse_var";
    compare(ledger, case, &fit(&table, &[], Some("popwt")), &[1.0], &row(case, "post"));
}

/// CR2 of the weighted regression with errors of equal variance as working model, with the
/// n-by-n matrix I - H: B_g = [(I - H)(I - H)']_gg and weights a_g = B_g^-1/2 W_g X_g M c.
fn equal_variances(table: &Table) -> (f64, f64) {
    let n = table.len();
    let (state, year) = (|i| table.text(i, "state"), |i| table.text(i, "year"));
    let mut states: Vec<&str> = (0..n).map(state).collect();
    let mut years: Vec<&str> = (0..n).map(year).collect();
    for list in [&mut states, &mut years] {
        list.sort_unstable();
        list.dedup();
    }
    let k = 1 + states.len() + years.len() - 1;
    let x = Matrix::from_fn(n, k, |i, j| match j {
        0 => table.number(i, "post").expect("post"),
        j if j <= states.len() => f64::from(u8::from(state(i) == states[j - 1])),
        j => f64::from(u8::from(year(i) == years[j - states.len()])),
    });
    let weight = |i| table.number(i, "popwt").expect("weight");
    let wx = Matrix::from_fn(n, k, |i, j| weight(i) * x[(i, j)]);
    let inverse = invert(&(x.transpose() * &wx)).expect("full rank");
    let row = &wx * &inverse;
    let y = Matrix::from_fn(n, 1, |i, _| table.number(i, "l_homicide").expect("outcome"));
    let left = Matrix::identity(n, n) - &x * row.transpose();
    let (residuals, working) = (&left * &y, &left * left.transpose());
    let mut adjusted = Matrix::zeros(n, 1);
    for code in &states {
        let own: Vec<usize> = (0..n).filter(|&i| state(i) == *code).collect();
        let block = Matrix::from_fn(own.len(), own.len(), |i, j| working[(own[i], own[j])]);
        let eigen = block.self_adjoint_eigen(faer::Side::Lower).expect("symmetric");
        let (axes, values) = (eigen.U(), eigen.S().column_vector());
        for a in (0..own.len()).filter(|&a| values[a] > 1e-10) {
            let along: f64 = (0..own.len()).map(|i| axes[(i, a)] * row[(own[i], 0)]).sum();
            for i in 0..own.len() {
                adjusted[(own[i], 0)] += axes[(i, a)] * along / values[a].sqrt();
            }
        }
    }
    let (mut variance, mut mean, mut square) = (0.0, 0.0, 0.0);
    let own = |code: &str| (0..n).filter(|&i| state(i) == code).collect::<Vec<usize>>();
    let members: Vec<Vec<usize>> = states.iter().map(|code| own(code)).collect();
    for (g, rows) in members.iter().enumerate() {
        let part: f64 = rows.iter().map(|&i| adjusted[(i, 0)] * residuals[(i, 0)]).sum();
        variance += part * part;
        for (h, others) in members.iter().enumerate() {
            let mut pair = 0.0;
            for &i in rows {
                for &j in others {
                    pair += adjusted[(i, 0)] * working[(i, j)] * adjusted[(j, 0)];
                }
            }
            square += pair * pair;
            mean += if g == h { pair } else { 0.0 };
        }
    }
    (variance.sqrt(), mean * mean / square)
}

fn castle_events(ledger: &mut Ledger) {
    let table = Table::read(&ledger.shared.join("data/castle/castle.csv"));
    let fit = event_fit(&table, None);
    for (j, event) in (-9..=5).filter(|&e| e != -1).enumerate() {
        let case = "castle event study";
        let theirs = row(case, &format!("T{}", event + 10));
        compare(ledger, &format!("{case} {event}"), &fit, &pick(&fit, j), &theirs);
    }
    let before = [5, 6, 7];
    let case = "castle event study, pre";
    joint_row(ledger, case, &joint_htz(&fit, &before, 0).expect("exists"));
    let case = "castle event study popwt, pre";
    let fit = event_fit(&table, Some("popwt"));
    joint_row(ledger, case, &joint_htz(&fit, &before, 0).expect("exists"));
}

/// Their number for one treated state is the generalised inverse's, which leaves that state out of
/// its own variance; here it is a refusal.
fn organ_donations(ledger: &mut Ledger) {
    let reference = ledger.reference("organ_donations_twfe");
    let table = Table::read(&ledger.shared.join("data/organ_donations/organ_donations.csv"));
    let grams = table.grams("State", "Quarter_Num", "Rate", &[], None);
    let treated = indicator(&grams, "Treated", |s, q| s == "California" && q >= 4);
    let fit = Fit::new(normal(&grams, &[treated]));
    let list = reference["small_sample"].as_array().expect("list");
    let theirs = list.iter().find(|row| row["type"] == "CR2").expect("CR2");
    compare(ledger, "organ_donations_twfe", &fit, &[1.0], theirs);
    let refused = adjusted_influence(&fit, 0, 0);
    assert!(
        matches!(&refused, Err(Refusal::LeverageOne { cluster, share })
            if cluster == "California" && *share > 0.9),
        "{refused:?}"
    );
}

fn medicaid(ledger: &mut Ledger) {
    let reference = ledger.reference("ehec_medicaid_event_study");
    let table = medicaid_table(ledger);
    let grams = table.grams("stfips", "year", "dins", &[], None);
    let fit = Fit::new(normal(&grams, &medicaid_terms(&table, &grams)));
    for (j, theirs) in reference["cr2"].as_array().expect("list").iter().enumerate() {
        let case = format!("ehec_medicaid_event_study {}", theirs["term"]);
        compare(ledger, &case, &fit, &pick(&fit, j), theirs);
    }
    let theirs = &reference["htz_pretrend"];
    let keys = ["Fstat", "df_num", "df_denom", "p"].map(|key| &theirs[key]);
    let joint = joint_htz(&fit, &[0, 1, 2, 3, 4], 0).expect("exists");
    compare_joint(ledger, "ehec_medicaid_event_study", &joint, keys);
    let case = "ehec mean of 2014 and 2015";
    let mean = [0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5];
    compare(ledger, case, &fit, &mean, &row(case, "S"));
}

fn medicaid_weighted(ledger: &mut Ledger) {
    let table = medicaid_table(ledger);
    let solve = |grams: &Grams| {
        let terms: Vec<Term> = medicaid_terms(&table, grams);
        Fit::new(normal(grams, &terms))
    };
    let weighted = solve(&table.grams("stfips", "year", "dins", &[], Some("W")));
    #[allow(clippy::cast_precision_loss)]
    let copies = |row: usize| (1 + (row + 1 + (row + 1) / 5) % 4) as f64;
    let frequency = Some((Weighting::Frequency, &copies as &dyn Fn(usize) -> f64));
    let copied = solve(&table.weighted("stfips", "year", "dins", &[], frequency));
    for (case, fit) in [("ehec W", &weighted), ("ehec copies", &copied)] {
        for (j, term) in [(0, "E2008"), (6, "E2015")] {
            compare(ledger, &format!("{case} {term}"), fit, &pick(fit, j), &row(case, term));
        }
        joint_row(ledger, case, &joint_htz(fit, &[0, 1, 2, 3, 4], 0).expect("exists"));
    }
    let mean = [0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5];
    assert!(satterthwaite(&copied, &mean).is_ok());
    let case = "ehec copies, mean of 2014 and 2015";
    compare(ledger, case, &copied, &mean, &row(case, "S"));
}
