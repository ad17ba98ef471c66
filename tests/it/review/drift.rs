//! Code that moved on, under real git: what is named, and what is said when there is nothing to compare with.

use std::fmt::Write as _;

use crate::sandbox::Sandbox;

const MODEL: &str = "#![enable(implicit_some)]
ThreatModel(
    format: (1, 0),
    system: (
        name: \"Shop\",
        code: [\"services/**\"],
        reviewed: (on: \"2026-11-20\", by: \"ana\", commit: \"COMMIT\"),
    ),
    elements: {
        \"db\": DataStore(
            name: \"Orders\",
            code: [\"migrations/*.sql\"],
        ),
        \"web\": Process(
            name: \"Web `shop`\",
            facts: {
                \"authn\": \"present\",
                \"rate_limit\": \"absent\",
            },
            code: [\"services/web/**\"],
        ),
    },
)
";

fn git(sandbox: &Sandbox, args: &[&str]) -> String {
    let who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"];
    let out = sandbox.command("git").args(who).args(args).output().unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

/// A reviewed model beside code.
fn reviewed() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    for file in ["services/web/a.rs", "services/web/deep/b.rs", "services/mail.rs", "migrations/1.sql", "README.md"] {
        sandbox.write(file, "one\n");
    }
    git(&sandbox, &["add", "-A"]);
    git(&sandbox, &["commit", "-q", "-m", "code"]);
    let commit = git(&sandbox, &["rev-parse", "HEAD"]);
    sandbox.write("shop.tm.ron", MODEL.replace("COMMIT", &commit));
    sandbox
}

#[test]
fn changed_code_names_its_element() {
    let sandbox = reviewed();
    let mut told = sandbox.picture(&["drift"]);
    sandbox.write("services/web/deep/b.rs", "two\n").write("services/web/new file.rs", "new\n");
    sandbox.write("services/mail.rs", "two\n").write("README.md", "two\n").write("migrations/deep/2.sql", "new\n");
    for format in ["text", "markdown", "json"] {
        told += &sandbox.picture(&["drift", "--format", format]);
    }
    let commit = git(&sandbox, &["rev-parse", "HEAD"]);
    let told = told.replace(&commit, "[commit]");
    insta::assert_snapshot!(told.replace(&commit[..10], "[commit, short]"));
}

/// The last line is what people read: it says why the answer is no.
#[test]
fn the_last_line_says_what_drifted() {
    let sandbox = reviewed();
    let last = |args: &[&str]| {
        let out = sandbox.sconce(&[&["drift"], args].concat());
        let text = String::from_utf8(out.stdout).unwrap();
        (text.lines().last().unwrap().to_owned(), out.status.code().unwrap())
    };
    let none = "no element's code changed since main";
    assert_eq!(last(&["--against", "main"]), (none.to_owned(), 0));
    sandbox.write("services/mail.rs", "two\n");
    let unclaimed = format!("{none}, but 1 file that no element claims");
    assert_eq!(last(&["--against", "main"]), (unclaimed, 1));
    sandbox.write("services/web/a.rs", "two\n");
    let both = "the code of 1 element changed since main, and 1 file that no element claims";
    assert_eq!(last(&["--against", "main"]), (both.to_owned(), 1));
    // Where nothing was before, nothing can have moved on.
    let nothing = "no element's code changed since the beginning, as --against names no commit";
    for name in ["", &"0".repeat(40), &"0".repeat(64)] {
        assert_eq!(last(&["--against", name]), (nothing.to_owned(), 0));
        let json = sandbox.sconce(&["drift", "--against", name, "--format", "json"]).stdout;
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!((&json["since"], &json["touched"]), (&serde_json::Value::Null, &serde_json::json!([])));
    }
}

/// In a comment a threat has its id, and only what comes of a file is code.
#[test]
fn a_comment_names_threats_and_short_commits() {
    let sandbox = reviewed();
    let text = sandbox.read("shop.tm.ron").replace("    },\n)", "    },\n    threats: {\n        \"web:own.odd\": (severity: High, opened: \"2026-11-20\", title: \"Odd\", stride: [T]),\n    },\n)");
    sandbox.write("shop.tm.ron", text).write("services/web/a.rs", "two\n");
    let commit = git(&sandbox, &["rev-parse", "HEAD"]);
    let comment = |args: &[&str]| {
        String::from_utf8(sandbox.sconce(&[&["drift", "--format", "markdown"], args].concat()).stdout).unwrap()
    };
    let first = |args: &[&str]| comment(args).lines().next().unwrap().to_owned();
    let short = &commit[..10];
    assert_eq!(first(&[]), format!("The code of 1 element changed since the review at `{short}`."));
    assert_eq!(first(&["--against", &commit]), format!("The code of 1 element changed since `{short}`."));
    assert_eq!(first(&["--against", "main"]), "The code of 1 element changed since `main`.");
    let list = sandbox.sconce(&["threats", "--format", "json"]).stdout;
    let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
    let rows = list["threats"].as_array().unwrap();
    let id = rows.iter().find(|row| row["key"] == "web:own.odd").unwrap()["id"].as_str().unwrap();
    assert!(comment(&[]).contains(&format!("\n- open: {id} High `Odd`\n")), "{}", comment(&[]));
}

#[test]
fn a_branch_is_compared_with_where_it_left() {
    let sandbox = reviewed();
    git(&sandbox, &["checkout", "-q", "-b", "topic"]);
    sandbox.write("migrations/1.sql", "two\n");
    git(&sandbox, &["add", "-A"]);
    git(&sandbox, &["commit", "-q", "-m", "topic"]);
    git(&sandbox, &["checkout", "-q", "main"]);
    sandbox.write("services/web/a.rs", "two\n");
    git(&sandbox, &["add", "services"]);
    git(&sandbox, &["commit", "-q", "-m", "main"]);
    git(&sandbox, &["checkout", "-q", "topic"]);
    let told = sandbox.picture(&["drift", "--against", "main"]);
    assert!(told.contains("Orders") && !told.contains("Web"), "{told}");
}

#[test]
fn nothing_to_compare_with_is_said() {
    let sandbox = reviewed();
    let text = sandbox.read("shop.tm.ron");
    let line = text.lines().find(|line| line.contains("reviewed")).unwrap().to_owned();
    let mut told = String::new();
    for (instead, glob) in
        [("", "services/**"), ("reviewed: (on: \"2026-11-20\", by: \"ana\", commit: \"4f2c9e1\"),", "a[b")]
    {
        let changed = text.replace(&line, instead).replace("migrations/*.sql", glob);
        sandbox.write("shop.tm.ron", changed);
        told += &sandbox.picture(&["drift"]);
    }
    let _ = write!(told, "{}", sandbox.picture(&["drift", "--against", "HEAD"]));
    told += &sandbox.picture(&["drift", "--against", "--upload-pack=evil"]);
    told += &sandbox.picture(&["drift", "--against=-x"]);
    let alone = Sandbox::new();
    alone.write("shop.tm.ron", &text);
    told += &alone.picture(&["drift"]);
    insta::assert_snapshot!(told);
}
