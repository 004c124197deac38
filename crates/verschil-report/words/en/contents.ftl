outcome-more = Per { $region }, per { $period } and all methods
outcome-previous = Previous: { $outcome }
outcome-next = Next: { $outcome }
outcome-contents = Contents
answer-caution-many = For { $n } outcomes the trends before the start were not alike. They are marked “caution” wherever they stand.
outcome-list = All { $n } outcomes
found-in-words = In words, outcome by outcome
