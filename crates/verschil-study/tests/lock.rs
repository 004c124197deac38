//! Locks: what they record, what they notice, and what they refuse.

use std::sync::LazyLock;

use verschil_study::results::ChangeFacts;
use verschil_study::{Fixed, Lock, LockedFile, Problem, Protocol, Seen, Signature};

const CASTLE: &str = include_str!("good/castle.toml");

fn protocol(text: &str) -> Protocol {
    let parsed = Protocol::parse("protocol.toml", text);
    parsed.unwrap_or_else(|problems| panic!("{problems:#?}")).0
}

fn fixed(text: &str) -> Fixed {
    Fixed::new(&protocol(text), vec![LockedFile::new("regions.csv", b"code\nA\n")])
}

fn changed(from: &str, to: &str) -> String {
    assert!(CASTLE.contains(from), "{from}");
    CASTLE.replacen(from, to, 1)
}

fn signed(day: u32) -> Signature {
    Signature {
        author: "A. \"Quote\" \\ O'Neill".into(),
        time: format!("2026-03-{day:02}T09:00:00Z"),
    }
}

/// A lock with an amendment, an unblinding and another amendment.
fn history() -> (Lock, Fixed) {
    let mut lock = Lock::new(&fixed(CASTLE), signed(1));
    let second = changed("decimals = 3", "decimals = 2");
    lock.amend(&fixed(&second), signed(2), "the unit\nis coarser", Seen::Population).unwrap();
    let opened = lock.unblind(
        &protocol(&second),
        &fixed(&second),
        signed(3),
        "the checks are agreed '''",
        &["l_homicide".to_owned()],
    );
    assert!(opened.unwrap());
    let third = second.replace("<> 2006", "<> 2007");
    lock.amend(&fixed(&third), signed(4), "an error of the year", Seen::Results).unwrap();
    (lock, fixed(&third))
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn change(place: &str, old: &str, new: &str) -> ChangeFacts {
    ChangeFacts { place: place.into(), old: old.into(), new: new.into() }
}

#[test]
fn a_lock_is_read_as_it_was_written() {
    let (lock, now) = history();
    let text = lock.to_toml();
    let read = Lock::parse("protocol.lock.toml", &text).unwrap();
    assert_eq!(read, lock);
    assert_eq!(read.to_toml(), text);
    assert!(read.differences(&now).is_empty());
    insta::assert_snapshot!(text);
}

#[test]
fn a_lock_tells_its_history() {
    let (lock, now) = history();
    let facts = lock.facts(&now);
    assert_eq!((facts.time.as_str(), facts.amendments.len()), ("2026-03-01T09:00:00Z", 2));
    assert_eq!(facts.amendments[0].changes, [change("outcome[l_homicide].decimals", "3", "2")]);
    assert_eq!((facts.amendments[0].number, facts.amendments[0].seen.as_str()), (1, "population"));
    let sql = |year: u32| format!("(\"effyear\" IS NOT NULL) AND (\"effyear\" <> {year})");
    let place = "population.exclude[other_adopters].where";
    assert_eq!(facts.amendments[1].changes, [change(place, &sql(2006), &sql(2007))]);
    assert_eq!(facts.unblindings[0].accepted, ["l_homicide"]);
    assert_eq!(facts.head, lock.entries().last().unwrap().hash);
    assert!(lock.is_unblinded() && lock.accepted() == ["l_homicide"]);
}

#[test]
fn layout_is_no_change_and_every_file_is() {
    let lock = Lock::new(&fixed(CASTLE), signed(1));
    assert!(lock.differences(&fixed(&CASTLE.replace(" = ", "  =  "))).is_empty());
    let other = |files| Fixed::new(&protocol(CASTLE), files);
    let sha = |bytes: &[u8]| format!("sha256 {}", LockedFile::new("", bytes).sha256);
    let file = LockedFile::new("regions.csv", b"code\nB\n");
    assert_eq!(
        lock.differences(&other(vec![file])),
        [change("file regions.csv", &sha(b"code\nA\n"), &sha(b"code\nB\n"))]
    );
    assert_eq!(
        lock.differences(&other(Vec::new())),
        [change("file regions.csv", &sha(b"code\nA\n"), "")]
    );
}

#[test]
fn what_comes_goes_and_moves_is_told_by_its_name() {
    let lock = Lock::new(&fixed(CASTLE), signed(1));
    let extra = "[[covariate]]\nid = \"age\"\nkind = \"numeric\"\nvalue = \"homicide\"\n\
                 label = { en = \"age\", nl = \"leeftijd\" }\n";
    let first = changed("[[covariate]]", &format!("{extra}\n[[covariate]]"));
    let found = lock.differences(&fixed(&first));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].place.as_str(), found[0].old.as_str()), ("covariate[age]", ""));
    assert!(found[0].new.contains("leeftijd"), "{}", found[0].new);
    let with = Lock::new(&fixed(&first), signed(1));
    let back = with.differences(&fixed(CASTLE));
    assert_eq!((back.len(), back[0].new.as_str()), (1, ""));
    let after = changed("[[domain]]", &format!("{extra}\n[[domain]]"));
    let moved = with.differences(&fixed(&after));
    assert_eq!(moved, [change("covariate (order)", "age, police", "police, age")]);
    let list = lock.differences(&fixed(&changed("\"Alabama\", \"Alaska\"", "\"Alaska\"")));
    assert_eq!(list, [change("treatment.regions", "[\"Alabama\",\"Alaska\"]", "[\"Alaska\"]")]);
}

#[test]
fn what_a_lock_cannot_record_is_refused() {
    let (mut lock, now) = history();
    let before = lock.clone();
    let refused = lock.amend(&now, signed(5), "  ", Seen::Nothing).unwrap_err();
    assert_eq!(codes(&refused), ["no-reason", "nothing-to-amend", "seen-before"]);
    assert!(refused[2].found.contains("entry 3 opens the results at 2026-03-03"));
    let ids = ["l_homicid".to_owned()];
    let other = fixed(CASTLE);
    let refused = lock.unblind(&protocol(CASTLE), &other, signed(5), "", &ids).unwrap_err();
    assert_eq!(codes(&refused), ["no-reason", "lock-differs", "unknown-outcome"]);
    assert!(refused[1].found.contains("outcome[l_homicide].decimals"), "{}", refused[1]);
    assert!(refused[2].hint.contains("`l_homicide`"), "{}", refused[2]);
    for problem in &refused {
        assert!(!problem.hint.is_empty() || !problem.allowed.is_empty(), "{problem}");
    }
    assert_eq!(lock, before, "what is refused leaves no trace");
}

#[test]
fn opening_twice_records_nothing_unless_more_is_accepted() {
    let mut lock = Lock::new(&fixed(CASTLE), signed(1));
    let (of, now) = (protocol(CASTLE), fixed(CASTLE));
    let ids = ["l_homicide".to_owned()];
    assert!(lock.unblind(&of, &now, signed(2), "agreed", &[]).unwrap());
    assert!(!lock.unblind(&of, &now, signed(3), "agreed", &[]).unwrap());
    assert!(lock.unblind(&of, &now, signed(4), "few regions", &ids).unwrap());
    assert!(!lock.unblind(&of, &now, signed(5), "few regions", &ids).unwrap());
    assert_eq!(lock.entries().len(), 3);
}

/// Every line of a lock that says something, changed in turn, is noticed.
#[test]
fn no_line_can_be_edited_unnoticed() {
    let (lock, _) = history();
    let text = lock.to_toml();
    let mut edits = 0;
    for (at, line) in text.lines().enumerate() {
        let place = line.find(|c: char| c.is_ascii_digit());
        let Some(place) = place.filter(|_| !line.starts_with('#')) else { continue };
        let digit = if line[place..].starts_with('7') { "8" } else { "7" };
        let edited: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(other, line)| {
                let mut line = line.to_owned();
                if other == at {
                    line.replace_range(place..=place, digit);
                }
                line
            })
            .collect();
        let problems = Lock::parse("protocol.lock.toml", &edited.join("\n"));
        let problems = problems.err().unwrap_or_else(|| panic!("unnoticed: {line}"));
        assert!(problems.iter().all(|p| p.place.is_some() && !p.hint.is_empty()), "{problems:?}");
        edits += 1;
    }
    assert!(edits > 40, "{edits}");
}

#[test]
fn an_entry_that_goes_is_noticed_at_the_next() {
    let (lock, _) = history();
    let text = lock.to_toml();
    let entries: Vec<usize> = text.match_indices("[[entry]]").map(|(at, _)| at).collect();
    let without = format!("{}{}", &text[..entries[1]], &text[entries[2]..]);
    let problems = Lock::parse("protocol.lock.toml", &without).unwrap_err();
    assert_eq!(codes(&problems), ["lock-broken", "lock-broken"], "{problems:#?}");
    let place = problems[0].place.as_ref().unwrap();
    assert_eq!(place.path, "entry[1].previous");
    assert_eq!(problems[0].file, "protocol.lock.toml");
    // the last entry has none after it, but the protocol that is kept is that of another
    let end = text.find("\n# The protocol as it was").unwrap();
    let without = format!("{}{}", &text[..entries[3]], &text[end..]);
    let problems = Lock::parse("protocol.lock.toml", &without).unwrap_err();
    assert_eq!(codes(&problems), ["lock-edited"]);
    assert_eq!(problems[0].place.as_ref().unwrap().path, "protocol.canonical");
}

#[test]
fn all_that_is_wrong_with_a_lock_is_told_at_once() {
    let (lock, _) = history();
    let text = lock
        .to_toml()
        .replacen("number = 1", "number = \"one\"", 1)
        .replacen("kind = \"unblinding\"", "kind = \"opening\"", 1)
        .replacen("seen = \"population\"", "seen = \"all\"\nautor = \"B\"", 1)
        .replacen("previous = ", "precious = ", 1);
    let problems = Lock::parse("protocol.lock.toml", &text).unwrap_err();
    insta::assert_snapshot!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
    );
}

#[test]
fn what_is_no_lock_is_told() {
    let parse = |text: &str| Lock::parse("protocol.lock.toml", text).unwrap_err();
    assert_eq!(codes(&parse("schema = ")), ["syntax"]);
    assert_eq!(codes(&parse("")), ["lock-key", "lock-empty", "lock-key"]);
    let (lock, _) = history();
    let later = lock.to_toml().replace("verschil-lock/1", "verschil-lock/2");
    let problems = parse(&later);
    assert_eq!(codes(&problems), ["lock-version"]);
    assert!(problems[0].found.contains("verschil-lock/2"));
    assert_eq!(problems[0].allowed, "verschil-lock/1");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    /// Whatever one character becomes, the lock is refused with a place or says what it said.
    #[test]
    fn no_character_changes_what_a_lock_says(at in 0_usize..100_000, new in "[ -~\n]") {
        static ONCE: LazyLock<(Lock, String)> = LazyLock::new(|| {
            let lock = history().0;
            let text = lock.to_toml();
            (lock, text)
        });
        let (lock, text) = &*ONCE;
        let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
        let at = at % (starts.len() - 1);
        let edited = format!("{}{new}{}", &text[..starts[at]], &text[starts[at + 1]..]);
        match Lock::parse("protocol.lock.toml", &edited) {
            Ok(read) => proptest::prop_assert_eq!(&read, lock),
            Err(problems) => {
                proptest::prop_assert!(problems.iter().all(|problem| problem.place.is_some()));
            }
        }
    }
}
