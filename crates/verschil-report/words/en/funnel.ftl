figure-funnel = How { $regions } differ: { $outcome }
funnel-all = all: { $value }
funnel-sizes = Number of { $units } per { $region }, { $phase ->
    [pre] before the start
   *[post] after the start
 }
column-place = Where it lies
column-share-before = Share before the start
column-place-before = Where it lay
place-within = within the lines
place-above-inner = above the inner line
place-above-outer = above the outer line
place-below-inner = below the inner line
place-below-outer = below the outer line
place-not-compared = not compared
caption-funnel = How to read this figure: each mark is one { $region }, { $phase ->
    [pre] before the start
   *[post] after the start
 }. Further right: more { $units }. Higher: a larger share with this outcome. The solid level line is the share in all these { $regions } together ({ $centre }). The smaller the number, the more a share moves by chance; that is why the lines lie further apart at the left. A mark within the lines is no further from the level line than can be expected.
caption-funnel-none-out = No { $region } lies beyond the outer lines (99.8%).
caption-funnel-above = Above the outer line (99.8%): { $named ->
    [yes] { $which }.
   *[no] { $n } { $regions }; the table says which.
 }
caption-funnel-below = Below the outer line (99.8%): { $named ->
    [yes] { $which }.
   *[no] { $n } { $regions }; the table says which.
 }
caption-funnel-between = { $n ->
    [0] None of the { $compared } lies
    [one] One of the { $compared } lies
   *[other] { $n } of the { $compared } lie
 } between the inner (95%) and the outer line. If there were no real differences beyond the usual ones, 1 in 20 would lie outside the inner lines and 1 in 500 outside the outer ones.
caption-funnel-spread = { $wide ->
    [yes] The { $regions } differ { $phi } times as much as chance alone would make them (as a variance, after the outermost tenth of the scores at each end is drawn in). The lines are wider because of that.
   *[no] No spread beyond chance was measured, so the lines show chance alone.
 } They come from exact binomial probabilities.
caption-funnel-raw = These shares are as observed: they are not corrected for who lives in which { $region }. The figure does not say why a { $region } differs, nor what the change has done.
caption-funnel-ratio = Along the horizontal axis equal distances are equal ratios.
caption-funnel-small = Not compared, with fewer than { $fewest } { $units }: { $which }.
