//! Results in the shape of the maternity study: 84 regions, three links, 22 outcomes, invented.

mod estimates;
mod linkage;
mod outcomes;
mod regions;
mod weights;

use verschil_study::results::{
    AttritionStep, ComparisonFacts, CovariateFacts, DesignFacts, IdentityRow, PeriodFacts,
    RegionFacts, Results, SCHEMA, StudyFacts,
};

use crate::fixture::{six_treated, text};

/// Letters of the treated regions that take part in the main comparison.
pub const TREATED: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

/// The results.
pub fn maternity() -> Results {
    let made_up = six_treated();
    let mut results = Results {
        schema: SCHEMA.to_owned(),
        study: study(),
        provenance: made_up.provenance,
        design: design(),
        outcomes: outcomes::outcomes(),
        attrition: attrition(),
        identities: identities(),
        ..Results::default()
    };
    regions::add(&mut results);
    linkage::add(&mut results);
    estimates::add(&mut results);
    weights::add(&mut results);
    results
}

fn study() -> StudyFacts {
    StudyFacts {
        id: "geboortezorg".to_owned(),
        synthetic: true,
        title: text(
            "Passende bekostiging van de geboortezorg: zorggebruik, gezondheidsuitkomsten en zorguitgaven",
            "Bundled payment in maternity care: use, health outcomes and spending",
        ),
        question: text(
            "Wat is er met zorggebruik, gezondheid en uitgaven gebeurd in regio’s met integrale bekostiging?",
            "What happened to care, health and spending in regions with bundled payment?",
        ),
        intervention: text("integrale bekostiging", "bundled payment"),
        units: text("zwangerschappen", "pregnancies"),
        data: text("Synthetische registraties.", "Synthetic registries."),
        ..StudyFacts::default()
    }
}

fn design() -> DesignFacts {
    let period = |id: i64| PeriodFacts {
        id,
        label: text(&id.to_string(), &id.to_string()),
        phase: match id {
            ..2017 => "pre",
            2017 => "transition",
            _ => "post",
        }
        .to_owned(),
    };
    let covariate = |id: &str, nl: &str, en: &str| CovariateFacts {
        id: id.to_owned(),
        label: text(nl, en),
        kind: "categorical".to_owned(),
        ..CovariateFacts::default()
    };
    let comparison = |id: &str, nl: &str, en: &str, codes: Vec<u32>| ComparisonFacts {
        id: id.to_owned(),
        label: text(nl, en),
        main: id == "matched",
        regions: codes.into_iter().map(|n| format!("VSV_{n:02}")).collect(),
    };
    DesignFacts {
        treated: TREATED
            .map(|letter| RegionFacts {
                id: format!("IGO_{letter}"),
                label: text(&format!("igo {letter}"), &format!("igo {letter}")),
            })
            .to_vec(),
        comparisons: vec![
            comparison("matched", "gematchte vsv’s", "matched vsvs", (1..=20).collect()),
            comparison(
                "expert",
                "vsv’s met veel samenwerking volgens deskundigen",
                "vsvs with much collaboration according to experts",
                vec![3, 17, 22, 31, 40, 58, 66],
            ),
            comparison(
                "vulnerable",
                "vsv’s gematcht op meervoudige kwetsbaarheid",
                "vsvs matched on multiple vulnerability",
                (11..=30).collect(),
            ),
        ],
        periods: (2008..=2021).map(period).collect(),
        start: 2018,
        reference_period: 2016,
        cluster_is_region: true,
        period_label: text("jaar", "year"),
        covariates: vec![
            covariate("age", "leeftijdsklasse", "age class"),
            covariate("parity", "pariteit", "parity"),
            covariate("background", "herkomst", "background"),
            covariate("income", "inkomenskwintiel van het huishouden", "household income quintile"),
            covariate("urbanisation", "stedelijkheidsklasse", "urbanisation class"),
        ],
        weights: "none".to_owned(),
        level: 0.95,
        relative_base: "pre_mean".to_owned(),
        headline_method: "cr3".to_owned(),
        methods: ["cr1", "cr3", "wild_wcr", "permutation"].map(str::to_owned).to_vec(),
        small_sample: "fixest".to_owned(),
        draws: 9_999,
        ..DesignFacts::default()
    }
}

fn attrition() -> Vec<AttritionStep> {
    let steps = [
        ("read", "", "", 0),
        (
            "rank",
            "geen eerste kind van de zwangerschap",
            "not the first child of the pregnancy",
            41_206,
        ),
        (
            "person",
            "niet gekoppeld aan de persoonsregistratie",
            "not linked to the person registry",
            61_303,
        ),
        (
            "nicu",
            "vsv’s met een academisch ziekenhuis of NICU",
            "vsvs with an academic hospital or NICU",
            402_118,
        ),
        ("multiple", "meerlingen", "multiple births", 31_870),
        (
            "early",
            "zwangerschapsduur korter dan 24 weken",
            "gestation shorter than 24 weeks",
            9_204,
        ),
        (
            "vintage",
            "dubbel geleverd in een andere levering",
            "delivered twice, in another delivery",
            0,
        ),
        ("outside_window", "", "", 1_204),
    ];
    let mut before = 2_431_880;
    let mut found = Vec::new();
    for (id, nl, en, excluded) in steps {
        let (label, after) = (text(nl, en), before - excluded);
        found.push(AttritionStep { id: id.to_owned(), label, before, excluded, after });
        before = after;
    }
    found
}

fn identities() -> Vec<IdentityRow> {
    let row = |id: &str, nl: &str, en: &str, checked: u64, broken: u64| IdentityRow {
        id: id.to_owned(),
        label: text(nl, en),
        checked,
        broken,
    };
    vec![
        row(
            "sections",
            "keizersneden zijn geplande en spoedkeizersneden samen",
            "caesarean sections are planned and emergency ones together",
            1_884_975,
            0,
        ),
        row(
            "big2",
            "vroeggeboorte of laag geboortegewicht is niet minder dan elk van beide",
            "preterm or low birth weight is no less than either",
            1_884_975,
            12,
        ),
    ]
}
