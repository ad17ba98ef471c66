//! The list of threats in its groups, on terminals of several widths and in a pipe; what it says of decisions.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use insta::assert_snapshot;
use sconce::cli::{Context, End, run};
use sconce::workbench::Sitting;
use unicode_width::UnicodeWidthStr;

use crate::sandbox::{Sandbox, TODAY};

/// What was written.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn office() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("office.tm.ron", include_str!("../data/ticket-office.tm.ron"));
    sandbox
}

/// What a verb prints on a terminal of some columns. No line is wider.
fn on_terminal(sandbox: &Sandbox, columns: u16, args: &str) -> String {
    let text = printed(sandbox, columns, args);
    let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
    assert!(widest <= usize::from(columns), "{widest} columns on {columns}:\n{text}");
    text
}

/// The same, however wide.
fn printed(sandbox: &Sandbox, columns: u16, args: &str) -> String {
    let (out, err) = (Paper::default(), Paper::default());
    let mut context = Context {
        out: Box::new(out.clone()),
        err: Box::new(err),
        interactive: true,
        dumb: false,
        watched: false,
        columns: Some(columns),
        folder: sandbox.path("."),
        sitting: Some(Sitting { who: "tester".to_owned(), today: TODAY.parse().unwrap() }),
    };
    let file = sandbox.path("office.tm.ron").into_os_string();
    let args = std::iter::once("sconce").chain(args.split(' ')).map(std::ffi::OsString::from).chain([file]);
    assert!(matches!(run(args.collect(), &mut context), End::Exit(_)));
    String::from_utf8(out.0.take()).unwrap()
}

#[test]
fn open_threats_are_put_together_by_what_closes_them() {
    let sandbox = office();
    for columns in [80, 120] {
        assert_snapshot!(format!("threats_{columns}"), on_terminal(&sandbox, columns, "threats"));
    }
    // In a pipe nothing is broken, and where nothing fits it is still said.
    assert_snapshot!("threats_piped", sandbox.picture(&["threats"]));
    assert!(printed(&sandbox, 40, "threats").contains("T-2VG4KUGVSF"));
}

#[test]
fn other_groups_are_asked_for() {
    let sandbox = office();
    let heads = |by: &str| -> Vec<String> {
        let text = on_terminal(&sandbox, 120, &format!("threats --group {by} --filter open"));
        text.lines().filter(|line| !line.starts_with(' ') && line.contains(": ")).map(str::to_owned).collect()
    };
    let all: Vec<String> = ["element", "boundary", "stride", "pack"].map(|by| heads(by).join("\n")).into();
    assert_snapshot!(all.join("\n\n"));
    assert_snapshot!("threats_ungrouped_120", on_terminal(&sandbox, 120, "threats --group none"));
    let output = sandbox.sconce(&["threats", "--group", "colour"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_shares_a_row_is_counted_both_ways() {
    let sandbox = office();
    let text = on_terminal(&sandbox, 80, "threats --filter open");
    assert!(text.contains("(mit.minimise): closes 2 threats in 1\nrow, worst High"), "{text}");
    assert!(text.contains("also raised as") && text.contains("6 open in 5 rows"), "{text}");
    let json = sandbox.sconce(&["threats", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let threats = value["threats"].as_array().unwrap();
    let placed: Vec<String> = threats
        .iter()
        .filter(|t| !t["group"].is_null())
        .map(|t| format!("{} {} {} {}", t["key"], t["group"]["id"], t["shares_row_with"], t["score"]["total"]))
        .collect();
    let open = threats.iter().filter(|t| t["status"] == "Open").count();
    assert_eq!(placed.len(), open);
    assert_snapshot!(placed.join("\n"));
}

#[test]
fn the_score_is_a_cut_line_and_an_order() {
    let sandbox = office();
    let picked = |filter: &str| {
        let output = sandbox.sconce(&["threats", "--filter", filter, "--format", "json"]);
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let all = value["threats"].as_array().unwrap().iter();
        all.map(|t| t["score"]["total"].as_i64().unwrap()).collect::<Vec<i64>>()
    };
    assert_eq!(picked("open score>=16"), [20, 20, 16]);
    assert_eq!(picked("open score<16 sort:-score"), [10, 12, 12]);
}

#[test]
fn what_is_closed_when_it_is_found_is_recorded_as_such() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", super::SMALL.replace("\"absent\"", "\"present\""));
    let said = sandbox.picture(&["update"]);
    assert!(said.contains("shop:core.d.no-rate-limit: new, mitigated"), "{said}");
}

#[test]
fn decisions_that_do_not_hold_are_said() {
    let sandbox = office();
    assert_snapshot!("check_decisions", sandbox.picture(&["check"]));
    let text = include_str!("../data/ticket-office.tm.ron");
    // Recorded on a day after the one until which it was to hold.
    let late = text.replace("            due: \"2026-12-20\",\n", "            due: \"2026-12-20\",\n            history: [\n                (\"2026-11-05\", \"li\", Accepted),\n            ],\n");
    sandbox.write("office.tm.ron", late);
    let said = sandbox.picture(&["check"]);
    assert!(said.contains("it was accepted on 2026-11-05 until 2026-11-01, a day that had passed by then"), "{said}");
}

#[test]
fn what_no_rule_raises_is_not_said_to_be_sure() {
    let text = on_terminal(&office(), 80, "explain till:core.d.no-rate-limit");
    assert!(text.contains("score 9 = 9 for High, as it was rated"), "{text}");
    assert!(!text.contains("confidence") && !text.contains("without any control"), "{text}");
}

#[test]
fn a_rubric_is_named_by_the_model_and_misspelt_ones_are_refused() {
    let sandbox = office();
    let named = |name: &str| {
        let text = include_str!("../data/ticket-office.tm.ron");
        let to = format!("        name: \"Ticket office\",\n        rubric: \"{name}\",\n");
        sandbox.write("office.tm.ron", text.replace("        name: \"Ticket office\",\n", &to));
    };
    let how_bad = |key: &str| {
        let text = on_terminal(&sandbox, 120, &format!("explain {key}"));
        let from = text.find("How bad it is").unwrap();
        format!(
            "{}{}",
            text.lines().skip(1).take(3).fold(String::new(), |all, line| all + line + "\n"),
            text[from..].split("\n\n").next().unwrap()
        )
    };
    let mut said = Vec::new();
    for name in ["default", "owasp", "threagile"] {
        named(name);
        assert!(sandbox.sconce(&["fmt", "--check"]).status.success(), "{name} is written where it belongs");
        said.push(how_bad("counter:core.d.no-rate-limit"));
    }
    assert_snapshot!("rubrics_explained", said.join("\n\n"));
    named("owsap");
    assert_snapshot!("rubric_misspelt", sandbox.picture(&["check"]).split("note[").next().unwrap());
}
