arm-treated = Treated group
arm-control = Control group
all-regions = All { $regions } together
reference-period = reference period (0)
mark-start = start
mark-transition = transition
figure-data = The numbers in this figure
figure-levels = Observed levels: { $outcome }
figure-event = Before and after, { $period } by { $period }: { $outcome }
figure-regions = Effect per { $region }: { $outcome }
figure-periods = Effect per { $period }: { $outcome }
figure-forest = { $outcomes ->
    [one] Relative effect
   *[other] Relative effects on all outcomes
 }
figure-flow = From the data to the analysis
forest-heading = Relative effect (%)
label-caution = { $label } (caution)
caption-levels = Observed means{ $weights ->
    [none] {""}
   *[other] , weighted by { $weights }
 }, not corrected for anything else. Treated group: discs and a solid line. Control group: open squares and a dashed line. The vertical dashed line marks the start. The vertical axis need not begin at zero.
caption-event = How to read this figure: each point is the difference between the groups, compared with the difference in the reference period ({ $reference }, cross). Points near zero before the start mean that the groups developed alike; points after the start show the effect in that period.
caption-periods = Effect in each period after the start. The dashed line is the effect over all periods together.
caption-regions = How to read this figure: each square is the effect in one of the treated { $regions }, the disc is the effect in all of them together. Differences between { $regions } can be due to chance.
caption-forest = How to read this figure: each line is one outcome. The point is the estimated effect in per cent of { $base }; left of zero is a decrease, right of zero an increase. Where the interval crosses the zero line, the data fit both a decrease and an increase.
caption-caution = An open diamond with a dashed line: interpret with caution, because the trends before the start were not alike.
caption-intervals = Lines are { $level } confidence intervals, each on its own.
caption-no-interval = Where there is no interval, the point stands alone; its p-value is in the table.
caption-unbounded = An arrow means that the interval has no bound on that side.
caption-excluded = Not shown, because there is no base to take a percentage of: { $outcomes }.
caption-flow = Left: what remains. Right: what was left out, and why.
flow-start = read
flow-remain = remain
flow-end = in the study
flow-left-out = Left out: { $count }
figure-design = Who was compared with whom, and when
caption-design = Dark: the { $regions } of the treated group after the start. Shaded: periods without the change.{ $transition ->
    [no] {""}
   *[yes] {" "}White with an open frame: left out, because the change was then being introduced.
 }
design-arm = { $arm }: { $count }
caption-values-in-table = The numbers are in the table.
caption-names-in-table = The numbers and the whole names are in the table.
caption-method = Intervals and p-values come from { $method }.
caption-method-p = The p-values come from { $method }.
caption-choices = That test compares the real choice of treated { $regions } with all { $n } possible choices, so the level of these intervals is { $level }.
caption-no-interval-together = Effects that are estimated together are tested, but this test gives them no interval.
caption-not-estimated = Not shown, because the effect could not be estimated: { $outcomes }.
step-read = read from the sources
step-missing-region = { $region } not known or not in this study
step-missing-period = { $period } not known
step-outside-window = outside the periods of the study
step-missing-weight = no weight known
step-missing-covariate = not known: { $covariate }
period-label = { $period }
region-label = { $region }
design-before = before
design-after = after the start
figure-influence = Without one { $cluster } at a time: { $outcome }
caption-influence = How to read this figure: each mark is the effect over all treated { $regions } when that { $cluster } is left out; the dashed line is the effect with all of them ({ $effect }). A mark far from that line means that the answer hangs on that { $cluster }.{ $part ->
    [some] {" "}Shown are the { $shown } of { $count } that move the effect most.
   *[all] {""}
 }
cluster-head = { $cluster }
