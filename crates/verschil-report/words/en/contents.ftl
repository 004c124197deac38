outcome-more = Per { $region }, per { $period } and all methods
outcome-previous = Previous: { $outcome }
outcome-next = Next: { $outcome }
outcome-contents = Contents
