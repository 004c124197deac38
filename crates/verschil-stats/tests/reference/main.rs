//! Published and trusted results, reproduced: case, ours, theirs, difference.

mod cases;
mod ledger;
mod table;

use ledger::Ledger;

#[test]
fn every_reference_case_of_these_estimators_is_reproduced() {
    let Some(shared) = table::shared() else {
        println!("skipped: the folder with reference data and results is not beside the checkout");
        return;
    };
    let mut ledger = Ledger::new(shared);
    cases::castle::all(&mut ledger);
    cases::others::all(&mut ledger);
    cases::resampling::all(&mut ledger);
    cases::clubsandwich::all(&mut ledger);
    cases::matching::all(&mut ledger);
    cases::synthetic::all(&mut ledger);
    cases::trends::all(&mut ledger);
    ledger.close();
}
