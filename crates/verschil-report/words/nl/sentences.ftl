verdict-change = De gegevens wijzen op { $change }{ $value ->
    [better] , en dat is gunstig.
    [worse] , en dat is ongunstig.
   *[neither] .
 }
verdict-unknown = We kunnen niet zeggen of er door { $intervention } iets is veranderd aan { $phrase }.
verdict-equivalent = Er is geen effect van relevante omvang op { $phrase }: een effect van { $bound } of meer, omhoog of omlaag, is uitgesloten.
effect-small = De verandering is kleiner dan { $bound }, het kleinste effect dat er volgens het protocol toe doet.
not-excluded = Een daling tot { $low } en een stijging tot { $high } zijn niet uitgesloten.
not-excluded-no-high = Een daling tot { $end } is niet uitgesloten, en een stijging heeft geen grens.
not-excluded-no-low = Een stijging tot { $end } is niet uitgesloten, en een daling heeft geen grens.
not-excluded-any = Een daling noch een stijging heeft een grens.
change-decrease = een daling van { $phrase }
change-increase = een stijging van { $phrase }
effect-absent = Het effect op { $phrase } kon niet worden geschat.
effect-alone = Het geschatte effect is { $effect }.
effect-with = Het geschatte effect is { $effect } ({ $inside }).
interval = { $level }{"\u2011"}betrouwbaarheidsinterval: { $range }
p-equal = p{"\u00A0"}={"\u00A0"}{ $p }
p-below = p{"\u00A0"}<{"\u00A0"}{ $p }
relative-alone = Afgezet tegen { $base } ({ $level }) is dat { $relative }.
relative-with = Afgezet tegen { $base } ({ $level }) is dat { $relative } (interval: { $range }).
base-pre-mean = het gemiddelde in de interventiegroep vóór de start
base-counterfactual = het niveau dat zonder de verandering werd verwacht
inference-both = Het interval en de p-waarde komen van { $method }.
inference-interval = Het interval komt van { $method }.
inference-p = De p-waarde komt van { $method }; een interval is er niet.
inference-none = Er is geen interval en geen p-waarde van { $method }.
interval-refused = Er is geen interval: { $reason }.
floor = Met dit aantal { $regions } is { $p } de kleinste p-waarde die deze toets kan geven.
caution = Wees voorzichtig met deze uitkomst: vóór de start liepen de trends in de interventiegroep en de controlegroep volgens de regel van deze studie niet gelijk.
caution-untested = Of de trends vóór de start gelijk liepen, kon met de regel van deze studie niet worden getoetst.
range-both = { $low } tot { $high }
range-no-high = vanaf { $low }, geen bovengrens
range-no-low = tot { $high }, geen ondergrens
range-unbounded = geen ondergrens en geen bovengrens


trend-rule = De regel van deze studie: van de { $k ->
    [one] { $k } getoetste periode
   *[other] { $k } getoetste perioden
 } vóór de start { $max ->
    [0] mag er geen
    [one] mag er hoogstens { $max }
   *[other] mogen er hoogstens { $max }
 } afwijken van de referentieperiode ({ $reference }), bij een toetsniveau van { $alpha }.
trend-found = { $n ->
    [0] Geen enkele periode week af.
    [one] Eén periode week af: { $list }.
   *[other] { $n } perioden weken af: { $list }.
 }
trend-holds = Aan de regel is voldaan. Dat bewijst niet dat de trends na de start gelijk waren gebleven.
trend-fails = Aan de regel is niet voldaan: wees voorzichtig met de effecten op deze uitkomst.
trend-unknown = De regel kon niet worden toegepast.
trend-joint = Gezamenlijke toets van deze perioden: F({ $df1 }; { $df2 }) = { $f }, { $p }.
trend-word-holds = gelijk
trend-word-fails = niet gelijk
trend-word-unknown = niet getoetst

reason-one-treated = met één { $cluster } in de interventiegroep is er niets om een standaardfout op te baseren

percent = { $value }%
percentage-points = { $n ->
    [one] { $value }{"\u00A0"}procentpunt
   *[other] { $value }{"\u00A0"}procentpunt
 }
unit-percentage-points = procentpunt
unit-percent = %
units-effects = { $all ->
    [yes] Niveaus zijn in %, effecten in procentpunt.
   *[no] Waar bij een uitkomst geen eenheid staat, zijn niveaus in % en effecten in procentpunt.
 }
units-comparisons = { $all ->
    [yes] Effecten zijn in procentpunt.
   *[no] Waar bij een uitkomst geen eenheid staat, zijn effecten in procentpunt.
 }
not-available = – niet beschikbaar
interval-not-available = geen interval
effect-refused = Het effect op { $phrase } kon niet worden geschat: { $reason }.
lead-refused = De methode die in deze studie voorop zou staan, { $method }, kan hier niet: { $reason }.
floor-of-matched = De permutatietoets binnen gekozen groepen vergelijkt de echte keuze van { $regions } met alle { $n } mogelijke keuzes waarbij elke groep evenveel { $regions } met de verandering houdt, de echte meegerekend; de kleinste p-waarde die zij kan geven is { $p }.
floor-of = De permutatietoets vergelijkt de echte keuze van { $regions } met alle { $n } mogelijke keuzes, de echte meegerekend; de kleinste p-waarde die zij kan geven is { $p }.
inverted = Het interval is deze toets omgekeerd: het bevat elk effect waarbij minstens { $k } van de { $n } keuzes een minstens zo groot verschil geven. Met zo weinig keuzes is het niveau dat van de toets, { $attained }, en niet precies { $level }.
trend-tested-with = Of een periode afwijkt, is beoordeeld met { $method }.
trend-unknown-floor = De regel kan niet worden toegepast: de kleinste p-waarde die deze toets kan geven{ $known ->
    [yes] {" "}({ $p })
   *[no] {""}
 } ligt niet onder het niveau van { $alpha }, zodat geen enkele periode ooit zou kunnen afwijken.
trend-unknown-untested = De regel kon niet worden toegepast, omdat geen van de perioden die zij noemt kon worden getoetst.
trend-unknown-no-event = De regel kon niet worden toegepast, omdat het protocol niet om een event study vraagt.
trend-unknown-refused = De regel kon niet worden toegepast: { $reason }.
trend-no-joint = Er is geen gezamenlijke toets van deze perioden: { $reason }.
trend-joint-against = Samen wijken deze perioden wel af, hoewel aan de regel is voldaan; wees voorzichtig met deze uitkomst.
reason-one-control = met één { $cluster } in de controlegroep is er niets om een standaardfout op te baseren
reason-nothing-treated = van de interventiegroep zijn er geen gegevens van zowel vóór als na de start
reason-no-controls = van de controlegroep zijn er geen gegevens
reason-not-identified = het effect is niet te onderscheiden van { $regions }, perioden en de kenmerken waarvoor is gecorrigeerd
reason-jackknife = zonder { $what } is het effect niet te schatten, zodat de jackknife niet bestaat
reason-constant-outcome = de uitkomst heeft in deze vergelijking overal dezelfde waarde
reason-no-outcome = deze vergelijking bevat geen waarden van de uitkomst
reason-mixed-cluster = cluster { $what } bevat zowel { $regions } van de interventiegroep als andere, zodat clusters niet te verwisselen zijn
reason-not-matched = de controlegroep is niet door matching gekozen, dus er zijn geen gekoppelde groepen om { $regions } binnen te verwisselen
reason-no-finer-level = elk cluster is één { $region }, dus er is niets kleiners om voor te trekken
reason-too-few-clusters = er zijn te weinig clusters om zo veel perioden samen te toetsen
reason-not-defined = de methode bestaat niet voor dit soort effect
reason-separation = in een deel van de gegevens is de uitkomst overal gelijk, zodat het model geen eindig antwoord heeft
reason-outcome-range = de uitkomst heeft waarden die dit model niet aankan
reason-no-convergence = de berekening van dit model kwam niet tot een eind
reason-singular-covariance = er zijn te weinig clusters voor zo veel effecten, zodat hun onzekerheid samen niet te berekenen is
reason-perfect-fit = het model beschrijft deze uitkomst zonder enige fout, zodat de onzekerheid niet te berekenen is
reason-no-end = een eind van het interval is niet gevonden, hoe ver er ook is gezocht
reason-unnamed = een van de clusters
cluster-noun = cluster
period-noun = periode
no-number = –
reason-leverage-one = het effect berust voor een deel alleen op { $what }, zodat CR2 niets heeft om te corrigeren
reason-too-few-degrees = er zijn te weinig vrijheidsgraden om zo veel perioden samen te toetsen
trend-htz = Dezelfde toets, gecorrigeerd voor weinig clusters (HTZ): F({ $df1 }; { $df2 }) = { $f }, { $p }.
influence = Als telkens één { $cluster } wordt weggelaten, ligt het effect tussen { $low } (zonder { $lowest }) en { $high } (zonder { $highest }). De { $count } clusters bevatten evenveel informatie als { $effective } die even zwaar wegen.
influence-sign = Zonder een ervan heeft het effect een ander teken: bouw niet op de richting ervan.
reason-missing-cells = sommige { $regions } hebben in een { $period } geen gegevens, en deze methode heeft ze alle nodig
reason-too-few-controls = er zijn te weinig { $regions } in de controlegroep om de plaats van de interventiegroep in te nemen
reason-too-few-units = er zijn te weinig { $regions } met genoeg gegevens om ze met elkaar te vergelijken
