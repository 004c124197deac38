outcome-more = Per { $region }, per { $period } en alle methoden
outcome-previous = Vorige: { $outcome }
outcome-next = Volgende: { $outcome }
outcome-contents = Inhoud
answer-caution-many = Bij { $n } uitkomsten liepen de trends vóór de start niet gelijk. Zij zijn overal gemarkeerd met “let op”.
outcome-list = Alle { $n } uitkomsten
found-in-words = In woorden, uitkomst voor uitkomst
