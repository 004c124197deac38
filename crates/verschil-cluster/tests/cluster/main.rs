//! A cluster on loopback: a scheduler and executors as processes, results as on one machine.

mod bucket;
mod machines;
mod study;

use std::time::{Duration, Instant};

use bucket::Bucket;
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
fn files_in_a_bucket_give_the_bytes_of_files_in_a_folder() {
    let Some(bucket) = Bucket::start("deliveries") else { return };
    let study = Study::new(30);
    let here = study.embedded();
    for name in ["births", "persons"] {
        let file = study.folder().join(format!("{name}.parquet"));
        bucket.store(&format!("in/{name}_2017.parquet"), &file);
        std::fs::remove_file(file).expect("removed");
    }
    let study = study
        .with("\"births.parquet\"", "\"s3://deliveries/in/births_{year}.parquet\"")
        .with("\"persons.parquet\"", "\"s3://deliveries/in/persons_2017.parquet\"");
    let machines = Machines::start_with(2, bucket.environment());
    let out = study.folder().join("there");
    let ended = machines.run(&study.protocol(), &out, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.told);
    assert!(here == tables(&out), "the results differ");
    let alone = format!("{:?}", study.alone().expect_err("one machine reaches no bucket"));
    assert!(alone.contains("needs-cluster") && alone.contains("verschil-cluster"), "{alone}");

    let study = study.with("births_{year}", "others_{year}").with("persons_2017", "nobody");
    let (protocol, out) = (study.protocol(), study.folder().join("nothing"));
    let ended = machines.run(&protocol, &out, &[]);
    assert_eq!(ended.code, Some(3), "{}", ended.told);
    for told in ["no file fits this pattern", "no such object", "AWS_ENDPOINT", "others_{year}"] {
        assert!(ended.told.contains(told), "{told}: {}", ended.told);
    }
    assert!(!ended.told.contains("something") && !out.exists(), "{}", ended.told);
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
        .with("value_decimals = 2\n", "")
        .with("\"persons.parquet\"", "\"persons.csv\"");
    let out = study.folder().join("there");
    let ended = machines.run(&study.protocol(), &out, &["--patience", "0"]);
    assert_eq!(ended.code, Some(3), "{}", ended.told);
    // the file is not even looked for
    let shared = "source `persons` cannot be read by a cluster";
    for told in ["a numeric covariate", "an outcome without value_decimals", shared] {
        assert!(ended.told.contains(told), "{told}: {}", ended.told);
    }
    assert!(!out.exists());
}
