//! Threat lists as CSV, JSON and Markdown, with ordinary rows and with hostile ones. The JSON shape is pinned here.

use sconce::analysis::{Confidence, Score, State, ThreatRow};
use sconce::exchange::{threats_csv, threats_json, threats_markdown};
use sconce::model::{
    Date, Element, ElementKind, Id, Mitigation, Severity, Status, Stride, Threat, ThreatKey, ThreatModel,
};
use sconce::rules::Knowledge;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn shop() -> ThreatModel {
    let mut model = ThreatModel::default();
    "Shop".clone_into(&mut model.system.name);
    model.elements.insert(id("web"), Element::new(ElementKind::Process, "Web app"));
    model.elements.insert(id("db"), Element::new(ElementKind::DataStore, "Orders | all"));
    model.mitigations.insert(id("limit"), Mitigation::new("Rate limit at the edge"));
    model
}

fn row(model: &ThreatModel, key: &str, title: &str) -> ThreatRow {
    let key = ThreatKey::parse(key).unwrap();
    ThreatRow {
        id: model.display_id(&key),
        title: title.to_owned(),
        subject: key.subject(),
        target: key.target(),
        about: vec![key.subject()],
        key,
        stride: vec![Stride::DenialOfService],
        linddun: Vec::new(),
        computed: Some(Severity::High),
        inherent: Some(Severity::Critical),
        severity: Some(Severity::High),
        risk: Some((3, 4)),
        raised: None,
        confidence: Confidence::Stated,
        score: Score::default(),
        status: Status::Open,
        state: State::Known,
        stale: false,
        expired: false,
        facts: String::new(),
        fixes: vec!["mit.rate-limit".to_owned()],
        closed_by: vec![],
        evidence: Vec::new(),
        by_team: None,
        record: Threat { opened: Some(day("2026-11-20")), ..Threat::default() },
    }
}

/// Three threats: an accepted one with all there is, a path that nobody rated, and a system-wide one.
fn rows(model: &ThreatModel) -> Vec<ThreatRow> {
    let mut accepted = row(model, "web:core.d.no-rate-limit", "Web app can be flooded");
    accepted.status = Status::Accepted {
        reason: "until the edge limit is live".to_owned(),
        approver: Some("li".to_owned()),
        expires: Some(day("2027-01-15")),
    };
    accepted.severity = Some(Severity::Medium);
    accepted.record.owner = Some("ana".to_owned());
    accepted.record.due = Some(day("2026-12-20"));
    accepted.record.mitigations = vec![id("limit"), id("gone")];
    accepted.stale = true;
    let mut path = row(model, "web>db:core.t.path", "Orders can be reached");
    path.severity = None;
    path.computed = None;
    path.inherent = None;
    path.risk = None;
    path.evidence = vec![id("web"), id("db")];
    path.state = State::New;
    path.record.opened = None;
    let mut system = row(model, "system:own.no-backup", "Nobody tried the backup");
    system.record.description = Some("Two lines,\r\n\"quoted\".".to_owned());
    vec![accepted, path, system]
}

#[test]
fn csv_has_documented_columns_and_empty_unknowns() {
    let model = shop();
    insta::assert_snapshot!(threats_csv(&rows(&model), &model).replace("\r\n", "\n"), @r#"
    id,severity,title,subject,target,stride,status,reason,expires,owner,due,opened,mitigations,state,stale,computed_severity,category,description,notes,key,linddun,inherent_severity,confidence,score
    T-6KONWNVJ53,Medium,Web app can be flooded,Web app,,D,Accepted,until the edge limit is live,2027-01-15,ana,2026-12-20,2026-11-20,Rate limit at the edge; gone,known,yes,High,,,,web:core.d.no-rate-limit,,Critical,stated,0
    T-EXAGI6ZKO3,,Orders can be reached,Web app,Orders | all,D,Open,,,,,,,new,no,,,,,web>db:core.t.path,,,stated,0
    T-FJC6UXWWXJ,High,Nobody tried the backup,Shop,,D,Open,,,,,2026-11-20,,known,no,High,,"Two lines,
    ""quoted"".",,system:own.no-backup,,Critical,stated,0
    "#);
}

#[test]
fn csv_lines_end_with_cr_lf() {
    let model = shop();
    let text = threats_csv(&rows(&model)[..2], &model);
    assert_eq!(text.matches("\r\n").count(), 3);
    assert_eq!(threats_csv(&[], &model).matches("\r\n").count(), 1, "the heading is there without threats");
}

#[test]
fn no_cell_is_a_formula_and_every_text_comes_back() {
    let model = shop();
    let harmless = ["plain", "a=b", "Größe", "", "two\nlines", "say \"hi\", then go", "'quoted'"];
    let formulas =
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{a0}=cmd|' /C calc'!A0", "＝1", "＠x"];
    for text in harmless.iter().chain(&formulas) {
        let csv = threats_csv(&[row(&model, "web:own.x", text)], &model);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        let title = &record[2];
        if formulas.contains(text) {
            assert!(title.starts_with('\''), "{text:?} became {title:?}");
        } else {
            assert_eq!(title, *text);
        }
    }
}

#[test]
fn csv_shows_control_characters() {
    let model = shop();
    let csv = threats_csv(&[row(&model, "web:own.x", "\u{1b}[31mred\u{202e}\0")], &model);
    assert!(csv.contains(r"\u{1b}[31mred\u{202e}\u{0}"), "{csv}");
}

#[test]
fn json_keeps_its_shape() {
    let model = shop();
    let shown = threats_json(&rows(&model), &model, &Knowledge::builtin());
    super::samples::pin("threats-json", &shown);
}

#[test]
fn json_is_harmless_on_a_terminal_and_says_the_same() {
    let model = shop();
    let title = "\u{1b}[2J \u{7f}\u{9b}31m \u{202e} \u{e0041} 😀 \"\\";
    let text = threats_json(&[row(&model, "web:own.x", title)], &model, &Knowledge::builtin());
    assert!(!text.chars().any(|c| c != '\n' && sconce::diagnostic::inert::is_hazard(c)), "{text}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["threats"][0]["title"], title);
    assert_eq!(value["schema"], "sconce/threats/1");
}

#[test]
fn markdown_groups_by_severity() {
    let model = shop();
    insta::assert_snapshot!(threats_markdown(&rows(&model), &model), @r#"
    ## Threats to Shop

    **3 threats**: 2 open, 1 accepted.

    ### High (1)

    | Id | Threat | Where | STRIDE | Status | Owner | Due | Planned |
    |---|---|---|---|---|---|---|---|
    | `T-FJC6UXWWXJ` | Nobody tried the backup | Shop | D | open |  |  |  |

    ### Medium (1)

    | Id | Threat | Where | STRIDE | Status | Owner | Due | Planned |
    |---|---|---|---|---|---|---|---|
    | `T-6KONWNVJ53` | Web app can be flooded | Web app | D | accepted: until the edge limit is live (until 2027-01-15), **stale**: its facts have changed | ana | 2026-12-20 | Rate limit at the edge (proposed) |

    ### Not rated (1)

    | Id | Threat | Where | STRIDE | Status | Owner | Due | Planned |
    |---|---|---|---|---|---|---|---|
    | `T-EXAGI6ZKO3` | Orders can be reached | Web app → Orders \| all | D | open |  |  |  |
    "#);
    insta::assert_snapshot!(threats_markdown(&[], &model), @r#"
    ## Threats to Shop

    No threats.
    "#);
}

#[test]
fn markdown_does_nothing_that_the_model_says() {
    let mut model = shop();
    "Shop @all".clone_into(&mut model.system.name);
    let titles = [
        "| a | b |\n# heading",
        "<img src=x onerror=alert(1)> &lt;b>",
        "![x](http://evil.example/p.png) and https://evil.example or www.evil.example",
        "@octocat closes #12 by `code` *bold* _it_ ~~no~~ $x$",
        "[a]: javascript:x \\| \u{1b}[31m \u{202e}",
    ];
    let rows: Vec<ThreatRow> =
        titles.iter().enumerate().map(|(n, t)| row(&model, &format!("web:own.x{n}"), t)).collect();
    insta::assert_snapshot!(threats_markdown(&rows, &model), @r#"
    ## Threats to Shop @&#8203;all

    **5 threats**: 5 open.

    ### High (5)

    | Id | Threat | Where | STRIDE | Status | Owner | Due |
    |---|---|---|---|---|---|---|
    | `T-7M24HJF5FY` | \| a \| b \| \#&#8203; heading | Web app | D | open |  |  |
    | `T-2RZTNVC4QD` | &lt;img src=x onerror=alert\(1\)&gt; &amp;lt;b&gt; | Web app | D | open |  |  |
    | `T-B7YGVZ3QVZ` | \!\[x\]\(http&#58;&#8203;//evil.example/p.png\) and https&#58;&#8203;//evil.example or www&#46;&#8203;evil.example | Web app | D | open |  |  |
    | `T-B36TYCULJU` | @&#8203;octocat closes \#&#8203;12 by \`code\` \*bold\* \_it\_ \~\~no\~\~ \$x\$ | Web app | D | open |  |  |
    | `T-RHPDU43P7I` | \[a\]: javascript:x \\\| \\u\{1b\}\[31m \\u\{202e\} | Web app | D | open |  |  |
    "#);
}
