//! Files on disk: what may be hostile is refused without waiting, and a save loses nothing, also when it is killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use sconce::file::disk::{DiskError, Fingerprint, SaveError, create, open, save};
use sconce::file::journal::{Journal, Recovered, left};
use sconce::file::{Document, LARGEST, lock, read};
use sconce::model::ThreatModel;

use super::format::EXAMPLE;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The codes of all hostile files of this test.
pub(crate) fn codes() -> Vec<&'static str> {
    let folder = folder();
    let mut all: Vec<&'static str> =
        refusals(folder.path()).into_iter().map(|(_, error)| error.diagnostic().code).collect();
    let denied = DiskError::Denied(PathBuf::from("m"));
    let other = DiskError::Io(PathBuf::from("m"), std::io::ErrorKind::StorageFull.into());
    all.extend([denied, other].iter().map(|e| e.diagnostic().code));
    all
}

/// Every kind of file that is not to be read, with what is said about it.
fn shared(text: &str) -> Arc<String> {
    Arc::new(text.to_owned())
}

fn refusals(folder: &Path) -> Vec<(&'static str, DiskError)> {
    let root = folder.join("repo");
    fs::create_dir_all(root.join(".git")).unwrap();
    let path = |name: &str| root.join(name);
    fs::create_dir(path("dir.tm.ron")).unwrap();
    fs::write(folder.join("secret"), EXAMPLE).unwrap();
    fs::write(path("latin1.tm.ron"), b"ThreatModel(\n  \xe9)").unwrap();
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { EXAMPLE.encode_utf16().flat_map(bytes).collect() };
    fs::write(path("utf16-le.tm.ron"), [&[0xff, 0xfe], &*utf16(u16::to_le_bytes)].concat()).unwrap();
    fs::write(path("utf16-be.tm.ron"), [&[0xfe, 0xff], &*utf16(u16::to_be_bytes)].concat()).unwrap();
    fs::write(path("utf16-bare.tm.ron"), utf16(u16::to_le_bytes)).unwrap();
    std::os::unix::fs::symlink("loop.tm.ron", path("loop.tm.ron")).unwrap();
    fs::write(path("there.tm.ron"), "").unwrap();
    let large = fs::File::create(path("large.tm.ron")).unwrap();
    large.set_len(100 << 20).unwrap();
    let fifo = Command::new("mkfifo").arg(path("fifo.tm.ron")).status().unwrap();
    assert!(fifo.success());
    std::os::unix::fs::symlink(folder.join("secret"), path("link.tm.ron")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", path("../zero.tm.ron")).unwrap();
    let refused = |name: &'static str| (name, open(&path(name)).unwrap_err());
    vec![
        refused("missing.tm.ron"),
        refused("dir.tm.ron"),
        refused("fifo.tm.ron"),
        refused("../zero.tm.ron"),
        refused("large.tm.ron"),
        refused("latin1.tm.ron"),
        refused("utf16-le.tm.ron"),
        refused("utf16-be.tm.ron"),
        refused("utf16-bare.tm.ron"),
        refused("loop.tm.ron"),
        refused("there.tm.ron/inside.tm.ron"),
        refused("link.tm.ron"),
        ("there.tm.ron", create(&path("there.tm.ron"), "new").unwrap_err()),
    ]
}

#[test]
fn hostile_files_are_refused_and_nothing_is_written() {
    let folder = folder();
    let all = refusals(folder.path());
    let at = folder.path().canonicalize().unwrap();
    let said: Vec<String> =
        all.iter().map(|(_, e)| e.to_string().replace(&*folder.path().to_string_lossy(), "")).collect();
    let said: Vec<String> = said.into_iter().map(|s| s.replace(&*at.to_string_lossy(), "")).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    /repo/missing.tm.ron: there is no such file; check the path
    /repo/dir.tm.ron: this is a directory; name a file in it
    /repo/fifo.tm.ron: this is a pipe, socket or device; name a plain file
    /repo/../zero.tm.ron: this is a pipe, socket or device; name a plain file
    /repo/large.tm.ron: it has 100 MiB; 32 MiB are the most; split the model
    /repo/latin1.tm.ron: line 2 is not UTF-8 at byte 15; perhaps it is Latin-1 or Windows-1252; save it as UTF-8, with an editor or with `iconv -f WINDOWS-1252 -t UTF-8`
    /repo/utf16-le.tm.ron: the text is encoded as UTF-16, low byte first, which is not read; save it as UTF-8, with an editor or with `iconv -f UTF-16 -t UTF-8`
    /repo/utf16-be.tm.ron: the text is encoded as UTF-16, high byte first, which is not read; save it as UTF-8, with an editor or with `iconv -f UTF-16 -t UTF-8`
    /repo/utf16-bare.tm.ron: the text is encoded as UTF-16, low byte first, which is not read; save it as UTF-8, with an editor or with `iconv -f UTF-16 -t UTF-8`
    /repo/loop.tm.ron: this link leads to itself, or through too many links; delete the link, or name the file itself
    /repo/there.tm.ron/inside.tm.ron: a part of this path is a file, not a folder; check the path
    /repo/link.tm.ron: the link leads out of the repository, to /secret; name a file in the repository, or copy the file into it
    /repo/there.tm.ron: it exists already; choose another name
    "#);
    assert!(
        !fs::read_dir(folder.path().join("repo")).unwrap().any(|e| e
            .unwrap()
            .file_name()
            .to_string_lossy()
            .ends_with(".tmp"))
    );
}

#[test]
fn a_save_keeps_mode_bits_and_link() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let (file, link) = (folder.path().join("m.tm.ron"), folder.path().join("link.tm.ron"));
    fs::write(&file, EXAMPLE).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("m.tm.ron", &link).unwrap();
    let mut opened = open(&link).unwrap();
    save(&mut opened, &shared("new")).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    save(&mut opened, &shared("newer")).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
    assert!(matches!(save(&mut opened, &shared("newest")), Err(SaveError::ReadOnly(_))));
}

#[test]
fn a_save_never_overwrites_what_somebody_else_wrote() {
    let folder = folder();
    let path = folder.path().join("m.tm.ron");
    let mut opened = create(&path, "mine").unwrap();
    fs::write(&path, "theirs").unwrap();
    match save(&mut opened, &shared("mine, later")) {
        Err(SaveError::Changed(changed)) => assert_eq!(changed.now, "theirs"),
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    let said = |error: SaveError| error.to_string().replace(&*folder.path().to_string_lossy(), "");
    insta::assert_snapshot!(said(save(&mut opened, &shared("mine, later")).unwrap_err()), @r#"/m.tm.ron: somebody else changed it since it was read; read it again, or save under a new name"#);
    fs::remove_file(&path).unwrap();
    insta::assert_snapshot!(said(save(&mut opened, &shared("mine, later")).unwrap_err()), @r#"/m.tm.ron: somebody else removed it since it was read; put it back, or save under a new name"#);
    assert!(!path.exists());
}

#[test]
fn a_lock_is_held_by_one_and_a_dead_one_is_taken_over() {
    let folder = folder();
    let model = folder.path().join("m.tm.ron");
    let held = lock::take(&model, "ana  b").unwrap();
    let Err(lock::LockError::Held(holder)) = lock::take(&model, "li") else { panic!("taken twice") };
    assert_eq!((holder.pid, &*holder.who), (std::process::id(), "ana b"));
    let line = fs::read_to_string(lock::path_of(&model)).unwrap();
    drop(held);
    assert!(!lock::path_of(&model).exists());

    let mut child = Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let dead = line.replacen(&std::process::id().to_string(), &child.id().to_string(), 1);
    fs::write(lock::path_of(&model), &dead).unwrap();
    let left = folder.path().join(format!(".m.tm.ron.{}-0.tmp", child.id()));
    fs::write(&left, "half").unwrap();
    drop(lock::take(&model, "li").unwrap());
    assert!(!left.exists());

    fs::write(lock::path_of(&model), dead.replacen(' ', " another-", 1)).unwrap();
    assert!(matches!(lock::take(&model, "li"), Err(lock::LockError::Held(_))));
}

#[test]
fn a_lock_that_nobody_can_have_written_is_called_strange_and_left_alone() {
    let folder = folder();
    let model = folder.path().join("m.tm.ron");
    let at = lock::path_of(&model);
    let said = || lock::take(&model, "li").unwrap_err().to_string();
    for bytes in
        [&b""[..], b"\x93\xfe\x00", b"1 host", b"0 host ana\n", b"1 host a\x1b[2J\n", b"1 host ana\n1 host li\n"]
    {
        fs::write(&at, bytes).unwrap();
        assert_eq!(said(), "the lock beside it is a file that sconce did not write");
        assert_eq!(fs::read(&at).unwrap(), bytes);
    }
    fs::remove_file(&at).unwrap();
    fs::create_dir(&at).unwrap();
    assert_eq!(said(), "the lock beside it is a folder");
    fs::remove_dir(&at).unwrap();
    assert!(Command::new("mkfifo").arg(&at).status().unwrap().success());
    assert_eq!(said(), "the lock beside it is no plain file");
    fs::remove_file(&at).unwrap();
    // What a person is called cannot make a lock strange.
    let held = lock::take(&model, "\x1b[2J\n").unwrap();
    let Err(lock::LockError::Held(holder)) = lock::take(&model, "li") else { panic!("taken twice") };
    assert_eq!(holder.who, "[2J");
    drop(held);
    assert!(!at.exists());
}

#[test]
fn of_many_that_want_a_stale_lock_one_gets_it() {
    let folder = folder();
    let model = folder.path().join("m.tm.ron");
    let line = {
        let _held = lock::take(&model, "ana").unwrap();
        fs::read_to_string(lock::path_of(&model)).unwrap()
    };
    let mut child = Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    for _ in 0..20 {
        fs::write(lock::path_of(&model), line.replacen(&std::process::id().to_string(), &child.id().to_string(), 1))
            .unwrap();
        let got: Vec<_> = std::thread::scope(|s| {
            let all: Vec<_> = (0..6).map(|_| s.spawn(|| lock::take(&model, "li"))).collect();
            all.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert_eq!(got.iter().filter(|r| r.is_ok()).count(), 1);
    }
}

#[test]
fn the_journal_gives_back_the_last_whole_record() {
    let folder = folder();
    let (state, model) = (folder.path().join("state"), folder.path().join("m.tm.ron"));
    fs::write(&model, "saved").unwrap();
    let base = Fingerprint::of("saved");
    let recover =
        |state: &Path, model: &Path, base| -> Option<Recovered> { left(state, model, base).into_iter().next() };
    assert_eq!(recover(&state, &model, base), None);
    let mut journal = Journal::new(&state, &model, base);
    for (n, text) in ["one", "two\nlines", "three"].iter().enumerate() {
        journal.append(text, i64::try_from(n).unwrap()).unwrap();
    }
    let found = recover(&state, &model, base).unwrap();
    assert_eq!((&*found.text, found.when, found.same_base), ("three", 2, true));
    assert!(!recover(&state, &model, Fingerprint::of("other")).unwrap().same_base);

    let file = fs::read_dir(state.join("journal")).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&file).unwrap();
    for cut in [1, 3, 6] {
        fs::write(&file, &whole[..whole.len() - cut]).unwrap();
        assert_eq!(recover(&state, &model, base).unwrap().text, "two\nlines");
    }
    for n in 0..30 {
        journal.append(&"x".repeat(200_000 + n), 9).unwrap();
    }
    assert!(fs::metadata(&file).unwrap().len() < 3 << 20);
    assert_eq!(recover(&state, &model, base).unwrap().text.len(), 200_029);
    // When it cannot be written, what it had is still there, and it goes on when it can.
    let away = folder.path().join("away");
    fs::rename(&state, &away).unwrap();
    fs::write(&state, "no folder").unwrap();
    assert!((0..30).any(|n| journal.append(&"y".repeat(200_000), n).is_err()), "it starts over now and then");
    assert!(journal.has_record());
    fs::remove_file(&state).unwrap();
    fs::rename(&away, &state).unwrap();
    assert!(recover(&state, &model, base).is_some());
    journal.append("again", 99).unwrap();
    assert_eq!(recover(&state, &model, base).unwrap().text, "again");
    // Another journal is written beside one that holds something, and both are found, the latest first.
    let mut second = Journal::new(&state, &model, base);
    assert_ne!(second.path(), journal.path());
    second.append("other", 100).unwrap();
    let found = left(&state, &model, base);
    assert_eq!(found.iter().map(|r| &*r.text).collect::<Vec<_>>(), ["other", "again"]);
    second.clear(base).unwrap();
    journal.clear(Fingerprint::of("x")).unwrap();
    assert_eq!(recover(&state, &model, base), None);
    let nowhere = Path::new("/dev/null/state");
    assert!(Journal::new(nowhere, &model, base).append("text", 0).is_err());
}

const SAVER: &str = "SCONCE_TEST_SAVER";

/// Not a test by itself: the process that is killed. It saves one model after another, each named by its number.
#[test]
fn saver() {
    let Some(path) = std::env::var_os(SAVER).map(PathBuf::from) else { return };
    let mut opened = open(&path).unwrap();
    for n in 1..=100_000u32 {
        save(&mut opened, &Arc::new(numbered(n))).unwrap();
        fs::write(path.with_extension("done"), n.to_string()).unwrap();
    }
}

fn numbered(n: u32) -> String {
    let mut model = ThreatModel::default();
    model.system.name = n.to_string();
    model.system.description = Some("padding ".repeat(2000));
    Document::new(model).text()
}

#[test]
fn two_hundred_killed_saves_leave_a_whole_file() {
    let folder = folder();
    let path = folder.path().join("m.tm.ron");
    for round in 0..200u64 {
        fs::write(&path, numbered(0)).unwrap();
        let _ = fs::remove_file(path.with_extension("done"));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "file::disk::saver", "--test-threads=1"])
            .env(SAVER, &path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let started = std::time::Instant::now();
        while !path.with_extension("done").exists() && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros(round * 97 % 5_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let found: u32 =
            read(&fs::read_to_string(&path).unwrap()).document.unwrap().model().system.name.parse().unwrap();
        let done = fs::read_to_string(path.with_extension("done")).ok().and_then(|n| n.parse().ok()).unwrap_or(0);
        assert!(found >= done, "the file has {found}, older than {done}, which was saved");
        assert!(found > 0, "the process was killed before its first save");
    }
}

#[test]
fn the_limit_holds_for_texts_too() {
    let text = " ".repeat(LARGEST + 1);
    assert_eq!(read(&text).diagnostics[0].code, "too-large");
}
