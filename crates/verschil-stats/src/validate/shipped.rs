//! References and data sets that travel with the source; their origins and licences stand in
//! `validate/SOURCE.md` of this crate.

/// Relative path, and text.
type File = (&'static str, &'static str);

/// Every file that is here, in order of path. The study's copies of two data sets are used, so
/// that each is here once.
pub const SHIPPED: &[File] = &[
    (
        "data/california_prop99/california_prop99.csv",
        include_str!("../../validate/data/california_prop99/california_prop99.csv"),
    ),
    ("data/castle/castle.csv", include_str!("../../../../studies/castle/castle.csv")),
    (
        "data/honestdid_inputs/event_study_inputs.json",
        include_str!("../../validate/data/honestdid_inputs/event_study_inputs.json"),
    ),
    (
        "data/jel_medicaid_county/two_years.csv",
        include_str!("../../validate/data/jel_medicaid_county/two_years.csv"),
    ),
    (
        "data/nl_cbs_population_dynamics/births.csv",
        include_str!("../../validate/data/nl_cbs_population_dynamics/births.csv"),
    ),
    (
        "data/nl_municipality_2017/kerncijfers_gemeente_2017.csv",
        include_str!("../../validate/data/nl_municipality_2017/kerncijfers_gemeente_2017.csv"),
    ),
    (
        "data/organ_donations/organ_donations.csv",
        include_str!("../../../../studies/organ_donations/organ_donation.csv"),
    ),
    ("data/wooldridge/injury.csv", include_str!("../../validate/data/wooldridge/injury.csv")),
    ("data/wooldridge/kielmc.csv", include_str!("../../validate/data/wooldridge/kielmc.csv")),
    (
        "reference/benzarti_carloni_moderndid.json",
        include_str!("../../validate/reference/benzarti_carloni_moderndid.json"),
    ),
    ("reference/castle_cr2_cr3.json", include_str!("../../validate/reference/castle_cr2_cr3.json")),
    (
        "reference/castle_event_study_twfe.json",
        include_str!("../../validate/reference/castle_event_study_twfe.json"),
    ),
    (
        "reference/castle_pyfixest_crosscheck.json",
        include_str!("../../validate/reference/castle_pyfixest_crosscheck.json"),
    ),
    (
        "reference/castle_romano_wolf.json",
        include_str!("../../validate/reference/castle_romano_wolf.json"),
    ),
    (
        "reference/castle_twfe_cr1.json",
        include_str!("../../validate/reference/castle_twfe_cr1.json"),
    ),
    (
        "reference/castle_wild_bootstrap.json",
        include_str!("../../validate/reference/castle_wild_bootstrap.json"),
    ),
    (
        "reference/castle_wild_enumerated.json",
        include_str!("../../validate/reference/castle_wild_enumerated.json"),
    ),
    (
        "reference/clubsandwich_cr2.json",
        include_str!("../../validate/reference/clubsandwich_cr2.json"),
    ),
    ("reference/ehec_honestdid.json", include_str!("../../validate/reference/ehec_honestdid.json")),
    (
        "reference/glm_statsmodels.json",
        include_str!("../../validate/reference/glm_statsmodels.json"),
    ),
    (
        "reference/he_wang_pretrends_power.json",
        include_str!("../../validate/reference/he_wang_pretrends_power.json"),
    ),
    (
        "reference/injury_logit_did.json",
        include_str!("../../validate/reference/injury_logit_did.json"),
    ),
    (
        "reference/injury_logit_did_python.json",
        include_str!("../../validate/reference/injury_logit_did_python.json"),
    ),
    (
        "reference/jel_medicaid_2x2_twfe.json",
        include_str!("../../validate/reference/jel_medicaid_2x2_twfe.json"),
    ),
    ("reference/kielmc_did.json", include_str!("../../validate/reference/kielmc_did.json")),
    (
        "reference/nl_corop_6_vs_20_permutation.json",
        include_str!("../../validate/reference/nl_corop_6_vs_20_permutation.json"),
    ),
    (
        "reference/nl_corop_6_vs_20_pseudo_did.json",
        include_str!("../../validate/reference/nl_corop_6_vs_20_pseudo_did.json"),
    ),
    (
        "reference/nl_municipality_matching.json",
        include_str!("../../validate/reference/nl_municipality_matching.json"),
    ),
    (
        "reference/nl_province_wild_bootstrap_enumerated.json",
        include_str!("../../validate/reference/nl_province_wild_bootstrap_enumerated.json"),
    ),
    (
        "reference/nl_province_wild_bootstrap_wildboottest.json",
        include_str!("../../validate/reference/nl_province_wild_bootstrap_wildboottest.json"),
    ),
    (
        "reference/organ_donations_twfe.json",
        include_str!("../../validate/reference/organ_donations_twfe.json"),
    ),
    (
        "reference/prop99_clarabel.json",
        include_str!("../../validate/reference/prop99_clarabel.json"),
    ),
    (
        "reference/prop99_sdid_sc_did.json",
        include_str!("../../validate/reference/prop99_sdid_sc_did.json"),
    ),
    (
        "reference/prop99_synth_pysyncon.json",
        include_str!("../../validate/reference/prop99_synth_pysyncon.json"),
    ),
    (
        "reference/published_he_wang_pretrends.json",
        include_str!("../../validate/reference/published_he_wang_pretrends.json"),
    ),
    (
        "reference/published_honestdid_ehec.json",
        include_str!("../../validate/reference/published_honestdid_ehec.json"),
    ),
    (
        "reference/published_jel_medicaid_2x2.json",
        include_str!("../../validate/reference/published_jel_medicaid_2x2.json"),
    ),
    (
        "reference/published_prop99.json",
        include_str!("../../validate/reference/published_prop99.json"),
    ),
    (
        "reference/published_textbook_did.json",
        include_str!("../../validate/reference/published_textbook_did.json"),
    ),
];

/// The text of a file that is here.
#[must_use]
pub fn shipped(path: &str) -> Option<&'static str> {
    let at = SHIPPED.binary_search_by(|(known, _)| (*known).cmp(path)).ok()?;
    Some(SHIPPED[at].1)
}
