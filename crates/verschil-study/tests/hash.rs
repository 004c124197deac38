//! The hash of a protocol follows its meaning, not its layout.

use verschil_study::Protocol;

const CASTLE: &str = include_str!("good/castle.toml");

fn hash(text: &str) -> String {
    let parsed = Protocol::parse("protocol.toml", text);
    parsed.unwrap_or_else(|problems| panic!("{problems:#?}")).0.hash()
}

fn changed(from: &str, to: &str) -> String {
    assert!(CASTLE.contains(from), "{from}");
    CASTLE.replacen(from, to, 1)
}

#[test]
fn layout_does_not_matter() {
    let plain = hash(CASTLE);
    assert_eq!(plain.len(), 64);
    let spaced = CASTLE.replace(" = ", "   =  ").replace('\n', "\n\n# a comment\n");
    let same = [
        spaced,
        changed("decimals = 3\n", "").replace("better =", "decimals = 3\nbetter ="),
        changed("[report]", "level = 0.95\nheadline = \"cr3\"\nwild_draws = 9_999\n[report]"),
        changed(
            "\"effyear IS NOT NULL AND effyear <> 2006\"",
            "'EffYear is not null and (effyear != 2006)'",
        ),
        changed(
            "label = { en = \"state\", nl = \"staat\" }",
            "label = { nl = \"staat\", en = \"state\" }",
        ),
        changed("state = \"text\", year = \"integer\"", "year = \"integer\", state = \"text\""),
        changed("start = 2006", "start = 2_006"),
    ];
    for text in same {
        assert_eq!(hash(&text), plain, "{text}");
    }
}

#[test]
fn every_value_matters() {
    let changes = [
        ("id = \"castle\"", "id = \"castles\""),
        ("Did ...?", "Did ..?"),
        ("castle.csv", "castle2.csv"),
        ("popwt = \"number\"", "popwt = \"integer\""),
        ("effective year", "effective  year"),
        ("<> 2006", "<> 2007"),
        ("kind = \"analytic\"", "kind = \"frequency\""),
        ("value = \"popwt\"", "value = \"popwt * 2\""),
        ("better = \"lower\"", "better = \"higher\""),
        ("decimals = 3", "decimals = 2"),
        ("\"Alabama\", \"Alaska\"", "\"Alaska\", \"Alabama\""),
        ("transition = []", "transition = [2005]"),
        ("max_significant = 1", "max_significant = 2"),
        ("alpha = 0.05", "alpha = 0.051"),
        ("reference_period = 2005", "reference_period = 1999"),
        ("[report]", "level = 0.9\n[report]"),
        ("[report]", "wild_draws = 999\n[report]"),
        ("languages = [\"nl\", \"en\"]", "languages = [\"en\"]"),
    ];
    let mut seen = std::collections::BTreeSet::from([hash(CASTLE)]);
    for (from, to) in changes {
        let mut text = changed(from, to);
        if from.starts_with("transition") {
            text = text.replace("reference_period = 2005", "reference_period = 2004");
            text = text.replace("2003, 2004]", "2003]");
        }
        assert!(seen.insert(hash(&text)), "{to}");
    }
}
