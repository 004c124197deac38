//! Nearest names.

use verschil_study::nearest;

#[test]
fn the_nearest_name_is_the_one_meant() {
    let allowed = ["reference_period", "regions", "region", "per_region", "start", "cr3", "cr1"];
    for (name, meant) in [
        ("refrence_period", Some("reference_period")),
        ("Regions", Some("regions")),
        ("regoin", Some("region")),
        ("strat", Some("start")),
        ("START", Some("start")),
        ("zzz", None),
        ("", None),
    ] {
        assert_eq!(nearest(name, allowed.into_iter()), meant, "{name}");
    }
    assert_eq!(nearest("a", std::iter::empty()), None);
}
