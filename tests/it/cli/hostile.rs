//! Files that mean harm, and files that are broken, through the built program: inert text or a clear error, exit code
//! 2 or 3, nothing written.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;

use super::SMALL;
use crate::sandbox::Sandbox;

/// Runs every reading verb on a file and returns what a person sees. Asserts the exit code, that no raw control
/// character got out, and that the folder is as it was.
fn refused(sandbox: &Sandbox, name: &str, exit: i32) -> String {
    let before = listing(sandbox);
    let mut seen = String::new();
    for verb in [vec!["check"], vec!["threats"], vec!["update"], vec!["fmt"], vec!["render"], vec![]] {
        let args: Vec<&str> = verb.iter().copied().chain([name]).collect();
        let output = sandbox.sconce(&args);
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {text}");
        assert_inert(&text);
        seen = text;
    }
    assert_eq!(listing(sandbox), before, "something was written");
    seen
}

fn listing(sandbox: &Sandbox) -> Vec<(String, u64, i64)> {
    let entries = fs::read_dir(sandbox.path("x").parent().unwrap()).unwrap();
    let mut all: Vec<_> = entries
        .map(|e| {
            let e = e.unwrap();
            let about = e.path().symlink_metadata().unwrap();
            (e.file_name().to_string_lossy().into_owned(), about.len(), about.mtime())
        })
        .collect();
    all.sort();
    all
}

fn assert_inert(text: &str) {
    let raw = text.chars().find(|c| *c != '\n' && sconce::diagnostic::inert::is_hazard(*c));
    assert_eq!(raw, None, "a raw {raw:?} got out in {text:?}");
}

/// Text that would drive a terminal, hide, or read backwards if it got out.
const NASTY: &str = "\x1b[31mred\x1b]0;title\x07\x1b]8;;http://x\x07\u{9b}2J\u{202e}txt.exe\u{2066}\u{200b}\0\u{85}";

#[test]
fn nasty_names_are_shown_inert_everywhere() {
    let sandbox = Sandbox::new();
    let text = SMALL
        .replace("\"Customer\"", &format!("\"Cust{NASTY}omer\""))
        .replace("\"browse\",", &format!("\"br{NASTY}\","));
    sandbox.write("shop.tm.ron", text.as_bytes());
    let all: [&[&str]; 21] = [
        &["check"],
        &["threats"],
        &["questions"],
        &["coverage"],
        &["coverage", "--format", "json"],
        &["coverage", "--format", "csv"],
        &["coverage", "--format", "markdown"],
        &["coverage", "--of", "shop"],
        &["render"],
        &["render", "--format", "ascii"],
        &["render", "--format", "svg"],
        &["render", "--format", "mermaid"],
        &["render", "--format", "dot"],
        &["export", "--format", "csv"],
        &["export", "--format", "markdown"],
        &["whatif"],
        &["whatif", "--without", "human@customer"],
        &["whatif", "--to", "shop"],
        &["whatif", "--compromised", "shop"],
        &["explain", "shop:core.d.no-rate-limit"],
        &["fmt", "--check"],
    ];
    for args in all {
        let output = sandbox.sconce(args);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_inert(&String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).replace("\r\n", "\n"));
    }
    sandbox.sconce(&["fmt"]);
    // In the file, controls and bidi controls are escaped; a zero-width space is text.
    assert_inert(&sandbox.read("shop.tm.ron").replace('\u{200b}', ""));
}

#[test]
fn nasty_text_in_the_wrong_place_is_quoted_inert() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL.replace("    flows", &format!("    {NASTY}flows")).as_bytes());
    refused(&sandbox, "shop.tm.ron", 3);
    sandbox.write("shop.tm.ron", SMALL.replace("\"rate_limit\"", &format!("\"rate{NASTY}\"")).as_bytes());
    refused(&sandbox, "shop.tm.ron", 3);
    let output = sandbox.sconce(&[&format!("no{}such", NASTY.replace('\0', ""))]);
    assert_eq!(output.status.code(), Some(2));
    assert_inert(&String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_name_of_a_megabyte_is_cut_on_screens_and_kept_in_the_file() {
    let sandbox = Sandbox::new();
    let long = "m".repeat(1_000_000);
    sandbox.write("shop.tm.ron", SMALL.replace("\"Customer\"", &format!("\"{long}\"")));
    for args in [["render"], ["check"], ["threats"]] {
        let output = sandbox.sconce(&args);
        assert!(matches!(output.status.code(), Some(0 | 1)));
        assert!(output.stdout.len() < 100_000, "{args:?} printed {} bytes", output.stdout.len());
    }
    sandbox.sconce(&["update"]);
    assert!(sandbox.read("shop.tm.ron").contains(&long));
}

#[test]
fn broken_files_are_refused_with_the_place() {
    let sandbox = Sandbox::new();
    let cases = [
        ("bomb", "[".repeat(1_000_000), "nest"),
        ("map bomb", "ThreatModel(a:{".repeat(100_000), "nest"),
        ("twice", SMALL.replace("\"shop\": Process", "\"customer\": Process"), "customer"),
        ("dangling", SMALL.replace("to: \"shop\"", "to: \"nowhere\""), "nowhere"),
        ("truncated", SMALL[..SMALL.len() / 2].to_owned(), "shop.tm.ron:"),
        ("empty", String::new(), "shop.tm.ron"),
        ("newer", SMALL.replace("(1, 0)", "(2, 0)"), "2.0"),
        ("merge", SMALL.replace("    flows: {\n", "<<<<<<< ours\n    flows: {\n=======\n>>>>>>> theirs\n"), "merge"),
    ];
    for (name, text, word) in cases {
        sandbox.write("shop.tm.ron", text);
        let said = refused(&sandbox, "shop.tm.ron", 3);
        assert!(said.contains(word), "{name}: {word:?} is not in {said}");
        assert!(said.len() < 60_000, "{name}: {} bytes of message", said.len());
    }
}

#[test]
fn a_cycle_of_boundaries_is_refused_by_name() {
    let sandbox = Sandbox::new();
    let boundary = |id: &str, inside: &str| {
        format!("        \"{id}\": (\n            name: \"{id}\",\n            inside: \"{inside}\",\n        ),\n")
    };
    let cycle = format!("    boundaries: {{\n{}{}    }},\n    elements", boundary("a", "b"), boundary("b", "a"));
    sandbox.write("shop.tm.ron", SMALL.replace("    elements", &cycle));
    let said = refused(&sandbox, "shop.tm.ron", 3);
    assert!(said.contains("inside itself") || said.contains("cycle"), "{said}");
}

#[test]
fn what_is_no_file_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("good.tm.ron", SMALL);
    fs::create_dir(sandbox.path("folder.tm.ron")).unwrap();
    assert!(sandbox.command("mkfifo").arg("pipe.tm.ron").status().unwrap().success());
    fs::File::create(sandbox.path("huge.tm.ron")).unwrap().set_len(100 * 1024 * 1024).unwrap();
    sandbox.write("latin.tm.ron", b"ThreatModel(\xe9)");
    for (name, word) in [
        ("none.tm.ron", "no such file"),
        ("folder.tm.ron", "folder"),
        ("pipe.tm.ron", "pipe"),
        ("huge.tm.ron", "32 MiB"),
        ("latin.tm.ron", "UTF-8"),
    ] {
        let said = refused(&sandbox, name, 2);
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn what_cannot_be_read_is_said_with_the_way_out() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("folder")).unwrap();
    symlink("loop.tm.ron", sandbox.path("loop.tm.ron")).unwrap();
    sandbox.write("latin.tm.ron", b"ThreatModel(\n    system: (name: \"caf\xe9\")");
    sandbox.write("wide.tm.ron", SMALL.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>());
    sandbox.write(
        "many.tm.ron",
        SMALL.replace("\"rate_limit\"", "\"rate_limt\"").replace("to: \"shop\"", "to: 7, too: \"shp\""),
    );
    sandbox.write("good.tm.ron", SMALL);
    let check =
        ["loop.tm.ron", "latin.tm.ron", "wide.tm.ron", "many.tm.ron"].map(|name| sandbox.picture(&["check", name]));
    let import = ["folder", "good.tm.ron", "missing.json"].map(|name| sandbox.picture(&["import", name]));
    insta::assert_snapshot!([check.join("\n"), import.join("\n")].join("\n"), @r#"
    $ sconce check loop.tm.ron
    --- stderr
    sconce: loop.tm.ron: this link leads to itself, or through too many links; delete the link, or name the file itself
    --- exit 2

    $ sconce check latin.tm.ron
    --- stderr
    sconce: latin.tm.ron: line 2 is not UTF-8 at byte 36; perhaps it is Latin-1 or Windows-1252; save it as UTF-8, with an editor or with `iconv -f WINDOWS-1252 -t UTF-8`
    --- exit 2

    $ sconce check wide.tm.ron
    --- stderr
    sconce: wide.tm.ron: the text is encoded as UTF-16, high byte first, which is not read; save it as UTF-8, with an editor or with `iconv -f UTF-16 -t UTF-8`
    --- exit 2

    $ sconce check many.tm.ron
    many.tm.ron: 3 errors
    --- stderr
    error[unknown-fact]: there is no fact `rate_limt`
      --> many.tm.ron:18:17
    18 |                 "rate_limt": "absent",
       |                 ^^^^^^^^^^^
     = help: did you mean `rate_limit`?

    error[wrong-type]: an id in quotes is expected here, not a number
      --> many.tm.ron:26:17
    26 |             to: 7, too: "shp",
       |                 ^
     = help: write "7"

    error[unknown-field]: there is no field `too` here
      --> many.tm.ron:26:20
    26 |             to: 7, too: "shp",
       |                    ^^^
     = help: did you mean `to`?

    --- exit 3

    $ sconce import folder
    --- stderr
    sconce: folder: this is a directory; name a file in it
    --- exit 2

    $ sconce import good.tm.ron
    --- stderr
    error[import-other-format]: this is a threat model of sconce already
     --> good.tm.ron:1:1
    1 | #![enable(implicit_some)]
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
     = help: there is nothing to import; open it with `sconce FILE`

    sconce: good.tm.ron: nothing was imported
    --- exit 2

    $ sconce import missing.json
    --- stderr
    sconce: missing.json: there is no such file; check the path
    --- exit 2
    "#);
}

#[test]
fn a_link_out_of_the_repository_is_refused() {
    let (sandbox, outside) = (Sandbox::new(), Sandbox::new());
    outside.write("secret.tm.ron", SMALL);
    fs::create_dir(sandbox.path(".git")).unwrap();
    symlink(outside.path("secret.tm.ron"), sandbox.path("shop.tm.ron")).unwrap();
    let said = refused(&sandbox, "shop.tm.ron", 2);
    assert!(said.contains("leads out of the repository"), "{said}");
}

/// The way is a folder that is a link; it is no other than a file that is one.
#[test]
fn a_folder_that_is_a_link_out_of_the_repository_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("repo/model.json", r#"{"summary": {"title": "T"}, "detail": {"diagrams": []}}"#);
    sandbox.write("repo/shop.tm.ron", SMALL).write("outside.tm.ron", SMALL);
    for folder in ["repo/.git", "repo/sub"] {
        fs::create_dir(sandbox.path(folder)).unwrap();
    }
    symlink("..", sandbox.path("repo/up")).unwrap();
    symlink("../sub", sandbox.path("repo/sub/within")).unwrap();
    let said = refused(&sandbox, "repo/up/outside.tm.ron", 2);
    assert!(said.contains("repo/up leads out of the repository, to /"), "{said}");
    for args in [
        &["init", "repo/up/new.tm.ron"][..],
        &["import", "repo/model.json", "repo/up/new.tm.ron"],
        &["rename", "shop", "store", "repo/up/outside.tm.ron"],
        &["explain", "shop", "repo/up/outside.tm.ron"],
        &["export", "repo/up/outside.tm.ron"],
        // Going out and in again is going out.
        &["update", "repo/up/repo/shop.tm.ron"],
    ] {
        let said = sandbox.picture(args);
        assert!(said.contains("leads out of the repository") && said.ends_with("--- exit 2\n"), "{said}");
    }
    assert!(!sandbox.path("new.tm.ron").exists());
    assert_eq!(sandbox.read("outside.tm.ron"), SMALL);
    // Links within, links to the repository, and `..` that somebody typed are fine.
    symlink("repo", sandbox.path("link")).unwrap();
    for path in ["repo/sub/within/new.tm.ron", "link/new.tm.ron", "repo/sub/../../new.tm.ron"] {
        let said = sandbox.picture(&["init", path]);
        assert!(said.ends_with("--- exit 0\n"), "{said}");
    }
}

/// A command in the sandbox that permissions hold back. They do not hold root back, so root runs it as somebody else.
fn held_back(sandbox: &Sandbox) -> std::process::Command {
    let folder = sandbox.path("x").parent().unwrap().to_path_buf();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
    if fs::metadata(&folder).unwrap().uid() == 0 {
        // The program and the folders above the sandbox must be in reach of that somebody.
        let copy = sandbox.path("sconce");
        if !copy.exists() {
            // Not by this process: what another test starts meanwhile would inherit the open file, and a program that
            // is open for writing cannot be run.
            let made = std::process::Command::new("cp").arg(env!("CARGO_BIN_EXE_sconce")).arg(&copy).status().unwrap();
            assert!(made.success());
        }
        let mut above = folder.as_path();
        while above.starts_with(std::env::temp_dir()) && above != std::env::temp_dir() {
            fs::set_permissions(above, fs::Permissions::from_mode(0o755)).unwrap();
            above = above.parent().unwrap();
        }
        let envs: Vec<_> = command.get_envs().map(|(k, v)| (k.to_owned(), v.unwrap_or_default().to_owned())).collect();
        command = std::process::Command::new(copy);
        command.env_clear().envs(envs).current_dir(&folder).uid(65_534).gid(65_534);
    }
    command
}

#[test]
fn no_permission_is_said_plainly() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL).write("open.tm.ron", SMALL).write("closed/x", "");
    sandbox.write("model.json", r#"{"summary": {"title": "T"}, "detail": {"diagrams": []}}"#);
    fs::set_permissions(sandbox.path("shop.tm.ron"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(sandbox.path("open.tm.ron"), fs::Permissions::from_mode(0o666)).unwrap();
    let mut said = String::new();
    let closed = |mode| fs::set_permissions(sandbox.path("x").parent().unwrap(), fs::Permissions::from_mode(mode));
    for args in [
        &["check", "shop.tm.ron"][..],
        &["init", "new.tm.ron"],
        &["import", "model.json", "new.tm.ron"],
        &["update", "open.tm.ron"],
    ] {
        let mut command = held_back(&sandbox);
        closed(0o555).unwrap();
        let output = command.args(args).args(["--as", "tester"]).output().unwrap();
        closed(0o755).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        said.push_str(&["$ sconce ", &args.join(" "), "\n", &errors].concat());
    }
    insta::assert_snapshot!(said);
}

#[test]
fn what_is_in_the_way_of_writing_is_called_by_its_name() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", SMALL).write(".shop.tm.ron.lock", b"\x1b[2J\xff");
    symlink("nowhere.tm.ron", sandbox.path("broken.tm.ron")).unwrap();
    let mut said = sandbox.picture(&["update", "shop.tm.ron"]);
    fs::remove_file(sandbox.path(".shop.tm.ron.lock")).unwrap();
    fs::create_dir(sandbox.path(".shop.tm.ron.lock")).unwrap();
    for args in [
        &["update", "shop.tm.ron"][..],
        &["init", "broken.tm.ron"],
        &["check", "broken.tm.ron"],
        &["init", "none/new.tm.ron"],
    ] {
        said += &sandbox.picture(args);
    }
    assert_inert(&said);
    insta::assert_snapshot!(said);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", format!("\u{feff}{}", SMALL.replace('\n', "\r\n")));
    assert_eq!(sandbox.sconce(&["check"]).status.code(), Some(1));
    sandbox.sconce(&["fmt"]);
    assert_eq!(sandbox.read("shop.tm.ron"), SMALL);
}
