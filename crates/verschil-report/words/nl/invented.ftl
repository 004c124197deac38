invented = Verzonnen gegevens
invented-banner = Verzonnen gegevens.
invented-banner-text = Alles in dit rapport is berekend uit gegevens die zijn verzonnen. Geen enkel getal zegt iets over echte mensen, { $regions } of organisaties.
invented-title = { $title } (verzonnen gegevens)
invented-answer = Verzonnen gegevens: wat hier staat, is geen bevinding over de werkelijkheid.
