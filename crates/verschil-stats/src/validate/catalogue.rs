//! The table of cases, and what is left out of it and why.

use super::Case;
use super::cases::{
    benzarti_carloni, births, castle, clubsandwich, counties, funnels, injury, matching, models,
    panels, proposition_99, resampling, trends, two_by_two,
};

/// Numbers of a reference that are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    /// Name of the reference, as its file.
    pub reference: &'static str,
    /// Which numbers.
    pub part: &'static str,
    /// Why not.
    pub reason: &'static str,
}

const STAGGERED: &str = "staggered estimators are not part of the engine yet";
const UNCLUSTERED: &str = "unclustered; clusters of the engine hold whole groups";

/// Every case, those that need no other data first.
pub const CASES: &[Case] = &[
    Case {
        id: "castle_twfe_cr1",
        about: "Two-way fixed effects of homicide and castle-doctrine laws in 50 states, with the conventions of CR0 and CR1.",
        source: "R 4.2.2, fixest 0.14.2, sandwich 3.0.2",
        needs: &[castle::DATA, "reference/castle_twfe_cr1.json"],
        run: castle::two_way,
    },
    Case {
        id: "castle_pyfixest_crosscheck",
        about: "The same regressions by a second program, with CRV1 and CRV3.",
        source: "Python 3.11.7, pyfixest 0.60.0",
        needs: &[castle::DATA, "reference/castle_pyfixest_crosscheck.json"],
        run: castle::pyfixest,
    },
    Case {
        id: "castle_cr2_cr3",
        about: "CR0 to CR3 with Satterthwaite degrees of freedom, without and with weights and covariates.",
        source: "R 4.2.2, clubSandwich 0.6.0",
        needs: &[castle::DATA, "reference/castle_cr2_cr3.json"],
        run: castle::small_sample,
    },
    Case {
        id: "castle_event_study_twfe",
        about: "An event study with adoption in five years: 14 coefficients and their covariance.",
        source: "R 4.2.2, fixest 0.14.2",
        needs: &[castle::DATA, "reference/castle_event_study_twfe.json"],
        run: castle::event_study,
    },
    Case {
        id: "castle_clubsandwich",
        about: "CR2 of every coefficient of that event study, its joint test, and weighted regressions.",
        source: "R 4.2.2, clubSandwich 0.5.8",
        needs: &[castle::DATA, "reference/clubsandwich_cr2.json"],
        run: clubsandwich::castle,
    },
    Case {
        id: "castle_wild_bootstrap",
        about: "Wild cluster bootstraps with 99,999 draws: p-values, t and intervals.",
        source: "R 4.2.2, fwildclusterboot 0.14.3",
        needs: &[castle::DATA, "reference/castle_wild_bootstrap.json"],
        run: castle::wild,
    },
    Case {
        id: "castle_wild_enumerated",
        about: "Wild cluster bootstraps of 11 states with all 2,048 sign vectors, four kinds, five models.",
        source: "Python 3.11, wildboottest 0.3.2",
        needs: &[castle::DATA, "reference/castle_wild_enumerated.json"],
        run: resampling::enumerated,
    },
    Case {
        id: "castle_romano_wolf",
        about: "Step-down p-values of six crimes, all sign vectors.",
        source: "Python 3.11, pyfixest 0.60.0",
        needs: &[castle::DATA, "reference/castle_romano_wolf.json"],
        run: resampling::step_down,
    },
    Case {
        id: "organ_donations_twfe",
        about: "One treated state of 27: effect, event study, CR0 to CR2.",
        source: "R 4.2.2, fixest 0.14.2, clubSandwich 0.6.0",
        needs: &[panels::ORGANS, "reference/organ_donations_twfe.json"],
        run: panels::organ_donations,
    },
    Case {
        id: "nl_corop_6_vs_20_pseudo_did",
        about: "Births in 26 Dutch regions, six of them treated by an invention: least squares, weights, Poisson, event study, CR0 to CR3, a line before the start.",
        source: "R 4.2.2, fixest 0.14.2, clubSandwich 0.6.0",
        needs: &[births::DATA, "reference/nl_corop_6_vs_20_pseudo_did.json"],
        run: births::regressions,
    },
    Case {
        id: "nl_corop_6_vs_20_permutation",
        about: "All 230,230 ways to treat six of these regions, and each region by itself.",
        source: "numpy, by brute force",
        needs: &[
            births::DATA,
            "reference/nl_corop_6_vs_20_permutation.json",
            "reference/nl_corop_6_vs_20_pseudo_did.json",
        ],
        run: births::permutations,
    },
    Case {
        id: "nl_province_wild_bootstrap",
        about: "Twelve provinces, three of them treated: all 4,096 sign vectors, Webb's draws, CRV3.",
        source: "R 4.2.2, fwildclusterboot 0.14.3, summclust 0.7.0; Python 3.11.7, wildboottest 0.3.2",
        needs: &[
            births::DATA,
            "reference/nl_province_wild_bootstrap_enumerated.json",
            "reference/nl_province_wild_bootstrap_wildboottest.json",
        ],
        run: births::provinces,
    },
    Case {
        id: "nl_municipality_matching",
        about: "Controls for 13 municipalities by Mahalanobis distance: pairs, weights and balance.",
        source: "R 4.2.2, MatchIt 4.5.1",
        needs: &[matching::DATA, "reference/nl_municipality_matching.json"],
        run: matching::all,
    },
    Case {
        id: "kielmc_did",
        about: "House prices near an incinerator, two groups in two years, with covariates.",
        source: "R 4.2.2, lm",
        needs: &[two_by_two::HOUSES, "reference/kielmc_did.json"],
        run: two_by_two::houses,
    },
    Case {
        id: "published_textbook_did_kielmc",
        about: "The same as printed in a textbook.",
        source: "Wooldridge, Introductory Econometrics, Table 13.2",
        needs: &[two_by_two::HOUSES, "reference/published_textbook_did.json"],
        run: two_by_two::houses_printed,
    },
    Case {
        id: "published_textbook_did_injury",
        about: "Length of absence of injured workers as printed in a textbook.",
        source: "Wooldridge, Introductory Econometrics, Example 13.4",
        needs: &[injury::DATA, "reference/published_textbook_did.json"],
        run: injury::printed,
    },
    Case {
        id: "injury_logit_did",
        about: "Hospital stays of 5,347 injured workers: logit, and its effect on the treated.",
        source: "R 4.2.2, glm",
        needs: &[injury::DATA, "reference/injury_logit_did.json"],
        run: injury::base_r,
    },
    Case {
        id: "injury_logit_did_python",
        about: "The same by a second program.",
        source: "Python 3.11.7, statsmodels 0.15.0, marginaleffects 0.6.0",
        needs: &[injury::DATA, "reference/injury_logit_did_python.json"],
        run: injury::python,
    },
    Case {
        id: "injury_glm_statsmodels",
        about: "Logit, Poisson and Gamma models of stays, weeks and costs by industry: effects, CR0, and effects without each cluster.",
        source: "Python 3.11.7, statsmodels 0.15.0",
        needs: &[injury::DATA, "reference/glm_statsmodels.json"],
        run: injury::statsmodels,
    },
    Case {
        id: "drawn_glm_statsmodels",
        about: "The same models of 20,000 drawn rows with 26 regions and categorical covariates.",
        source: "Python 3.11.7, statsmodels 0.15.0",
        needs: &["reference/glm_statsmodels.json"],
        run: models::drawn_rows,
    },
    Case {
        id: "prop99_clarabel",
        about: "Proposition 99: synthetic difference-in-differences and synthetic control, solved by interior points.",
        source: "Python 3.11.7, cvxpy 1.9.3, Clarabel 0.11.1",
        needs: &[proposition_99::DATA, "reference/prop99_clarabel.json"],
        run: proposition_99::settled,
    },
    Case {
        id: "prop99_sdid_sc_did",
        about: "The same with the weights at which the article's program stops, its weights, effects by year and placebos.",
        source: "R 4.2.2, synthdid 0.0.9",
        needs: &[proposition_99::DATA, "reference/prop99_sdid_sc_did.json"],
        run: proposition_99::synthdid,
    },
    Case {
        id: "published_prop99",
        about: "The same as printed in the article.",
        source: "Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), Table 1",
        needs: &[proposition_99::DATA, "reference/published_prop99.json"],
        run: proposition_99::published,
    },
    Case {
        id: "prop99_synth_pysyncon",
        about: "Synthetic control by predictors.",
        source: "Python 3.11.7, pysyncon 1.7.0",
        needs: &[proposition_99::DATA, "reference/prop99_synth_pysyncon.json"],
        run: proposition_99::predictors,
    },
    Case {
        id: "he_wang_pretrends_power",
        about: "Power of a check of earlier trends, and what passing it does to estimates, by program and as its manual prints it.",
        source: "R 4.2.2, pretrends 0.1.0; its manual",
        needs: &[
            "reference/he_wang_pretrends_power.json",
            "reference/published_he_wang_pretrends.json",
        ],
        run: trends::pretest_power,
    },
    Case {
        id: "ehec_honestdid",
        about: "Medicaid expansion under violations of parallel trends: smoothness and relative magnitudes.",
        source: "R 4.2.2, HonestDiD 0.2.7",
        needs: &["reference/ehec_honestdid.json"],
        run: trends::medicaid,
    },
    Case {
        id: "published_honestdid_ehec",
        about: "The same as printed in the manual.",
        source: "manual of HonestDiD 0.2.7",
        needs: &["reference/ehec_honestdid.json", "reference/published_honestdid_ehec.json"],
        run: trends::medicaid_printed,
    },
    Case {
        id: "benzarti_carloni_moderndid",
        about: "Taxes on restaurants under violations of parallel trends: fixed length, conditional, hybrid.",
        source: "Python 3.11, moderndid 0.2.0",
        needs: &[benzarti_carloni::DATA, "reference/benzarti_carloni_moderndid.json"],
        run: benzarti_carloni::all,
    },
    Case {
        id: "jel_medicaid_2x2_twfe",
        about: "Mortality in 2,200 counties around Medicaid expansion, two years, by county and by state.",
        source: "R 4.2.2, fixest 0.14.2",
        needs: &[counties::DATA, "reference/jel_medicaid_2x2_twfe.json"],
        run: counties::fixest,
    },
    Case {
        id: "published_jel_medicaid_2x2",
        about: "The same as printed in the article.",
        source: "Baker, Callaway, Cunningham, Goodman-Bacon & Sant'Anna, A Practitioner's Guide, Tables 2, 3 and 5",
        needs: &[counties::DATA, "reference/published_jel_medicaid_2x2.json"],
        run: counties::printed,
    },
    Case {
        id: "ehec_medicaid_event_study",
        about: "Medicaid expansion in 43 states: event study with its covariance, CR2, joint test.",
        source: "R 4.2.2, fixest 0.14.2, clubSandwich 0.6.0",
        needs: &[panels::MEDICAID, "reference/ehec_medicaid_event_study.json"],
        run: panels::medicaid,
    },
    Case {
        id: "ehec_clubsandwich",
        about: "CR2 of the same with weights, with repeated rows, and of a mean of coefficients.",
        source: "R 4.2.2, clubSandwich 0.5.8",
        needs: &[panels::MEDICAID, "reference/clubsandwich_cr2.json"],
        run: clubsandwich::medicaid,
    },
    Case {
        id: "mpdta_twfe",
        about: "Minimum wages and teenage employment in 500 counties: two-way fixed effects.",
        source: "R 4.2.2, fixest 0.14.2",
        needs: &[panels::MINIMUM_WAGE, "reference/mpdta_twfe_sunab.json"],
        run: panels::minimum_wage,
    },
    Case {
        id: "card_krueger_did",
        about: "Minimum wages and employment in restaurants of two states, with covariates, and the first difference.",
        source: "R 4.2.2, lm",
        needs: &[two_by_two::RESTAURANTS, "reference/card_krueger_did.json"],
        run: two_by_two::restaurants,
    },
    Case {
        id: "published_textbook_did_card_krueger",
        about: "The same as printed in the article.",
        source: "Card & Krueger (1994), Table 3",
        needs: &[two_by_two::RESTAURANTS, "reference/published_textbook_did.json"],
        run: two_by_two::restaurants_printed,
    },
    Case {
        id: "phe_funnel_prop",
        about: "A funnel of shares: limits by number of observations, and verdicts on 303 health areas.",
        source: "tests of PHEindicatormethods 2.0 (R)",
        needs: &[funnels::SHARES, "reference/phe_funnel_prop.json"],
        run: funnels::shares,
    },
    Case {
        id: "phe_funnel_ratio",
        about: "A funnel of observed over expected: expected numbers at the limits, and verdicts on 300 health areas.",
        source: "tests of PHEindicatormethods 2.0 (R)",
        needs: &[funnels::RATIOS, "reference/phe_funnel_ratio.json"],
        run: funnels::ratios,
    },
];

/// References, or parts of them, that no case compares.
pub const NOT_COMPARED: &[Apart] = &[
    Apart {
        reference: "castle_twfe_cr1",
        part: "covariates' coefficients; iid, HC1 and two-way clustering",
        reason: "results give the effect alone; the engine has variances by one set of clusters",
    },
    Apart {
        reference: "castle_cr2_cr3",
        part: "degrees of freedom and p-values of CR0, CR1, CR1S and CR3",
        reason: "the engine has Satterthwaite's degrees of freedom for CR2 only, and t(G-1) for the others",
    },
    Apart {
        reference: "castle_wild_bootstrap",
        part: "type 33",
        reason: "a bootstrap of the t with CR3; the engine's bootstraps have CR0",
    },
    Apart { reference: "castle_bacon", part: "all", reason: STAGGERED },
    Apart { reference: "castle_bjs", part: "all", reason: STAGGERED },
    Apart { reference: "castle_cs", part: "all", reason: STAGGERED },
    Apart { reference: "castle_did2s", part: "all", reason: STAGGERED },
    Apart { reference: "castle_diffdiff_dcdh_lpdid_stacked", part: "all", reason: STAGGERED },
    Apart { reference: "castle_sunab", part: "all", reason: STAGGERED },
    Apart { reference: "df_het_did2s", part: "all", reason: STAGGERED },
    Apart {
        reference: "ehec_honestdid",
        part: "the interval of the average without violations",
        reason: "the file has it for the first effect only",
    },
    Apart {
        reference: "injury_logit_did",
        part: "standard errors; derivative average marginal effects; log-likelihood",
        reason: "their clusters cut across the groups of earnings, which are the regions here; another estimand; not a result",
    },
    Apart {
        reference: "injury_logit_did_python",
        part: "standard errors; get_margeff",
        reason: "as injury_logit_did",
    },
    Apart {
        reference: "published_jel_medicaid_2x2",
        part: "table 7",
        reason: "covariates that the copy of the data lacks, and doubly robust estimators",
    },
    Apart { reference: "kielmc_did", part: "standard errors", reason: UNCLUSTERED },
    Apart { reference: "card_krueger_did", part: "standard errors", reason: UNCLUSTERED },
    Apart { reference: "published_textbook_did", part: "standard errors", reason: UNCLUSTERED },
    Apart { reference: "math_reform_bacon", part: "all", reason: STAGGERED },
    Apart { reference: "mpdta_bjs", part: "all", reason: STAGGERED },
    Apart { reference: "mpdta_cs_csdid_python", part: "all", reason: STAGGERED },
    Apart { reference: "mpdta_cs_options", part: "all", reason: STAGGERED },
    Apart { reference: "mpdta_cs_panel", part: "all", reason: STAGGERED },
    Apart { reference: "mpdta_cs_r_did_fixture_values", part: "all", reason: STAGGERED },
    Apart { reference: "mpdta_cs_repeated_cross_section", part: "all", reason: STAGGERED },
    Apart { reference: "mpdta_etwfe", part: "all", reason: STAGGERED },
    Apart { reference: "mpdta_twfe_sunab", part: "Sun-Abraham", reason: STAGGERED },
    Apart {
        reference: "nl_corop_6_vs_20_pseudo_did",
        part: "Callaway-Sant'Anna; wild standard errors of sandwich",
        reason: "staggered estimators are not part of the engine yet; the engine's bootstraps give p-values and intervals, no standard error",
    },
    Apart {
        reference: "nl_municipality_matching",
        part: "propensity scores; weights with exact classes",
        reason: "the engine matches on characteristics; with unequal numbers of controls MatchIt weights by treated unit, the engine by how often a control serves",
    },
    Apart {
        reference: "nl_province_wild_bootstrap_enumerated",
        part: "Mammen's draws; types 13 and 33",
        reason: "the engine has Rademacher's and Webb's draws, and bootstraps of the t with CR0",
    },
    Apart { reference: "nsw_drdid", part: "all", reason: STAGGERED },
    Apart {
        reference: "organ_donations_twfe",
        part: "degrees of freedom and p-values of CR0, CR1 and CR1S",
        reason: "as castle_cr2_cr3",
    },
    Apart {
        reference: "phe_funnel_ratio",
        part: "observed over expected at the limits",
        reason: "events over the expected numbers that are compared",
    },
    Apart {
        reference: "prop99_synth_pysyncon",
        part: "standard error",
        reason: "of a normal approximation that the engine does not have",
    },
    Apart { reference: "published_df_het_did2s", part: "all", reason: STAGGERED },
    Apart { reference: "published_math_reform_bacon", part: "all", reason: STAGGERED },
    Apart { reference: "published_mpdta_did_readme", part: "all", reason: STAGGERED },
    Apart {
        reference: "published_prop99",
        part: "standard errors",
        reason: "of placebos drawn at random; prop99_sdid_sc_did compares them",
    },
];
