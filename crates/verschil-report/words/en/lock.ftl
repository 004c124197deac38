status-amended = Preregistered, with { $n ->
    [one] 1 recorded change.
   *[other] { $n } recorded changes.
 }
status-amended-text = The protocol was fixed, and later changed with a record. What changed, why, and what had been seen by then stands under “Where these numbers come from”.
status-amended-late = Changed after results had been seen ({ $n ->
    [one] 1 recorded change
   *[other] { $n } recorded changes
 } in all).
status-amended-late-text = The protocol was fixed before the run. At least one change was made after results had been seen, and may have been chosen because of them. What changed and why stands under “Where these numbers come from”.
status-differs = Exploratory: the protocol is not the one that was fixed.
status-differs-text = It was changed after it was fixed, and the change is not recorded. What differs stands under “Where these numbers come from”.
status-blind = Blind run.
status-blind-text = This report shows who was studied, how alike the groups were, how they developed before the start, and which effects could be found. Nothing from the start on is shown until it is recorded that the results are opened.
status-blocked = Not everything is shown.
status-blocked-text = The rule for trends before the start gives no verdict on { $list }. { $n ->
    [one] Its effects are
   *[other] Their effects are
 } not shown until that has been accepted and recorded.
status-running-locked = Preregistered
status-running-amended = Preregistered, { $n ->
    [one] 1 recorded change
   *[other] { $n } recorded changes
 }
status-running-amended-late = Protocol changed after results had been seen
status-running-differs = Exploratory: protocol differs from the one that was fixed
status-running-blind = Blind run
fact-locked = Protocol fixed
fact-lock-hash = Lock (SHA-256)
fact-unblinded = Results opened
fact-differences = Changed without a record
table-amendments = Changes to the protocol after it was fixed
column-amendment = Change
column-signed = By and when
column-seen = What had been seen
column-amendment-reason = Reason
column-changed = What changed
seen-nothing = no data yet
seen-population = who was studied, balance and trends before the start
seen-results = results
lock-signed = { $author }, { $time } UTC
lock-accepted = Shown without a verdict of the rule for trends: { $list }.
lock-means = The lock is a file beside the protocol. It shows changes that were made by accident or forgotten. It proves the date to others only when its SHA-256 was also deposited elsewhere, such as in a public register.
reason-withheld-blind = the run is blind, and the results have not been opened yet
reason-withheld-gate = the rule for trends before the start gives no verdict
effect-withheld = The effect on { $phrase } is not shown: { $reason }.
answer-withheld = { $n ->
    [one] One outcome is not shown yet.
   *[other] { $n } outcomes are not shown yet.
 }
answer-withheld-all = None of the { $all } outcomes is shown yet: the results have not been opened.
public-withheld = { $n ->
    [one] One outcome is not shown yet:
   *[other] { $n } outcomes are not shown yet:
 }
public-one-withheld = This is not shown yet.
public-means-withheld = Nothing can be said about the effect before the results are opened. First comes who was counted and how alike the groups were.
count-withheld = { $n } not shown yet
message-withheld = No effect is shown: the results have not been opened.
