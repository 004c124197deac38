heading-weights = A check: what if everybody had been linked?
weights-why = Only { $noun } that were linked are in this study, and not every group was linked equally well. As a check, the effects were estimated once more with weights: whoever was linked counts as one divided by the share that was linked in the same group. So where few were linked, each of them counts for more, and together they stand for all who could have been linked.
weights-eligible = Of the { $eligible } { $noun } that could have been linked, { $linked } were, to every source that the study asks for.
weights-made = Groups are made by { $by }. A group of fewer than { $min } { $noun } is put together with other small groups that are like it. That gives { $n ->
    [one] one group
   *[other] { $n } groups
 }, { $merged } of them put together from smaller ones.
weights-spread = { $n } { $noun } have a weight, from { $smallest } to { $largest }; half of them weigh { $median } or less. They tell as much as { $effective } { $noun } of equal weight would.
weights-trimmed = No weight is more than { $max }. In { $k ->
    [one] one group
   *[other] { $k } groups
 }, with { $n } { $noun }, it would have been.
weights-nobody = In { $k ->
    [one] one group
   *[other] { $k } groups
 } nobody was linked. Nobody can stand for the { $n } { $noun } in it, so they are in neither analysis.
weights-unlinked = { $n } { $noun } of the population were not linked all the same; the analysis with weights leaves them out.
weights-assume = Weights help where those who were linked are like those who were not, within a group. Whether they are cannot be seen in these data. The intervals take the weights as known.
weights-same = { $n ->
    [one] The weights do not change the conclusion.
   *[other] For all { $n } outcomes compared, the weights do not change the conclusion.
 }
weights-differ = For { $k } of the { $n } outcomes compared, the weights do not change the conclusion. They do for { $list }.
table-weights = The effects without and with weights
column-unweighted = Main analysis
column-weighted = With weights
finding-weights-nobody = Nobody was linked in a part of the population
finding-weights-unlinked = Some of the population were not linked
methods-weights-linkage = As a check on linkage, the effect was also estimated with each linked unit weighted by one over the linkage rate of its stratum (Harron et al. 2017; Seaman & White 2013); the effective sample size is that of Kish (1965).
