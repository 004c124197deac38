//! Each rule on a claim that breaks it, and on the nearest one that does not.

use std::collections::BTreeSet;

use verschil_study::claims::{RULES, Said};

use crate::{found, named};

/// A rule, a table that breaks it once, and one that keeps it.
struct Case {
    rule: &'static str,
    head: &'static str,
    broken: &'static [&'static str],
    kept: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        rule: "interval-reversed",
        head: "outcome,low,high",
        broken: &["x,2.0,1.0"],
        kept: &["x,1.0,2.0", "y,2.04,2.0", "z,1.0,"],
    },
    Case {
        rule: "estimate-outside-interval",
        head: "outcome,estimate,low,high",
        broken: &["x,-9.0,-8.0,-0.0"],
        kept: &["x,-4.0,-8.0,-0.0", "y,3,,4", "z,8.0,8.0,8.0"],
    },
    Case {
        rule: "estimate-outside-interval",
        head: "outcome,estimate,low,high",
        broken: &["x,6,,4"],
        kept: &["x,4.1,,4", "y,5,,4"],
    },
    Case {
        rule: "interval-not-centred",
        head: "outcome,estimate,low,high,unit,scale,interval",
        broken: &["x,-326,-371,-157,euro,linear,"],
        kept: &[
            "a,-100,-182,-19,euro,linear,",
            "b,-326,-371,-157,euro,linear,anywhere",
            // 0.50 to 2.00 has 1.00 halfway its logarithm, 1.25 halfway itself
            "c,1.00,0.50,2.00,RR,ratio,",
            "d,1.00,0.50,2.00,,,",
            "e,1.25,0.50,2.00,,,",
            // ratios 0.80 and 1.25 as percentages
            "f,0,-20,25,%,ratio,",
        ],
    },
    Case {
        rule: "interval-not-centred",
        head: "outcome,estimate,low,high,unit,scale",
        broken: &["x,1.25,0.50,2.00,RR,"],
        kept: &["x,1.00,0.50,2.00,RR,"],
    },
    Case {
        rule: "direction-against-sign",
        head: "outcome,estimate,unit,before,after,text",
        broken: &["x,-2.0,euro,,,een stijging"],
        kept: &["x,2.0,euro,,,een stijging", "y,0.0,euro,,,een stijging", "z,1.2,OR,,,higher odds"],
    },
    Case {
        rule: "direction-against-sign",
        head: "outcome,estimate,unit,before,after,text",
        broken: &["x,,%,8.0,7.2,more births at home"],
        kept: &["x,,%,8.0,7.2,fewer births at home", "y,0.8,OR,,,lower odds"],
    },
    Case {
        rule: "number-against-sign",
        head: "outcome,estimate,text",
        broken: &["x,2.1,an effect of \u{2212}2.1 points"],
        kept: &[
            "x,-2.1,an effect of \u{2212}2.1 points",
            "y,2.1,between -2.1 and 2.1",
            "z,-2.1,a decrease of 2.1",
        ],
    },
    Case {
        rule: "number-against-sign",
        head: "outcome,estimate,text",
        broken: &["x,-2.1,an effect of 2.1 points"],
        kept: &["x,-2.1,an effect of 3.4 points"],
    },
    Case {
        rule: "words-against-evidence",
        head: "outcome,estimate,low,high,p_value,text",
        broken: &["x,1.0,-1.0,3.0,,een significant verschil"],
        kept: &[
            "x,2.0,1.0,3.0,,een significant verschil",
            "y,1.0,0.0,2.0,,a significant difference",
            "z,2.0,1.0,,,a significant difference",
        ],
    },
    Case {
        rule: "words-against-evidence",
        head: "outcome,estimate,low,high,p_value,text",
        broken: &[
            "x,2.0,1.0,3.0,,geen verschil",
            "y,,,,<0.001,not significant",
            "z,2.0,1.0,3.0,,we cannot tell whether it changed",
        ],
        kept: &["x,1.0,-1.0,3.0,,not significant", "y,,,,0.30,no significant change"],
    },
    Case {
        rule: "absence-of-evidence",
        head: "outcome,estimate,low,high,text",
        broken: &["x,1.0,-1.0,3.0,geen effect"],
        kept: &["x,1.0,-1.0,3.0,geen significant effect", "y,1.0,-1.0,3.0,we cannot tell"],
    },
    Case {
        rule: "p-against-interval",
        head: "outcome,low,high,confidence,p_value,unit",
        broken: &["x,-1.0,3.0,,0.01,"],
        kept: &[
            "x,1.0,3.0,,0.01,",
            "y,-1.0,3.0,,0.05,",
            "z,-1.0,3.0,99,0.03,",
            "q,0.5,2.0,,0.50,OR",
        ],
    },
    Case {
        rule: "p-against-interval",
        head: "outcome,low,high,confidence,p_value,unit",
        broken: &["x,1.0,3.0,,>0.05,", "y,1.1,2.0,,0.40,OR"],
        kept: &["x,1.0,3.0,,<0.05,", "y,-1.0,3.0,,<0.10,"],
    },
    Case {
        rule: "p-impossible",
        head: "outcome,p_value",
        broken: &["x,1.20", "y,-0.01"],
        kept: &["x,1.00", "y,0.00"],
    },
    Case {
        rule: "change-against-levels",
        head: "outcome,estimate,unit,before,after,change,base",
        broken: &[
            "x,-16.8,%,8.0,7.2,,",
            "y,-16.8,%,,,-0.8,8.0",
            "z,-1.3,pp,8.0,7.2,,",
            "q,0.90,RR,8.0,9.0,,",
        ],
        kept: &[
            "a,-10,%,8.0,7.2,,",
            "b,-11.2,%,8.0,7.2,,",
            "c,-0.8,pp,8.0,7.2,,",
            "d,-10.0,%,,,-0.80,8.00",
            "e,-8.9,%,8.0,7.2,,9.0",
            "f,1.13,RR,8.0,9.0,,",
            "g,5.0,%,0.0,7.2,,",
        ],
    },
    Case {
        rule: "percentage-impossible",
        head: "outcome,aspect,estimate,unit,before,after",
        broken: &["x,share,104.2,%,,", "y,effect,,pp,-3.0,"],
        kept: &["x,share,100.0,%,,", "y,effect,150,%,120,300", "z,share,100,%,,"],
    },
    Case {
        rule: "share-against-counts",
        head: "outcome,aspect,estimate,unit,n,of",
        broken: &["x,share,34.0,%,6,20", "y,share,34.0,%,,20"],
        kept: &[
            "x,share,30.0,%,6,20",
            "y,share,35.0,%,,20",
            "z,effect,34.0,%,6,20",
            "q,share,33,%,1,3",
        ],
    },
    Case {
        rule: "count-impossible",
        head: "outcome,n,of",
        broken: &["x,7,6", "y,-1,", "z,1.5,"],
        kept: &["x,6,6", "y,0,"],
    },
    Case {
        rule: "parts-against-whole",
        head: "id,outcome,n,estimate,unit,part_of",
        broken: &["a,whole,9,,,", "b,one,7,,,a", "c,two,1,,,a"],
        kept: &[
            "a,whole,9,,,",
            "b,one,7,,,a",
            "c,two,2,,,a",
            "d,all,,,,",
            "e,x,,33.3,%,d",
            "f,y,,66.6,%,d",
            "g,z,,0.0,%,d",
        ],
    },
    Case {
        rule: "parts-against-whole",
        head: "id,outcome,n,estimate,unit,part_of",
        broken: &["a,all,,,,", "b,one,,33.3,%,a", "c,two,,60.0,%,a"],
        kept: &["a,all,,12.0,euro,", "b,one,,8.0,euro,a", "c,two,,4.1,euro,a"],
    },
    Case {
        rule: "told-twice",
        head: "id,outcome,analysis,estimate,low,confidence,n,stated,unit",
        broken: &["a,x,main,-4.0,,,,,%", "b,X,Main,-5.0,,,,,%"],
        kept: &[
            "a,x,main,-4.0,,,,,%",
            "b,x,main,-4,,,,,%",
            "c,x,other,-5.0,,,,,%",
            "d,x,main,-5.0,,,,,pp",
        ],
    },
    Case {
        rule: "told-twice",
        head: "id,outcome,analysis,estimate,low,confidence,n,stated,unit",
        broken: &["a,x,,,,,,2018-2021,", "b,x,,,,,,2017-2021,", "c,y,,,,,7,,", "d,y,,,,,8,,"],
        kept: &[
            "a,x,,,,,,2018-2021,",
            "b,x,,,,,,2018 \u{2013} 2021,",
            "c,y,,3.0,1.0,95,,,",
            "d,y,,3.0,0.5,99,,,",
        ],
    },
    Case {
        rule: "told-twice",
        head: "outcome,p_value,of",
        broken: &["x,0.03,", "x,0.30,", "y,,20", "y,,21"],
        kept: &["x,0.03,", "x,<0.05,", "x,0.030,"],
    },
    Case {
        rule: "denominators-differ",
        head: "outcome,denominator",
        broken: &["x,all births", "x,births at home"],
        kept: &["x,all births", "x,All  births", "x,", "y,births at home"],
    },
    Case {
        rule: "length-against-period",
        head: "outcome,aspect,estimate,unit,period",
        broken: &["x,length,5,years,2018-2021", "y,length,5,,2018 \u{2013} 2021"],
        kept: &[
            "x,length,4,jaar,2018-2021",
            "y,length,5,months,2018-2021",
            "z,length,1,year,2018",
            "q,effect,5,years,2018-2021",
        ],
    },
    Case {
        rule: "cited-elsewhere",
        head: "id,outcome,aspect,stated,cites",
        broken: &["f,figure,figure,low birth weight,", "a,preterm birth,,,f"],
        kept: &[
            "f,figure,figure,low birth weight; Preterm Birth,",
            "a,preterm birth,,,f",
            "b,preterm birth,,,a",
        ],
    },
    Case {
        rule: "words-without-numbers",
        head: "id,outcome,estimate,text,cites",
        broken: &["a,x,,fewer transfers,"],
        kept: &[
            "a,x,,fewer transfers,",
            "b,x,-3.0,fewer transfers,",
            "c,y,,an increase,a2",
            "a2,y,,,",
            "d,z,,no change,",
        ],
    },
];

fn table(head: &str, rows: &[&str]) -> String {
    format!("{head}\n{}\n", rows.join("\n"))
}

#[test]
fn every_rule_finds_what_breaks_it_and_nothing_else() {
    for case in CASES {
        let broken = named(&table(case.head, case.broken));
        let rules: BTreeSet<&str> = broken.iter().map(|(_, rule)| *rule).collect();
        assert_eq!(rules.into_iter().collect::<Vec<_>>(), [case.rule], "{:?}", case.broken);
        let kept = named(&table(case.head, case.kept));
        let own: Vec<_> = kept.iter().filter(|(_, rule)| *rule == case.rule).collect();
        assert!(own.is_empty(), "{}: {own:?} in {:?}", case.rule, case.kept);
    }
}

#[test]
fn every_row_that_breaks_a_rule_by_itself_is_found() {
    let pairs = ["told-twice", "denominators-differ"];
    let single = |case: &&Case| !case.head.starts_with("id") && !pairs.contains(&case.rule);
    for case in CASES.iter().filter(single) {
        for row in case.broken {
            assert_eq!(named(&table(case.head, &[row])).len(), 1, "{row}");
        }
    }
}

#[test]
fn every_rule_has_a_case_and_a_name_of_its_own() {
    let cases: BTreeSet<&str> = CASES.iter().map(|case| case.rule).collect();
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(cases, rules);
    assert_eq!(rules.len(), RULES.len());
}

#[test]
fn a_finding_says_what_would_agree() {
    let finding = &found("outcome,estimate,unit,before,after\nx,-16.8,%,8.0,7.2\n")[0];
    let Some(Said::Computed { value, range, decimals: 1 }) = finding.agrees else {
        panic!("{finding:?}");
    };
    // 7.2 / 8.0 - 1, and the furthest that 7.15 to 7.25 and 7.95 to 8.05 can be from it
    assert!((value + 10.0).abs() < 0.01, "{value}");
    assert!((range.low - 100.0 * (7.15 / 8.05 - 1.0)).abs() < 1e-9, "{range:?}");
    assert!((range.high - 100.0 * (7.25 / 7.95 - 1.0)).abs() < 1e-9, "{range:?}");
    let finding = &found("id,outcome,stated\na,x,1\nb,x,2\n")[0];
    assert_eq!((finding.line, finding.other.as_ref().unwrap().id.as_str()), (3, "a"));
}
