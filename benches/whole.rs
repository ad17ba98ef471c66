//! Benches of whole steps: load, evaluate, reconcile, write. They measure; they never fail on a time.

fn main() {
    divan::main();
}
