heading-linkage = Hoe de bronnen zijn gekoppeld
linkage-why = De { $units } zijn opgezocht in andere bronnen. Hieronder staat bij hoeveel dat is gelukt, en of wie is gevonden verschilt van wie niet is gevonden: als dat zo is, zegt de studie minder over wie niet is gevonden.
linkage-found = Van de { $units } { $noun } is { $share } ({ $linked }) gekoppeld aan { $link }.
linkage-spread = Per { $dimension } liep dat aandeel van { $low } ({ $low-level }) tot { $high } ({ $high-level }).
linkage-even = Per { $dimension } was dat aandeel overal { $share }.
linkage-keys-none = Alle { $noun } hadden een sleutel die iemand aanwijst.
linkage-keys-without = Zonder sleutel die iemand aanwijst: { $count }.
linkage-keys-duplicate = { $n ->
    [one] { $count } sleutel stond in meer rijen die hetzelfde zeggen; die tellen als één rij.
   *[other] { $count } sleutels stonden in meer rijen die hetzelfde zeggen; per sleutel tellen die als één rij.
 }
linkage-keys-conflicting = { $n ->
    [one] { $count } sleutel stond in meer rijen die elkaar tegenspreken, en is niet gekoppeld.
   *[other] { $count } sleutels stonden in meer rijen die elkaar tegenspreken, en zijn niet gekoppeld.
 }
linkage-alike = Op de { $k } vergeleken niveaus verschillen wie wel en wie niet is gekoppeld hoogstens 0,1 standaarddeviatie.
linkage-unlike = Op { $n } van de { $k } vergeleken niveaus verschillen wie wel en wie niet is gekoppeld meer dan 0,1 standaarddeviatie; het meest op { $variable } ({ $smd }).
linkage-heading = Aandeel gekoppeld (%)
linkage-all = Iedereen
linkage-delivery = Levering
linkage-delivery-in = Levering in { $period }
linkage-levels = { $n } niveaus
linkage-range = { $low }–{ $high }
level-unknown = onbekend
figure-linkage = Aandeel gekoppeld aan { $link }
caption-linkage = Zo leest u deze figuur: elk rondje is het aandeel van een groep dat in de andere bron is gevonden. Waar veel groepen zijn, staan zij als open rondjes op één lijn; de getallen zijn dan het laagste en het hoogste aandeel. De as begint niet altijd bij nul.
caption-linkage-delivery = Leveringen van de gegevens zijn geteld voordat het onderzoek ertussen koos; alle andere getallen gaan over wat is gekozen.
figure-love-linked = Wel en niet gekoppeld: { $link }
love-heading-linked = Gestandaardiseerd verschil (wel min niet gekoppeld)
caption-love-linked = Zo leest u deze figuur: rechts van nul komt het niveau vaker voor bij wie wel is gekoppeld, links van nul vaker bij wie niet is gekoppeld. Tussen de streepjeslijnen (0,1 naar beide kanten) zijn de groepen vergelijkbaar.
table-links = Sleutels en koppelingen
column-link = Gekoppeld aan
column-without-key = Zonder sleutel
column-duplicate-keys = Sleutels met rijen die hetzelfde zeggen
column-conflicting-keys = Sleutels met rijen die elkaar tegenspreken
column-dimension = Per
column-level = Niveau
column-units = Aantal
column-unlinked = Niet gekoppeld
heading-identities = Regels die uitkomsten verbinden
identities-why = Sommige uitkomsten tellen op tot andere, of sluiten elkaar uit. Dat is nagegaan in elke rij waarin de uitkomsten bekend zijn.
identity-held = { $label }: nagegaan in { $checked } rijen, en in alle rijen waar.
identity-broken = { $label }: nagegaan in { $checked } rijen, en in { $broken } niet waar.
identity-unchecked = { $label }: niet nagegaan, omdat in geen enkele rij alle uitkomsten ervan bekend zijn.
linkage-more = Wie niet is gekoppeld, en waar
