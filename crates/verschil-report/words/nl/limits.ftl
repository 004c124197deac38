limitations-follow = Deze beperkingen volgen uit de resultaten:
limit-invented = De gegevens zijn verzonnen; geen enkel getal gaat over de werkelijkheid.
limit-exploratory = Het protocol was niet vastgelegd vóór de berekening, zodat keuzes gemaakt kunnen zijn nadat de uitkomsten bekend waren.
limit-refused = { $n ->
    [one] Verder is één getal geweigerd, omdat de gegevens het niet kunnen dragen; zie de opmerkingen en weigeringen.
   *[other] Verder zijn { $n } getallen geweigerd, omdat de gegevens ze niet kunnen dragen; zie de opmerkingen en weigeringen.
 }
limit-few-treated = { $n ->
    [one] De interventiegroep bestaat uit { $treated }: wat daar verder gebeurde, is van het effect niet te onderscheiden.
   *[other] De interventiegroep bestaat uit maar { $treated }, en met zo weinig kunnen intervallen te smal zijn.
 }
limit-trends-failed = Bij { $n } van de { $all } uitkomsten liepen de trends vóór de start niet gelijk{ $named ->
    [yes] : { $list }.
   *[no] .
 }
limit-trends-untested = Bij { $n } van de { $all } uitkomsten kon niet worden getoetst of de trends vóór de start gelijk liepen{ $named ->
    [yes] : { $list }.
   *[no] .
 }
limit-linked = Van de { $units } { $noun } is { $share } gekoppeld aan { $link }; over de { $lost } andere zegt die bron niets.
limit-many = Er zijn { $n } uitkomsten getoetst, elk op een niveau van { $alpha }: bij zo veel toetsen valt er gemakkelijk een door toeval op.
limit-no-bounds = Het protocol noemt { $which ->
    [some] voor { $n } van de { $all } uitkomsten niet
   *[all] niet
 } vanaf welke omvang een effect ertoe doet, zodat niet te toetsen is of effecten kleiner zijn dan dat.
limit-regression = De controlegroep is mede gekozen op { $list }, en dat is zelf een uitkomst: wat vóór de start uitzonderlijk was, keert vaak terug naar het gemiddelde, en dat kan op een effect lijken.
