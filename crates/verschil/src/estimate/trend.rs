//! The trend check of one outcome: the protocol's rule and the joint test.

use verschil_stats::cr2::joint_htz;
use verschil_stats::did::{Analysis, Target};
use verschil_stats::estimate::{Covariance, Estimate};
use verschil_stats::refusal::Refusal;
use verschil_stats::trend::{Joint, Rule, joint_wald};
use verschil_study::TrendRule;
use verschil_study::results::{EstimateRow, TrendCheck};

use super::{Asked, Solved, Work};

impl Work<'_> {
    pub(super) fn trend_check(
        &self,
        solved: &[(&Asked, Result<Solved, Refusal>)],
        outcome: usize,
        at: usize,
        rows: &[EstimateRow],
    ) -> Option<TrendCheck> {
        let rule = self.protocol.trend_rule.as_ref()?;
        let mut check = TrendCheck {
            outcome: self.protocol.outcomes[outcome].id.clone(),
            comparison: self.comparison_id().to_owned(),
            max_significant: rule.max_significant,
            alpha: rule.alpha,
            ..TrendCheck::default()
        };
        self.apply_rule(&mut check, rule, rows);
        let event_study = solved.iter().find(|(asked, _)| asked.analysis == Analysis::EventStudy);
        match event_study {
            Some((_, Ok(solved))) => self.joint_tests(&mut check, solved, at),
            Some((_, Err(refusal))) => add_note(&mut check.note, &refusal.note()),
            None => add_note(&mut check.note, "no_event_study: the protocol asks for none"),
        }
        Some(check)
    }

    fn apply_rule(&self, check: &mut TrendCheck, rule: &TrendRule, rows: &[EstimateRow]) {
        let tests: Vec<(i64, &EstimateRow, f64)> = rule
            .periods
            .iter()
            .filter_map(|&period| {
                let name = format!("event:{period}");
                let row = rows.iter().find(|row| row.headline && row.analysis == name)?;
                Some((period, row, row.p_value?))
            })
            .collect();
        let Some((_, first, _)) = tests.first() else {
            add_note(&mut check.note, "not_tested: no named period could be tested");
            return;
        };
        check.method.clone_from(&first.method);
        check.periods = tests.iter().map(|test| test.0).collect();
        let floor = permutation_floor(first);
        if floor.is_some_and(|floor| floor >= rule.alpha) {
            add_note(
                &mut check.note,
                "floor_above_alpha: the smallest p-value this test can give is not below alpha",
            );
            return;
        }
        let most = usize::try_from(rule.max_significant).unwrap_or(usize::MAX);
        let p_values: Vec<f64> = tests.iter().map(|test| test.2).collect();
        let rule = Rule { max_significant: most, alpha: rule.alpha };
        let (significant, holds) = rule.apply(&p_values);
        check.significant = significant.into_iter().map(|i| check.periods[i]).collect();
        check.holds = Some(holds);
    }

    /// The Wald test, and beside it HTZ where the protocol asks for CR2; a reason that both share is
    /// noted once.
    fn joint_tests(&self, check: &mut TrendCheck, solved: &Solved, at: usize) {
        let named = |target: &Target| matches!(target, Target::Event(t) if check.periods.contains(&self.grams.periods[*t]));
        let terms: Vec<usize> = (0..solved.design.effects.len())
            .filter(|&j| named(&solved.design.effects[j].target))
            .collect();
        let wald = self.joint_wald(solved, at, &terms);
        let asked = self.protocol.analysis.methods.iter().any(|method| method == "cr2");
        let htz = asked.then(|| joint_htz(&solved.fit, &terms, at));
        if let Some(Ok(htz)) = &htz {
            check.htz_statistic = Some(htz.f);
            check.htz_df = Some(htz.df);
            check.htz_p_value = Some(htz.p_value);
        }
        if let Ok(wald) = &wald {
            check.joint_statistic = Some(wald.f);
            check.joint_df = Some(wald.df);
            check.joint_p_value = Some(wald.p_value);
        }
        let mut reasons: Vec<String> = [wald.err(), htz.and_then(Result::err)]
            .into_iter()
            .flatten()
            .map(|r| r.note())
            .collect();
        reasons.dedup();
        reasons.iter().for_each(|reason| add_note(&mut check.note, reason));
    }

    fn joint_wald(&self, solved: &Solved, at: usize, terms: &[usize]) -> Result<Joint, Refusal> {
        if terms.iter().any(|&j| solved.fit.normal.touched[j].len() < 2) {
            return Err(Refusal::OneTreatedCluster);
        }
        let estimate = Estimate::from_fit(&solved.fit, terms, at)?;
        let kind = match self.protocol.analysis.headline.as_str() {
            "cr0" => Covariance::Cr0,
            "cr1" => Covariance::Cr1(self.options.small_sample),
            _ => Covariance::Cr3,
        };
        joint_wald(&estimate, kind)
    }
}

fn permutation_floor(row: &EstimateRow) -> Option<f64> {
    let remark = row.note.split("; ").find_map(|r| r.strip_prefix("permutation_floor: "))?;
    remark.parse().ok()
}

fn add_note(note: &mut String, remark: &str) {
    if !note.is_empty() {
        note.push_str("; ");
    }
    note.push_str(remark);
}
