kind = Evaluatierapport
skip = Naar het rapport
heading-contents = Inhoud
heading-design = Wat is er vergeleken
heading-found = Wat is er gevonden
heading-comparisons = Dezelfde uitkomsten met andere controlegroepen
heading-outcomes = Uitkomst voor uitkomst
heading-population = Wie zijn er geteld
heading-groups = Hoe vergelijkbaar de groepen waren
heading-findings = Opmerkingen en weigeringen
heading-limitations = Beperkingen
heading-methods = Methoden
heading-literature = Literatuur over de methoden
heading-references = Bronnen van deze studie
heading-provenance = Waar deze getallen vandaan komen
heading-sure = Hoe zeker zijn we?
heading-trend = Was de trend vóór de start gelijk?
status-locked = Vooraf vastgelegd.
status-locked-text = Het protocol stond vast vóór de berekening. De keuzes zijn dus niet gemaakt na het zien van de uitkomsten.
status-exploratory = Verkennend: het protocol was niet vastgelegd vóór de berekening.
status-exploratory-text = Keuzes in de analyse kunnen gemaakt zijn nadat de uitkomsten al bekend waren.
status-running-head = Verkennend: protocol niet vooraf vastgelegd
footer = Alle zinnen, tabellen en figuren in dit rapport zijn gemaakt uit één bestand met resultaten. Getallen zijn alleen in dit rapport afgerond.

design-idea = De verandering in de interventiegroep is vergeleken met de verandering in de controlegroep in dezelfde tijd. Het verschil tussen die twee zien we als het effect van { $intervention }. Dat klopt als beide groepen zich zonder die verandering op dezelfde manier hadden ontwikkeld.
fact-treated = Interventiegroep
fact-treated-many = { $count }; de namen staan onder “{ $section }”
fact-control = Controlegroep
fact-before = Vóór de start
fact-dropped = Weggelaten (overgang)
fact-after = Na de start
fact-reference = Referentieperiode
fact-units = Geteld in de modellen
fact-units-between = tussen { $low } en { $high }{"\u00A0"}{ $units }, afhankelijk van de uitkomst
fact-clusters = Clusters
fact-covariates = Gecorrigeerd voor
fact-weights = Gewogen naar
fact-data = Gegevens
fact-span = { $n ->
    [one] { $span } (1 periode)
   *[other] { $span } ({ $n } perioden)
 }
no-covariates = niets naast vaste verschillen tussen { $regions } en perioden
units-fallback = eenheden
clusters-fallback = clusters
region-noun = { $n ->
    [one] regio
   *[other] regio’s
 }
intervention-fallback = de verandering

comparisons-why = De keuze van de controlegroep doet ertoe. Deze tabel laat het effect op elke uitkomst zien voor elke controlegroep in het protocol.
comparisons-note = Effect met daaronder het { $level }{"\u2011"}betrouwbaarheidsinterval.
comparison-main = hoofdvergelijking

sure-why = Hetzelfde effect, met verschillende methoden voor de onzekerheid. Als de methoden elkaar tegenspreken, wees dan voorzichtig met de conclusie.
better-lower = Bij deze uitkomst is lager beter.
better-higher = Bij deze uitkomst is hoger beter.
better-neither = Bij deze uitkomst is lager of hoger op zichzelf niet beter.
no-figures = Er zijn geen figuren voor deze uitkomst: het effect kon niet worden geschat.
trend-absent = De trend vóór de start is voor deze uitkomst niet getoetst.
forest-absent = Er is geen figuur van relatieve effecten, omdat geen enkele uitkomst een basis voor percentages heeft.

population-why = Van de eerste gelezen rij tot de { $units } in de studie. De aantallen kloppen bij elke stap. Een model kan er minder bevatten: de overgang en rijen zonder de uitkomst blijven erbuiten.
balance-note = Gemiddelden vóór de start{ $weights ->
    [none] {""}
   *[other] , gewogen naar { $weights }
 }. Het gestandaardiseerde verschil is het verschil in gemiddelden gedeeld door de gepoolde standaarddeviatie. Als vuistregel is meer dan 0,1 in een van beide richtingen een teken dat de groepen niet gelijk waren; het model corrigeert voor deze kenmerken, maar niet voor andere.
descriptives-note = Gemiddelden met de standaarddeviatie tussen haakjes; aandelen in procenten.
findings-why = Wat de controles op de gegevens en de modellen aan het licht brachten. Een weigering betekent dat de gegevens een getal niet kunnen dragen; het wordt dan niet gegeven.
provenance-why = Wie over dezelfde gegevens beschikt, kan hiermee nagaan dat hetzelfde protocol dezelfde getallen geeft.
fact-protocol = Protocol (SHA-256)
fact-version = Programma
fact-seed = Startgetal van toevalstrekkingen
fact-schema = Schema van de resultaten
footer-print = Op papier zijn de getallen achter de figuren weggelaten; zij staan in tables/estimates.csv en in de digitale versie van dit rapport.
fact-control-named = { $label } ({ $count })
fact-control-without = { $label } ({ $count } met gegevens; nog { $without } { $without ->
    [one] staat
   *[other] staan
 } in het protocol, maar zonder gegevens)
fact-clusters-region = { $count }: de clusters zijn de { $regions } zelf
fact-clusters-other = { $count } { $clusters }: metingen binnen een cluster worden als samenhangend gezien
fact-weights-analytic = { $weights }: rijen tellen naar verhouding mee (analytische gewichten)
fact-weights-frequency = { $weights }: elke rij staat voor zo veel eenheden (frequentiegewichten)
weights-fallback = de gewichten van het protocol
found-read = Zo leest u deze getallen: het effect is het verschil tussen wat is waargenomen en wat zonder de verandering werd verwacht. Het betrouwbaarheidsinterval laat zien welke effecten bij de gegevens passen: hoe breder, hoe minder zeker. De p-waarde zegt hoe vaak een verschil van minstens deze omvang door toeval zou ontstaan als het effect nul was; is zij lager dan { $alpha }, dan zeggen we dat de gegevens op een verandering wijzen. Zij zegt niet hoe groot de verandering is, en ook niet hoeveel die uitmaakt.
found-method = Alle intervallen en p-waarden in dit deel komen van { $method }.
found-many = Er zijn { $n } uitkomsten, en intervallen en p-waarden zijn niet gecorrigeerd voor dat aantal: sommige kunnen door toeval opvallen.
sure-disagree = Hier spreken zij elkaar tegen: de p-waarde is lager dan { $alpha } met { $below }, en niet met { $above }.
linkage-note = Gekoppeld: rijen die bij een eenheid in de basis horen.
