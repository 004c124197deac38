kind = Evaluation report
skip = To the report
heading-contents = Contents
heading-design = What was compared
heading-found = What was found
heading-comparisons = The same outcomes with other control groups
heading-outcomes = Outcome by outcome
heading-population = Who was counted
heading-groups = How alike the groups were
heading-findings = Remarks and refusals
heading-limitations = Limitations
heading-methods = Methods
heading-literature = Literature on the methods
heading-references = Sources of this study
heading-provenance = Where these numbers come from
heading-sure = How sure are we?
heading-trend = Was the trend the same before the start?
status-locked = Preregistered.
status-locked-text = The protocol was fixed before the run. What was to be analysed was not chosen after seeing the results.
status-exploratory = Exploratory: the protocol was not locked before the run.
status-exploratory-text = Choices in the analysis may have been made after the results were seen.
status-running-head = Exploratory: protocol not locked before the run
footer = All sentences, tables and figures in this report are made from one file of results. Numbers are rounded in this report only.

design-idea = The change in the treated group is compared with the change in the control group over the same time. The difference between the two is taken as the effect of { $intervention }. This is right if both groups would have developed in the same way without it.
fact-treated = Treated group
fact-treated-many = { $count }; their names are under “{ $section }”
fact-control = Control group
fact-before = Before the start
fact-dropped = Left out (transition)
fact-after = After the start
fact-reference = Reference period
fact-units = Counted in the models
fact-units-between = between { $low } and { $high }{"\u00A0"}{ $units }, depending on the outcome
fact-clusters = Clusters
fact-covariates = Corrected for
fact-weights = Weighted by
fact-data = Data
fact-span = { $n ->
    [one] { $span } (1 period)
   *[other] { $span } ({ $n } periods)
 }
no-covariates = nothing besides fixed differences between { $regions } and periods
units-fallback = units
clusters-fallback = clusters
region-noun = { $n ->
    [one] region
   *[other] regions
 }
intervention-fallback = the change

comparisons-why = The choice of the control group matters. This table shows the effect on each outcome for every control group in the protocol.
comparisons-note = Effect with its { $level } confidence interval beneath it.
comparison-main = main comparison

sure-why = The same effect, with several methods for the uncertainty. If the methods disagree, be careful with the conclusion.
better-lower = For this outcome, lower is better.
better-higher = For this outcome, higher is better.
better-neither = For this outcome, neither lower nor higher is better in itself.
no-figures = There are no figures for this outcome: the effect could not be estimated.
trend-absent = The trend before the start was not tested for this outcome.
forest-absent = There is no figure of relative effects, because no outcome has a base for percentages.

population-why = From the first row read to the { $units } in the study. The numbers add up at every step. A model can hold fewer: it leaves out the transition and rows without the outcome.
balance-note = Means before the start{ $weights ->
    [none] {""}
   *[other] , weighted by { $weights }
 }. The standardised difference is the difference in means divided by the pooled standard deviation. As a rule of thumb, more than 0.1 in either direction is a sign that the groups were not alike; the model corrects for these characteristics, but not for others.
descriptives-note = Means with the standard deviation in brackets; shares in per cent.
findings-why = What the checks on the data and the models brought to light. A refusal means that the data cannot support a number, so none is given.
provenance-why = Anyone with the same data can use this to check that the same protocol gives the same numbers.
fact-protocol = Protocol (SHA-256)
fact-version = Program
fact-seed = Seed of random draws
fact-schema = Schema of the results
footer-print = On paper the numbers behind the figures are left out; they stand in tables/estimates.csv and in the digital version of this report.
fact-control-named = { $label } ({ $count })
fact-control-without = { $label } ({ $count } with data; { $without } more { $without ->
    [one] is
   *[other] are
 } named in the protocol but without data)
fact-clusters-region = { $count }: each { $region } is a cluster
fact-clusters-other = { $count } { $clusters }: measurements within a cluster are taken to be related
fact-weights-analytic = { $weights }: rows count in proportion to it (analytic weights)
fact-weights-frequency = { $weights }: each row stands for that many units (frequency weights)
weights-fallback = the weights of the protocol
found-read = How to read these numbers: the effect is the difference between what was observed and what was expected without the change. The confidence interval shows which sizes of effect fit the data: the wider it is, the less sure we are. The p-value says how often a difference at least this large would arise by chance if the effect were zero; when it is below { $alpha }, we say that the data point to a change. It does not say how large the change is, nor how much it matters.
found-method = All intervals and p-values in this section come from { $method }.
found-many = There are { $n } outcomes, and no interval or p-value is corrected for that number: some can stand out by chance.
sure-disagree = Here they do not agree: the p-value is below { $alpha } with { $below }, and not with { $above }.
linkage-note = Linked: rows that belong to a unit in the base.
