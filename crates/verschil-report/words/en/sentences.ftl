verdict-change = The data point to { $change }{ $value ->
    [better] , a change for the better.
    [worse] , a change for the worse.
   *[neither] .
 }
verdict-unknown = We cannot tell whether { $intervention } led to a change in { $phrase }.
verdict-equivalent = There is no effect of relevant size on { $phrase }: an effect of { $bound } or more, up or down, is ruled out.
effect-small = The change is smaller than { $bound }, the smallest effect that matters according to the protocol.
not-excluded = A decrease of up to { $low } and an increase of up to { $high } cannot be excluded.
not-excluded-no-high = A decrease of up to { $end } cannot be excluded, and an increase has no bound.
not-excluded-no-low = An increase of up to { $end } cannot be excluded, and a decrease has no bound.
not-excluded-any = Neither a decrease nor an increase has a bound.
change-decrease = a decrease in { $phrase }
change-increase = an increase in { $phrase }
effect-absent = The effect on { $phrase } could not be estimated.
effect-alone = The estimated effect is { $effect }.
effect-with = The estimated effect is { $effect } ({ $inside }).
interval = { $level } confidence interval: { $range }
p-equal = p{"\u00A0"}={"\u00A0"}{ $p }
p-below = p{"\u00A0"}<{"\u00A0"}{ $p }
relative-alone = Compared with { $base } ({ $level }), that is { $relative }.
relative-with = Compared with { $base } ({ $level }), that is { $relative } (interval: { $range }).
base-pre-mean = the average in the treated group before the start
base-counterfactual = the level expected without the change
inference-both = The interval and the p-value come from { $method }.
inference-interval = The interval comes from { $method }.
inference-p = The p-value comes from { $method }; there is no interval.
inference-none = There is no interval and no p-value from { $method }.
interval-refused = There is no interval: { $reason }.
floor = With this number of { $regions }, the smallest p-value that this test can give is { $p }.
caution = Interpret with caution: before the start, the trends in the treated and the control group were not alike by the rule of this study.
caution-untested = Whether the trends were alike before the start could not be tested with the rule of this study.
range-both = { $low } to { $high }
range-no-high = from { $low }, no upper bound
range-no-low = up to { $high }, no lower bound
range-unbounded = no lower bound and no upper bound


trend-rule = The rule of this study: { $max ->
    [0] none
   *[other] at most { $max }
 } of the { $k ->
    [one] { $k } tested period
   *[other] { $k } tested periods
 } before the start may differ from the reference period ({ $reference }) at the { $alpha } level.
trend-found = { $n ->
    [0] No period differed.
    [one] One period differed: { $list }.
   *[other] { $n } periods differed: { $list }.
 }
trend-holds = The rule holds. That does not prove that the trends would have stayed alike after the start.
trend-fails = The rule does not hold: interpret the effects on this outcome with caution.
trend-unknown = The rule could not be applied.
trend-joint = Joint test of these periods: F({ $df1 }; { $df2 }) = { $f }, { $p }.
trend-word-holds = alike
trend-word-fails = not alike
trend-word-unknown = not tested

reason-one-treated = with one treated { $cluster } there is nothing to base a standard error on

percent = { $value }%
percentage-points = { $n ->
    [one] { $value }{"\u00A0"}percentage point
   *[other] { $value }{"\u00A0"}percentage points
 }
unit-percentage-points = percentage points
unit-percent = %
units-effects = { $all ->
    [yes] Levels are in %, effects in percentage points.
   *[no] Where an outcome names no unit, levels are in % and effects in percentage points.
 }
units-comparisons = { $all ->
    [yes] Effects are in percentage points.
   *[no] Where an outcome names no unit, effects are in percentage points.
 }
not-available = – not available
interval-not-available = no interval
effect-refused = The effect on { $phrase } could not be estimated: { $reason }.
lead-refused = The method that this study would lead with, { $method }, cannot be used here: { $reason }.
floor-of-matched = The permutation test within matched sets compares the real choice of treated { $regions } with all { $n } possible choices in which each set keeps its number of treated { $regions }, the real one included; the smallest p-value that it can give is { $p }.
floor-of = The permutation test compares the real choice of treated { $regions } with all { $n } possible choices, the real one included; the smallest p-value that it can give is { $p }.
inverted = The interval is this test turned around: it holds every size of effect at which at least { $k } of the { $n } choices give a difference at least as large. With so few choices its level is that of the test, { $attained }, rather than exactly { $level }.
trend-tested-with = Whether a period differs is judged with { $method }.
trend-unknown-floor = The rule cannot be applied: the smallest p-value that this test can give{ $known ->
    [yes] {" "}({ $p })
   *[no] {""}
 } is not below the level of { $alpha }, so no period could ever differ.
trend-unknown-untested = The rule could not be applied, because none of the periods that it names could be tested.
trend-unknown-no-event = The rule could not be applied, because the protocol asks for no event study.
trend-unknown-refused = The rule could not be applied: { $reason }.
trend-no-joint = There is no joint test of these periods: { $reason }.
trend-joint-against = Taken together these periods do differ, although the rule holds; be careful with this outcome.
reason-one-control = with one { $cluster } in the control group there is nothing to base a standard error on
reason-nothing-treated = the treated group has no data from both before and after the start
reason-no-controls = the control group has no data
reason-not-identified = the effect cannot be told apart from { $regions }, periods and the characteristics that are corrected for
reason-jackknife = without { $what } the effect cannot be estimated, so the jackknife does not exist
reason-constant-outcome = the outcome has the same value everywhere in this comparison
reason-no-outcome = this comparison holds no values of the outcome
reason-mixed-cluster = cluster { $what } holds both treated and other { $regions }, so clusters cannot be exchanged
reason-not-matched = the controls were not chosen by matching, so there are no matched sets to exchange { $regions } within
reason-no-finer-level = each cluster is one { $region }, so nothing smaller can be drawn for
reason-too-few-clusters = there are too few clusters to test this many periods together
reason-not-defined = the method is not defined for this kind of effect
reason-separation = in part of the data every outcome is the same, so the model has no finite answer
reason-outcome-range = the outcome has values that this model does not take
reason-no-convergence = the calculation of this model did not come to an end
reason-singular-covariance = there are too few clusters for so many effects, so their joint uncertainty cannot be computed
reason-perfect-fit = the model describes this outcome without any error, so its uncertainty cannot be computed
reason-no-end = no end of the interval was found, however far the search went
reason-unnamed = one of the clusters
cluster-noun = cluster
period-noun = period
no-number = –
reason-leverage-one = the effect rests on { $what } alone for a part, so that CR2 has nothing to correct
reason-too-few-degrees = there are too few degrees of freedom to test this many periods together
trend-htz = The same test corrected for few clusters (HTZ): F({ $df1 }; { $df2 }) = { $f }, { $p }.
influence = When one { $cluster } is left out at a time, the effect lies between { $low } (without { $lowest }) and { $high } (without { $highest }). The { $count } clusters carry as much information as { $effective } of equal weight.
influence-sign = Without one of them the effect has another sign: do not build on its direction.
reason-missing-cells = some { $regions } have no data in some { $period }, and this method needs all of them
reason-too-few-controls = there are too few { $regions } in the control group to take the place of the treated ones
reason-too-few-units = there are too few { $regions } with enough data to compare them with each other
