//! The 22 outcomes in three domains.

use verschil_study::results::OutcomeFacts;

use crate::fixture::text;

/// Id, domain, level before, effect, label in Dutch and English.
pub const OUTCOMES: [(&str, &str, f64, f64, &str, &str); 22] = [
    (
        "u01",
        "use",
        0.51,
        -0.02,
        "Overdracht van eerste naar tweede lijn",
        "Transfer to secondary care",
    ),
    ("u02", "use", 0.45, -0.01, "Overdracht vóór de bevalling", "Transfer before birth"),
    ("u03", "use", 0.41, -0.012, "Overdracht tijdens de bevalling", "Transfer during birth"),
    ("u04", "use", 0.05, 0.001, "Overdracht na de bevalling", "Transfer after birth"),
    ("u05", "use", 0.08, -0.013, "Thuisbevalling", "Home birth"),
    ("u06", "use", 0.11, 0.01, "Poliklinische bevalling", "Midwife-led birth in hospital"),
    (
        "u07",
        "use",
        0.69,
        0.012,
        "Ziekenhuisbevalling in de tweede lijn",
        "Obstetrician-led birth in hospital",
    ),
    ("u08", "use", 0.19, 0.002, "Epidurale pijnbestrijding", "Epidural"),
    ("u09", "use", 0.2, -0.003, "Andere pijnbestrijding met geneesmiddelen", "Other pain relief"),
    ("u10", "use", 0.76, -0.004, "Spontane bevalling", "Spontaneous birth"),
    ("u11", "use", 0.23, -0.006, "Inleiding van de bevalling", "Induction"),
    ("u12", "use", 0.155, -0.001, "Keizersnede", "Caesarean section"),
    ("u13", "use", 0.07, 0.001, "Geplande keizersnede", "Planned caesarean section"),
    ("u14", "use", 0.085, -0.002, "Spoedkeizersnede", "Emergency caesarean section"),
    ("u15", "use", 0.085, 0.0, "Kunstverlossing", "Instrumental birth"),
    (
        "h16",
        "health",
        0.058,
        0.001,
        "Fluxus (meer dan 1000 ml bloedverlies)",
        "Haemorrhage (over 1,000 ml)",
    ),
    (
        "h17",
        "health",
        0.026,
        0.0,
        "Ernstige scheur (derde of vierde graad)",
        "Severe tear (third or fourth degree)",
    ),
    (
        "h18",
        "health",
        0.013,
        0.0005,
        "Lage Apgarscore na vijf minuten",
        "Low Apgar score at five minutes",
    ),
    (
        "h19",
        "health",
        0.133,
        0.0,
        "Vroeggeboorte of laag geboortegewicht (BIG2)",
        "Preterm or low birth weight (BIG2)",
    ),
    ("h20", "health", 0.092, 0.001, "Laag geboortegewicht", "Low birth weight"),
    ("h21", "health", 0.053, 0.0, "Vroeggeboorte", "Preterm birth"),
    ("s22", "spending", 4920.0, -100.0, "Zorguitgaven per zwangerschap", "Spending per pregnancy"),
];

pub fn outcomes() -> Vec<OutcomeFacts> {
    OUTCOMES
        .iter()
        .map(|(id, domain, level, _, nl, en)| OutcomeFacts {
            id: (*id).to_owned(),
            domain: (*domain).to_owned(),
            domain_label: match *domain {
                "use" => text("Zorggebruik", "Use of care"),
                "health" => text("Gezondheidsuitkomsten", "Health outcomes"),
                _ => text("Zorguitgaven", "Spending"),
            },
            kind: if *level > 1.0 { "continuous" } else { "binary" }.to_owned(),
            better: if *domain == "use" { "neither" } else { "lower" }.to_owned(),
            label: text(nl, en),
            phrase: text(
                &format!("het aandeel met {}", nl.to_lowercase()),
                &format!("the share with {}", en.to_lowercase()),
            ),
            explanation: text(
                "Deel van alle zwangerschappen in de studie waarbij dit in de registratie staat.",
                "Share of all pregnancies in the study for which the registry says so.",
            ),
            unit: text("euro", "euro"),
            decimals: if *level > 1.0 { 0 } else { 1 },
        })
        .collect()
}
