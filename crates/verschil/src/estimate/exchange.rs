//! A design solved, with the permutation tests that the protocol asks for.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::permutation::{Exchange, PermutationResult, permute};
use verschil_stats::refusal::Refusal;

use super::{Asked, Solved, Work};

/// Over all clusters.
pub(super) const PERMUTATION: &str = "permutation";
/// Within matched sets.
pub(super) const MATCHED: &str = "permutation_matched";
/// Draws for regions within clusters.
const BY_REGION: &str = "wild_subcluster";

/// [effect][outcome of the class].
type Answers = Vec<Vec<Result<PermutationResult, Refusal>>>;

impl Work<'_> {
    pub(super) fn solve<'b>(
        &self,
        asked: &'b Asked,
        design: Design<'b>,
        outcomes: usize,
    ) -> Solved<'b> {
        let fit = design.fit();
        let tested = |method: &str, sets: &dyn Fn(Exchange) -> Result<Exchange, Refusal>| match self
            .no_permutation(method, asked, &design)
        {
            None => self.permutations(&design, outcomes, sets),
            Some(why) => {
                let refusal = Refusal::NotDefined { why: why.to_owned() };
                vec![vec![Err(refusal); outcomes]; design.effects.len()]
            }
        };
        let permutations = tested(PERMUTATION, &Ok);
        let matched = tested(MATCHED, &|exchange| self.within_sets(exchange));
        let by_region = asked.methods.iter().any(|method| method == BY_REGION);
        let within = if by_region {
            design.subclusters(&fit)
        } else {
            Err(Refusal::NotDefined { why: NOT_ASKED.to_owned() })
        };
        Solved { asked, design, fit, permutations, matched, within }
    }

    /// The exchange within the sets of this comparison's matching.
    fn within_sets(&self, exchange: Exchange) -> Result<Exchange, Refusal> {
        let chosen = self.layout.chosen[self.comparison].as_ref().ok_or(Refusal::NotMatched)?;
        let sets = chosen.sets(self.grams);
        Ok(exchange.within(|cluster| sets.get(cluster).copied()))
    }

    /// Why a design gets no permutation test by this method: it was not asked for, or it is the
    /// event study of a comparison that is not the main one, which only its trend check reads, by
    /// the headline method; with one treated region the permutation is all there is.
    fn no_permutation(&self, id: &str, asked: &Asked, design: &Design) -> Option<&'static str> {
        let spec = &self.protocol.analysis;
        let main = self.protocol.comparisons[self.comparison].main;
        let alone = self.layout.treated.len() == 1 || spec.headline == id;
        if !asked.methods.iter().any(|method| method == id) {
            Some(NOT_ASKED)
        } else if design.analysis() == Analysis::EventStudy && !main && !alone {
            Some("the event study of a further comparison serves its trend check only")
        } else {
            None
        }
    }

    fn permutations(
        &self,
        design: &Design,
        outcomes: usize,
        sets: &dyn Fn(Exchange) -> Result<Exchange, Refusal>,
    ) -> Answers {
        let run = |of: usize| {
            let exchange =
                design.exchange(of, self.options.permutation_budget, self.options.seed)?;
            permute(&sets(exchange)?, self.options.level)
        };
        let refused = |refusal: Refusal| vec![Err(refusal); outcomes];
        let fine = |row: Vec<PermutationResult>| row.into_iter().map(Ok).collect();
        if design.exchanged_together() {
            return match run(0) {
                Ok(profiles) => profiles.into_iter().map(fine).collect(),
                Err(refusal) => vec![refused(refusal); design.effects.len()],
            };
        }
        (0..design.effects.len())
            .map(|of| match run(of) {
                Ok(mut profiles) => fine(profiles.swap_remove(0)),
                Err(refusal) => refused(refusal),
            })
            .collect()
    }
}

/// Why a test is not there.
pub(super) const NOT_ASKED: &str = "the protocol does not ask for it";
