//! What is kept of earlier versions, so that they need not be read again: it changes no answer, whatever becomes of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use sconce::file::cache::Cache;
use sconce::file::disk::Fingerprint;
use sconce::review::metrics::{Brief, Register, Registers, kept};

use super::{about_git, history};
use crate::model::arbitrary::models;
use crate::sandbox::Sandbox;

fn told(sandbox: &Sandbox) -> String {
    let picture = sandbox.picture(&["metrics", "--git"]);
    // Where messages do not go to a terminal, nobody is told how far it is.
    assert!(!picture.contains("parsed"), "{picture}");
    about_git(&picture)
}

#[test]
fn it_changes_no_answer_whatever_becomes_of_it() {
    let sandbox = history();
    let first = told(&sandbox);
    let path = sandbox.kept("registers");
    let whole = std::fs::read_to_string(&path).unwrap();
    assert_eq!(told(&sandbox), first);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
    let other_version = whole.replacen(env!("CARGO_PKG_VERSION"), "0.0.9", 1);
    assert_ne!(other_version, whole);
    for damaged in [
        String::new(),
        whole[..whole.len() / 2].to_owned(),
        whole.replacen(" 0", " 1", 1),
        whole.clone() + "u 0000000000000000000000000000000000000000\n",
        other_version,
        "\u{0}\u{ffff}".repeat(1000),
    ] {
        assert_ne!(damaged, whole);
        std::fs::write(&path, damaged).unwrap();
        assert_eq!(told(&sandbox), first);
        // And it is written anew.
        assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
    }
    std::fs::write(&path, b"\xff\xfe").unwrap();
    assert_eq!(told(&sandbox), first);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(told(&sandbox), first);
    std::fs::remove_dir(&path).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    assert_eq!(told(&sandbox), first);
    // Where nothing can be kept.
    let folder = path.parent().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    std::fs::write(folder, "").unwrap();
    assert_eq!(told(&sandbox), first);
}

#[test]
fn what_is_kept_is_not_read_again() {
    let sandbox = history();
    let first = told(&sandbox);
    let path = sandbox.kept("registers");
    // Something else is kept for the contents, under a sum that is right: what is told comes from there.
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, body) = text.split_once('\n').unwrap();
    let id = body.lines().find_map(|line| line.strip_prefix("m ")).unwrap().split(' ').next().unwrap();
    let lines: Vec<String> =
        body.lines().map(|line| if line.contains(id) { format!("u {id}\n") } else { format!("{line}\n") }).collect();
    let head = head.rsplit_once(' ').unwrap().0;
    std::fs::write(&path, format!("{head} {}\n{}", Fingerprint::of(&lines.concat()).hex(), lines.concat())).unwrap();
    let second = told(&sandbox);
    assert!(first.contains("1 version cannot be read") && second.contains("2 versions cannot be read"), "{second}");
    // Only what is new is read, and what was kept stays.
    super::commit(&sandbox, "11-22", &super::model(super::OPEN, ""));
    assert!(told(&sandbox).contains("2 versions cannot be read"));
}

#[test]
fn it_cannot_grow_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..40 {
        let cache = Cache::new(folder.path(), "registers", &folder.path().join(format!("model-{n}")));
        cache.write(&n.to_string());
        assert_eq!(cache.read(), Some(n.to_string()));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let left = std::fs::read_dir(folder.path().join("registers")).unwrap().count();
    assert_eq!(left, 32);
    let of = |n: usize| Cache::new(folder.path(), "registers", &folder.path().join(format!("model-{n}"))).read();
    assert_eq!((of(7), of(8), of(39)), (None, Some("8".to_owned()), Some("39".to_owned())));
    // Of one model too: what its history has comes first.
    let many: Registers = (0..6000).map(|n| (format!("{n:040}"), None)).collect();
    let wanted: BTreeSet<&str> = many.keys().rev().take(2000).map(String::as_str).collect();
    let read = kept::read(&kept::written(&many, &wanted));
    assert_eq!(read.len(), 5000);
    assert!(wanted.iter().all(|id| read.contains_key(*id)));
}

proptest! {
    #[test]
    fn what_is_written_is_read(models in proptest::collection::vec(models(), 1..4), at in any::<prop::sample::Index>()) {
        let register = |model: &sconce::model::ThreatModel| -> Register {
            model.threats.iter().map(|(key, threat)| (key.clone(), Brief::of(threat))).collect()
        };
        let mut all: Registers =
            models.iter().enumerate().map(|(n, model)| (format!("{n:040}"), Some(Arc::new(register(model))))).collect();
        all.insert("f".repeat(40), None);
        let text = kept::written(&all, &BTreeSet::new());
        prop_assert_eq!(kept::read(&text), all);
        // One character more, anywhere, and it says nothing.
        let place = (0..=text.len()).filter(|n| text.is_char_boundary(*n)).collect::<Vec<_>>();
        let mut damaged = text.clone();
        damaged.insert(place[at.index(place.len())], '1');
        prop_assert_eq!(kept::read(&damaged), Registers::new());
    }
}
