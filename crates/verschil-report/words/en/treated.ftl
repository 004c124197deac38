heading-treated = Each { $region } by itself
treated-why = The effect in each treated { $region } by itself, compared with the same control group. One { $region } says less than all together: differences between { $regions } can be due to chance.
treated-list = All { $n } { $regions }
treated-counts = In { $name }, { $clear ->
    [0] { $n ->
        [one] it is not clear whether the outcome changed.
       *[other] none of the { $n } outcomes changed clearly.
    }
    [one] { $n ->
        [one] the outcome changed clearly: { $list }.
       *[other] one of the { $n } outcomes changed clearly: { $list }.
    }
   *[other] { $clear } of the { $n } outcomes changed clearly: { $list }.
 }
treated-many = With { $n } outcomes some look clear by chance alone.
table-treated = { $outcomes ->
    [one] The outcome in { $name }
   *[other] All outcomes in { $name }
 }
column-here = Effect here (interval)
column-together = Effect in all together (interval)
figure-forest-region = { $outcomes ->
    [one] Relative effect
   *[other] Relative effects on all outcomes
 }: { $name }
