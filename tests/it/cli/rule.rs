//! `rule …`, as somebody sees it who writes rules. That all rules are proven is tested in `rules`.

use insta::assert_snapshot;

use crate::sandbox::Sandbox;

#[test]
fn rules_are_listed() {
    let sandbox = Sandbox::new();
    assert_snapshot!(
        "rule_list",
        [
            sandbox.picture(&["rule"]),
            sandbox.picture(&["rule", "list", "mobile", "core.m"]),
            sandbox.picture(&["rule", "list", "core.m", "--format", "markdown"]),
            sandbox.picture(&["rule", "list", "mobil"]),
            sandbox.picture(&["rule", "list", "zebra"]),
            sandbox.picture(&["rules"]),
        ]
        .join("\n")
    );
    let all = String::from_utf8(sandbox.sconce(&["rule", "list"]).stdout).unwrap();
    assert!(!all.contains('{'), "a placeholder is shown");
    // Titles are broken on a terminal; all else fits one as it is.
    let wide: Vec<&str> = all.lines().filter(|l| !l.starts_with("      ") && l.chars().count() > 80).collect();
    assert_eq!(wide, Vec::<&str>::new());
    assert_eq!(all.matches("\n      ").count(), sconce::rules::Knowledge::builtin().rules.iter().count());
}

#[test]
fn a_rule_is_shown_with_its_examples() {
    let sandbox = Sandbox::new();
    assert_snapshot!(
        "rule_show",
        [
            sandbox.picture(&["rule", "show", "mobile.pinning"]),
            sandbox.picture(&["rule", "show", "mobile.pining"]),
            sandbox.picture(&["rule", "show", "mobile.pinning", "--format", "markdown"]),
        ]
        .join("\n")
    );
}

#[test]
fn a_new_rule_proves_itself() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("src/.keep")).unwrap();
    std::fs::create_dir(sandbox.path(".git")).unwrap();
    assert_snapshot!(
        "rule_new",
        [
            sandbox.picture(&["rule", "new", "acme.e.admin-open"]),
            sandbox.picture(&["rule", "new", "acme.e.admin-open"]),
            sandbox.picture(&["rule", "check", "acme"]),
            sandbox.picture(&["rule", "check", ".sconce/rules"]),
            sandbox.picture(&["rule", "new", "core.d.no-rate-limit"]),
            sandbox.picture(&["rule", "new", "Admin open"]),
            sandbox.picture(&["rule", "new", "own.x"]),
        ]
        .join("\n")
    );
    // From a folder below, it goes to the root of the repository all the same.
    let mut below = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
    let output = below.current_dir(sandbox.path("src")).args(["rule", "new", "acme.x.two", "--as", "li"]).output();
    assert!(output.unwrap().status.success());
    let check = sandbox.picture(&["rule", "check", "acme.x"]);
    assert_eq!(check, "$ sconce rule check acme.x\n1 rule proven\n--- exit 0\n");
    let all = sandbox.picture(&["rule", "check"]);
    let builtin = sconce::rules::Knowledge::builtin().rules.iter().count();
    assert!(all.contains(&format!("\n{} rules proven\n", builtin + 2)), "{all}");
}

#[cfg(unix)]
#[test]
fn a_new_rule_stays_in_the_repository() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("repository/.git")).unwrap();
    std::fs::create_dir(sandbox.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(sandbox.path("elsewhere"), sandbox.path("repository/.sconce")).unwrap();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_sconce"));
    let output = command.current_dir(sandbox.path("repository")).args(["rule", "new", "acme.x.one", "--as", "li"]);
    let output = output.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said, "sconce: .sconce: this link leads out of the repository, or nowhere; put a folder in its place\n");
    assert_eq!(std::fs::read_dir(sandbox.path("elsewhere")).unwrap().count(), 0);
}

/// A rule with many slips, and one that is no rule.
#[test]
fn what_is_wrong_with_a_rule_is_said() {
    let sandbox = Sandbox::new();
    sandbox.sconce(&["rule", "new", "acme.e.admin-open"]);
    let good = sandbox.read(".sconce/rules/acme/acme.e.admin-open.ron");
    let unproven =
        good.replace("when: ReachableFrom(from: Untrusted)", "when: Always").replace("admin-open", "unproven");
    let weak = good
        .replace(
            "Said(\"usage\", [\"admin\"])",
            "All([Said(\"usage\", [\"admin\"]), Not(Said(\"lifecycle\", [\"test\"]))])",
        )
        .replace("admin-open", "weak");
    let slips = good
        .replace("{subject} lets", "{subjekt} lets")
        .replace("[\"mit.passkey\"]", "[\"mit.pasky\"]")
        .replace("Has(\"mfa\")", "Has(\"mfaa\")")
        .replace("\"login\": (from", "\"office\": (from")
        .replace("admin-open", "slips");
    sandbox
        .write("acme.e.unproven.ron", unproven)
        .write("acme.e.slips.ron", slips)
        .write("acme.e.weak.ron", weak)
        .write("other.ron", &good)
        .write("no-rule.ron", good.replace("title:", "titel:"))
        .write("latin.ron", b"(id: \"a.\xe9\")");
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    assert_snapshot!(
        "rule_check",
        [
            sandbox.picture(&["rule", "check", "acme.e.unproven.ron", "acme.e.slips.ron", "acme.e.weak.ron"]),
            sandbox.picture(&["rule", "check", "mobile", "other.ron", "acme"]),
            sandbox.picture(&["rule", "check", "no-rule.ron", "latin.ron", "none.ron", "mobile.pinning"]),
            sandbox.picture(&["rule", "check", "empty"]),
            sandbox.picture(&["rule", "check", "acme.e.unproven.ron", "mobile.pinning", "--format", "json"]),
        ]
        .join("\n")
    );
}
