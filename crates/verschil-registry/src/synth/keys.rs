//! Person numbers, and what is wrong with them in the birth registry.

use super::columns::{FOREIGN, MISSING, REGISTERED};
use super::draws::Draws;
use super::model::Model;
use super::parameters::Linkage;
use super::pregnancies::{HOME, Pregnancy};

/// The largest prime below 10^9: multiplying by any number permutes what lies below it, so that every
/// person has one number, and the numbers look like no order.
const PRIME: u64 = 999_999_937;
/// Keeps trajectories apart from persons.
const TRAJECTORY: u64 = 618_033_988;

/// Numbers of nine digits for persons by their position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys {
    multiplier: u64,
    women: u64,
}

impl Keys {
    pub(super) fn new(model: &Model) -> Self {
        let multiplier = 2 + Draws::new(model.seed, u64::MAX).below(u32::MAX / 5) as u64;
        Self { multiplier, women: model.pregnancies() }
    }

    fn number(multiplier: u64, position: u64) -> i32 {
        (multiplier % PRIME * (position + 1) % PRIME) as i32
    }

    /// The woman of a pregnancy.
    pub(super) fn woman(&self, position: u64) -> i32 {
        Self::number(self.multiplier, position)
    }

    /// A child of a pregnancy, 0 or 1.
    pub(super) fn child(&self, position: u64, rank: u64) -> i32 {
        Self::number(self.multiplier, self.women + 2 * position + rank)
    }

    /// A woman who is in no other file.
    pub(super) fn stranger(&self, position: u64) -> i32 {
        Self::number(self.multiplier, 3 * self.women + position)
    }

    /// The trajectory of a pregnancy.
    pub(super) fn trajectory(&self, position: u64) -> i32 {
        Self::number(TRAJECTORY, position)
    }
}

/// What the registries hold about one pregnancy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Registered {
    /// Kind and number of the mother in the old and in the new delivery of births.
    pub(super) old: (i32, i32),
    pub(super) new: (i32, i32),
    pub(super) person: bool,
    pub(super) duplicate: bool,
    pub(super) conflicting: bool,
    pub(super) trajectory: bool,
    /// A claim without a trajectory.
    pub(super) stray_claim: bool,
    /// In the first version too, where there are two.
    pub(super) first_version: bool,
}

impl Registered {
    /// Draws what goes wrong; always the same number of draws.
    pub(super) fn draw(
        model: &Model,
        draws: &mut Draws,
        birth: &Pregnancy,
        year: i64,
        woman: i32,
    ) -> Self {
        let linkage = &model.parameters.linkage;
        let last = year == model.years().1;
        let home = birth.place == HOME;
        let also = |holds: bool, share: f64| if holds { share } else { 0.0 };
        let old = *linkage.unlinked
            + also(home, *linkage.unlinked_home)
            + also(last, *linkage.unlinked_last_year)
            + also(last && home, *linkage.unlinked_home_last_year);
        let (spot, how) = (draws.uniform(), draws.uniform());
        let flaw = flaw(linkage, how, woman);
        let key = |lost: bool| if lost { flaw } else { (REGISTERED, woman) };
        Self {
            old: key(spot < old),
            // what the new delivery cannot link, the old one could not either
            new: key(spot < *linkage.unlinked_new),
            person: !draws.happens(*linkage.no_person),
            duplicate: draws.happens(*linkage.duplicate_person),
            conflicting: draws.happens(*linkage.conflicting_person),
            trajectory: !draws.happens(*linkage.no_trajectory),
            stray_claim: draws.happens(*linkage.claims_without_trajectory),
            first_version: draws.happens(*model.parameters.deliveries.first_version_share),
        }
    }
}

fn flaw(linkage: &Linkage, how: f64, woman: i32) -> (i32, i32) {
    if how < *linkage.other_kind {
        (FOREIGN, woman)
    } else if how < *linkage.other_kind + *linkage.zeros {
        (REGISTERED, 0)
    } else {
        (MISSING, MISSING)
    }
}
