status-amended = Vooraf vastgelegd, met { $n ->
    [one] 1 wijziging.
   *[other] { $n } wijzigingen.
 }
status-amended-text = Het protocol is vastgelegd en daarna gewijzigd. Elke wijziging is genoteerd. Wat er veranderde, waarom, en wat er toen al bekend was, staat onder ‘Waar deze getallen vandaan komen’.
status-amended-late = Gewijzigd toen er al uitkomsten bekend waren ({ $n ->
    [one] in totaal 1 wijziging
   *[other] in totaal { $n } wijzigingen
 }).
status-amended-late-text = Het protocol is vooraf vastgelegd. Minstens één wijziging is gedaan toen er al uitkomsten bekend waren. Die keuze kan daardoor zijn beïnvloed. Wat er veranderde en waarom, staat onder ‘Waar deze getallen vandaan komen’.
status-differs = Verkennend: het protocol is anders dan wat was vastgelegd.
status-differs-text = Het is na het vastleggen gewijzigd en die wijziging is niet genoteerd. Wat er anders is, staat onder ‘Waar deze getallen vandaan komen’.
status-blind = Blinde berekening.
status-blind-text = Dit rapport laat zien wie er zijn onderzocht, hoe goed de groepen op elkaar lijken, hoe zij zich vóór de start ontwikkelden en welke effecten te vinden zijn. Alles vanaf de start blijft verborgen totdat is genoteerd dat de uitkomsten zijn geopend.
status-blocked = Niet alles is zichtbaar.
status-blocked-text = De regel voor trends vóór de start geeft geen oordeel over { $list }. De effecten daarop blijven verborgen totdat iemand dat heeft aanvaard en genoteerd.
status-running-locked = Vooraf vastgelegd
status-running-amended = Vooraf vastgelegd, { $n ->
    [one] 1 wijziging
   *[other] { $n } wijzigingen
 }
status-running-amended-late = Protocol gewijzigd toen er al uitkomsten bekend waren
status-running-differs = Verkennend: protocol anders dan vastgelegd
status-running-blind = Blinde berekening
fact-locked = Protocol vastgelegd
fact-lock-hash = Vastlegging (SHA-256)
fact-unblinded = Uitkomsten geopend
fact-differences = Gewijzigd zonder notitie
table-amendments = Wijzigingen van het protocol na het vastleggen
column-amendment = Wijziging
column-signed = Door wie en wanneer
column-seen = Wat er al bekend was
column-amendment-reason = Reden
column-changed = Wat er veranderde
seen-nothing = nog geen gegevens
seen-population = wie er zijn onderzocht, gelijkheid van de groepen en trends vóór de start
seen-results = uitkomsten
lock-signed = { $author }, { $time } UTC
lock-accepted = Zichtbaar zonder oordeel van de regel voor trends: { $list }.
lock-means = De vastlegging is een bestand naast het protocol. Het laat wijzigingen zien die per ongeluk zijn gedaan of vergeten. Voor anderen bewijst het de datum alleen als de SHA-256 ook ergens anders is gedeponeerd, bijvoorbeeld in een openbaar register.
reason-withheld-blind = de berekening is blind en de uitkomsten zijn nog niet geopend
reason-withheld-gate = de regel voor trends vóór de start geeft geen oordeel
effect-withheld = Het effect op { $phrase } is niet zichtbaar: { $reason }.
answer-withheld = { $n ->
    [one] Eén uitkomst is nog niet te zien.
   *[other] { $n } uitkomsten zijn nog niet te zien.
 }
answer-withheld-all = Geen van de { $all } uitkomsten is al te zien: de resultaten zijn nog niet geopend.
public-withheld = { $n ->
    [one] Eén uitkomst is nog niet te zien:
   *[other] { $n } uitkomsten zijn nog niet te zien:
 }
public-one-withheld = Dit is nog niet te zien.
public-means-withheld = Over het effect is niets te zeggen voordat de resultaten zijn geopend. Eerst komt wie er is geteld en hoe goed de groepen op elkaar leken.
count-withheld = { $n } nog niet te zien
message-withheld = Er is geen effect te zien: de resultaten zijn nog niet geopend.
