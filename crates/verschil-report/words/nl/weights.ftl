heading-weights = Een controle: wat als iedereen was gekoppeld?
weights-why = In deze studie zitten alleen { $noun } die zijn gekoppeld, en dat lukte niet in elke groep even vaak. Daarom zijn de effecten ter controle nog eens geschat, nu met gewichten. Wie is gekoppeld, telt voor één gedeeld door het aandeel dat in dezelfde groep is gekoppeld. Waar weinig is gekoppeld, telt elk daarvan dus zwaarder. Samen staan zij voor iedereen die gekoppeld had kunnen worden.
weights-eligible = Van de { $eligible } { $noun } die gekoppeld hadden kunnen worden, zijn er { $linked } gekoppeld, aan elke bron waar de studie om vraagt.
weights-made = De groepen zijn gemaakt naar { $by }. Een groep met minder dan { $min } { $noun } gaat samen met andere kleine groepen die erop lijken. Dat geeft { $n ->
    [one] één groep
   *[other] { $n } groepen
 }, waarvan { $merged } samengevoegd uit kleinere.
weights-spread = { $n } { $noun } hebben een gewicht, van { $smallest } tot { $largest }; de helft weegt { $median } of minder. Zij zeggen evenveel als { $effective } { $noun } met gelijke gewichten.
weights-trimmed = Geen gewicht is groter dan { $max }. In { $k ->
    [one] één groep
   *[other] { $k } groepen
 }, met { $n } { $noun }, zou het groter zijn geweest.
weights-nobody = In { $k ->
    [one] één groep
   *[other] { $k } groepen
 } is niemand gekoppeld. Voor de { $n } { $noun } daarin kan niemand staan. Zij tellen dus in geen van beide analyses mee.
weights-unlinked = { $n } { $noun } van de onderzochte groep zijn toch niet gekoppeld; de analyse met gewichten laat die weg.
weights-assume = Gewichten helpen als binnen een groep wie wel is gekoppeld lijkt op wie niet is gekoppeld. Of dat zo is, is aan deze gegevens niet te zien. De intervallen gaan ervan uit dat de gewichten bekend zijn.
weights-same = { $n ->
    [one] De gewichten veranderen de conclusie niet.
   *[other] Bij alle { $n } vergeleken uitkomsten veranderen de gewichten de conclusie niet.
 }
weights-differ = Bij { $k } van de { $n } vergeleken uitkomsten veranderen de gewichten de conclusie niet. Dat doen zij wel bij { $list }.
table-weights = De effecten zonder en met gewichten
column-unweighted = Hoofdanalyse
column-weighted = Met gewichten
finding-weights-nobody = In een deel van de onderzochte groep is niemand gekoppeld
finding-weights-unlinked = Een deel van de onderzochte groep is niet gekoppeld
methods-weights-linkage = Ter controle op de koppeling is het effect ook geschat met voor elke gekoppelde eenheid een gewicht van één gedeeld door het koppelpercentage van haar groep (Harron e.a. 2017; Seaman en White 2013); de effectieve steekproefgrootte is die van Kish (1965).
