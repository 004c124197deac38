heading-treated = Per { $region }
treated-why = Het effect per { $region } in de interventiegroep, steeds vergeleken met dezelfde controlegroep. Eén { $region } zegt minder dan alle samen: verschillen tussen { $regions } kunnen toeval zijn.
treated-list = Alle { $n } { $regions }
treated-counts = In { $name } { $clear ->
    [0] { $n ->
        [one] is niet duidelijk of de uitkomst is veranderd.
       *[other] is geen van de { $n } uitkomsten duidelijk veranderd.
    }
    [one] { $n ->
        [one] is de uitkomst duidelijk veranderd: { $list }.
       *[other] is één van de { $n } uitkomsten duidelijk veranderd: { $list }.
    }
   *[other] zijn { $clear } van de { $n } uitkomsten duidelijk veranderd: { $list }.
 }
treated-many = Bij { $n } uitkomsten lijken er altijd een paar duidelijk, alleen door toeval.
table-treated = { $outcomes ->
    [one] De uitkomst in { $name }
   *[other] Alle uitkomsten in { $name }
 }
column-here = Effect hier (interval)
column-together = Effect in alle samen (interval)
figure-forest-region = { $outcomes ->
    [one] Relatief effect
   *[other] Relatieve effecten op alle uitkomsten
 }: { $name }
