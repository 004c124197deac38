column-analysis = Analysis
column-band = Interval for all at once
caption-band = { $same ->
    [yes] The longer, thin lines hold for all points at once.
   *[no] The thin lines hold for all points at once; they come from { $method }.
 }
figure-panel = The effect at a glance: { $outcome }
panel-regions = Effect per { $region }
panel-periods = Effect per { $period }
panel-choices = The same effect with other choices
panel-comparison = Control group: { $comparison }
panel-weighted = With weights for linkage
caption-panel = How to read this figure: each mark is an estimated effect, the shaded one that of the main analysis. The others are parts of it, and the same effect with other choices. Marks differ by chance too; if those of other choices lie far from the main one, the answer hangs on that choice.
caption-panel-regions = Squares: one treated { $region }. Discs: all treated { $regions } together.
caption-panel-methods = Not all intervals come from the same method; the table has the method of each.
caption-panel-refused = Not shown: { $label } ({ $reason }).
figure-controls = What the weighted control group is made of: { $outcome }
controls-heading = Weight in the control group (%)
caption-controls = How to read this figure: some estimators make a control group in which each { $region } counts by its own weight, so that it develops like the treated group before the start. Here: { $models }. The weights of one estimator add up to 100%.{ $part ->
    [some] {" "}Drawn are the { $shown } { $regions } with the largest weights; the table has all { $n }.
   *[all] {""}
 }
figure-spending = In money ({ $unit }): { $domain }
spending-fallback = amounts
spending-heading = Mean in the treated group after the start ({ $unit })
spending-difference = Difference ({ $unit })
spending-observed = { $value } observed
spending-without = { $value } expected without
caption-spending = How to read this figure: the filled bar is the observed mean, the open bar the mean that was expected without the change. Below is the difference between the two, on a larger scale: right of zero more was spent than expected, left of zero less.
figure-honest = If trends were not quite parallel: { $outcome }
honest-axis-relative = Drift allowed per { $period }: times the largest change before the start
honest-axis-smooth = Change of slope allowed per { $period }{ $known ->
    [yes] {" "}({ $unit })
   *[no] {""}
 }
honest-none = none
honest-mark = zero within from { $value }
honest-name-relative = Drift, times the largest earlier change
honest-name-smooth = Change of slope
honest-breakdown = zero lies within from here
column-drift = What is allowed
column-bound = At most
caption-honest = How to read this figure: each line is a { $level } confidence interval of the mean effect after the start. The first one, "none", takes the trends to be parallel. Further to the right the groups are allowed to drift apart more. As long as a line stays off zero, the data point in one direction in spite of that drift.
caption-honest-no-parallel = The interval with parallel trends is not among these results.
caption-honest-relative = { $kind ->
    [at] Measured by the largest earlier change, zero lies within the interval from a drift of { $value } times that change.
    [beyond] Measured by the largest earlier change, zero stays outside the interval up to a drift of { $value } times that change, the largest that was tried.
   *[none] Measured by the largest earlier change, zero lies within the interval even when no drift is allowed.
 }
caption-honest-smooth = { $kind ->
    [at] With a slope that may change, zero lies within the interval from a change of { $value } per { $period }.
    [beyond] With a slope that may change, zero stays outside the interval up to a change of { $value } per { $period }, the largest that was tried.
   *[none] When the difference between the groups may go on in a straight line, zero lies within the interval already.
 }
caption-honest-no-relative = For drift measured by the largest earlier change no interval could be computed.
caption-honest-no-smooth = For a slope that may change no interval could be computed.
caption-honest-empty = Where a line is absent, these data do not fit so little drift.
figure-idea = The idea of the comparison: { $outcome }
idea-without-row = Treated group, expected without the change
idea-treated = Treated group: { $value }
idea-control = Control group: { $value }
idea-without = Expected without the change: { $value }
idea-anyway = This much would have changed anyway
idea-effect = This is the effect: { $value }
caption-idea = How to read this figure: the control group (open squares) shows how much changed without the reform. The same is expected of the treated group (dashed line to the open disc). What was observed there (filled discs) differs from that by the effect. The dashed lines need not be quite parallel, because the model looks at each { $region } and { $period } and allows for other differences. Observed means{ $weights ->
    [none] {""}
   *[other] , weighted by { $weights }
 }. The vertical axis need not begin at zero.
