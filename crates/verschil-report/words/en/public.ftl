heading-summary = Public summary
public-asked = What was the question?
public-found = What was found?
public-means = What does this mean?
public-means-not = What does this not mean?
public-treated = Something new was introduced in { $treated }: { $intervention }.
public-control = In { $control } it was not.
public-start = It started in { $start }. We compared the time before and after.
public-expected = From this we estimate how things would have gone without it.
public-named = We call that ‘expected’.
public-outcomes = { $n ->
    [one] We looked at one outcome.
   *[other] We looked at { $n } outcomes.
 }
answer-clear = { $n ->
    [0] For none of the { $all } outcomes do we see a clear change.
    [one] For one of the { $all } outcomes we see a clear change.
   *[other] For { $n } of the { $all } outcomes we see a clear change.
 }
answer-chance = { $k ->
    [0] That may be chance. Once we allow for the number of outcomes, none is left.
    [one] With many outcomes, some stand out by chance. Once we allow for that, one is left.
   *[other] With many outcomes, some stand out by chance. Once we allow for that, { $k } are left.
 }
answer-equivalent = { $n ->
    [one] For one of the { $all } there is almost certainly no change that matters.
   *[other] For { $n } of the { $all } there is almost certainly no change that matters.
 }
answer-open = { $n ->
    [one] For one of the { $all } it is not clear whether anything changed.
   *[other] For { $n } of the { $all } it is not clear whether anything changed.
 }
answer-open-all = For none of the { $all } outcomes can we tell whether anything changed.
answer-doubtful = { $n ->
    [one] One of the { $all } calls for caution: the groups were already moving apart before the start.
   *[other] { $n } of the { $all } call for caution: the groups were already moving apart before the start.
 }
answer-refused = { $n ->
    [one] For one of the { $all } nothing could be worked out.
   *[other] For { $n } of the { $all } nothing could be worked out.
 }
answer-nothing = For none of the { $all } outcomes could anything be worked out.
public-open = { $n ->
    [one] For one outcome it is not clear whether anything changed:
   *[other] For { $n } outcomes it is not clear whether anything changed:
 }
public-doubtful = Be careful here: the groups were already moving apart before the start. A difference can come from that. This is about { $n ->
    [one] one outcome:
   *[other] { $n } outcomes:
 }
public-refused = { $n ->
    [one] For one outcome nothing could be worked out:
   *[other] For { $n } outcomes nothing could be worked out:
 }
public-one-clear = { $direction ->
    [down] Lower than expected.
   *[up] Higher than expected.
 }{ $value ->
    [better] {" "}That is for the better.
    [worse] {" "}That is for the worse.
   *[neither] {""}
 }
public-one-small = Still, the difference is smaller than { $bound }. Only from there on does it matter, says this study.
public-one-equivalent = There is almost certainly no change that matters. The difference is smaller than { $bound }, up or down.
public-one-open = We do not know whether anything changed.
public-one-doubtful = Be careful here: the groups were already moving apart before the start. A difference can come from that.
public-one-refused = Nothing could be worked out here.
public-one-untested = We do not know whether the groups moved alike before the start.
plain-estimate = An estimated { $amount }.
plain-estimate-of = An estimated { $amount } { $of } ({ $points }).
plain-of = per { $scale }{"\u00A0"}{ $units }
plain-count = { $direction ->
    [down] { $amount }{"\u00A0"}fewer
   *[up] { $amount }{"\u00A0"}more
 }
plain-amount = { $direction ->
    [down] { $amount } lower
   *[up] { $amount } higher
 }
plain-between = It could be between { $low } and { $high }{ $of }.
plain-from = The lower limit is { $end }{ $of }. There is no upper limit.
plain-to = The upper limit is { $end }{ $of }. There is no lower limit.
plain-unbounded = How large a change could be, we cannot say.
plain-no-range = Between which limits this lies, we cannot say.
plain-base = { $kind ->
    [counterfactual] The expected average was { $level }.
   *[before] Before the start the average was { $level }.
 }
plain-base-of = { $kind ->
    [counterfactual] Expected were { $level } per { $scale }.
   *[before] Before the start it was { $level } per { $scale }.
 }
public-means-clear = A clear change is hard to explain by chance alone. It may come from { $intervention }.
public-means-weak = There is no firm evidence that { $intervention } changed anything.
public-means-if = That holds only if the groups would otherwise have moved alike.
public-means-equivalent = Sometimes we can rule out a change that matters. We then say so.
public-means-open = We cannot tell whether { $intervention } changed anything.
public-means-nothing = With these data the question cannot be answered.
public-not-absent = Not clear means: we do not know. Something may well have changed.
public-not-large = Clear is not the same as large. Whether a change matters much is another question.
public-not-each = The numbers are about all { $n }{"\u00A0"}{ $regions } together. In one { $region } it can be different.
public-not-fixed = The choices in this study were not fixed beforehand. See it as a first exploration.
public-not-elsewhere = This study does not say why something changes. Nor does it say anything about other { $regions }.
