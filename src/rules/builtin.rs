//! The list of data files that are compiled in. A test holds it against the directory.

/// `assets/vocabulary.ron`.
pub(super) const VOCABULARY: &str = include_str!("../../assets/vocabulary.ron");
/// `assets/technologies.ron`.
pub(super) const TECHNOLOGIES: &str = include_str!("../../assets/technologies.ron");
/// `assets/mitigations.ron`.
pub(super) const MITIGATIONS: &str = include_str!("../../assets/mitigations.ron");
/// `assets/rubrics/default.ron`.
pub(super) const RUBRIC: &str = include_str!("../../assets/rubrics/default.ron");

macro_rules! rules {
    ($($pack:literal: $($id:literal)+;)+) => {
        /// Every rule: its id and its file.
        pub(super) const RULES: &[(&str, &str)] = &[
            $($(($id, include_str!(concat!("../../assets/rules/", $pack, "/", $id, ".ron"))),)+)+
        ];
    };
}

rules! {
    "core":
        "core.d.no-rate-limit"
        "core.d.single-point"
        "core.d.sync-dependency-chain"
        "core.d.unbounded-input"
        "core.e.admin-plane-exposed"
        "core.e.authz-missing"
        "core.e.code-execution"
        "core.e.confused-deputy"
        "core.e.direct-store-access"
        "core.e.internet-to-core"
        "core.e.lateral-segment"
        "core.e.over-privileged-process"
        "core.e.shared-runtime-mixed-trust"
        "core.e.trust-jump"
        "core.e.untrusted-path-to-crown"
        "core.i.backup-exposed"
        "core.i.cache-leak"
        "core.i.down-classification"
        "core.i.flow-plaintext"
        "core.i.flow-weak-crypto"
        "core.i.over-collection"
        "core.i.tls-ends-early"
        "core.m.boundary-missing"
        "core.m.flow-without-data"
        "core.m.orphan"
        "core.m.unknown-tech"
        "core.r.log-stays-local"
        "core.r.log-writable-by-subject"
        "core.r.no-audit"
        "core.r.shared-identity"
        "core.s.actor-weak-proof"
        "core.s.callback-unverified"
        "core.s.callee-unverified"
        "core.s.caller-unauthenticated"
        "core.s.source-address-trust"
        "core.t.client-side-enforcement"
        "core.t.config-tamper"
        "core.t.flow-no-integrity"
        "core.t.input-unvalidated"
        "core.t.replay"
        "core.t.store-corruption"
        "core.t.store-writable-low-trust";
}
