arm-treated = Interventiegroep
arm-control = Controlegroep
all-regions = Alle { $regions } samen
reference-period = referentieperiode (0)
mark-start = start
mark-transition = overgang
figure-data = De getallen in deze figuur
figure-levels = Waargenomen niveaus: { $outcome }
figure-event = Ervoor en erna, per { $period }: { $outcome }
figure-regions = Effect per { $region }: { $outcome }
figure-periods = Effect per { $period }: { $outcome }
figure-forest = { $outcomes ->
    [one] Relatief effect
   *[other] Relatieve effecten op alle uitkomsten
 }
figure-flow = Van de gegevens naar de analyse
forest-heading = Relatief effect (%)
label-caution = { $label } (let op)
caption-levels = Waargenomen gemiddelden{ $weights ->
    [none] {""}
   *[other] , gewogen naar { $weights }
 }, verder niet gecorrigeerd. Interventiegroep: dichte rondjes en een doorgetrokken lijn. Controlegroep: open vierkantjes en een streepjeslijn. De verticale streepjeslijn geeft de start aan. De verticale as begint niet altijd bij nul.
caption-event = Zo leest u deze figuur: elk punt is het verschil tussen de groepen, vergeleken met het verschil in de referentieperiode ({ $reference }, kruisje). Punten dicht bij nul vóór de start betekenen dat de groepen zich gelijk ontwikkelden; punten na de start laten het effect in die periode zien.
caption-periods = Effect in elke periode na de start. De streepjeslijn is het effect over alle perioden samen.
caption-regions = Zo leest u deze figuur: elk vierkantje is het effect in één van de { $regions } van de interventiegroep, het rondje is het effect in alle { $regions } samen. Verschillen tussen { $regions } kunnen toeval zijn.
caption-forest = Zo leest u deze figuur: elke regel is één uitkomst. Het punt is het geschatte effect in procenten van { $base }; links van nul is een daling, rechts van nul een stijging. Waar het interval de nullijn kruist, passen de gegevens bij zowel een daling als een stijging.
caption-caution = Een open ruit met een streepjeslijn: wees voorzichtig, want de trends vóór de start liepen niet gelijk.
caption-intervals = Lijnen zijn { $level }{"\u2011"}betrouwbaarheidsintervallen, elk op zichzelf.
caption-no-interval = Waar geen interval is, staat het punt alleen; de p-waarde staat in de tabel.
caption-unbounded = Een pijl betekent dat het interval aan die kant geen grens heeft.
caption-excluded = Niet getoond, omdat er geen basis is om een percentage van te nemen: { $outcomes }.
caption-flow = Links: wat overblijft. Rechts: wat is weggelaten, en waarom.
flow-start = gelezen
flow-remain = over
flow-end = in de studie
flow-left-out = Weggelaten: { $count }
figure-design = Wie met wie is vergeleken, en wanneer
caption-design = Donker: de { $regions } van de interventiegroep na de start. Grijs: perioden zonder de verandering.{ $transition ->
    [no] {""}
   *[yes] {" "}Wit met een open rand: weggelaten, omdat de verandering toen werd ingevoerd.
 }
design-arm = { $arm }: { $count }
caption-values-in-table = De getallen staan in de tabel.
caption-names-in-table = De getallen en de namen voluit staan in de tabel.
caption-method = Intervallen en p-waarden komen van { $method }.
caption-method-p = De p-waarden komen van { $method }.
caption-choices = Die toets vergelijkt de echte keuze van { $regions } met alle { $n } mogelijke keuzes; het niveau van deze intervallen is daardoor { $level }.
caption-no-interval-together = Effecten die samen zijn geschat, worden wel getoetst, maar deze toets geeft er geen interval voor.
caption-not-estimated = Niet getoond, omdat het effect niet kon worden geschat: { $outcomes }.
step-read = gelezen uit de bronnen
step-missing-region = { $region } onbekend of niet in deze studie
step-missing-period = { $period } onbekend
step-outside-window = buiten de perioden van de studie
step-missing-weight = geen gewicht bekend
step-missing-covariate = niet bekend: { $covariate }
period-label = { $period }
region-label = { $region }
design-before = vóór
design-after = na de start
figure-influence = Zonder telkens één { $cluster }: { $outcome }
caption-influence = Zo leest u deze figuur: elk teken is het effect in alle { $regions } van de interventiegroep samen als één { $cluster } wordt weggelaten, de naam staat ervoor; de streepjeslijn is het effect met allemaal ({ $effect }). Een teken ver van die lijn betekent dat het antwoord aan één { $cluster } hangt.{ $part ->
    [some] {" "}Getoond zijn de { $shown } van { $count } die het effect het meest verschuiven.
   *[all] {""}
 }
cluster-head = { $cluster }
