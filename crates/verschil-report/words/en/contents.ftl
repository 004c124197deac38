outcome-more = Per { $region }, per { $period } and all methods
outcome-previous = Previous: { $outcome }
outcome-next = Next: { $outcome }
outcome-steps = Beside { $outcome }
outcome-contents = Contents
outcome-list = All { $n } outcomes
found-in-words = In words, outcome by outcome
