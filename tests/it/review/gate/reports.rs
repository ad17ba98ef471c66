//! What other programs get.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::Value;

use super::{only, recorded};
use crate::cli::{SMALL, small};
use crate::sandbox::Sandbox;

/// A repository with a model in a folder of it that has a red line, an exempt one and warnings, and names that want to be more than text.
fn strange() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path(".git")).unwrap();
    let own = "    threats: {\n        \"shop:own.odd\": (severity: Critical, opened: \"2026-11-20\", \
               title: \"%0A::error::<b>&\\\"]] [x](http://example.org) \\u{202e}\\u{7}\", stride: [T]),\n        \
               \"shop:own.known\": (severity: High, opened: \"2026-11-20\", title: \"Known\", stride: [T]),\n    },\n)\n";
    let text = SMALL.replace("    },\n)\n", &format!("    }},\n{own}")).replace("\"absent\"", "\"present\"");
    assert!(text.contains("own.odd"));
    sandbox.write("models, all/shop.tm.ron", text);
    sandbox.write(
        "threat-policy.ron",
        "(exemptions: [(threat: \"shop:own.known\", reason: \"everybody knows\", approver: \"li\", expires: \"2027-01-31\")])",
    );
    sandbox
}

const FILE: &str = "models, all/shop.tm.ron";

#[test]
fn reports_are_read_by_others() {
    let sandbox = strange();
    for format in ["json", "sarif", "junit", "github", "gitlab"] {
        assert_snapshot!(format!("report_{format}"), sandbox.picture(&["gate", FILE, "--format", format]));
    }
}

#[test]
fn several_reports_are_written_at_once_and_are_what_would_be_printed() {
    let sandbox = strange();
    let out = "sarif=a.sarif,junit=a.xml,github=a.txt,gitlab=a.json,json=b.json";
    let picture = sandbox.picture(&["gate", FILE, "--out", out]);
    assert_eq!(picture.replace(&format!(" --out {out}"), ""), sandbox.picture(&["gate", FILE]));
    for (format, file) in out.split(',').map(|part| part.split_once('=').unwrap()) {
        let printed = sandbox.sconce(&["gate", FILE, "--format", format]).stdout;
        assert_eq!(sandbox.read(file), String::from_utf8(printed).unwrap(), "{format}");
        assert!(!sandbox.read(file).contains(['\u{202e}', '\u{7}']), "{format}");
    }
}

#[test]
fn reports_are_refused_where_they_would_do_harm() {
    let sandbox = recorded();
    let before = sandbox.read("shop.tm.ron");
    std::os::unix::fs::symlink("shop.tm.ron", sandbox.path("link.sarif")).unwrap();
    let pictures = ["sarif", "srif=x", "sarif=", "sarif=-", "sarif=shop.tm.ron", "sarif=x,junit=x", "sarif=link.sarif"]
        .map(|out| sandbox.picture(&["gate", "--out", out, "--exit-zero"]));
    assert_eq!(sandbox.read("shop.tm.ron"), before);
    assert_snapshot!("out_refused", pictures.join("\n"));
}

/// The disk is nobody's fault: the verdict is told, and the other reports are written.
#[test]
fn a_report_that_cannot_be_written_is_told_beside_the_verdict() {
    let sandbox = recorded();
    sandbox.write("threat-policy.ron", only("max_open: (severity: Critical)"));
    std::fs::create_dir(sandbox.path("folder")).unwrap();
    let pictures = [
        sandbox.picture(&["gate", "--out", "sarif=no/x,junit=folder,json=a.json"]),
        sandbox.picture(&["gate", "--exit-zero", "--format", "github", "--out", "sarif=no/x", "--record", "no/runs"]),
    ];
    assert_snapshot!("out_lost", pictures.join("\n"));
    assert!(sandbox.read("a.json").contains("\"pass\": true"));
}

fn sarif(sandbox: &Sandbox) -> Value {
    serde_json::from_slice(&sandbox.sconce(&["gate", "--format", "sarif"]).stdout).unwrap()
}

fn fingerprints(sarif: &Value) -> BTreeSet<String> {
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    results.iter().map(|r| r["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn fingerprints_stay_when_lines_move_and_things_are_renamed() {
    let sandbox = recorded();
    let before = sarif(&sandbox);
    let text = sandbox.read("shop.tm.ron");
    sandbox.write(
        "shop.tm.ron",
        text.replace("    threats: {", "    // one\n    // two\n    threats: {\n        // three"),
    );
    let moved = sarif(&sandbox);
    let line = |sarif: &Value| {
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap()
    };
    assert_eq!(line(&moved), line(&before) + 3);
    assert_eq!(fingerprints(&moved), fingerprints(&before));
    assert!(sandbox.sconce(&["rename", "shop", "storefront"]).status.success());
    assert_eq!(fingerprints(&sarif(&sandbox)), fingerprints(&before));
    // Every result has one of its own.
    assert_eq!(fingerprints(&before).len(), before["runs"][0]["results"].as_array().unwrap().len());
}

#[test]
fn a_result_has_what_code_scanning_needs() {
    let sandbox = recorded();
    let text = sandbox.read("shop.tm.ron");
    sandbox.write(
        "shop.tm.ron",
        text.replace("\"Shop can be flooded\"", "\"Shop can be flooded\",\n            notes: \"x\",\n        "),
    );
    let sarif = sarif(&sandbox);
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!((1..=1024).contains(&rule[text]["text"].as_str().unwrap().chars().count()), "{rule}");
        }
        if let Some(score) = rule["properties"].get("security-severity") {
            assert!((0.1..=10.0).contains(&score.as_str().unwrap().parse::<f64>().unwrap()));
        }
    }
    // The whole entry, from its key to its last bracket.
    let region = &run["results"][0]["locations"][0]["physicalLocation"]["region"];
    let lines: Vec<String> = sandbox.read("shop.tm.ron").lines().map(str::to_owned).collect();
    let line = |name: &str| &lines[usize::try_from(region[name].as_u64().unwrap()).unwrap() - 1];
    assert!(line("startLine").trim_start().starts_with("\"shop:core.d.no-rate-limit\": ("), "{region}");
    assert_eq!(line("endLine").trim(), "),");
}

#[test]
fn a_junit_report_counts_its_cases() {
    let sandbox = strange();
    let text = String::from_utf8(sandbox.sconce(&["gate", FILE, "--format", "junit"]).stdout).unwrap();
    let number = |name: &str| {
        let rest = text.split(&format!(" {name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(number("tests"), text.matches("<testcase ").count());
    assert_eq!(number("failures"), text.matches("<failure ").count());
    assert_eq!(number("skipped"), text.matches("<skipped ").count());
    assert!(number("failures") > 0 && number("skipped") > 0);
}

#[test]
fn annotations_stop_at_ten_of_a_level_and_say_how_many_more_there_are() {
    let sandbox = small();
    let own = |n: usize| {
        let of = |n| {
            format!(
                "        \"shop:own.t{n:02}\": (severity: High, opened: \"2026-11-20\", title: \"T{n}\", stride: [T]),\n"
            )
        };
        let list: String = (0..n).map(of).collect();
        let text = SMALL.replace("    },\n)\n", &format!("    }},\n    threats: {{\n{list}    }},\n)\n"));
        sandbox.write("shop.tm.ron", text.replace("\"absent\"", "\"present\""));
        sandbox.write("threat-policy.ron", only("max_open: ()"));
        String::from_utf8(sandbox.sconce(&["gate", "--format", "github"]).stdout).unwrap()
    };
    assert_eq!(own(10).lines().filter(|l| l.starts_with("::error")).count(), 10);
    let eleven = own(11);
    assert_eq!(eleven.lines().filter(|l| l.starts_with("::error")).count(), 10);
    assert_eq!(
        eleven.lines().last(),
        Some("::error file=shop.tm.ron,title=gate::and 2 more; `sconce gate` lists them")
    );
}

#[test]
fn what_holds_is_reported_as_nothing() {
    let sandbox = recorded();
    sandbox.write("threat-policy.ron", only("max_open: (severity: Critical)"));
    let print = |format: &str| String::from_utf8(sandbox.sconce(&["gate", "--format", format]).stdout).unwrap();
    assert_eq!((print("github"), print("gitlab")), (String::new(), "[]\n".to_owned()));
    assert_eq!(sarif(&sandbox)["runs"][0]["results"], serde_json::json!([]));
    assert!(print("junit").contains("tests=\"1\" failures=\"0\""));
}

#[test]
fn a_text_means_itself_in_xml() {
    use sconce::diagnostic::inert::xml;
    assert_eq!(xml("a<b> & \"c\" 'd'\n\te"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;\n\te");
    assert_eq!(xml("\u{0}\u{7}\r\u{1b}\u{85}\u{fffe}\u{ffff}ß\u{1f512}"), "ß\u{1f512}");
}
