//! The one query over the population: codes, values and exclusions of every row.

use std::ops::Range;

use verschil_study::{
    Exclusion, Identity, Outcome, OutcomeKind, Placeholder, Protocol, SourceColumn,
};

use crate::link::{self, beside, flat};
use crate::register;
use crate::sources::quoted;

/// Positions of the columns of the query.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// How many equal rows a row stands for, where they were counted together.
    pub(crate) times: Option<usize>,
    pub(crate) region: usize,
    pub(crate) cluster: Option<usize>,
    pub(crate) period: usize,
    pub(crate) weight: Option<usize>,
    pub(crate) treated: Option<usize>,
    /// Whether the register knows the region.
    pub(crate) known: Option<usize>,
    /// Whether a row would be in the population but for what is linked; with links only.
    pub(crate) eligible: Option<usize>,
    /// The delivery of the row's file, where the base has it as a column.
    pub(crate) delivery: Option<usize>,
    /// Whether a row would be in the population but for what is linked, and for its delivery.
    pub(crate) delivered: Option<usize>,
    /// For each link whether the row has its key.
    pub(crate) keys: Range<usize>,
    /// For each link whether the row is linked.
    pub(crate) linked: Range<usize>,
    pub(crate) subgroups: Range<usize>,
    pub(crate) covariates: Range<usize>,
    pub(crate) characteristics: Range<usize>,
    pub(crate) outcomes: Range<usize>,
    pub(crate) identities: Range<usize>,
}

/// The columns of the query, one after the other.
struct Columns(Vec<String>);

impl Columns {
    fn add(&mut self, sql: String) -> usize {
        self.0.push(sql);
        self.0.len() - 1
    }

    fn all(&mut self, columns: impl Iterator<Item = String>) -> Range<usize> {
        let first = self.0.len();
        self.0.extend(columns);
        first..self.0.len()
    }

    fn selected(&self) -> String {
        let named: Vec<String> =
            self.0.iter().enumerate().map(|(at, sql)| format!("{sql} AS \"#{at}\"")).collect();
        named.join(", ")
    }
}

/// SQL of the pass, and where its columns stand. Column 0 is the number of the first exclusion
/// that a row meets, from 1, or 0. `base` is the population with all its links, a query in brackets.
pub(crate) fn pass(protocol: &Protocol, base: &str) -> (String, Layout) {
    let mut columns = Columns(vec![exclusion(&protocol.population.exclusions)]);
    let links = &protocol.population.links;
    let period = flat(&protocol.period.value.sql);
    let delivery = delivery(protocol);
    let layout = Layout {
        times: None,
        region: columns.add(register::region(protocol)),
        cluster: protocol.region.cluster.as_ref().map(|c| columns.add(flat(&c.sql))),
        period: columns.add(format!("CAST({period} AS BIGINT)")),
        weight: protocol
            .weights
            .as_ref()
            .map(|w| columns.add(format!("CAST({} AS DOUBLE)", flat(&w.value.sql)))),
        treated: protocol
            .treatment
            .condition
            .as_ref()
            .map(|c| columns.add(format!("CASE WHEN {} THEN 1 ELSE 0 END", flat(&c.sql)))),
        known: protocol.region.register.as_ref().map(|_| columns.add(register::known())),
        eligible: (!links.is_empty()).then(|| columns.add(eligible(protocol, &[]))),
        delivery: delivery.as_ref().map(|name| columns.add(quoted(name))),
        delivered: delivery.as_ref().map(|name| columns.add(eligible(protocol, &[name.as_str()]))),
        keys: columns.all(links.iter().map(link::has_key)),
        linked: columns.all(links.iter().map(|link| quoted(&beside(&link.id, "linked")))),
        subgroups: columns.all(protocol.subgroups.iter().map(|group| flat(&group.value.sql))),
        covariates: columns.all(protocol.covariates.iter().map(|c| flat(&c.value.sql))),
        characteristics: columns.all(
            protocol
                .characteristics
                .iter()
                .map(|c| format!("CAST({} AS DOUBLE)", flat(&c.value.sql))),
        ),
        outcomes: columns.all(protocol.outcomes.iter().map(|outcome| value(outcome, &period))),
        identities: 0..0,
    };
    let from = register::joined(protocol, base);
    with_identities(protocol, columns, layout, &from, &period)
}

/// The columns of identities are computed from outcomes, so they stand around the others.
fn with_identities(
    protocol: &Protocol,
    columns: Columns,
    layout: Layout,
    from: &str,
    period: &str,
) -> (String, Layout) {
    if protocol.identities.is_empty() {
        return (format!("SELECT {} FROM {from}", columns.selected()), layout);
    }
    let first = columns.0.len();
    let named: Vec<String> = protocol
        .outcomes
        .iter()
        .map(|o| format!("CAST({} AS DOUBLE) AS {}", value(o, period), quoted(&o.id)))
        .collect();
    let numbered: Vec<String> = (0..first).map(|at| format!("\"#{at}\"")).collect();
    let identities: Vec<String> = protocol
        .identities
        .iter()
        .enumerate()
        .map(|(at, identity)| format!("{} AS \"#{}\"", holds(identity), first + at))
        .collect();
    let sql = format!(
        "SELECT {}, {} FROM (SELECT {}, {} FROM {from})",
        numbered.join(", "),
        identities.join(", "),
        columns.selected(),
        named.join(", "),
    );
    (sql, Layout { identities: first..first + protocol.identities.len(), ..layout })
}

/// Whether an identity holds; NULL where an outcome that it names is not known, whatever the rest
/// of the condition makes of that.
fn holds(identity: &Identity) -> String {
    let known = identity.holds.columns.iter().map(|outcome| {
        let outcome = quoted(outcome);
        format!("{outcome} IS NOT NULL AND NOT isnan({outcome})")
    });
    let known: Vec<String> = std::iter::once("true".to_owned()).chain(known).collect();
    format!("CASE WHEN {} THEN ({}) END", known.join(" AND "), identity.holds.sql)
}

fn exclusion(exclusions: &[Exclusion]) -> String {
    if exclusions.is_empty() {
        return "0".into();
    }
    let cases: Vec<String> = exclusions
        .iter()
        .enumerate()
        .map(|(at, exclusion)| format!("WHEN {} THEN {}", flat(&exclusion.condition.sql), at + 1))
        .collect();
    format!("CASE {} ELSE 0 END", cases.join(" "))
}

/// The column of the base that says of which delivery a row's file is; of no use without links.
fn delivery(protocol: &Protocol) -> Option<String> {
    let of_file =
        |column: &&SourceColumn| Placeholder::of(&column.from) == Some(Placeholder::Vintage);
    let links = !protocol.population.links.is_empty();
    protocol
        .base()?
        .columns
        .iter()
        .find(of_file)
        .filter(|_| links)
        .map(|column| column.name.clone())
}

/// Whether a row meets no exclusion but those that ask for a link, whose linkage is what is
/// reported, and those that name one of the columns in `but`.
fn eligible(protocol: &Protocol, but: &[&str]) -> String {
    let links: Vec<&str> = protocol.population.links.iter().map(|link| link.id.as_str()).collect();
    let conditions: Vec<String> = protocol
        .population
        .exclusions
        .iter()
        .filter(|exclusion| {
            let condition = &exclusion.condition;
            let tables = &condition.qualified;
            !tables.iter().any(|(table, _)| links.contains(&table.as_str()))
                && !condition.columns.iter().any(|column| but.contains(&column.as_str()))
        })
        .map(|exclusion| format!("WHEN {} THEN false", flat(&exclusion.condition.sql)))
        .collect();
    if conditions.is_empty() {
        return "true".into();
    }
    format!("CASE {} ELSE true END", conditions.join(" "))
}

fn value(outcome: &Outcome, period: &str) -> String {
    let mut conditions = Vec::new();
    conditions.extend(outcome.among.as_ref().map(|among| format!("({})", flat(&among.sql))));
    conditions.extend(outcome.first.map(|first| format!("({period}) >= {first}")));
    conditions.extend(outcome.last.map(|last| format!("({period}) <= {last}")));
    let own = flat(&outcome.value.sql);
    let value = match outcome.kind {
        OutcomeKind::Binary => format!("({own})"),
        OutcomeKind::Continuous | OutcomeKind::Count => format!("CAST({own} AS DOUBLE)"),
    };
    if conditions.is_empty() {
        return value;
    }
    format!("CASE WHEN {} THEN {value} END", conditions.join(" AND "))
}
