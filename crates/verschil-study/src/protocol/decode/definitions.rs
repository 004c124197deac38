//! Decodes other definitions of outcomes, applies the chosen ones, and decodes identities.

use crate::expression::Columns;
use crate::protocol::view::{Reading, View};
use crate::protocol::{Alternative, Identity, Outcome};

pub(super) fn alternative(reading: &mut Reading<'_>, view: View<'_>) -> Alternative {
    Alternative {
        id: view.word("id"),
        label: view.text(reading, "label"),
        value: view.maybe_expression(reading, "value"),
        among: view.maybe_expression(reading, "among"),
        place: view.place(),
    }
}

/// Puts the chosen definitions in the place of the outcomes' own.
pub(super) fn apply(outcomes: &mut [Outcome], definitions: &View<'_>) {
    for (id, chosen) in definitions.entries() {
        let Some(chosen) = chosen.text() else { continue };
        for outcome in outcomes.iter_mut().filter(|outcome| outcome.id == *id) {
            let Some(found) = outcome.alternatives.iter().find(|item| item.id == chosen) else {
                continue;
            };
            if let Some(value) = &found.value {
                outcome.value = value.clone();
            }
            if let Some(among) = &found.among {
                outcome.among = Some(among.clone());
            }
            outcome.definition = Some(chosen.to_owned());
        }
    }
}

/// Identities, over identifiers of outcomes.
pub(super) fn identities(
    reading: &mut Reading<'_>,
    top: &View<'_>,
    outcomes: &[Outcome],
) -> Vec<Identity> {
    let ids = outcomes.iter().map(|outcome| outcome.id.clone());
    let columns = Columns::new(ids).called("an outcome", "an identity names outcomes by their id");
    reading.within(columns, |reading| super::each(reading, top, "identity", identity))
}

fn identity(reading: &mut Reading<'_>, view: View<'_>) -> Identity {
    Identity {
        id: view.word("id"),
        label: view.text(reading, "label"),
        holds: view.expression(reading, "holds"),
        place: view.place(),
    }
}
