//! Reports for others: the comment on a pull request, which is short enough and does nothing, and JSON.

use insta::assert_snapshot;
use sconce::model::{ElementKind, MitigationStatus, Threat, ThreatKey, act};
use sconce::review::diff::{Sides, diff, diff_json, diff_markdown};

use super::{FLOODED, PLAIN, SHOP, edited, model};

/// A flow to a new element, with what the rules said, what was decided, and work that is done.
fn pull_request() -> String {
    let more = format!(
        "{PLAIN}\n        \"pay:core.i.flow-plaintext\": (severity: High, opened: \"2026-11-23\", title: \"Cards can be read\"),"
    );
    let accepted = FLOODED.replace(
        "flooded\"",
        "flooded\", status: Accepted(reason: \"a week\", approver: \"li\", expires: \"2026-12-01\"), history: [(\"2026-11-25\", \"ana\", Accepted)]",
    );
    edited(&[
        (
            "        \"web\": Process(",
            "        \"psp\": ExternalEntity(name: \"Payment provider\"),\n        \"web\": Process(",
        ),
        (
            "        \"query\": (\n",
            "        \"pay\": (name: \"pay\", from: \"web\", to: \"psp\", carries: [\"card\"]),\n        \"query\": (\n",
        ),
        (PLAIN, &more),
        (FLOODED, &accepted),
        ("status: Planned", "status: Implemented"),
    ])
}

#[test]
fn a_pull_request_is_told_to_people_and_to_programs() {
    let (before, after) = (model(SHOP), model(&pull_request()));
    let (found, sides) =
        (diff(&before, &after), Sides { model: "shop.tm.ron", before: "main", after: "HEAD", behind: &[] });
    assert_snapshot!("comment", diff_markdown(&found, sides, &before, &after));
    assert_snapshot!("json", diff_json(&found, sides));
    // The comment is there to be replaced when nothing is left to tell, too.
    let same = diff_markdown(&diff(&after, &after), sides, &after, &after);
    assert_snapshot!(same, @r"
    <!-- sconce:diff shop.tm.ron -->
    ### Threat model `shop.tm.ron`: nothing changed

    `main` → `HEAD`
    ");
}

#[test]
fn what_is_drawn_the_same_is_not_drawn() {
    let (before, after) =
        (model(SHOP), model(&edited(&[("\"rate_limit\": \"absent\"", "\"rate_limit\": \"present\"")])));
    let sides = Sides { model: "shop.tm.ron", before: "main", after: "HEAD", behind: &[] };
    let text = diff_markdown(&diff(&before, &after), sides, &before, &after);
    assert!(text.contains("absent → present") && !text.contains("```"), "{text}");
}

#[test]
fn a_thousand_threats_fit_into_a_comment() {
    let mut after = model(SHOP);
    let shop = after.clone();
    for n in 0..1500 {
        let (id, edit) =
            act::add_element(&after, ElementKind::Process, &format!("Part `{n}` {}", "x".repeat(200)), None);
        edit.apply(&mut after).unwrap();
        let threat = Threat { title: "t ".repeat(400), ..Default::default() };
        after.threats.insert(ThreatKey::new(&id, "core.d.no-rate-limit", None), threat);
    }
    after.mitigations.values_mut().for_each(|work| work.status = MitigationStatus::Verified);
    let found = diff(&shop, &after);
    let text = diff_markdown(&found, Sides { model: "m", before: "a", after: "b", behind: &[] }, &shop, &after);
    let size = text.chars().count();
    assert!(size < 65_536 && size > 40_000, "{size}");
    assert!(text.contains("**System**") && text.contains("**Threats**") && text.contains("Rate limit at the edge"));
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert_eq!(text.matches("\n- and ").count(), 2);
}

#[test]
fn hostile_names_do_nothing_in_a_comment() {
    let nasty = "<img src=x onerror=a> @octocat #1 **b** [l](http://x) ```` ``` --> | ![i](x) &lt;";
    let after = edited(&[
        ("\"Customer\"", &format!("\"{nasty}\"")),
        ("name: \"query\"", &format!("name: \"{nasty}\"")),
        ("approver: \"li\"", "approver: \"@li\""),
    ]);
    let (before, after) = (model(SHOP), model(&after));
    let name = "x --> <b>`` @a #1.tm.ron";
    let text = diff_markdown(
        &diff(&before, &after),
        Sides { model: name, before: "@a", after: "`b`", behind: &[] },
        &before,
        &after,
    );
    assert_snapshot!("hostile", text);
}
