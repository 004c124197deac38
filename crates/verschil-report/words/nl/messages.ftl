heading-messages = Kernboodschappen
message-basis-lead = Wat is vergeleken
message-basis = { $treated } met { $intervention } en { $control } zonder, vóór en na de start in { $start }. { $locked ->
    [yes] De keuzes stonden vooraf vast.
   *[no] De keuzes stonden niet vooraf vast: dit is een verkennende studie.
 }
message-trend-lead = De trend vóór de start
message-trend-holds = Volgens de regel van deze studie liepen de trends vóór de start gelijk.
message-counts-lead = Hoeveel duidelijk is
message-counts = Er zijn { $n } uitkomsten: { $list }.
message-domain = { $domain }: { $list }.
message-domain-rest = Andere uitkomsten: { $list }.
message-doubtful = Voorbehoud betekent: de trends vóór de start liepen niet gelijk, dus deze uitkomsten dragen geen conclusie.
count-clear = { $n } duidelijk
count-equivalent = { $n } met een effect van relevante omvang uitgesloten
count-open = { $n } onduidelijk
count-doubtful = { $n } met voorbehoud
count-refused = { $n } niet te schatten
message-largest-lead = Duidelijke effecten
message-effect-lead = Het effect
message-largest = { $which ->
    [some] De { $shown } grootste van de { $n }: { $list }.
   *[all] { $n ->
        [one] Er is er één: { $list }.
       *[other] Er zijn er { $n }: { $list }.
    }
 }
message-item = { $change } ({ $numbers }{ $value ->
    [better] ; gunstig
    [worse] ; ongunstig
   *[neither] {""}
 })
message-relative = relatief { $relative }, interval { $range }
message-relative-alone = relatief { $relative }
message-relative-base = Relatief is in procenten van { $base }.
message-untested = Voor { $list } kon niet worden getoetst of de trends vóór de start gelijk liepen.
message-none = Bij geen van de { $n } uitkomsten is een effect van { $intervention } duidelijk. Een effect dat niet duidelijk is, kan er toch zijn.
message-nothing = Bij geen van de { $n } uitkomsten kon een effect worden geschat.
message-equivalent-lead = Uitgesloten
message-equivalent = De gegevens sluiten uit wat het protocol een relevant effect noemt: op { $list }.
message-equivalent-item = { $phrase } ({ $bound } of meer, omhoog of omlaag)
message-choices-lead = Bij andere keuzes
message-adjusted = { $n ->
    [one] Het duidelijke effect is na correctie voor het aantal uitkomsten (Holm, per domein) { $k ->
        [0] niet meer duidelijk.
       *[other] nog steeds duidelijk.
    }
   *[other] Nog duidelijk na correctie voor het aantal uitkomsten (Holm, per domein): { $k } van de { $n } duidelijke effecten.
 }
message-groups = { $n ->
    [one] Het duidelijke effect is met elke andere controlegroep { $k ->
        [0] niet steeds ook duidelijk en in dezelfde richting.
       *[other] ook duidelijk, in dezelfde richting.
    }
   *[other] Met elke andere controlegroep ook duidelijk, in dezelfde richting: { $k } van de { $n } duidelijke effecten.
 }
message-groups-open = { $n ->
    [one] De onduidelijke uitkomst zou met een andere controlegroep { $k ->
        [0] ook niet duidelijk zijn.
       *[other] wel duidelijk zijn.
    }
   *[other] Onduidelijke uitkomsten die met een andere controlegroep wel duidelijk zouden zijn: { $k } van de { $n }.
 }
message-strain-lead = Bij strengere eisen
message-honest = { $n ->
    [one] Als de groepen na de start zo sterk uiteenlopen als ervoor hoogstens het geval was, is het duidelijke effect { $k ->
        [0] niet meer duidelijk.
       *[other] nog steeds duidelijk.
    }
   *[other] Nog duidelijk als de groepen na de start zo sterk uiteenlopen als ervoor hoogstens het geval was: { $k } van de { $n } duidelijke effecten.
 }
message-left-out = { $n ->
    [one] Als telkens één { $cluster } wordt weggelaten, houdt het duidelijke effect { $k ->
        [0] niet steeds dezelfde richting.
       *[other] steeds dezelfde richting.
    }
   *[other] Dezelfde richting als telkens één { $cluster } wordt weggelaten: { $k } van de { $n } duidelijke effecten.
 }
message-power-lead = Wat gemist kan zijn
message-power = { $n ->
    [one] Het kleinste effect dat deze studie met een kans van { $power } vindt, is { $list }. Een kleiner effect mist zij vaker.
   *[other] De kleinste effecten die deze studie met een kans van { $power } vindt, zijn { $list }. Kleinere effecten mist zij vaker.
 }
message-power-one = { $end } ({ $phrase })
message-power-span = { $low } tot { $high } (afhankelijk van de uitkomst)
