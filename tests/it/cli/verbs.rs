//! Every verb on a small model, and what each says when it cannot do what was asked.

use insta::assert_snapshot;

use super::{SMALL, small};
use crate::sandbox::Sandbox;

#[test]
fn help_lists_every_verb() {
    assert_snapshot!("help", Sandbox::new().picture(&["--help"]));
    assert_snapshot!("help_of_a_verb", Sandbox::new().picture(&["threats", "--help"]));
}

#[test]
fn without_a_terminal_the_overview_is_printed() {
    assert_snapshot!("overview", small().picture(&["shop.tm.ron"]));
}

#[test]
fn a_new_model_is_valid_and_is_never_overwritten() {
    let sandbox = Sandbox::new();
    assert_snapshot!(
        "init",
        [
            sandbox.picture(&["init", "--name", "Web shop"]),
            sandbox.picture(&["init", "--name", "Web shop"]),
            sandbox.picture(&["init", "model.ron"]),
            sandbox.picture(&["check"]),
            sandbox.read("web-shop.tm.ron"),
        ]
        .join("\n")
    );
}

#[test]
fn the_register_is_brought_up_to_date() {
    let sandbox = small();
    assert_snapshot!(
        "update",
        [
            sandbox.picture(&["check"]),
            sandbox.picture(&["update"]),
            sandbox.picture(&["update"]),
            sandbox.picture(&["check"]),
            sandbox.read("shop.tm.ron"),
        ]
        .join("\n")
    );
}

#[test]
fn formatting_shows_what_differs_and_keeps_comments() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "shop.tm.ron",
        SMALL
            .replace("    elements: {\n", "    // what there is\n    elements: {\r\n")
            .replace("\"human\"", "   \"human\""),
    );
    assert_snapshot!(
        "fmt",
        [
            sandbox.picture(&["fmt", "--check"]),
            sandbox.picture(&["fmt"]),
            sandbox.picture(&["fmt", "--check"]),
            sandbox.read("shop.tm.ron"),
        ]
        .join("\n")
    );
}

#[test]
fn an_id_is_renamed_everywhere() {
    let sandbox = small();
    sandbox.sconce(&["update"]);
    assert_snapshot!(
        "rename",
        [
            sandbox.picture(&["rename", "shop", "storefront"]),
            sandbox.picture(&["rename", "shopp", "x"]),
            sandbox.picture(&["rename", "customer", "browse"]),
            sandbox.picture(&["rename", "customer", "Not An Id"]),
            sandbox.picture(&["rename", "customer", "customer"]),
            sandbox.picture(&["rename", "Customer", "client"]),
            sandbox.picture(&["rename", "storefront:core.d.no-rate-limit", "x"]),
            sandbox.picture(&["rename", "shop", "x"]),
            sandbox.picture(&["rename", "storefrnt", "x"]),
            sandbox.picture(&["check"]),
            sandbox.read("shop.tm.ron"),
        ]
        .join("\n")
    );
}

#[test]
fn the_diagram_is_drawn() {
    let sandbox = small();
    assert_snapshot!(
        "render",
        [
            sandbox.picture(&["render"]),
            sandbox.picture(&["render", "--format", "ascii"]),
            sandbox.picture(&["render", "--numbered"]),
            sandbox.picture(&["render", "--diagram", "main"]),
            sandbox.picture(&["render", "--format", "mermaid", "--numbered"]),
            sandbox.picture(&["render", "--format", "dot"]),
        ]
        .join("\n")
    );
}

#[test]
fn a_part_of_the_diagram_is_drawn() {
    let sandbox = small();
    assert_snapshot!(
        "render_view",
        [
            sandbox.picture(&["render", "--focus", "shop"]),
            sandbox.picture(&["render", "--focus", "shop,nothing"]),
            sandbox.picture(&["render", "--depth", "2"]),
            sandbox.picture(&["render", "--focus", "shop", "--depth", "far"]),
            sandbox.picture(&["render", "--fold", "all"]),
            sandbox.picture(&["render", "--fold", "shop"]),
            sandbox.picture(&["render", "--zoom", "names", "--format", "ascii"]),
            sandbox.picture(&["render", "--format", "matrix"]),
            sandbox.picture(&["render", "--width", "70"]),
            sandbox.picture(&["render", "--width", "5"]),
            sandbox.picture(&["render", "--width", "wide"]),
        ]
        .join("\n")
    );
}

#[test]
fn threats_and_questions_are_listed() {
    let sandbox = small();
    assert_snapshot!(
        "threats",
        [
            sandbox.picture(&["threats"]),
            sandbox.picture(&["threats", "--filter", "sev>=critical"]),
            sandbox.picture(&["threats", "--filter", "sev>=enormous"]),
            sandbox.picture(&["threats", "--filter", "help"]),
            sandbox.picture(&["threats", "--format", "json"]),
        ]
        .join("\n")
    );
    assert_snapshot!(
        "questions",
        [sandbox.picture(&["questions"]), sandbox.picture(&["questions", "--format", "json"]),].join("\n")
    );
}

#[test]
fn a_threat_and_a_rule_are_explained() {
    let sandbox = small();
    assert_snapshot!(
        "explain",
        [
            sandbox.picture(&["explain", "shop:core.d.no-rate-limit"]),
            sandbox.picture(&["explain", "core.d.no-rate-limit"]),
            sandbox.picture(&["explain", "T-"]),
            sandbox.picture(&["explain", "nothing"]),
            sandbox.picture(&["explain", "core.d.no-rate-limt"]),
            sandbox.picture(&["explain", "customer"]),
            sandbox.picture(&["explain", "browse"]),
            sandbox.picture(&["explain", "mit.rate-limit"]),
            sandbox.picture(&["explain", "mit.rate-limits"]),
            sandbox.picture(&["explain", "shop:core.d.no-rate-limit", "--format", "json"]),
        ]
        .join("\n")
    );
}

#[test]
fn mitigations_of_a_model_are_no_things_and_no_records() {
    let sandbox = Sandbox::new();
    let storefront = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/storefront.tm.ron");
    std::fs::copy(storefront, sandbox.path("s.tm.ron")).unwrap();
    let text = sandbox.read("s.tm.ron");
    let (_, rest) = text.split_once("    mitigations: {\n        \"").unwrap();
    let (id, _) = rest.split_once('"').unwrap();
    let said = sandbox.picture(&["rename", id, "x"]);
    assert!(said.contains(&format!("`{id}` is a mitigation; only elements")), "{said}");
    let said = sandbox.picture(&["explain", id]);
    assert!(said.contains("is a mitigation of the model") && said.contains(&format!("fix:{id}")), "{said}");
    assert_eq!(sandbox.read("s.tm.ron"), text);
}

#[test]
fn a_verb_offers_the_options_that_it_uses() {
    let sandbox = small();
    let offers = |verb: &str, option: &str| {
        let args: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        let help = String::from_utf8(sandbox.sconce(&args).stdout).unwrap();
        help.contains(&format!("      {option} "))
    };
    let verbs = sconce::command::VERBS.iter().map(|v| v.name);
    assert_eq!(verbs.clone().filter(|v| offers(v, "--as")).collect::<Vec<_>>(), ["update"]);
    let dated = [
        "check",
        "update",
        "threats",
        "questions",
        "explain",
        "coverage",
        "walk",
        "whatif",
        "gate",
        "metrics",
        "export",
    ];
    assert_eq!(verbs.filter(|v| offers(v, "--now")).collect::<Vec<_>>(), dated);
    // A script may give them to every verb, on either side of it.
    let output = sandbox.command(env!("CARGO_BIN_EXE_sconce")).args(["--as", "li", "render"]).output().unwrap();
    assert!(output.status.success());
}

#[test]
fn the_list_goes_out() {
    let sandbox = small();
    assert_snapshot!(
        "export",
        [
            sandbox.picture(&["export"]),
            sandbox.picture(&["export", "--format", "markdown"]),
            sandbox.picture(&["export", "--format", "json"]),
        ]
        .join("\n")
    );
}

#[test]
fn models_are_found_from_below_and_several_are_listed() {
    let sandbox = small();
    std::fs::create_dir_all(sandbox.path("services/web")).unwrap();
    std::fs::create_dir(sandbox.path(".git")).unwrap();
    let mut below = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
    let output =
        below.current_dir(sandbox.path("services/web")).args(["threats", "--now", "2026-11-23"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    sandbox.write("other.tm.ron", SMALL);
    assert_snapshot!(
        "several",
        [sandbox.picture(&["threats"]), sandbox.picture(&["check"]), Sandbox::new().picture(&["threats"]),].join("\n")
    );
}

#[test]
fn what_the_shell_needs_is_printed() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = sandbox.sconce(&["completions", shell]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.contains("questions"), "{shell}: {text}");
    }
    assert_snapshot!("no_such_shell", sandbox.picture(&["completions", "csh"]));
    let page = String::from_utf8(sandbox.sconce(&["man"]).stdout).unwrap();
    for verb in sconce::command::VERBS {
        assert!(page.contains(verb.name), "{} is not in the man page", verb.name);
    }
    for part in [".SH FILTERS", "stride:TE", ".SH ENVIRONMENT", "SCONCE_STATE_DIR"] {
        assert!(page.contains(part), "{part} is not in the man page");
    }
}

#[test]
fn a_wrong_command_line_says_what_is_right() {
    let sandbox = small();
    assert_snapshot!(
        "usage",
        [
            sandbox.picture(&["threat"]),
            sandbox.picture(&["threats", "--fromat", "json"]),
            sandbox.picture(&["threats", "--format", "xml"]),
            sandbox.picture(&["rename", "shop"]),
        ]
        .join("\n")
    );
}

#[test]
fn whoever_is_lost_is_told_the_way() {
    let sandbox = small();
    let says = |args: &[&str], exit: i32, words: &[&str]| {
        let output = sandbox.sconce(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{args:?}: {word:?} is not in {said}");
        }
    };
    says(&["validate"], 2, &["did you mean `sconce check`?"]);
    says(&["threat", "shop.tm.ron"], 2, &["no verb `threat`; did you mean `threats`?"]);
    says(&["rul", "check"], 2, &["no verb `rul`; did you mean `rule`?"]);
    says(&["version"], 2, &["did you mean `sconce --version`?"]);
    says(&["zebra"], 2, &["neither a file nor a verb", "`sconce --help` lists the verbs"]);
    says(&["check", "shopp.tm.ron"], 2, &["no such file", "models there: shop.tm.ron"]);
    says(&["threats", "."], 2, &["directory", "models in it: shop.tm.ron"]);
    says(&["threats", "-"], 2, &["standard input is not read"]);
    says(&["init", "shop.tm.ron"], 2, &["exists already", "open it with `sconce shop.tm.ron`"]);
    says(&["explain", "core.d"], 2, &["ids begin so", "core.d.no-rate-limit: "]);
    says(&["explain", "mit."], 2, &["mit.mtls: Use mutual TLS"]);
    sandbox.write("web.tm.ron", SMALL.replace("\"shop\"", "\"web\""));
    says(&["explain", "web", "web.tm.ron"], 2, &["ids begin so", "sconce coverage --of web"]);
    let full =
        sandbox.command("sh").args(["-c", &format!("{} man > /dev/full", env!("CARGO_BIN_EXE_sconce"))]).output();
    let full = full.unwrap();
    assert_eq!(full.status.code(), Some(4));
    let said = String::from_utf8_lossy(&full.stderr).into_owned();
    assert!(said.contains("cannot write the output: No space left") && !said.contains("os error"), "{said}");
}

#[test]
fn one_bad_file_does_not_keep_the_others_from_being_done() {
    let sandbox = small();
    sandbox.write("bad.tm.ron", "garbage").write("loose.tm.ron", SMALL.replace("    flows", "flows"));
    let said = sandbox.picture(&["fmt", "bad.tm.ron", "loose.tm.ron", "none.tm.ron"]);
    assert!(said.contains("loose.tm.ron: written in canonical form") && said.ends_with("--- exit 3\n"), "{said}");
    assert_eq!(sandbox.read("loose.tm.ron"), SMALL);
    let said = sandbox.picture(&["update", "bad.tm.ron", "shop.tm.ron"]);
    assert!(said.contains("shop.tm.ron: 1 threat recorded") && said.ends_with("--- exit 3\n"), "{said}");
    let mut about = std::fs::metadata(sandbox.path("loose.tm.ron")).unwrap().permissions();
    about.set_readonly(true);
    std::fs::set_permissions(sandbox.path("loose.tm.ron"), about).unwrap();
    let said = sandbox.picture(&["update", "loose.tm.ron", "shop.tm.ron"]);
    assert!(said.contains("loose.tm.ron is marked read-only") && said.contains("chmod u+w loose.tm.ron"), "{said}");
    assert!(said.contains("shop.tm.ron: the register is up to date") && said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn what_somebody_has_open_is_not_written() {
    let sandbox = small();
    // The lock of a process that runs, on this machine: this one.
    let lock = sconce::file::lock::take(&sandbox.path("shop.tm.ron"), "ana").unwrap();
    for args in [&["update"][..], &["rename", "shop", "store"]] {
        let said = sandbox.picture(args);
        assert!(said.contains("nothing was written: ana has it open (process "), "{said}");
        assert!(said.contains("remove .shop.tm.ron.lock") && said.ends_with("--- exit 2\n"), "{said}");
    }
    // There is nothing to write, so that nothing is in the way.
    assert!(sandbox.sconce(&["fmt"]).status.success());
    assert_eq!(sandbox.read("shop.tm.ron"), SMALL);
    drop(lock);
    assert!(sandbox.sconce(&["update"]).status.success());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let sandbox = small();
    let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/storefront.tm.ron");
    std::fs::copy(models, sandbox.path("s.tm.ron")).unwrap();
    let model = ["threats", "questions", "render", "export", "check"].map(|verb| format!("{verb} s.tm.ron"));
    for args in model.iter().map(String::as_str).chain(["s.tm.ron", "man", "completions bash", "--help"]) {
        let line = format!("({} {args}; echo $? > code) | head -1 > /dev/null", env!("CARGO_BIN_EXE_sconce"));
        let output = sandbox.command("sh").args(["-c", &line]).output().unwrap();
        assert!(output.stderr.is_empty(), "{args}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(sandbox.read("code").trim(), "0", "{args}");
    }
}

/// Names of all fields of a JSON value, at any depth.
fn fields(value: &serde_json::Value, names: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, value) in map {
                names.insert(name.clone());
                fields(value, names);
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|v| fields(v, names)),
        _ => {}
    }
}

#[test]
fn every_json_field_is_documented() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let doc = std::fs::read_to_string(root.join("docs/json.md")).unwrap();
    let sandbox = small();
    std::fs::copy(root.join("models/storefront.tm.ron"), sandbox.path("s.tm.ron")).unwrap();
    std::fs::copy(root.join("tests/it/data/threat-dragon/insecure-bank.json"), sandbox.path("t.json")).unwrap();
    sandbox.write("bad.tm.ron", SMALL.replace("to: \"shop\"", "to: \"nowhere\""));
    let runs: [&[&str]; 21] = [
        &["check", "s.tm.ron", "bad.tm.ron"],
        &["threats", "s.tm.ron", "--filter", "status:open,accepted,gone,mitigated,transferred"],
        &["questions", "shop.tm.ron"],
        &["explain", "shop:core.d.no-rate-limit", "shop.tm.ron"],
        &["explain", "core.d.no-rate-limit"],
        &["explain", "mit.rate-limit"],
        &["export", "s.tm.ron"],
        &["whatif", "s.tm.ron"],
        &["whatif", "s.tm.ron", "--without", "authz"],
        &["whatif", "s.tm.ron", "--paths"],
        &["whatif", "s.tm.ron", "--from", "customer", "--to", "cdn"],
        &["whatif", "s.tm.ron", "--compromised", "web"],
        &["import", "t.json", "t.tm.ron"],
        &["update", "shop.tm.ron"],
        &["rule", "list"],
        &["rule", "show", "core.d"],
        &["rule", "check", "core.d.no-rate-limit", "bad.tm.ron"],
        &["coverage", "s.tm.ron"],
        &["coverage", "s.tm.ron", "--of", "web"],
        &["gate", "s.tm.ron", "--record", "runs.jsonl"],
        &["metrics", "s.tm.ron", "--runs", "runs.jsonl"],
    ];
    for args in runs {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        let output = sandbox.sconce(&args);
        let value: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| panic!("{args:?}: {e}: {}", String::from_utf8_lossy(&output.stderr)));
        let schema = value["schema"].as_str().unwrap_or_else(|| panic!("{args:?} has no schema"));
        assert!(doc.contains(&format!("## `{schema}`")), "{schema} is not documented");
        let mut names = std::collections::BTreeSet::new();
        fields(&value, &mut names);
        let missing: Vec<_> = names.iter().filter(|n| !doc.contains(&format!("`{n}`"))).collect();
        assert!(missing.is_empty(), "{schema}: {missing:?} are not documented");
    }
}

#[test]
fn every_bundled_model_is_valid_and_up_to_date() {
    let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let sandbox = Sandbox::new();
    let mut count = 0;
    for entry in std::fs::read_dir(models).unwrap() {
        let path = entry.unwrap().path();
        // The folder of the bench has models without a register, and tests of its own.
        if path.is_dir() {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        std::fs::copy(&path, sandbox.path(&name)).unwrap();
        let output = sandbox.sconce(&["check", &name]);
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.ends_with(": the register is up to date\n") && said.lines().count() == 1, "{said}");
        count += 1;
    }
    assert!(count >= 3);
}

#[test]
fn a_record_that_does_not_exist_is_said() {
    let sandbox = Sandbox::new();
    let model = r#"ThreatModel(
    format: (1, 0),
    system: (name: "Shop", packs: ["wbe"]),
    mitigations: {"tls": (title: "Encrypt it", catalog: "mit.mtsl", status: Planned)},
)
"#;
    sandbox.write("shop.tm.ron", model);
    sandbox.write("other.tm.ron", model.replace("wbe", "core.d.fan-in-hotspt"));
    sandbox.write("third.tm.ron", model.replace("wbe", "web"));
    assert_snapshot!("unknown_names", sandbox.picture(&["check", "shop.tm.ron", "other.tm.ron", "third.tm.ron"]));
}
