//! A cluster on loopback: a scheduler and executors as processes, results as on one machine.

mod machines;
mod study;

use std::time::{Duration, Instant};

use machines::Machines;
use study::{Study, tables};

#[test]
fn a_cluster_gives_the_bytes_that_one_machine_gives() {
    let study = Study::new(30);
    let machines = Machines::start(2);
    let out = study.folder().join("there");
    let ended = machines.run(&study.protocol(), &out, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.told);
    let (here, there) = (study.embedded(), tables(&out));
    assert!(here.len() > 10);
    for ((name, ours), (other, theirs)) in here.iter().zip(&there) {
        assert!(name == other && ours == theirs, "{name} differs");
    }
    assert_eq!(here.len(), there.len());
    assert!(machines.worked(), "the executors had work to do");
}

#[test]
fn an_executor_that_dies_on_the_way_costs_time_and_no_row() {
    let study = Study::new(3_000);
    let mut machines = Machines::start(2);
    let out = study.folder().join("there");
    let running = machines.begin(&study.protocol(), &out, &[]);
    let began = Instant::now();
    while !machines.worked() {
        assert!(began.elapsed() < Duration::from_secs(120), "nothing was given to executors");
        std::thread::sleep(Duration::from_millis(20));
    }
    machines.kill_executor();
    let ended = running.end();
    if ended.code == Some(0) {
        assert!(study.embedded() == tables(&out), "the results differ");
    } else {
        // a clear word, and no part of a result
        assert_eq!(ended.code, Some(3), "{}", ended.told);
        assert!(ended.told.contains("cluster"), "{}", ended.told);
        assert!(!out.exists());
    }
}

#[test]
fn a_scheduler_that_is_not_there_and_one_without_executors_are_told_apart() {
    let study = Study::new(5);
    let out = study.folder().join("there");
    let nobody = machines::run_at(machines::free_port(), &study.protocol(), &out, &[]);
    assert_eq!(nobody.code, Some(3), "{}", nobody.told);
    assert!(
        nobody.told.contains("cannot be reached") && nobody.told.contains("--bind"),
        "{}",
        nobody.told
    );
    let machines = Machines::start(0);
    let idle = machines.run(&study.protocol(), &out, &["--patience", "5"]);
    assert_eq!(idle.code, Some(3), "{}", idle.told);
    assert!(idle.told.contains("executor") && idle.told.contains("--patience"), "{}", idle.told);
    assert!(!out.exists());
}

#[test]
fn what_a_cluster_cannot_do_is_told_before_it_is_asked() {
    let machines = Machines::start(0);
    let numeric = "kind = \"categorical\"\nvalue = \"floor(age / 10)\"";
    let study = Study::new(5)
        .with(numeric, "kind = \"numeric\"\nvalue = \"age\"")
        .with("value_decimals = 2\n", "");
    let out = study.folder().join("there");
    let ended = machines.run(&study.protocol(), &out, &["--patience", "0"]);
    assert_eq!(ended.code, Some(3), "{}", ended.told);
    for told in ["a numeric covariate", "an outcome without value_decimals"] {
        assert!(ended.told.contains(told), "{told}: {}", ended.told);
    }
    assert!(!out.exists());
}
