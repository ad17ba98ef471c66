//! A team's own rules and overrides, as a person in its repository meets them: what they do, what is said about them,
//! and what is refused. The texts are those of the manual's page about them.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::Path;

use insta::assert_snapshot;
use sconce::file::team::{self, Folder};
use sconce::rules::prove::prove;
use sconce::rules::team::{CODES, read};

use super::SMALL;
use crate::sandbox::Sandbox;

/// The files of the manual's page: name and text.
fn page() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/team-rules.md");
    let page = std::fs::read_to_string(path).unwrap();
    let blocks = page.split("```ron\n// ").skip(1).map(|b| b.split("\n```").next().unwrap());
    blocks.map(|b| b.split_once('\n').unwrap()).map(|(name, text)| (name.to_owned(), format!("{text}\n"))).collect()
}

/// A repository with a small model that is in production and asks the packs of the page.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path(".git")).unwrap();
    let text = SMALL
        .replace("name: \"Shop\",\n    ),", "name: \"Shop\",\n        packs: [\"acme\", \"core\"],\n    ),")
        .replace("\"rate_limit\"", "\"env\": \"prod\",\n                \"rate_limit\"");
    assert!(text.contains("acme") && text.contains("prod"));
    sandbox.write("shop.tm.ron", text);
    sandbox
}

/// The same with the files of the page.
pub(crate) fn team() -> Sandbox {
    let sandbox = repository();
    let page = page();
    assert_eq!(page.len(), 5);
    for (name, text) in page {
        sandbox.write(&name, text);
    }
    // For people and from editors: passed over.
    sandbox.write(".sconce/rules/README.md", "# why").write(".sconce/rules/acme/.old.ron", "(");
    sandbox
}

/// What is said about one file in the place of the page's, or beside them.
fn with(name: &str, text: &str) -> String {
    let sandbox = team();
    sandbox.write(&format!(".sconce/rules/{name}"), text);
    sandbox.picture(&["check"])
}

fn folder(sandbox: &Sandbox) -> Folder {
    team::read(sandbox.path("x").parent().unwrap()).unwrap().unwrap()
}

#[test]
fn the_page_holds_and_its_rule_is_proven() {
    let read = read(&folder(&team())).unwrap();
    let ids: Vec<&str> = read.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["acme.d.no-on-call"]);
    assert_eq!(prove(&read.rules[0], &read.knowledge), Vec::<String>::new());
    assert!(read.knowledge.by_team.notices.is_empty(), "{:?}", read.knowledge.by_team.notices);
}

#[test]
fn the_verb_rule_knows_what_the_team_added_and_changed() {
    let sandbox = team();
    sandbox.write(
        ".sconce/rules/overrides.ron",
        sandbox
            .read(".sconce/rules/overrides.ron")
            .replace("[\n", "[\n    (rule: \"core.x\", reason: \"a slip\", off: true),\n"),
    );
    let facts = sandbox.read(".sconce/rules/vocabulary.ron");
    let mut seen = vec![
        sandbox.picture(&["rule", "list", "acme", "core.r.no-audit", "core.d.no-rate-limit"]),
        sandbox.picture(&["rule", "list", "acme", "core.r.no-audit", "--format", "json"]),
        sandbox.picture(&["rule", "show", "acme.d.no-on-call"]),
        sandbox.picture(&["rule", "show", "core.d.no-rate-limit", "--format", "markdown"]),
        sandbox.picture(&["rule", "check", "acme", "core.d.no-rate-limit"]),
        sandbox.picture(&["rule", "check", ".sconce/rules"]),
        sandbox.picture(&["rule", "check", ".sconce/rules/vocabulary.ron"]),
        sandbox.picture(&["rule", "new", "acme.d.no-on-call"]),
    ];
    // A draft somewhere else is read with the team's facts; a rule that its examples do not prove is told.
    let rule = sandbox.read(".sconce/rules/acme/acme.d.no-on-call.ron");
    let weak = rule.replace("expect: Silent", "expect: Fires([\"shop\"])");
    sandbox.write(".sconce/rules/acme/acme.d.no-on-call.ron", weak);
    sandbox.write("draft/acme.d.draft.ron", rule.replace("acme.d.no-on-call", "acme.d.draft"));
    seen.push(sandbox.picture(&["rule", "check", "acme", "draft", "--format", "json"]));
    // With half of what they need, rules are not proven but read: nothing is.
    sandbox.write(".sconce/rules/vocabulary.ron", facts.replace("values:", "valus:"));
    for verb in [&["list"][..], &["show", "acme.d.no-on-call"], &["check"], &["new", "acme.d.other"]] {
        let output = sandbox.sconce(&[&["rule"], verb].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{verb:?}: {said}");
        assert!(said.contains(".sconce/rules/vocabulary.ron:6:"), "{verb:?}: {said}");
    }
    assert_snapshot!("team_verb_rule", seen.join("\n"));
}

#[test]
fn from_a_folder_below_the_nearest_rules_are_meant() {
    let sandbox = team();
    for name in ["acme/acme.d.no-on-call.ron", "vocabulary.ron", "mitigations.ron"] {
        let text = sandbox.read(&format!(".sconce/rules/{name}")).replace("Nobody is called", "No-one comes");
        sandbox.write(&format!("sub/.sconce/rules/{name}"), text);
    }
    std::fs::create_dir_all(sandbox.path("sub/dir")).unwrap();
    let told = |args: &[&str]| {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
        let output = command.current_dir(sandbox.path("sub/dir")).args(args).args(["--as", "li"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(told(&["rule", "list", "acme"]).contains("No-one comes"));
    assert_eq!(told(&["rule", "check", "acme"]), "1 rule proven\n");
    told(&["rule", "new", "acme.d.other"]);
    assert!(sandbox.path("sub/.sconce/rules/acme/acme.d.other.ron").is_file());
    assert_eq!(told(&["rule", "check", "acme", "../.sconce/rules"]), "2 rules proven\n");
}

#[test]
fn files_written_elsewhere_are_read() {
    let sandbox = team();
    let before = sandbox.picture(&["threats"]);
    for (name, text) in page() {
        sandbox.write(&name, format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    assert_eq!(sandbox.picture(&["threats"]), before);
}

#[test]
fn much_that_is_wrong_takes_no_time() {
    let sandbox = team();
    let rule = |when: &str| page()[0].1.replace("Is(\"env\", \"prod\")", when);
    for when in [format!("Known(\"{}\")", "x".repeat(900_000)), format!("All([{}])", "Known(\"y\"),".repeat(60_000))] {
        sandbox.write(".sconce/rules/acme/acme.d.no-on-call.ron", rule(&when));
        let start = std::time::Instant::now();
        let output = sandbox.sconce(&["check"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stderr.len() < 100_000, "{} bytes", output.stderr.len());
        assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
    }
}

#[test]
fn a_teams_rules_speak_and_its_overrides_are_seen() {
    let sandbox = team();
    assert_snapshot!(
        "team",
        [
            sandbox.picture(&["check"]),
            sandbox.picture(&["threats"]),
            sandbox.picture(&["questions"]),
            sandbox.picture(&["explain", "acme.d.no-on-call"]),
            sandbox.picture(&["explain", "core.r.no-audit"]),
            sandbox.picture(&["explain", "shop:core.d.no-rate-limit"]),
            sandbox.picture(&["explain", "mit.acme-on-call"]),
        ]
        .join("\n")
    );
}

#[test]
fn answers_to_a_teams_questions_and_its_mitigations_count() {
    let sandbox = team();
    let facts = |value: &str| {
        let text = sandbox
            .read("shop.tm.ron")
            .replace("                \"rate", "                \"on_call\": ON,\n                \"rate");
        text.replace("ON", &format!("\"{value}\""))
    };
    let (absent, wrong) = (facts("absent"), facts("perhaps"));
    sandbox.write("absent.tm.ron", absent).write("wrong.tm.ron", wrong);
    assert_snapshot!(
        "team_answers",
        [sandbox.picture(&["threats", "absent.tm.ron"]), sandbox.picture(&["check", "wrong.tm.ron"])].join("\n")
    );
}

#[test]
fn what_is_switched_off_is_gone_and_comes_back() {
    let sandbox = team();
    let overrides = |text: &str| {
        sandbox.write(".sconce/rules/overrides.ron", text);
        sandbox.sconce(&["update"]);
        sandbox.picture(&["threats", "--filter", "status:open,gone"])
    };
    let off = "[(rule: \"core.d.no-rate-limit\", reason: \"the edge limits\", off: true)]";
    assert_snapshot!(
        "team_off",
        [
            overrides("[]"),
            overrides(off),
            sandbox.picture(&["threats", "--format", "json"]),
            sandbox.picture(&["explain", "shop:core.d.no-rate-limit"]),
            sandbox.picture(&["threats"]),
            overrides("[]"),
        ]
        .join("\n")
    );
}

#[test]
fn every_sort_of_override_says_what_it_does() {
    let sandbox = repository();
    let model = sandbox.read("shop.tm.ron").replace("[\"acme\", \"core\"]", "[\"core\"]");
    sandbox.write("shop.tm.ron", model);
    let mut seen = Vec::new();
    for change in [
        "likelihood: 1",
        "impact: Fixed(4)",
        "lane: Hint",
        "tier: B",
        "off: true",
        "unknown: Assume(true)",
        "unless: Is(\"env\", \"prod\")",
        "unless: Is(\"env\", \"dev\")",
        "unless: Said(\"usage\", [\"admin\"])",
        "unless: Is(\"machine\", \"vm\")",
        "unless: Is(\"machine\", \"vm\"), unknown: Assume(true)",
        "advice: \"Ask for a quota for {subject}.\"",
    ] {
        let text = format!("[(rule: \"core.d.no-rate-limit\", reason: \"a test\", {change})]");
        sandbox.write(".sconce/rules/overrides.ron", text);
        let told = |args: &[&str], from: &str| {
            let picture = sandbox.picture(args);
            let lines = picture.lines().filter(|l| l.contains(from) && !l.starts_with('$')).map(|l| format!("  {l}\n"));
            lines.collect::<String>()
        };
        seen.push(format!("{change}\n"));
        seen.push(told(&["explain", "core.d.no-rate-limit"], "overrides.ron"));
        seen.push(told(&["threats"], "flooded"));
        seen.push(told(&["threats"], "overrides.ron"));
        seen.push(told(&["questions"], "machine:"));
    }
    assert_snapshot!("team_overrides", seen.concat());
}

#[test]
fn a_rule_of_tier_b_is_switched_on() {
    let sandbox = repository();
    let model = sandbox.read("shop.tm.ron").replace("[\"acme\", \"core\"]", "[\"core\"]");
    sandbox.write("shop.tm.ron", model.replace("\"nodejs\"", "\"web-api\""));
    let asks = || sandbox.picture(&["questions"]).contains("core.i.error-detail");
    assert!(!asks());
    let text = "[(rule: \"core.i.error-detail\", reason: \"our errors were found in a search engine\", tier: A)]";
    sandbox.write(".sconce/rules/overrides.ron", text);
    assert!(asks());
}

#[test]
fn what_has_no_effect_is_said() {
    let sandbox = team();
    sandbox.write(
        ".sconce/rules/overrides.ron",
        r#"[
    (rule: "core.d.no-rate-limt", reason: "a slip of the pen", off: true),
    (rule: "core.q.nothing", reason: "there never was such a rule", off: true),
    (rule: "core.d.no-rate-limit", reason: "it is so already", likelihood: 3),
    (rule: "core.r.no-audit", reason: "nothing is asked for"),
    (rule: "core.i.flow-plaintext", reason: "too much is asked for", off: true, likelihood: 1),
]
"#,
    );
    let model = sandbox.read("shop.tm.ron").replace("packs: [\"acme\", \"core\"],\n        ", "");
    sandbox.write("shop.tm.ron", model.replace("\"acme\", ", ""));
    assert_snapshot!(
        "team_idle",
        [sandbox.picture(&["check"]), sandbox.picture(&["check", "--format", "json"]), sandbox.picture(&["threats"])]
            .join("\n")
    );
    sandbox.write("bare.tm.ron", SMALL);
    let said = sandbox.picture(&["check", "bare.tm.ron"]);
    assert!(said.contains("write packs: [\"core\", \"acme\"]"), "{said}");
}

/// Texts that are refused, each with the name of its file.
const REFUSED: &[(&str, &str)] = &[
    (
        "overrides.ron",
        "[\n    (rule: \"core.r.no-audit\", off: true),\n    (rule: \"core.i.flow-plaintext\", of: true, reason: \"x\"),\n]\n",
    ),
    (
        "overrides.ron",
        "[\n    (rule: \"core.r.no-audit\", reason: \"  \", off: true),\n    (rule: \"core.i.flow-plaintext\", reason: \"x\", off: true),\n    (rule: \"core.i.flow-plaintext\", reason: \"y\", likelihood: 1),\n]\n",
    ),
    (
        "overrides.ron",
        "[\n    (rule: \"core.r.no-audit\", reason: \"x\", likelihood: 9),\n    (rule: \"core.d.no-rate-limit\", reason: \"x\", unless: Is(\"environ\", \"prod\")),\n    (rule: \"core.d.no-rate-limits\", reason: \"x\", off: true),\n]\n",
    ),
    (
        "overrides.ron",
        "[\n    (rule: \"core.r.no-audit\", reason: \"x\", lane: Silent),\n    (rule: \"core.r.no-audit\", reason: \"x\", tier: A\n",
    ),
    (
        "overrides.ron",
        "[\n    (rule: \"core.r.no-audit\", reason: \"x\", lane: Silent),\n    // why?\n    (\n        rule: \"core.r.no-audit\",\n        tier: A,\n    ),\n    (\n        rule: \"core.i.cache-leak\",\n        reason: \"x\",\n        impact: FromData(at_least: 2),\n    ),\n]\n",
    ),
    ("override.ron", "[]"),
    ("notes.ron", "[]"),
    (
        "acme/acme.d.other.ron",
        "(\n    id: \"acme.d.others\",\n    on: [Process],\n    title: \"x\",\n    when: Always,\n    finds: \"x\",\n    why: \"x\",\n    fix: \"x\",\n)\n",
    ),
    (
        "acme/core.d.other.ron",
        "(\n    id: \"core.d.other\",\n    on: [Process],\n    title: \"x\",\n    when: Always,\n    finds: \"x\",\n    why: \"x\",\n    fix: \"x\",\n)\n",
    ),
    (
        "own/own.d.other.ron",
        "(\n    id: \"own.d.other\",\n    on: [Process],\n    title: \"x\",\n    when: Always,\n    finds: \"x\",\n    why: \"x\",\n    fix: \"x\",\n)\n",
    ),
    (
        "core/core.d.no-rate-limit.ron",
        "(\n    id: \"core.d.no-rate-limit\",\n    on: [Process],\n    title: \"x\",\n    when: Always,\n    finds: \"x\",\n    why: \"x\",\n    fix: \"x\",\n)\n",
    ),
    (
        "acme/acme.d.other.ron",
        "(\n    id: \"acme.d.other\",\n    on: [Process],\n    title: \"{target} fails\",\n    when: Has(\"on_cal\"),\n    mitigations: [\"mit.none\"],\n    finds: \"x\",\n    why: \"x\",\n    fix: \"\",\n)\n",
    ),
    ("acme/acme.d.other.ron", "(\n    id: \"acme.d.other\",\n    on: [Process],\n    titel: \"x\",\n)\n"),
    (
        "vocabulary.ron",
        "[\n    (name: \"enc\", on: [Flow], values: Control, meaning: \"x\", question: \"x\"),\n    (name: \"On-Call\", on: [Process], values: Control, meaning: \"x\", question: \"x\"),\n    (name: \"owner\", on: [Process], values: Text, meaning: \"x\", question: \"x\"),\n    (name: \"level\", on: [Process], values: OneOf([]), meaning: \"x\", question: \"x\"),\n    (name: \"nothing\", on: [], values: Text, meaning: \"x\", question: \"x\"),\n    (name: \"mute\", on: [Process], values: Text, meaning: \"x\", question: \"\"),\n]\n",
    ),
    (
        "technologies.ron",
        "[\n    (id: \"nginx\", name: \"ours\"),\n    (id: \"Acme\", name: \"ours\"),\n    (id: \"acme\", name: \"ours\", is: [\"reverse-prox\"]),\n]\n",
    ),
    ("technologies.ron", "[\n    (id: \"acme\", name: \"ours\", facts: {\"rate_limits\": \"present\"}),\n]\n"),
    (
        "mitigations.ron",
        "[\n    (id: \"mit.mtls\", title: \"x\", how: \"x\", provides: [], effort: Small),\n    (id: \"acme\", title: \"x\", how: \"x\", provides: [], effort: Small),\n    (id: \"mit.mute\", title: \"x\", how: \"\", provides: [], effort: Small),\n]\n",
    ),
    (
        "mitigations.ron",
        "[\n    (id: \"mit.acme-on-call\", title: \"x\", how: \"x\", provides: [(\"on_call\", \"yes\")], effort: Small),\n]\n",
    ),
    (
        "vocabulary.ron",
        "[\n    (name: \"on_call\", on: [Process], values: Control, meaning: \"a\u{202e}b\", question: \"x\"),\n]\n",
    ),
    ("overrides.ron", "[\n    (rule: \"core.r.no-audit\", reason: \"\\u{1b}[2J\", off: true),\n]\n"),
];

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    let seen: Vec<String> = REFUSED.iter().map(|(name, text)| with(name, text)).collect();
    assert_snapshot!("team_refused", seen.join("\n"));
    let mut codes = BTreeSet::from(["idle-override"]);
    for (name, text) in REFUSED {
        let sandbox = team();
        sandbox.write(&format!(".sconce/rules/{name}"), text);
        let wrong = team::read(sandbox.path("x").parent().unwrap()).and_then(|folder| read(&folder.unwrap()));
        codes.extend(wrong.unwrap_err().iter().map(|w| w.diagnostic.code));
    }
    for (code, _) in CODES {
        assert!(codes.contains(code), "{code} has no picture");
    }
    let listed: Vec<&str> = CODES.iter().chain(sconce::file::CODES).map(|(code, _)| *code).collect();
    assert!(codes.iter().all(|code| listed.contains(code)), "{codes:?}");
}

#[test]
fn nothing_is_done_with_half_the_rules() {
    let sandbox = team();
    sandbox.write(".sconce/rules/overrides.ron", "[(rule: \"core.r.no-audit\", off: true)]");
    let before = sandbox.read("shop.tm.ron");
    for args in [
        &["threats"][..],
        &["questions"],
        &["coverage"],
        &["whatif"],
        &["update"],
        &["fmt"],
        &["render"],
        &["export"],
        &["rename", "shop", "store"],
        &["explain", "core.r.no-audit"],
        &["shop.tm.ron"],
        &["check", "--format", "json"],
    ] {
        let output = sandbox.sconce(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(".sconce/rules/overrides.ron:1:"), "{args:?}: {said}");
    }
    assert_eq!(sandbox.read("shop.tm.ron"), before);
}

#[test]
fn links_out_of_the_repository_are_refused_wherever_they_are() {
    let mut seen = Vec::new();
    for link in [".sconce", ".sconce/rules", ".sconce/rules/acme", ".sconce/rules/overrides.ron"] {
        let sandbox = team();
        let (inside, outside) = (sandbox.path(link), sandbox.path("x").parent().unwrap().with_file_name("outside"));
        std::fs::rename(&inside, &outside).unwrap();
        symlink(&outside, &inside).unwrap();
        seen.push(sandbox.picture(&["check"]));
        // Within the repository a link is as good as what it leads to.
        std::fs::remove_file(&inside).unwrap();
        std::fs::rename(&outside, sandbox.path("shared")).unwrap();
        symlink(sandbox.path("shared"), &inside).unwrap();
        assert!(sandbox.picture(&["threats"]).contains("overrides.ron: the edge limits"), "{link}");
        // A link to nothing is not nothing.
        std::fs::remove_file(&inside).unwrap();
        symlink(sandbox.path("nowhere"), &inside).unwrap();
        seen.push(sandbox.picture(&["check"]));
    }
    assert_snapshot!("team_links", seen.join("\n"));
}

#[test]
fn what_is_no_file_or_too_large_is_refused() {
    let refused = |change: &dyn Fn(&Sandbox)| {
        let sandbox = team();
        change(&sandbox);
        sandbox.picture(&["check"])
    };
    let rules = |sandbox: &Sandbox, name: &str| sandbox.path(&format!(".sconce/rules/{name}"));
    assert_snapshot!(
        "team_strange",
        [
            refused(&|s| {
                std::fs::create_dir_all(rules(s, "acme/more")).unwrap();
            }),
            refused(&|s| {
                let made = s.command("mkfifo").arg(rules(s, "acme/acme.d.pipe.ron")).status().unwrap();
                assert!(made.success());
            }),
            refused(&|s| {
                s.write(".sconce/rules/acme/acme.d.large.ron", " ".repeat((1 << 20) + 1));
            }),
            refused(&|s| {
                s.write(".sconce/rules/vocabulary.ron", b"[(name: \"\xe9\")]");
            }),
            refused(&|s| {
                s.write(".sconce/rules/vocabulary.ron", "[".repeat(5000));
            }),
            refused(&|s| {
                std::fs::remove_dir_all(s.path(".sconce/rules")).unwrap();
                s.write(".sconce/rules", "");
            }),
        ]
        .join("\n")
    );
    let sandbox = team();
    for n in 0..2000 {
        sandbox.write(&format!(".sconce/rules/acme/n{n}.ron"), "");
    }
    let output = sandbox.sconce(&["check"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("2000 files and 16 MiB are the most"), "{said}");
    assert_eq!(said.matches("too-large").count(), 1, "{said}");
}

#[test]
fn only_the_nearest_folder_up_to_the_root_counts() {
    let sandbox = team();
    let model = sandbox.read("shop.tm.ron");
    let speaks = |name: &str| {
        let picture = sandbox.picture(&["threats", name]);
        assert!(!picture.contains("there is no rule pack"), "{picture}");
        picture.contains("the edge limits")
    };
    sandbox.write("sub/dir/shop.tm.ron", &model);
    assert!(speaks("sub/dir/shop.tm.ron"), "from above");
    // A nearer folder counts alone.
    let nearer = ".sconce/rules/acme/acme.d.no-on-call.ron";
    for name in [nearer, ".sconce/rules/vocabulary.ron", ".sconce/rules/mitigations.ron"] {
        sandbox.write(&format!("sub/{name}"), sandbox.read(name));
    }
    assert!(!speaks("sub/dir/shop.tm.ron"), "the nearer one");
    // What is above the root does not count.
    std::fs::remove_dir_all(sandbox.path("sub/.sconce")).unwrap();
    std::fs::create_dir_all(sandbox.path("sub/.git")).unwrap();
    assert_snapshot!("team_beyond_the_root", sandbox.picture(&["check", "sub/dir/shop.tm.ron"]));
    // Without a repository, only the folder of the model does.
    std::fs::remove_dir_all(sandbox.path("sub/.git")).unwrap();
    std::fs::remove_dir_all(sandbox.path(".git")).unwrap();
    assert!(speaks("shop.tm.ron"), "beside the model");
    assert_eq!(sandbox.sconce(&["check", "sub/dir/shop.tm.ron"]).status.code(), Some(3));
}
