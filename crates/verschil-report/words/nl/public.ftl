heading-summary = Publiekssamenvatting
public-asked = Wat was de vraag?
public-found = Wat is er gevonden?
public-means = Wat betekent dit?
public-means-not = Wat betekent dit niet?
public-treated = In { $treated } is iets nieuws ingevoerd: { $intervention }.
public-control = In { $control } gebeurde dat niet.
public-start = De start was in { $start }. We vergeleken de tijd ervoor en erna.
public-expected = Zo schatten we hoe het anders was gegaan.
public-named = Dat noemen we ‘verwacht’.
public-outcomes = { $n ->
    [one] We keken naar één uitkomst.
   *[other] We keken naar { $n } uitkomsten.
 }
answer-clear = { $n ->
    [0] Bij geen van de { $all } uitkomsten zien we een duidelijke verandering.
    [one] Bij één van de { $all } uitkomsten zien we een duidelijke verandering.
   *[other] Bij { $n } van de { $all } uitkomsten zien we een duidelijke verandering.
 }
answer-chance = { $k ->
    [0] Dat kan toeval zijn. Houden we rekening met het aantal uitkomsten, dan blijft er geen over.
    [one] Bij veel uitkomsten valt soms iets op door toeval. Houden we daar rekening mee, dan blijft er één over.
   *[other] Bij veel uitkomsten valt soms iets op door toeval. Houden we daar rekening mee, dan blijven er { $k } over.
 }
answer-equivalent = { $n ->
    [one] Bij één van de { $all } is er vrij zeker geen verandering die ertoe doet.
   *[other] Bij { $n } van de { $all } is er vrij zeker geen verandering die ertoe doet.
 }
answer-open = { $n ->
    [one] Bij één van de { $all } is niet duidelijk of er iets is veranderd.
   *[other] Bij { $n } van de { $all } is niet duidelijk of er iets is veranderd.
 }
answer-open-all = Bij geen van de { $all } uitkomsten kunnen we zeggen of er iets is veranderd.
answer-doubtful = { $n ->
    [one] Bij één van de { $all } is voorzichtigheid nodig: de groepen liepen al vóór de start uiteen.
   *[other] Bij { $n } van de { $all } is voorzichtigheid nodig: de groepen liepen al vóór de start uiteen.
 }
answer-refused = { $n ->
    [one] Bij één van de { $all } kon niets worden berekend.
   *[other] Bij { $n } van de { $all } kon niets worden berekend.
 }
answer-nothing = Bij geen van de { $all } uitkomsten kon iets worden berekend.
public-open = { $n ->
    [one] Bij één uitkomst is niet duidelijk of er iets is veranderd:
   *[other] Bij { $n } uitkomsten is niet duidelijk of er iets is veranderd:
 }
public-doubtful = Wees hier voorzichtig: de groepen liepen al vóór de start uiteen. Een verschil kan daardoor komen. Het gaat om { $n ->
    [one] één uitkomst:
   *[other] { $n } uitkomsten:
 }
public-refused = { $n ->
    [one] Bij één uitkomst kon niets worden berekend:
   *[other] Bij { $n } uitkomsten kon niets worden berekend:
 }
public-one-clear = { $direction ->
    [down] Lager dan verwacht.
   *[up] Hoger dan verwacht.
 }{ $value ->
    [better] {" "}Dat is gunstig.
    [worse] {" "}Dat is ongunstig.
   *[neither] {""}
 }
public-one-small = Het verschil is wel kleiner dan { $bound }. Pas vanaf daar doet het ertoe, zegt deze studie.
public-one-equivalent = Er is vrij zeker geen verandering die ertoe doet. Het verschil is kleiner dan { $bound }, omhoog of omlaag.
public-one-open = We weten niet of er iets is veranderd.
public-one-doubtful = Wees hier voorzichtig: de groepen liepen al vóór de start uiteen. Een verschil kan daardoor komen.
public-one-refused = Hier kon niets worden berekend.
public-one-untested = Of de groepen vóór de start gelijk opgingen, weten we niet.
plain-estimate = Naar schatting { $amount }.
plain-estimate-of = Naar schatting { $amount } { $of } ({ $points }).
plain-of = per { $scale }{"\u00A0"}{ $units }
plain-count = { $direction ->
    [down] { $amount }{"\u00A0"}minder
   *[up] { $amount }{"\u00A0"}meer
 }
plain-amount = { $direction ->
    [down] { $amount } lager
   *[up] { $amount } hoger
 }
plain-between = Het kan liggen tussen { $low } en { $high }{ $of }.
plain-from = De ondergrens is { $end }{ $of }. Een bovengrens is er niet.
plain-to = De bovengrens is { $end }{ $of }. Een ondergrens is er niet.
plain-unbounded = Hoe groot een verandering kan zijn, is niet te zeggen.
plain-no-range = Tussen welke grenzen dit ligt, is niet te zeggen.
plain-base = { $kind ->
    [counterfactual] Verwacht was gemiddeld { $level }.
   *[before] Vóór de start was het gemiddeld { $level }.
 }
plain-base-of = { $kind ->
    [counterfactual] Verwacht waren er { $level } per { $scale }.
   *[before] Vóór de start waren het er { $level } per { $scale }.
 }
public-means-clear = Een duidelijke verandering is moeilijk door toeval alleen te verklaren. Zij kan komen door { $intervention }.
public-means-weak = Er is geen stevig bewijs dat er door { $intervention } iets is veranderd.
public-means-if = Dat geldt alleen als de groepen zich anders hetzelfde hadden ontwikkeld.
public-means-equivalent = Soms kunnen we een verandering die ertoe doet uitsluiten. Dat zeggen we er dan bij.
public-means-open = We kunnen niet zeggen of er door { $intervention } iets is veranderd.
public-means-nothing = Met deze gegevens is de vraag niet te beantwoorden.
public-not-absent = Niet duidelijk betekent: we weten het niet. Er kan wel iets zijn veranderd.
public-not-large = Duidelijk is niet hetzelfde als groot. Of een verandering veel uitmaakt, is een andere vraag.
public-not-each = De cijfers gaan over alle { $n }{"\u00A0"}{ $regions } samen. In één { $region } kan het anders zijn.
public-not-fixed = De keuzes in deze studie stonden niet vooraf vast. Zie haar als een verkenning.
public-not-elsewhere = Deze studie zegt niet waarom iets verandert. Ook zegt zij niets over andere { $regions }.
