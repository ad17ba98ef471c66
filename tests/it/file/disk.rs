//! Files on disk: what is refused, what a save keeps, and that a save cut short by `kill -9` loses nothing.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use sconce::file::disk::{self, DiskError, LARGEST, SaveError};
use sconce::file::journal::Journal;
use sconce::file::lock::{self, LockError};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn file(folder: &TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("a.tm.ron");
    fs::write(&path, text).unwrap();
    path
}

/// What opening says, with the folder's name taken out.
fn refusal(folder: &TempDir, path: &Path) -> String {
    let error: DiskError = disk::open(path, Some(folder.path())).unwrap_err();
    error.to_string().replace(&*folder.path().to_string_lossy(), "[folder]")
}

#[test]
fn what_is_not_a_model_file_is_refused_by_name() {
    let dir = folder();
    let at = |name: &str| dir.path().join(name);
    assert_eq!(refusal(&dir, &at("none")), "[folder]/none: no such file");
    fs::create_dir(at("folder")).unwrap();
    assert_eq!(refusal(&dir, &at("folder")), "[folder]/folder is a folder; name a model file in it");
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    assert_eq!(refusal(&dir, &at("pipe")), "[folder]/pipe is a pipe, socket or device, not a file");
    fs::write(at("latin1"), b"ThreatModel(\xe9)").unwrap();
    let message = "[folder]/latin1 is not UTF-8 text: byte 12 (counted from 0) is the first that does not fit";
    assert_eq!(refusal(&dir, &at("latin1")), message);
    fs::File::create(at("huge")).unwrap().set_len(100 * 1024 * 1024).unwrap();
    assert_eq!(refusal(&dir, &at("huge")), "[folder]/huge is larger than 32 MiB, the most that is read");
    fs::File::create(at("just")).unwrap().set_len(LARGEST).unwrap();
    assert!(disk::open(&at("just"), None).is_ok());
}

#[test]
fn a_link_out_of_the_repository_is_refused_and_one_inside_is_followed() {
    let (inside, outside) = (folder(), folder());
    let secret = file(&outside, "secret");
    symlink(&secret, inside.path().join("out")).unwrap();
    let message = refusal(&inside, &inside.path().join("out"));
    assert!(message.contains("a symbolic link that leads out of the repository"), "{message}");
    assert!(!message.contains("secret"), "{message}");
    let real = file(&inside, "text");
    symlink(&real, inside.path().join("in")).unwrap();
    let mut opened = disk::open(&inside.path().join("in"), Some(inside.path())).unwrap();
    disk::save(&mut opened, "new").unwrap();
    assert!(inside.path().join("in").is_symlink());
    assert_eq!(fs::read_to_string(real).unwrap(), "new");
}

#[test]
fn a_save_keeps_mode_bits_and_leaves_no_litter() {
    let dir = folder();
    let path = file(&dir, "old");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    fs::write(dir.path().join(".a.tm.ron.saving-999999999"), "left by a program that died").unwrap();
    let mut opened = disk::open(&path, None).unwrap();
    disk::save(&mut opened, "new").unwrap();
    disk::save(&mut opened, "newer").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn somebody_elses_change_is_never_overwritten() {
    let dir = folder();
    let path = file(&dir, "old");
    let mut opened = disk::open(&path, None).unwrap();
    fs::write(&path, "theirs").unwrap();
    match disk::save(&mut opened, "ours").unwrap_err() {
        SaveError::Changed { on_disk, .. } => assert_eq!(on_disk.as_deref(), Some("theirs")),
        SaveError::Disk(error) => panic!("{error}"),
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    fs::remove_file(&path).unwrap();
    assert!(matches!(disk::save(&mut opened, "ours"), Err(SaveError::Changed { on_disk: None, .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(disk::create(&path, "fresh").is_ok());
    assert!(disk::create(&path, "again").is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "fresh");
}

#[test]
fn the_lock_says_who_has_it_and_goes_with_its_holder() {
    let dir = folder();
    let path = file(&dir, "text");
    let held = lock::take(&path, "ana").unwrap();
    match lock::take(&path, "li") {
        Err(LockError::Held(by)) => assert!(by.starts_with("ana, process "), "{by}"),
        other => panic!("{other:?}"),
    }
    drop(held);
    let again = lock::take(&path, "li").unwrap();
    drop(again);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let mut holder = reexecute("hold", &path);
    wait_until(|| matches!(lock::take(&path, "li"), Err(LockError::Held(_))));
    holder.kill().unwrap();
    holder.wait().unwrap();
    lock::take(&path, "li").unwrap();
}

#[test]
fn the_journal_gives_back_the_latest_whole_text() {
    let (state, dir) = (folder(), folder());
    let path = file(&dir, "base").canonicalize().unwrap();
    let base = disk::fingerprint(b"base");
    let journal = Journal::at(state.path(), &path).unwrap();
    assert_eq!(journal.recover(&base), None);
    journal.write("one\ntwo\n", &base).unwrap();
    journal.write("one\nthree\n", &base).unwrap();
    let found = Journal::at(state.path(), &path).unwrap().recover(&base).unwrap();
    assert_eq!((found.text.as_str(), found.fits), ("one\nthree\n", true));
    assert!(!journal.recover(&disk::fingerprint(b"other")).unwrap().fits);
    let record = fs::read_dir(state.path().join("journal")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(fs::metadata(&record).unwrap().permissions().mode() & 0o777, 0o600);
    let mut damaged = fs::read(&record).unwrap();
    damaged.pop();
    fs::write(&record, damaged).unwrap();
    assert_eq!(journal.recover(&base), None);
    journal.clear().unwrap();
    journal.clear().unwrap();
    assert_eq!(fs::read_dir(state.path().join("journal")).unwrap().count(), 0);
}

/// Saves number after number until it is killed. Each text says its number and is long enough to take a while.
fn text_of(number: u32) -> String {
    format!("{number}\n").repeat(20_000)
}

#[test]
fn killing_a_save_leaves_a_whole_text_not_older_than_the_last_one_saved() {
    let dir = folder();
    let path = file(&dir, &text_of(0));
    let report = dir.path().join("report");
    for round in 0..200u64 {
        fs::write(&path, text_of(0)).unwrap();
        fs::write(&report, "0").unwrap();
        let mut child = reexecute("save", &path);
        wait_until(|| fs::read_to_string(&report).is_ok_and(|r| r != "0"));
        // The moment of death wanders over several saves.
        std::thread::sleep(Duration::from_micros(round * 131 % 9_973));
        child.kill().unwrap();
        child.wait().unwrap();
        let saved: u32 = fs::read_to_string(&report).unwrap().parse().unwrap_or_default();
        let text = fs::read_to_string(&path).unwrap();
        let number: u32 = text.lines().next().unwrap().parse().unwrap();
        assert_eq!(text, text_of(number), "round {round}: the text is not whole");
        assert!(number >= saved, "round {round}: {saved} was saved, {number} is there");
    }
}

fn wait_until(done: impl Fn() -> bool) {
    for _ in 0..20_000 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("waited in vain");
}

/// Starts this test binary again as a victim.
fn reexecute(role: &str, path: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "file::disk::victim"])
        .env("SCONCE_TEST_VICTIM", role)
        .env("SCONCE_TEST_FILE", path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Not a test of its own: the process that the tests above kill. Run by itself it has nothing to do.
#[test]
fn victim() {
    let Some(role) = std::env::var_os("SCONCE_TEST_VICTIM") else { return };
    let path = PathBuf::from(std::env::var_os("SCONCE_TEST_FILE").unwrap());
    if role == "hold" {
        let _held = lock::take(&path, "victim").unwrap();
        std::thread::sleep(Duration::from_mins(1));
    }
    let report = path.with_file_name("report");
    let mut opened = disk::open(&path, None).unwrap();
    for number in 1.. {
        disk::save(&mut opened, &text_of(number)).unwrap();
        let draft = path.with_file_name("draft");
        fs::write(&draft, number.to_string()).unwrap();
        fs::rename(&draft, &report).unwrap();
    }
}
