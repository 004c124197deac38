heading-treated = Each { $region } by itself
treated-why = The effect in each treated { $region } by itself, compared with the same control group. One { $region } says less than all together: differences between { $regions } can be due to chance.
treated-list = All { $n } { $regions }
treated-counts = In { $name }, { $clear ->
    [0] none of the { $n } outcomes changed clearly.
    [one] one of the { $n } outcomes changed clearly: { $list }.
   *[other] { $clear } of the { $n } outcomes changed clearly: { $list }.
 }
treated-many = With { $n } outcomes some look clear by chance alone.
table-treated = All outcomes in { $name }
column-here = Effect here (interval)
column-together = Effect in all together (interval)
figure-forest-region = Relative effects on all outcomes: { $name }
