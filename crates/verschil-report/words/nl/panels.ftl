column-analysis = Analyse
column-band = Interval voor alle tegelijk
caption-band = { $same ->
    [yes] De langere, dunne lijnen gelden voor alle punten tegelijk.
   *[no] De dunne lijnen gelden voor alle punten tegelijk; ze komen van { $method }.
 }
figure-panel = Het effect in één oogopslag: { $outcome }
panel-regions = Effect per { $region }
panel-periods = Effect per { $period }
panel-choices = Hetzelfde effect bij andere keuzes
panel-comparison = Controlegroep: { $comparison }
panel-weighted = Met gewichten voor de koppeling
caption-panel = Zo leest u deze figuur: elk teken is een geschat effect, het grijze vlak is de hoofdanalyse. De andere zijn delen daarvan, en hetzelfde effect bij andere keuzes. Tekens verschillen ook door toeval; als die bij andere keuzes ver van de hoofdanalyse liggen, hangt het antwoord aan die keuze.
caption-panel-regions = Vierkantjes: één { $region } van de interventiegroep. Rondjes: alle { $regions } samen.
caption-panel-methods = Niet alle intervallen komen van dezelfde methode; in de tabel staat de methode erbij.
caption-panel-refused = Niet getoond: { $label } ({ $reason }).
figure-controls = Waaruit de gewogen controlegroep bestaat: { $outcome }
controls-heading = Gewicht in de controlegroep (%)
caption-controls = Zo leest u deze figuur: sommige methoden maken een controlegroep waarin elke { $region } met een eigen gewicht meetelt, zodat die groep zich vóór de start net zo ontwikkelt als de interventiegroep. Hier: { $models }. De gewichten van één methode zijn samen 100%.{ $part ->
    [some] {" "}Getekend zijn de { $shown } { $regions } met de grootste gewichten; in de tabel staan alle { $n }.
   *[all] {""}
 }
figure-spending = In geld ({ $unit }): { $domain }
spending-fallback = bedragen
spending-heading = Gemiddelde in de interventiegroep na de start ({ $unit })
spending-difference = Verschil ({ $unit })
spending-observed = { $value } waargenomen
spending-without = { $value } verwacht zonder
caption-spending = Zo leest u deze figuur: de dichte balk is het waargenomen gemiddelde, de open balk het gemiddelde dat zonder de verandering werd verwacht. Daaronder staat het verschil tussen die twee, op een grotere schaal: rechts van nul is meer uitgegeven dan verwacht, links van nul minder.
figure-honest = Als trends niet precies gelijk liepen: { $outcome }
honest-axis-relative = Toegestaan uiteenlopen per { $period }: keer de grootste verandering vóór de start
honest-axis-smooth = Toegestane verandering van de helling per { $period }{ $known ->
    [yes] {" "}({ $unit })
   *[no] {""}
 }
honest-none = geen
honest-mark = nul erin vanaf { $value }
honest-name-relative = Uiteenlopen, keer de grootste eerdere verandering
honest-name-smooth = Verandering van de helling
honest-breakdown = vanaf hier ligt nul erin
column-drift = Wat is toegestaan
column-bound = Hoogstens
caption-honest = Zo leest u deze figuur: elke lijn is een { $level }{"\u2011"}betrouwbaarheidsinterval van het gemiddelde effect na de start. De eerste, bij ‘geen’, neemt aan dat de trends gelijk liepen. Verder naar rechts mogen de groepen meer uiteenlopen. Zolang een lijn nul niet raakt, wijzen de gegevens ondanks dat uiteenlopen één kant op.
caption-honest-no-parallel = Het interval bij gelijke trends staat niet in deze resultaten.
caption-honest-relative = { $kind ->
    [at] Gemeten aan de grootste eerdere verandering ligt nul in het interval vanaf { $value } keer die verandering.
    [beyond] Gemeten aan de grootste eerdere verandering blijft nul buiten het interval tot { $value } keer die verandering, het meeste dat is geprobeerd.
   *[none] Gemeten aan de grootste eerdere verandering ligt nul al in het interval als de groepen niet uiteen mogen lopen.
 }
caption-honest-smooth = { $kind ->
    [at] Als de helling mag veranderen, ligt nul in het interval vanaf een verandering van { $value } per { $period }.
    [beyond] Als de helling mag veranderen, blijft nul buiten het interval tot een verandering van { $value } per { $period }, het meeste dat is geprobeerd.
   *[none] Als het verschil tussen de groepen in een rechte lijn mag doorgaan, ligt nul al in het interval.
 }
caption-honest-no-relative = Voor uiteenlopen gemeten aan de grootste eerdere verandering kon geen interval worden berekend.
caption-honest-no-smooth = Voor een helling die mag veranderen kon geen interval worden berekend.
caption-honest-empty = Waar een lijn ontbreekt, passen deze gegevens niet bij zo weinig uiteenlopen.
figure-idea = Het idee van de vergelijking: { $outcome }
idea-without-row = Interventiegroep, verwacht zonder de verandering
idea-treated = Interventiegroep: { $value }
idea-control = Controlegroep: { $value }
idea-without = Verwacht zonder de verandering: { $value }
idea-anyway = Zoveel was er toch al veranderd
idea-effect = Dit is het effect: { $value }
caption-idea = Zo leest u deze figuur: de controlegroep (open vierkantjes) laat zien hoeveel er veranderde zonder de hervorming. Hetzelfde wordt verwacht van de interventiegroep (streepjeslijn naar het open rondje). Wat daar is waargenomen (dichte rondjes), verschilt daarvan: dat is het effect. De streepjeslijnen hoeven niet precies gelijk te lopen, want het model kijkt naar elke { $region } en elk { $period } apart en houdt rekening met andere verschillen. Waargenomen gemiddelden{ $weights ->
    [none] {""}
   *[other] , gewogen naar { $weights }
 }. De verticale as begint niet altijd bij nul.
