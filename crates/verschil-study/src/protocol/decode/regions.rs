//! Decodes the register of regions, their characteristics and matching by them.

use crate::expression::Columns;
use crate::protocol::view::{Reading, View};
use crate::protocol::{
    Characteristic, ColumnKind, Distance, MatchMethod, Matching, Outlines, Register, Statistic,
};

/// The name before attributes of the register.
pub(crate) const REGISTER: &str = "register";

/// The register, whose attributes become known to what is read after it.
pub(super) fn register(reading: &mut Reading<'_>, view: View<'_>) -> Option<Register> {
    if !view.exists() {
        return None;
    }
    let columns: Vec<(String, ColumnKind)> = view
        .named("columns")
        .iter()
        .map(|(name, node)| {
            let kind = node.text().and_then(ColumnKind::from_id);
            (name.clone(), kind.unwrap_or(ColumnKind::Text))
        })
        .collect();
    let names = Columns::new(columns.iter().map(|(name, _)| name.clone()));
    let advice = "declare it under [region.register] columns";
    reading.columns.add_table(REGISTER, Some(&names), advice);
    Some(Register { file: view.word("file"), columns, place: view.place() })
}

pub(super) fn outlines(view: View<'_>) -> Option<Outlines> {
    view.exists().then(|| Outlines {
        file: view.word("file"),
        key: view.word("key"),
        place: view.place(),
    })
}

pub(super) fn characteristic(reading: &mut Reading<'_>, view: View<'_>) -> Characteristic {
    let statistic = view.choice("statistic", Statistic::from_id, Statistic::Mean);
    let value = match statistic {
        // a total of ones counts rows
        Statistic::Total => view.any_expression(reading, "value"),
        Statistic::Mean => view.expression(reading, "value"),
    };
    Characteristic {
        id: view.word("id"),
        label: view.text(reading, "label"),
        statistic,
        value,
        decimals: u8::try_from(view.integer("decimals")).unwrap_or_default(),
        place: view.place(),
    }
}

pub(super) fn matching(view: View<'_>) -> Option<Matching> {
    let count = |name: &str| view.maybe_integer(name).and_then(|count| u64::try_from(count).ok());
    view.exists().then(|| Matching {
        on: view.words("on"),
        exact: view.words("exact"),
        window: view.window("window"),
        controls: count("controls"),
        per_treated: count("per_treated"),
        distance: view.choice("distance", Distance::from_id, Distance::Mahalanobis),
        method: view.choice("method", MatchMethod::from_id, MatchMethod::Nearest),
        replacement: view.flag("replacement"),
        caliper: view.maybe_number("caliper"),
        place: view.place(),
    })
}
