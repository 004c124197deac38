figure-funnel = Hoe { $regions } verschillen: { $outcome }
funnel-all = alle: { $value }
funnel-sizes = Aantal { $units } per { $region }, { $phase ->
    [pre] vóór de start
   *[post] na de start
 }
column-place = Waar het ligt
column-share-before = Aandeel vóór de start
column-place-before = Waar het lag
place-within = binnen de lijnen
place-above-inner = boven de binnenste lijn
place-above-outer = boven de buitenste lijn
place-below-inner = onder de binnenste lijn
place-below-outer = onder de buitenste lijn
place-not-compared = niet vergeleken
caption-funnel = Zo leest u deze figuur: elk teken is één { $region }, { $phase ->
    [pre] vóór de start
   *[post] na de start
 }. Verder naar rechts: meer { $units }. Hoger: een groter aandeel met deze uitkomst. De doorgetrokken rechte lijn is het aandeel in al deze { $regions } samen ({ $centre }). Hoe kleiner het aantal, hoe meer een aandeel door toeval schommelt; daarom liggen de lijnen links verder uit elkaar. Een teken binnen de lijnen ligt niet verder van de rechte lijn dan te verwachten is.
caption-funnel-none-out = Geen enkele { $region } ligt buiten de buitenste lijnen (99,8%).
caption-funnel-above = Boven de buitenste lijn (99,8%): { $named ->
    [yes] { $which }.
   *[no] { $n } { $regions }; in de tabel staat welke.
 }
caption-funnel-below = Onder de buitenste lijn (99,8%): { $named ->
    [yes] { $which }.
   *[no] { $n } { $regions }; in de tabel staat welke.
 }
caption-funnel-between = { $n ->
    [0] Van de { $compared } ligt er geen
    [one] Van de { $compared } ligt er één
   *[other] Van de { $compared } liggen er { $n }
 } tussen de binnenste (95%) en de buitenste lijn. Als er geen andere verschillen waren dan de gewone, dan lag 1 op de 20 buiten de binnenste lijnen en 1 op de 500 buiten de buitenste.
caption-funnel-spread = { $wide ->
    [yes] De { $regions } verschillen { $phi } keer zo veel als alleen door toeval zou gebeuren (gemeten als variantie, nadat aan elke kant de uiterste tien procent van de scores naar binnen is gehaald). Daarom liggen de lijnen verder uit elkaar.
   *[no] Er is geen spreiding gemeten die groter is dan toeval, dus de lijnen laten alleen toeval zien.
 } Ze komen van exacte binomiale kansen.
caption-funnel-raw = Deze aandelen zijn zoals waargenomen: ze zijn niet gecorrigeerd voor wie er in welke { $region } woont. De figuur zegt niet waarom een { $region } afwijkt, en ook niet wat de verandering heeft gedaan.
caption-funnel-ratio = Langs de horizontale as staat dezelfde afstand voor dezelfde verhouding.
caption-funnel-small = Niet vergeleken, met minder dan { $fewest } { $units }: { $which }.
