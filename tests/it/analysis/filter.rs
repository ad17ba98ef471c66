//! Filters: text in, keys out; and what is said about those that cannot be read.

use crate::rules::condition::model;
use sconce::analysis::{Analysis, Confidence, FILTER_HELP, Filter, Score, State, ThreatRow};
use sconce::model::{Date, Severity, Status, Stride, ThreatKey};
use sconce::rules::prove;

fn row(key: &str, title: &str, severity: Severity, stride: Stride) -> ThreatRow {
    let key = ThreatKey::parse(key).unwrap();
    ThreatRow {
        id: model("()").display_id(&key),
        subject: key.subject(),
        target: key.target(),
        title: title.to_owned(),
        stride: vec![stride],
        linddun: Vec::new(),
        computed: Some(severity),
        inherent: Some(severity),
        severity: Some(severity),
        risk: Some((2, 2)),
        raised: None,
        confidence: Confidence::Stated,
        score: Score::default(),
        status: Status::Open,
        state: State::New,
        stale: false,
        expired: false,
        facts: String::new(),
        fixes: vec!["mit.mtls".to_owned()],
        about: std::iter::once(key.subject()).chain(key.target()).collect(),
        closed_by: vec![],
        evidence: Vec::new(),
        by_team: None,
        record: sconce::model::Threat::default(),
        key,
    }
}

fn rows() -> Vec<ThreatRow> {
    let mut web = row("web:core.d.no-rate-limit", "Web app can be flooded", Severity::High, Stride::DenialOfService);
    web.record.owner = Some("Ana".to_owned());
    web.record.due = Some(Date::constant(2025, 1, 1));
    let mut login = row("login:core.s.caller", "Log in can be forged", Severity::Medium, Stride::Spoofing);
    login.status = Status::Accepted { reason: "pilot".to_owned(), approver: None, expires: None };
    login.stale = true;
    login.risk = None;
    web.risk = Some((3, 4));
    let path = row("user>db:web.path", "An open path", Severity::Critical, Stride::ElevationOfPrivilege);
    vec![path, web, login]
}

fn picked(filter: &str) -> String {
    let rows = rows();
    let filter = Filter::parse(filter).unwrap();
    filter.apply(&rows, prove::TODAY).iter().map(|r| r.subject.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn filters_pick_and_sort() {
    let check = |filter: &str, expected: &str| assert_eq!(picked(filter), expected, "{filter}");
    check("", "user web login");
    check("open", "user web");
    check("!open", "login");
    check("status:open,accepted", "user web login");
    check("sev>=high", "user web");
    check("severity<high", "login");
    check("sev:medium,critical", "user login");
    check("stride:SE", "user login");
    check("rule:core.*", "web login");
    check("rule:core.d* open", "web");
    check("pack:web", "user");
    check("on:db", "user");
    check("owner:ana", "web");
    check("owner:none sort:severity", "user login");
    check("overdue", "web");
    check("stale", "login");
    check("new !web", "login");
    check("\"can be\" sort:title", "login web");
    check("\"open\"", "user");
    check("fix:mit.*", "user web login");
    // What has no value comes last in both directions.
    check("sort:due", "web login user");
    check("sort:-due", "web login user");
    check("sort:owner", "web login user");
    check("sort:-owner", "web login user");
    check("sort:-title", "web login user");
    check("sort:-severity", "login web user");
    check("confidence:assumed", "");
    check("due<2025-01-01", "");
    check("due<=2025-01-01", "web");
    check("due:2025-01-01", "web");
    check("due>2024-12-31 due<2025-01-02", "web");
    check("due:none", "user login");
    check("score:0", "user web login");
    check("score>0", "");
    check("score<=0 login", "login");
    check("likelihood:3", "web");
    check("impact:2,4", "user web");
    check("likelihood:2 impact:2", "user");
    check("impact:none", "login");
    check("!likelihood:none", "user web");
    check("sort:score", "login user web");
}

#[test]
fn names_are_taken_where_an_id_goes() {
    let mut model = model("()");
    let mut add = |id: &str, name: &str| {
        let (id, edit) = sconce::model::act::add_element(&model, sconce::model::ElementKind::Process, id, None);
        edit.apply(&mut model).unwrap();
        model.elements.get_mut(&id).unwrap().name = name.to_owned();
    };
    add("web", "Web app");
    add("db", "Orders, old");
    let check = |filter: &str, expected: &str| {
        let (rows, filter) = (rows(), Filter::parse(filter).unwrap().naming(&model));
        let picked: Vec<&str> = filter.apply(&rows, prove::TODAY).iter().map(|r| r.subject.as_str()).collect();
        assert_eq!(picked.join(" "), expected);
    };
    check("on:\"web app\"", "web");
    check("on:\"WEB App\",login", "web login");
    check("on:\"orders, old\"", "user");
    check("on:\"web a\"", "");
    check("!on:\"web app\"", "user login");
}

#[test]
fn errors_say_where_and_what_instead() {
    let check = |filter: &str, expected: &str| {
        assert_eq!(Filter::parse(filter).unwrap_err().to_string(), expected, "{filter}");
    };
    check("open sev>=hihg", "column 6: `hihg` is not a severity (did you mean `high`?)");
    check("ownr:ana", "column 1: `ownr` is not a key (did you mean `owner:ana`?)");
    check("priority:high", "column 1: `priority` is not a key (did you mean `sev:high`?)");
    check("state:open", "column 1: `open` is not a state (write `open` by itself)");
    check("status:stale", "column 1: `stale` is not a status (write `stale` by itself)");
    check("score>=high", "column 1: `high` is no number (write a number as in `score>=12`)");
    check("score<>3", "column 6: `<>` compares nothing (use : = < <= > >=)");
    check("stride:X", "column 1: `x` is not a STRIDE letter (the letters are S T R I D E)");
    check("a \"b", "column 3: this quotation mark is not closed (write a second \" after the text)");
    check("rule:", "column 1: `rule:` has no value (write one after the colon, or several with commas)");
    check(
        "sort:size",
        "column 1: `size` is not something to sort by (one of score, severity, title, subject, status, owner, due, opened, rule)",
    );
    check("sev><high", "column 4: `><` compares nothing (use : = < <= > >=)");
    check("open !", "column 6: a word is missing here (write what to look for after !)");
}

#[test]
fn operators_of_other_languages_are_refused_with_the_right_form() {
    let check = |filter: &str, column: usize, word: &str| {
        let error = Filter::parse(filter).unwrap_err();
        assert_eq!(error.column, column, "{filter}: {error}");
        assert!(error.to_string().contains(word), "{filter}: {error}");
        // The form that is offered can be read, where it is not "…" that stands for a value.
        for form in error.help.split('`').skip(1).step_by(2).filter(|form| !form.contains('…')) {
            assert!(Filter::parse(form).is_ok(), "{filter}: {form}");
        }
    };
    check("open and sev>=high", 6, "`open sev>=high`");
    check("open && new", 6, "`open new`");
    check("AND", 1, "side by side");
    check("open or accepted", 6, "`status:open,accepted`");
    check("new OR gone", 5, "`state:new,gone`");
    check("rule:core.d* or rule:core.s*", 14, "`rule:core.d*,core.s*`");
    check("open || pack:core", 6, "`status:open,accepted`");
    check("not open", 1, "`!open`");
    check("status=open", 1, "`status:open`");
    check("status==open", 1, "`status:open`");
    check("status!=open", 1, "`!status:open`");
    check("sev!=low", 1, "`!sev:low`");
    check("severity=>high", 1, "`severity>=high`");
    check("sev≥high", 1, "`sev>=high`");
    check("owner=Ana", 1, "`owner:ana`");
    check("ownr=ana", 1, "`owner:ana`");
    check("sev >= high", 5, "`sev>=high`");
    check("status = open", 8, "`status:open`");
    check("=", 1, "without spaces");
    check("status=", 1, "has no value");
    check("colour=red", 1, "one of status, state, sev,");
    check("(open new)", 1, "no brackets");
    check("-open", 1, "`!open`");
    check("-status:open", 1, "`!status:open`");
    check("open,accepted", 1, "`status:open,accepted`");
    check("new,gone", 1, "`state:new,gone`");
    check("sort:-due overdue,accepted", 11, "`overdue accepted`");
    check("open,new", 1, "only statuses can be one");
    check("due=>2027-01-31", 1, "`due>=2027-01-31`");
    check("due < 2027-01-31", 5, "`due<2027-01-31`");
    check("due<soon", 1, "`due<2027-01-31`");
    check("deadline:2027-01-31", 1, "`due:2027-01-31`");
    // In quotes all of it is text to look for, and some of it is text anyway.
    for text in ["\"and\"", "\"status=open\"", "\"(open\"", "a,b", "x-y", "-5", "!-x"] {
        assert!(Filter::parse(text).is_ok(), "{text}");
    }
    // These were right all along.
    for filter in ["sev:high", "severity>=high", "sev=high", "sev<=low", "owner:none"] {
        assert!(Filter::parse(filter).is_ok(), "{filter}");
    }
}

#[test]
fn a_filter_that_hides_everything_says_why() {
    let check = |filter: &str, expected: &[&str]| {
        assert_eq!(Filter::parse(filter).unwrap().why_nothing(&rows(), prove::TODAY), expected, "{filter}");
    };
    check("open", &[]);
    check("opne", &["the text `opne` is in no title, id, key, owner or note; did you mean `open`?"]);
    check("zebra", &["the text `zebra` is in no title, id, key, owner or note"]);
    check("pack:webb", &["`pack:webb` fits no threat; packs here: core, web"]);
    check("owner:bob open", &["`owner:bob` fits no threat; owners here: ana, none"]);
    check(
        "gone sev:low",
        &[
            "`gone` fits no threat; statuses here: accepted, open",
            "`sev:low` fits no threat; severities here: critical, high, medium",
        ],
    );
    check("on:mobile", &["`on:mobile` fits no threat; ids here: db, login, user, web"]);
    check("on:\"no such name\"", &["`on:\"no such name\"` fits no threat; ids here: db, login, user, web"]);
    check("due>2030-01-01", &["`due>2030-01-01` fits no threat; due days here: 2025-01-01, none"]);
    check("expired", &["no threat is `expired`"]);
    check("!new", &["`!new` leaves nothing: every threat is so"]);
    check("accepted sev:high", &["each part fits some threat, but none fits all parts"]);
    assert!(Filter::parse("gone").unwrap().why_nothing(&[], prove::TODAY).is_empty());
}

#[test]
fn the_examples_of_help_can_be_read() {
    for (syntax, _) in FILTER_HELP {
        for example in syntax.split(", ").filter(|e| *e != "…") {
            assert!(Filter::parse(example).is_ok(), "{example}");
        }
    }
}

#[test]
fn a_threat_is_found_by_the_beginning_of_its_id() {
    let analysis = Analysis { threats: rows(), ..Analysis::default() };
    let id = analysis.threats[1].id.to_lowercase();
    assert_eq!(analysis.find(&id[..6]).unwrap().subject.as_str(), "web");
    assert_eq!(analysis.find(&id[2..7]).unwrap().subject.as_str(), "web");
    assert_eq!(analysis.find("web:core.d.no-rate-limit").unwrap().subject.as_str(), "web");
    assert!(analysis.find("T-").is_none());
    assert!(analysis.find("").is_none());
}
