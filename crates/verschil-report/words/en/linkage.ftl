heading-linkage = How the sources were linked
linkage-why = The { $units } were looked up in other sources. What follows shows for how many that worked, and whether those who were found differ from those who were not: if they do, the study says less about those who were not found.
linkage-found = Of the { $units } { $noun }, { $share } ({ $linked }) were linked to { $link }.
linkage-spread = By { $dimension }, the share ran from { $low } ({ $low-level }) to { $high } ({ $high-level }).
linkage-even = By { $dimension }, the share was { $share } everywhere.
linkage-keys-none = Every one of the { $noun } had a key that identifies somebody.
linkage-keys-without = Without a key that identifies somebody: { $count }.
linkage-keys-duplicate = { $n ->
    [one] { $count } key stood in several rows that say the same; they count as one row.
   *[other] { $count } keys stood in several rows that say the same; for each of them these count as one row.
 }
linkage-keys-conflicting = { $n ->
    [one] { $count } key stood in several rows that contradict each other, and was not linked.
   *[other] { $count } keys stood in several rows that contradict each other, and were not linked.
 }
linkage-alike = On the { $k } levels compared, those who were linked and those who were not differ by at most 0.1 standard deviation.
linkage-unlike = On { $n } of the { $k } levels compared, those who were linked and those who were not differ by more than 0.1 standard deviation; most on { $variable } ({ $smd }).
linkage-heading = Share linked (%)
linkage-all = Everybody
linkage-delivery = Delivery
linkage-delivery-in = Delivery in { $period }
linkage-levels = { $n } levels
linkage-range = { $low }–{ $high }
level-unknown = unknown
figure-linkage = Share linked to { $link }
caption-linkage = How to read this figure: each disc is the share of a group that was found in the other source. Where there are many groups, they are open discs on one line, and the numbers are the lowest and the highest share. The axis need not begin at zero.
caption-linkage-delivery = Deliveries of the data are counted before the study chose between them; all other numbers are of what it chose.
figure-love-linked = Linked and not linked: { $link }
love-heading-linked = Standardised difference (linked minus not linked)
caption-love-linked = How to read this figure: right of zero, the level occurs more often among those who were linked; left of zero, more often among those who were not. Between the dashed lines (0.1 in either direction) the groups are alike.
table-links = Keys and links
column-link = Linked to
column-without-key = Without a key
column-duplicate-keys = Keys with rows that say the same
column-conflicting-keys = Keys with rows that contradict each other
column-dimension = By
column-level = Level
column-units = Number
column-unlinked = Not linked
heading-identities = Rules that tie outcomes together
identities-why = Some outcomes add up to others, or exclude each other. That was checked in every row in which the outcomes are known.
identity-held = { $label }: checked in { $checked } rows, and true in all of them.
identity-broken = { $label }: checked in { $checked } rows, and not true in { $broken }.
identity-unchecked = { $label }: not checked, because in no row all of its outcomes are known.
linkage-more = Who was not linked, and where
