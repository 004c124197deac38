//! One pregnancy: the path of care, the birth and the children.

use super::casemix::Woman;
use super::cells::{Cell, Chances};
use super::draws::Draws;
use super::levels::Rate;
use super::model::Model;
use super::parameters::Course;

/// Values of `weight`, from 16 to 42 weeks.
pub(super) const WEEKS: usize = 27;
const FIRST_WEEK: i32 = 16;

/// Place of birth as the registry codes it.
pub(super) const HOME: i32 = 1;
const CENTRE: i32 = 2;
const OUTPATIENT: i32 = 3;
const HOSPITAL: i32 = 4;
const UNKNOWN: i32 = 9;

/// Way of birth, by position in [`WAYS`].
pub(super) const SPONTANEOUS: u16 = 0;
const VACUUM: u16 = 1;
const FORCEPS: u16 = 2;
pub(super) const PLANNED: u16 = 3;
pub(super) const EMERGENCY: u16 = 4;

/// SNOMED codes of the ways of birth.
pub(super) const WAYS: [&str; 5] = ["48782003", "61586001", "302383004", "200148001", "200149009"];

/// Why a pregnancy is not in the study population, or that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Study,
    Multiple,
    Early,
}

/// One pregnancy as it is in truth, before the registries miss anything.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pregnancy {
    pub(super) kind: Kind,
    pub(super) woman: Woman,
    pub(super) month: i32,
    pub(super) start: i32,
    pub(super) labour: i32,
    pub(super) transfer: i32,
    pub(super) place: i32,
    /// Led by primary care to the end, whatever place is recorded.
    pub(super) primary: bool,
    pub(super) way: u16,
    pub(super) induced: bool,
    pub(super) epidural: bool,
    pub(super) relief: bool,
    pub(super) blood: i32,
    pub(super) tear: i32,
    pub(super) first_visit: i32,
    /// The first child, and the second of multiples.
    pub(super) children: [Child; 2],
    /// Expected spending in euro, given the course of care.
    pub(super) spending: f64,
}

/// One child.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Child {
    pub(super) weeks: i32,
    pub(super) weight: i32,
    pub(super) percentile: i32,
    /// 0 alive, 1 stillborn, 3 died in the first weeks.
    pub(super) death: i32,
    /// Absent for the stillborn.
    pub(super) apgar: Option<i32>,
    pub(super) nicu: bool,
}

impl Pregnancy {
    pub(super) fn section(&self) -> bool {
        self.way == PLANNED || self.way == EMERGENCY
    }

    pub(super) fn instrumental(&self) -> bool {
        self.way == VACUUM || self.way == FORCEPS
    }

    /// Draws a pregnancy of a cell.
    pub(super) fn draw(
        model: &Model,
        cell: &Cell,
        draws: &mut Draws,
        at: &Place,
        kind: Kind,
    ) -> Self {
        let mix = &model.parameters.casemix;
        let woman = mix.woman(draws, &at.groups, at.urbanisation);
        let chances = &cell.chances[woman.pattern];
        let course = &model.parameters.course;
        let mut birth = path(draws, chances, woman, kind);
        way(draws, chances, course, &mut birth);
        care(draws, chances, &mut birth);
        let preterm = draws.happens(chances.preterm) && !birth.primary;
        let children = [
            child(draws, chances, course, preterm, kind),
            child(draws, chances, course, preterm, kind),
        ];
        birth.children = children;
        birth.first_visit = first_visit(draws, course);
        birth.spending = spending(model, chances, &birth, preterm);
        birth
    }
}

/// What a draw needs to know of its region in its year.
pub(super) struct Place {
    pub(super) groups: [f64; 3],
    pub(super) urbanisation: f64,
}

/// Who leads care from the start on, and where the child is born.
fn path(draws: &mut Draws, chances: &Chances, woman: Woman, kind: Kind) -> Pregnancy {
    let month = draws.below(12) as i32 + 1;
    let start = draws.happens(chances.rate(Rate::Start)) && kind != Kind::Multiple;
    let moved = draws.uniform();
    let before = start && moved < chances.rate(Rate::Before);
    let shared =
        start && !before && moved < chances.rate(Rate::Before) + chances.rate(Rate::Shared);
    let labour = start && !before && !shared && kind == Kind::Study;
    let during = draws.happens(chances.rate(Rate::During)) && labour;
    let primary = labour && !during;
    let after = draws.happens(chances.rate(Rate::After)) && primary;
    let before = before || (start && !shared && kind == Kind::Early);
    let spot = draws.uniform();
    let place = if primary {
        let steps = [chances.home, chances.centre, chances.unknown_primary];
        let passed = |n: usize| spot < steps[..n].iter().sum::<f64>();
        match (passed(1), passed(2), passed(3)) {
            (true, ..) => HOME,
            (_, true, _) => CENTRE,
            (.., true) => UNKNOWN,
            _ => OUTPATIENT,
        }
    } else if spot < chances.unknown_secondary {
        UNKNOWN
    } else {
        HOSPITAL
    };
    let care = |primary: bool| if primary { 1 } else { 2 };
    Pregnancy {
        kind,
        woman,
        month,
        start: care(start),
        labour: care(labour),
        transfer: i32::from(before) + 2 * i32::from(during) + 3 * i32::from(after),
        place,
        primary,
        way: SPONTANEOUS,
        induced: false,
        epidural: false,
        relief: false,
        blood: 0,
        tear: 0,
        first_visit: 0,
        children: [Child::default(); 2],
        spending: 0.0,
    }
}

/// Induction and way of birth. Only labour under secondary care is induced or avoided by a planned
/// section, and only births led by secondary care end in an intervention.
fn way(draws: &mut Draws, chances: &Chances, course: &Course, birth: &mut Pregnancy) {
    let planned = draws.happens(chances.planned) && birth.labour == 2;
    let induced = draws.happens(chances.induction) && birth.labour == 2 && !planned;
    let spot = draws.uniform();
    let forceps = draws.happens(*course.forceps);
    birth.induced = induced;
    birth.way = if planned {
        PLANNED
    } else if birth.primary {
        SPONTANEOUS
    } else if spot < chances.emergency {
        EMERGENCY
    } else if spot < chances.emergency + chances.instrumental {
        if forceps { FORCEPS } else { VACUUM }
    } else {
        SPONTANEOUS
    };
}

/// Pain relief, blood loss and tears.
fn care(draws: &mut Draws, chances: &Chances, birth: &mut Pregnancy) {
    let labour = birth.way != PLANNED;
    birth.epidural = draws.happens(chances.epidural) && labour && !birth.primary;
    let relief = if birth.primary { chances.relief_primary } else { chances.relief };
    birth.relief = draws.happens(relief) && labour;
    let fluxus = if birth.primary { chances.fluxus_primary } else { chances.fluxus_secondary };
    let fluxus = draws.happens(fluxus);
    let amount = draws.uniform();
    // registries round: most amounts are in steps of 50
    birth.blood = if fluxus {
        1050 + 50 * (-12.0 * (1.0 - amount).ln()).min(60.0) as i32
    } else {
        100 + 50 * (18.99 * amount * amount) as i32
    };
    let tear =
        if birth.instrumental() { chances.tear_instrumental } else { chances.tear_spontaneous };
    let severe = draws.happens(tear);
    let degree = draws.uniform();
    birth.tear = match (birth.section(), severe) {
        (true, _) => 0,
        (false, true) => 3 + i32::from(degree < 0.12),
        (false, false) => i32::from(degree < 0.65) + i32::from(degree < 0.40),
    };
}

fn child(
    draws: &mut Draws,
    chances: &Chances,
    course: &Course,
    preterm: bool,
    kind: Kind,
) -> Child {
    let early = kind == Kind::Early;
    let early_twin = draws.happens(0.5) && kind == Kind::Multiple;
    let preterm = preterm || early || early_twin;
    let weeks = match (early, preterm) {
        (true, _) => &course.weeks_early,
        (false, true) => &course.weeks_preterm,
        (false, false) => &course.weeks_term,
    };
    let weeks = week(draws.uniform(), weeks);
    let small = draws.happens(chances.small[usize::from(preterm)]);
    let percentile = if small { draws.below(10) } else { 10 + draws.below(90) } as i32;
    let median = course.weight[(weeks - FIRST_WEEK).clamp(0, WEEKS as i32 - 1) as usize];
    let score = quantile((f64::from(percentile) + draws.uniform()) / 100.0);
    let (group, fate) = (usize::from(preterm), draws.uniform());
    let stillborn = if early { 0.8 } else { course.stillborn[group] };
    let death = match fate {
        fate if fate < stillborn => 1,
        fate if fate < stillborn + course.neonatal[group] => 3,
        _ => 0,
    };
    let low = draws.happens(chances.apgar[group]);
    let spread = draws.below(7) as i32;
    let apgar = if low { spread } else { [7, 8, 9, 9, 10, 10, 10][spread as usize] };
    let nicu = draws.happens(course.nicu[group]);
    Child {
        weeks,
        weight: (median * (score * course.weight_spread.value).exp() / 5.0).round() as i32 * 5,
        percentile,
        death,
        apgar: (death != 1).then_some(apgar),
        nicu: nicu && death != 1,
    }
}

fn week(at: f64, weeks: &[(i32, f64)]) -> i32 {
    let mut left = at;
    for (week, share) in weeks {
        left -= share;
        if left < 0.0 {
            return *week;
        }
    }
    weeks.last().map_or(40, |(week, _)| *week)
}

/// Standard normal quantile, good to 5e-4 (Abramowitz and Stegun 26.2.23): it only spreads weights.
fn quantile(p: f64) -> f64 {
    let tail = p.min(1.0 - p).max(1e-6);
    let t = (-2.0 * tail.ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let z = t - above / below;
    if p < 0.5 { -z } else { z }
}

/// Gestational day of the first visit.
fn first_visit(draws: &mut Draws, course: &Course) -> i32 {
    let late = draws.happens(*course.first_visit_late);
    let spot = draws.uniform();
    let mean = *course.first_visit_mean;
    if late {
        71 + (-50.0 * (1.0 - spot).ln()).min(150.0) as i32
    } else {
        (mean - 14.0 + 22.0 * spot) as i32
    }
}

/// Expected spending: the cell's, with what the course of care adds counted from its chance, so that
/// its mean stays the cell's.
fn spending(model: &Model, chances: &Chances, birth: &Pregnancy, preterm: bool) -> f64 {
    let claims = &model.parameters.claims;
    let over = |holds: bool, chance: f64| f64::from(u8::from(holds)) - chance;
    let section = chances.rate(Rate::Planned) + chances.rate(Rate::Emergency);
    chances.rate(Rate::Spending)
        + *claims.section * over(birth.section(), section)
        + *claims.instrumental * over(birth.instrumental(), chances.rate(Rate::Instrumental))
        + *claims.preterm * over(preterm, chances.rate(Rate::Preterm))
        + *claims.primary * over(birth.primary, chances.primary)
}
