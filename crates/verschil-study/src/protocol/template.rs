//! A commented protocol to start from.

use super::shape::to_id;

const TEMPLATE: &str = include_str!("template.toml");

/// A commented starting protocol for the study `id`; it parses without problems.
///
/// An `id` that cannot be an identifier is turned into one that can.
#[must_use]
pub fn template(id: &str) -> String {
    TEMPLATE.replace("STUDY_ID", &to_id(id))
}
