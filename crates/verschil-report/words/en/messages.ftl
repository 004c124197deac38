heading-messages = Key messages
message-basis-lead = What was compared
message-basis = { $treated } with { $intervention } and { $control } without, before and after the start in { $start }. { $locked ->
    [yes] The choices were fixed beforehand.
   *[no] The choices were not fixed beforehand: this is an exploratory study.
 }
message-trend-lead = The trend before the start
message-trend-holds = By the rule of this study the trends before the start were alike.
message-counts-lead = How much is clear
message-counts = There are { $n } outcomes: { $list }.
message-domain = { $domain }: { $list }.
message-domain-rest = Other outcomes: { $list }.
message-doubtful = With caution means: the trends before the start were not alike, so these outcomes support no conclusion.
count-clear = { $n } clear
count-equivalent = { $n } with an effect of relevant size ruled out
count-open = { $n } unclear
count-doubtful = { $n } with caution
count-refused = { $n } not estimated
message-largest-lead = Clear effects
message-effect-lead = The effect
message-largest = { $which ->
    [some] The { $shown } largest of { $n }: { $list }.
   *[all] { $n ->
        [one] There is one: { $list }.
       *[other] There are { $n }: { $list }.
    }
 }
message-item = { $change } ({ $numbers }{ $value ->
    [better] ; a change for the better
    [worse] ; a change for the worse
   *[neither] {""}
 })
message-relative = relative { $relative }, interval { $range }
message-relative-alone = relative { $relative }
message-relative-base = Relative is in per cent of { $base }.
message-untested = For { $list } it could not be tested whether the trends were alike before the start.
message-none = For none of the { $n } outcomes is an effect of { $intervention } clear. An effect that is not clear may still be there.
message-nothing = For none of the { $n } outcomes could an effect be estimated.
message-equivalent-lead = Ruled out
message-equivalent = The data rule out what the protocol calls a relevant effect: on { $list }.
message-equivalent-item = { $phrase } ({ $bound } or more, up or down)
message-choices-lead = With other choices
message-adjusted = { $n ->
    [one] After correction for the number of outcomes (Holm, per domain) the clear effect is { $k ->
        [0] no longer clear.
       *[other] still clear.
    }
   *[other] Still clear after correction for the number of outcomes (Holm, per domain): { $k } of the { $n } clear effects.
 }
message-groups = { $n ->
    [one] With every other control group the clear effect is { $k ->
        [0] not always clear, in the same direction, as well.
       *[other] clear as well, in the same direction.
    }
   *[other] Also clear, in the same direction, with every other control group: { $k } of the { $n } clear effects.
 }
message-groups-open = { $n ->
    [one] With another control group the unclear outcome would { $k ->
        [0] not be clear either.
       *[other] be clear.
    }
   *[other] Unclear outcomes that would be clear with another control group: { $k } of { $n }.
 }
message-strain-lead = Under stricter demands
message-honest = { $n ->
    [one] If the groups move apart after the start as much as they did at most before it, the clear effect is { $k ->
        [0] no longer clear.
       *[other] still clear.
    }
   *[other] Still clear if the groups move apart after the start as much as they did at most before it: { $k } of the { $n } clear effects.
 }
message-left-out = { $n ->
    [one] When each { $cluster } is left out in turn, the clear effect { $k ->
        [0] does not always keep its direction.
       *[other] keeps its direction.
    }
   *[other] Same direction when each { $cluster } is left out in turn: { $k } of the { $n } clear effects.
 }
message-power-lead = What may have been missed
message-power = { $n ->
    [one] The smallest effect that this study finds with a probability of { $power } is { $list }. A smaller effect is missed more often.
   *[other] The smallest effects that this study finds with a probability of { $power } are { $list }. Smaller effects are missed more often.
 }
message-power-one = { $end } ({ $phrase })
message-power-span = { $low } to { $high } (depending on the outcome)
