//! The table of methods of inference: names, sentences and citations, by id.

use crate::view::View;

/// One method, and the keys of its words.
pub(crate) struct Method {
    pub(crate) id: &'static str,
    name: &'static str,
    short: &'static str,
    sentence: &'static str,
    citations: &'static [&'static str],
}

const METHODS: [Method; 14] = [
    Method {
        id: "cr0",
        name: "method-cr0",
        short: "method-cr0-short",
        sentence: "method-cr0-sentence",
        citations: &["cite-liang-zeger-1986"],
    },
    Method {
        id: "cr1",
        name: "method-cr1",
        short: "method-cr1-short",
        sentence: "method-cr1-sentence",
        citations: &["cite-liang-zeger-1986", "cite-cameron-miller-2015"],
    },
    Method {
        id: "cr2",
        name: "method-cr2",
        short: "method-cr2-short",
        sentence: "method-cr2-sentence",
        citations: &["cite-bell-mccaffrey-2002", "cite-pustejovsky-tipton-2018"],
    },
    Method {
        id: "cr3",
        name: "method-cr3",
        short: "method-cr3-short",
        sentence: "method-cr3-sentence",
        citations: &["cite-mackinnon-nielsen-webb-2023", "cite-bell-mccaffrey-2002"],
    },
    Method {
        id: "wild_wcr",
        name: "method-wild-wcr",
        short: "method-wild-wcr-short",
        sentence: "method-wild-wcr-sentence",
        citations: &["cite-cameron-gelbach-miller-2008", "cite-roodman-2019", "cite-webb-2023"],
    },
    Method {
        id: "wild_wcr_s",
        name: "method-wild-wcr-s",
        short: "method-wild-wcr-s-short",
        sentence: "method-wild-wcr-s-sentence",
        citations: &["cite-mackinnon-nielsen-webb-2023"],
    },
    Method {
        id: "wild_wcu",
        name: "method-wild-wcu",
        short: "method-wild-wcu-short",
        sentence: "method-wild-wcu-sentence",
        citations: &["cite-cameron-gelbach-miller-2008", "cite-roodman-2019", "cite-webb-2023"],
    },
    Method {
        id: "wild_subcluster",
        name: "method-wild-subcluster",
        short: "method-wild-subcluster-short",
        sentence: "method-wild-subcluster-sentence",
        citations: &["cite-mackinnon-webb-2018"],
    },
    Method {
        id: "permutation",
        name: "method-permutation",
        short: "method-permutation-short",
        sentence: "method-permutation-sentence",
        citations: &["cite-mackinnon-webb-2020"],
    },
    Method {
        id: "permutation_matched",
        name: "method-permutation-matched",
        short: "method-permutation-matched-short",
        sentence: "method-permutation-matched-sentence",
        citations: &["cite-mackinnon-webb-2020", "cite-rosenbaum-2002"],
    },
    Method {
        id: "conley_taber",
        name: "method-conley-taber",
        short: "method-conley-taber-short",
        sentence: "method-conley-taber-sentence",
        citations: &["cite-conley-taber-2011"],
    },
    Method {
        id: "ferman_pinto",
        name: "method-ferman-pinto",
        short: "method-ferman-pinto-short",
        sentence: "method-ferman-pinto-sentence",
        citations: &["cite-ferman-pinto-2019"],
    },
    Method {
        id: "score",
        name: "method-score",
        short: "method-score-short",
        sentence: "method-score-sentence",
        citations: &["cite-kline-santos-2012"],
    },
    Method {
        id: "placebo",
        name: "method-placebo",
        short: "method-placebo-short",
        sentence: "method-placebo-sentence",
        citations: &["cite-arkhangelsky-2021"],
    },
];

/// References behind the weights of linked units.
const LINKAGE_WEIGHTS: [&str; 3] = ["cite-harron-2017", "cite-kish-1965", "cite-seaman-white-2013"];

/// Literature behind the design itself.
const DESIGN: [&str; 2] = ["cite-cameron-miller-2015", "cite-roth-2022"];

/// Models of the effect: id and the key of its name.
const MODELS: [(&str, &str); 7] = [
    ("linear", "model-linear"),
    ("logit", "model-logit"),
    ("poisson", "model-poisson"),
    ("gamma", "model-gamma"),
    ("sdid", "model-sdid"),
    ("sc", "model-sc"),
    ("sc_intercept", "model-sc-intercept"),
];

/// The model in a cell of a table; an unknown one by its id.
pub(crate) fn model(view: &View, id: &str) -> String {
    let found = MODELS.iter().find(|(known, _)| *known == id);
    found.map_or_else(|| id.to_owned(), |(_, key)| view.words.text(key))
}

fn find(id: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.id == id)
}

/// The method within a sentence; an unknown one by its id.
pub(crate) fn name(view: &View, id: &str) -> String {
    find(id).map_or_else(|| id.to_owned(), |method| view.words.text(method.name))
}

/// The method in a cell of a table.
pub(crate) fn short(view: &View, id: &str) -> String {
    find(id).map_or_else(|| id.to_owned(), |method| view.words.text(method.short))
}

/// The method in a list of methods: its abbreviation, or its name where it has none.
pub(crate) fn mention(view: &View, id: &str) -> String {
    let short = short(view, id);
    short.rsplit_once(", ").map_or_else(|| name(view, id), |(_, tail)| tail.to_owned())
}

/// What the method does, a sentence; nothing for an unknown one.
pub(crate) fn sentence(view: &View, id: &str) -> Option<String> {
    find(id).map(|method| view.words.text(method.sentence))
}

/// References behind the design and the methods used, sorted, each once.
pub(crate) fn citations(view: &View) -> Vec<String> {
    let used = view
        .results
        .design
        .methods
        .iter()
        .filter_map(|id| find(id))
        .flat_map(|method| method.citations);
    let weighted = view.results.linkage_weight_facts.is_some();
    let linkage = LINKAGE_WEIGHTS.iter().filter(|_| weighted);
    let mut texts: Vec<String> =
        DESIGN.iter().chain(used).chain(linkage).map(|key| view.words.text(key)).collect();
    texts.sort();
    texts.dedup();
    texts
}
