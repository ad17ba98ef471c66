//! `whatif` on the models that come with the program.

use insta::assert_snapshot;

use super::small;
use crate::sandbox::Sandbox;

/// A sandbox with the bundled models.
fn bundled() -> Sandbox {
    let sandbox = Sandbox::new();
    let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for name in ["storefront", "delivery-pipeline", "support-agent"] {
        let name = format!("{name}.tm.ron");
        std::fs::copy(models.join(&name), sandbox.path(&name)).unwrap();
    }
    sandbox
}

fn pictures(sandbox: &Sandbox, runs: &[&[&str]]) -> String {
    let picture = |args: &&[&str]| sandbox.picture(&[&["whatif"], *args].concat());
    runs.iter().map(picture).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_best_next_controls() {
    let runs: [&[&str]; 5] = [
        &["storefront.tm.ron"],
        &["delivery-pipeline.tm.ron"],
        &["support-agent.tm.ron"],
        &["support-agent.tm.ron", "--rank", "effort", "--steps", "2"],
        &["support-agent.tm.ron", "--steps", "9"],
    ];
    assert_snapshot!("whatif_next", pictures(&bundled(), &runs));
}

#[test]
fn what_a_control_holds_up() {
    let runs: [&[&str]; 7] = [
        &["storefront.tm.ron", "--without", "reconcile-payments"],
        &["storefront.tm.ron", "--without", "authz@web"],
        &["storefront.tm.ron", "--without", "authn@charge"],
        &["storefront.tm.ron", "--without", "peer_check@cloud"],
        &["storefront.tm.ron", "--without", "hardening"],
        &["storefront.tm.ron", "--without", "mit.integrity@payments"],
        &["support-agent.tm.ron", "--without", "authz"],
    ];
    let sandbox = bundled();
    let before = sandbox.read("storefront.tm.ron");
    assert_snapshot!("whatif_without", pictures(&sandbox, &runs));
    assert_eq!(before, sandbox.read("storefront.tm.ron"), "something was written");
}

#[test]
fn the_ways_of_an_attacker() {
    let runs: [&[&str]; 6] = [
        &["storefront.tm.ron", "--paths"],
        &["delivery-pipeline.tm.ron", "--paths"],
        &["support-agent.tm.ron", "--paths"],
        &["storefront.tm.ron", "--from", "office", "--to", "shop-db"],
        &["storefront.tm.ron", "--paths", "--from", "customer", "--to", "session"],
        &["storefront.tm.ron", "--to", "data"],
    ];
    assert_snapshot!("whatif_paths", pictures(&bundled(), &runs));
}

#[test]
fn what_is_within_reach() {
    let runs: [&[&str]; 7] = [
        &["storefront.tm.ron", "--compromised", "web"],
        &["storefront.tm.ron", "--compromised", "Payment provider"],
        &["storefront.tm.ron", "--compromised", "data"],
        &["delivery-pipeline.tm.ron", "--compromised", "Build runner"],
        &["support-agent.tm.ron", "--compromised", "agent"],
        &["storefront.tm.ron", "--compromised", "backups"],
        &["storefront.tm.ron", "--compromised", "app"],
    ];
    assert_snapshot!("whatif_compromised", pictures(&bundled(), &runs));
}

#[test]
fn what_cannot_be_answered() {
    let runs: [&[&str]; 19] = [
        &["storefront.tm.ron", "--paths", "--compromised", "web"],
        &["storefront.tm.ron", "--steps", "2", "--without", "authz"],
        &["storefront.tm.ron", "--steps", "many"],
        &["storefront.tm.ron", "--without", "session-store-tls"],
        &["storefront.tm.ron", "--without", "mit.mtls"],
        &["storefront.tm.ron", "--without", "reconcile-payments@web"],
        &["storefront.tm.ron", "--without", "reconcile-paymnts"],
        &["storefront.tm.ron", "--without", "auht@web"],
        &["storefront.tm.ron", "--without", "authz@wep-app"],
        &["storefront.tm.ron", "--without", "enc@keep-session"],
        &["storefront.tm.ron", "--without", "formats@charge"],
        &["storefront.tm.ron", "--without", "csrf"],
        &["storefront.tm.ron", "--without", "nothing-like-this"],
        &["storefront.tm.ron", "--compromised", "payment-servce"],
        &["storefront.tm.ron", "--compromised", "browse"],
        &["storefront.tm.ron", "--from", "order"],
        &["storefront.tm.ron", "--to", "browse"],
        &["storefront.tm.ron", "--from", "web", "--to", "web"],
        &["nowhere.tm.ron"],
    ];
    assert_snapshot!("whatif_refused", pictures(&bundled(), &runs));
}

#[test]
fn a_small_model_and_an_empty_one() {
    let sandbox = small();
    sandbox.write("empty.tm.ron", "ThreatModel(format: (1, 0), system: (name: \"Empty\"))\n");
    let runs: [&[&str]; 6] = [
        &["shop.tm.ron"],
        &["shop.tm.ron", "--format", "json"],
        &["shop.tm.ron", "--paths"],
        &["shop.tm.ron", "--compromised", "shop"],
        &["empty.tm.ron"],
        &["empty.tm.ron", "--paths"],
    ];
    assert_snapshot!("whatif_small", pictures(&sandbox, &runs));
}
