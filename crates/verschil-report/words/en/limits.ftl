limitations-follow = These limitations follow from the results:
limit-invented = The data are invented; no number is about the real world.
limit-exploratory = The protocol was not locked before the run, so choices may have been made after the results were known.
limit-refused = { $n ->
    [one] One more number was refused, because the data cannot support it; see the remarks and refusals.
   *[other] { $n } more numbers were refused, because the data cannot support them; see the remarks and refusals.
 }
limit-few-treated = { $n ->
    [one] The treated group is { $treated }: whatever else happened there cannot be told apart from the effect.
   *[other] The treated group is only { $treated }, and with so few, intervals can be too narrow.
 }
limit-trends-failed = For { $n } of the { $all } outcomes the trends before the start were not alike{ $named ->
    [yes] : { $list }.
   *[no] .
 }
limit-trends-untested = For { $n } of the { $all } outcomes it could not be tested whether the trends before the start were alike{ $named ->
    [yes] : { $list }.
   *[no] .
 }
limit-linked = Of the { $units } { $noun }, { $share } were linked to { $link }; about the { $lost } others that source says nothing.
limit-many = { $n } outcomes were tested, each at a level of { $alpha }: with so many tests, one easily stands out by chance.
limit-no-bounds = The protocol does not say{ $which ->
    [some] {" "}for { $n } of the { $all } outcomes
   *[all] {""}
 } from which size on an effect matters, so whether effects are smaller than that cannot be tested.
limit-regression = The control group was chosen partly on { $list }, which is itself an outcome: what was exceptional before the start often returns to the average, and that can look like an effect.
