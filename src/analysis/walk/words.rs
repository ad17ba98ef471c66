//! How a walk-through asks about a letter of STRIDE: in plain words for each kind of thing, with what people who do this
//! for the first time would not think of. `{}` is the thing.

use crate::model::{Stride, SubjectKind};

/// The question, and what to think of.
pub(super) const fn letter(stride: Stride, kind: SubjectKind) -> (&'static str, &'static str) {
    match kind {
        SubjectKind::ExternalEntity => outside(stride),
        SubjectKind::Process => process(stride),
        SubjectKind::DataStore => store(stride),
        SubjectKind::Flow => flow(stride),
        SubjectKind::Boundary | SubjectKind::Asset | SubjectKind::System => whole(stride),
    }
}

const fn outside(stride: Stride) -> (&'static str, &'static str) {
    match stride {
        Stride::Spoofing => (
            "Could somebody else act in the name of {}?",
            "stolen or shared accounts, guessed passwords, keys that nobody took back, messages that only look as if they came from there",
        ),
        Stride::Tampering => (
            "Could somebody change what {} sends or gets, or the device it is sent from?",
            "malware, a manipulated app, a browser extension, somebody in between",
        ),
        Stride::Repudiation => (
            "Could {} do something and deny it later, with nobody able to prove otherwise?",
            "orders, payments, approvals, deletions; accounts that several people share; records that the one who acts can change",
        ),
        Stride::InformationDisclosure => (
            "Could {} get to see, keep or pass on more than is meant for it?",
            "too much in an answer, other people's records, error messages, links that work for anybody",
        ),
        Stride::DenialOfService => (
            "Could {} keep others from working, or be kept from it?",
            "too many requests, very large ones, accounts locked by wrong passwords, a provider that is down",
        ),
        Stride::ElevationOfPrivilege => (
            "Could {} come to do what it is not allowed to?",
            "roles taken from what it sends, paths that are hidden and not locked, administrators' functions",
        ),
    }
}

const fn process(stride: Stride) -> (&'static str, &'static str) {
    match stride {
        Stride::Spoofing => (
            "Could somebody pass for {}, or get in there as somebody else?",
            "stolen sessions and tokens, callers that nobody checks, a copy of it under another address",
        ),
        Stride::Tampering => (
            "Could somebody change what {} works with, or what it does?",
            "requests and files it takes in, prices and ids that the client sends, its settings, its libraries and updates",
        ),
        Stride::Repudiation => (
            "Could something important happen in {} and nobody could say afterwards who did it?",
            "missing or thin records, shared technical accounts, clocks that differ, records that can be changed",
        ),
        Stride::InformationDisclosure => (
            "Could {} show or leak something to somebody who should not see it?",
            "error messages, logs, caches, other people's records, secrets in code or settings, temporary files",
        ),
        Stride::DenialOfService => (
            "Could somebody stop {}, or make it too slow or too expensive?",
            "floods of requests, very large or deeply nested input, slow queries, full disks, something it waits for",
        ),
        Stride::ElevationOfPrivilege => (
            "Could somebody get {} to do what they have no right to?",
            "checks that are missing on one of many paths, input that is run as code, more rights than it needs, administration open to all",
        ),
    }
}

const fn store(stride: Stride) -> (&'static str, &'static str) {
    match stride {
        Stride::Spoofing => (
            "Could something else stand in for {}, or somebody reach it under a false name?",
            "another address in the settings, default passwords, one account for everything",
        ),
        Stride::Tampering => (
            "Could somebody change or delete what is in {}, without being noticed?",
            "accounts with too many rights, backups and copies, direct access by operators, injection through what writes there",
        ),
        Stride::Repudiation => (
            "Could what {} records be missing, wrong, or changed by those it is about?",
            "administrators who can delete records, gaps, entries that others can forge",
        ),
        Stride::InformationDisclosure => (
            "Could somebody read from {} what is not meant for them?",
            "backups, exports, old disks, copies for tests, operators, public folders, keys that lie beside the data",
        ),
        Stride::DenialOfService => (
            "Could {} be lost, filled up, locked, or made too slow to use?",
            "ransomware, full disks, locks, no copy elsewhere, restoring that nobody ever tried",
        ),
        Stride::ElevationOfPrivilege => (
            "Could somebody get from {} to rights that they should not have?",
            "stored code, roles and passwords kept there, commands that it can run",
        ),
    }
}

const fn flow(stride: Stride) -> (&'static str, &'static str) {
    match stride {
        Stride::Spoofing => (
            "Could somebody stand in for either end of {} without the other noticing?",
            "names and addresses that can be redirected, certificates that nobody checks, keys that many share",
        ),
        Stride::Tampering => (
            "Could somebody change what travels on {}, or send it once more?",
            "networks of others, proxies and gateways in between, messages without a signature, replays",
        ),
        Stride::Repudiation => (
            "Could either end of {} deny what was sent, or that it arrived?",
            "messages without a sender, no receipts, records on one side only",
        ),
        Stride::InformationDisclosure => (
            "Could somebody read along on {}?",
            "no or weak encryption, proxies that open it, addresses and logs that hold data, who talks with whom",
        ),
        Stride::DenialOfService => (
            "Could somebody interrupt {}, or overload either end through it?",
            "floods, very large messages, an outage of one end, retries that pile up, a queue that fills",
        ),
        Stride::ElevationOfPrivilege => (
            "Could what comes over {} make the receiver do more than the sender may?",
            "commands in data, ids of other people, roles that the sender names, serialized objects",
        ),
    }
}

const fn whole(stride: Stride) -> (&'static str, &'static str) {
    match stride {
        Stride::Spoofing => ("Could somebody get at {} under a false name?", "every way in, and who checks there"),
        Stride::Tampering => ("Could somebody change {} unnoticed?", "everyone who can write, and by which way"),
        Stride::Repudiation => {
            ("Could somebody act on {} and deny it?", "what is recorded, where, and who can change that")
        }
        Stride::InformationDisclosure => {
            ("Could {} get to somebody who should not have it?", "every copy, and everyone who can read one")
        }
        Stride::DenialOfService => {
            ("Could {} be out of reach when it is needed?", "what it depends on, and what there is only one of")
        }
        Stride::ElevationOfPrivilege => (
            "Could somebody gain rights over {} that they should not have?",
            "who grants rights, and how they are taken back",
        ),
    }
}
