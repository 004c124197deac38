outcome-more = Per { $region }, per { $period } en alle methoden
outcome-previous = Vorige: { $outcome }
outcome-next = Volgende: { $outcome }
outcome-steps = Naast { $outcome }
outcome-contents = Inhoud
outcome-list = Alle { $n } uitkomsten
found-in-words = In woorden, uitkomst voor uitkomst
