//! A model beside deployment files, through the built program: what is in one and not in the other, and what is said when
//! there is nothing to compare.

use std::fmt::Write as _;

use sconce::exchange::deployment::{self, Text};
use sconce::review::drift::{Deployed, deployed};

use crate::exchange;
use crate::sandbox::Sandbox;

/// A model of these elements and flows.
fn model(elements: &str, flows: &str) -> String {
    format!(
        "#![enable(implicit_some)]\nThreatModel(format: (1, 0), system: (name: \"Shop\"), boundaries: {{\"dmz\": (name: \"DMZ\"), \"lan\": (name: \"LAN\")}}, elements: {{{elements}}}, flows: {{{flows}}})\n"
    )
}

const FILE: &str = "services:
  web:
    image: web
    ports: [\"80:80\"]
    depends_on: [cart-service]
  cart-service:
    image: cart
    environment: {REDIS_ADDR: \"redis-cart:6379\", MAIL_URL: \"http://mail.example.org\"}
  redis-cart:
    image: redis:7
";

const ELEMENTS: &str = "
    \"shopper\": ExternalEntity(name: \"Shopper\"),
    \"web\": Process(name: \"Web\"),
    \"basket\": Process(name: \"Cart\"),
    \"cache\": DataStore(name: \"Cache\", deployed: [\"redis-cart\"]),
";
const FLOWS: &str = "
    \"buy\": (from: \"shopper\", to: \"web\"),
    \"items\": (from: \"basket\", to: \"web\"),
    \"keep\": (from: \"basket\", to: \"cache\"),
";

/// What the program says of a model and files, without the line about code.
fn check(model: &str, files: &[(&str, &str)], more: &[&str]) -> String {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", model);
    let mut args = vec!["drift"];
    for (name, text) in files {
        sandbox.write(name, text);
        args.extend(["--deployment", name]);
    }
    args.extend(more);
    let told = sandbox.picture(&args);
    let told = told.split_once('\n').map_or("", |(_, told)| told);
    told.replace(
        "--- stderr\ncode was not compared: system.reviewed names no commit, and neither does --against REF\n",
        "",
    )
}

#[test]
fn a_model_that_has_all_of_it_is_fine() {
    insta::assert_snapshot!(check(&model(ELEMENTS, FLOWS), &[("compose.yaml", FILE)], &[]), @r"
    no drift: 1 host that no file deploys and no element is (an external entity with `deployed`?):
      mail.example.org, by cart-service (compose.yaml:8)

    deployment: 3 of 3 parts in the model (1 compose file); nothing of it drifted
    --- exit 0
    ");
}

#[test]
fn what_differs_is_told_with_the_way_out() {
    let elements = "
        \"shopper\": ExternalEntity(name: \"Shopper\"),
        \"web\": Process(name: \"Web\"),
        \"basket\": Process(name: \"Cart\"),
        \"redis-card\": DataStore(name: \"Cache\"),
        \"audit\": DataStore(name: \"Audit \\u{202e}log\", deployed: [\"audit-db\", \"kubernetes:audit\"]),
        \"reports\": Process(name: \"Reports\", deployed: []),
    ";
    let flows = "
        \"a\": (from: \"reports\", to: \"basket\"),
        \"b\": (from: \"shopper\", to: \"reports\"),
    ";
    let told: String = ["text", "markdown", "json"]
        .map(|format| check(&model(elements, flows), &[("compose.yaml", FILE)], &["--format", format]))
        .concat();
    insta::assert_snapshot!(told);
}

/// One element and one part can be meant, or nobody is.
#[test]
fn what_is_not_clear_is_asked() {
    let file = "services: {cart: {image: a}, cart-service: {image: b}, Pay_Service: {image: c}, mail: {image: d}}";
    let elements = "
        \"carts\": Process(name: \"Cart\"),
        \"pay\": Process(name: \"Money\"),
        \"mail-in\": Process(name: \"Mail\"),
        \"mail-out\": Process(name: \"mail service\"),
    ";
    insta::assert_snapshot!(check(&model(elements, ""), &[("compose.yaml", file)], &[]));
}

/// The id of an element is a part of both systems; what `deployed` says counts for the system it names.
#[test]
fn an_element_can_be_a_part_of_both_systems() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{image: i, env: [{name: A, value: \"http://store:1\"}]}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: store}\nspec: {selector: {app: store}}\n";
    let files = [("c.yaml", "services: {web: {image: i, depends_on: [db]}, db: {image: i}}"), ("k.yaml", pod)];
    let elements =
        |db: &str| format!("\"web\": Process(name: \"Web\"), \"store\": DataStore(name: \"Store\", deployed: [{db}])");
    let flow = "\"f\": (from: \"store\", to: \"web\")";
    let both = check(&model(&elements("\"compose:db\", \"kubernetes:store\""), flow), &files, &[]);
    insta::assert_snapshot!(both, @r"
    deployment: 4 of 4 parts in the model (1 compose file, 1 Kubernetes file); nothing of it drifted
    --- exit 0
    ");
    // What is deployed by files that are not read is not missed, and not what it would be by its id.
    insta::assert_snapshot!(check(&model(&elements("\"kubernetes:store\""), flow), &files[..1], &[]), @r#"
    1 part is not in the model; add the line to `elements`, or the name to `deployed` of the element that it is:
      db: container i (c.yaml:1)
        "db": DataStore(name: "db"),

    deployment: 1 of 2 parts in the model (1 compose file); the model and the deployment differ
    --- exit 1
    "#);
}

/// Published, and yet nobody comes in: from an external entity, what is deployed elsewhere, or another boundary.
#[test]
fn ways_in_need_somebody_who_comes_in() {
    let file =
        "services: {web: {image: i, ports: [\"80:80\"], depends_on: [api]}, api: {image: i, network_mode: host}}";
    let mut told = String::new();
    for flow in [
        "",
        "\"g\": (from: \"cdn\", to: \"web\"), \"h\": (from: \"shopper\", to: \"api\")",
        "\"g\": (from: \"lan\", to: \"web\"), \"h\": (from: \"dmz\", to: \"api\")",
    ] {
        let elements = "\"cdn\": Process(name: \"CDN\", deployed: []), \"shopper\": ExternalEntity(name: \"S\"), \"web\": Process(name: \"Web\", inside: \"dmz\"), \"api\": Process(name: \"API\", inside: \"dmz\")";
        let flows = format!("\"f\": (from: \"web\", to: \"api\"), {flow}");
        let _ = write!(told, "--- {flow}\n{}", check(&model(elements, &flows), &[("c.yaml", file)], &[]));
    }
    insta::assert_snapshot!(told);
}

/// An Ingress is a way in to what it leads to, until it is an element.
#[test]
fn a_door_is_open_where_it_leads() {
    let pod = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{a: {name}}}}}\nspec: {{containers: [{{image: i}}]}}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{a: {name}}}}}\n---\n"
        )
    };
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: edge}\nspec: {defaultBackend: {service: {name: web}}}\n";
    let file = pod("web") + ingress;
    let alone = check(&model("\"web\": Process(name: \"Web\")", ""), &[("k.yaml", &file)], &[]);
    let drawn = "\"web\": Process(name: \"Web\"), \"edge\": Process(name: \"Edge\")";
    let told = alone + &check(&model(drawn, ""), &[("k.yaml", &file)], &[]);
    insta::assert_snapshot!(told);
}

/// A flow to a boundary is one to what is in it.
#[test]
fn a_flow_to_a_boundary_counts() {
    let file = "services: {web: {image: i, depends_on: [api]}, api: {image: i}}";
    let elements = "\"web\": Process(name: \"Web\"), \"api\": Process(name: \"API\", inside: \"lan\")";
    let told = check(&model(elements, "\"f\": (from: \"web\", to: \"lan\")"), &[("c.yaml", file)], &[]);
    assert!(told.contains("nothing of it drifted") && told.ends_with("--- exit 0\n"), "{told}");
}

#[test]
fn a_folder_is_its_files() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", model(ELEMENTS, FLOWS)).write("deploy/compose.yaml", FILE);
    sandbox
        .write("deploy/ci.yml", "on: push\njobs: {}\n")
        .write("deploy/empty.yaml", "")
        .write("deploy/notes.txt", "x");
    sandbox.write("deploy/.hidden.yaml", "[").write("deploy/deeper/k.yaml", "[");
    let told = sandbox.picture(&["drift", "--deployment", "deploy", "--deployment", "deploy/compose.yaml"]);
    insta::assert_snapshot!(told);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let sandbox = Sandbox::new();
    sandbox.write("shop.tm.ron", model(ELEMENTS, FLOWS)).write("none/readme.md", "");
    sandbox.write("empty.yaml", "").write("helm.yaml", "a: {{ .Values.a }}\n").write("list.yaml", "- a\n");
    sandbox.write("k.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n").write("old.yaml", "services:\n");
    let mut told = String::new();
    for paths in [&["gone.yaml"][..], &["none"], &["empty.yaml", "helm.yaml", "list.yaml"], &["k.yaml"], &["old.yaml"]]
    {
        let mut args = vec!["drift"];
        args.extend(paths.iter().flat_map(|path| ["--deployment", path]));
        told += &sandbox.picture(&args);
    }
    told += &sandbox.picture(&["drift", "--deployment"]);
    insta::assert_snapshot!(told);
}

/// Code and deployment in one answer; either makes the exit code 1.
#[test]
fn code_and_deployment_are_told_together() {
    let sandbox = Sandbox::new();
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"];
        let out = sandbox.command("git").args(who).args(args).output().unwrap();
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q", "-b", "main"]);
    let elements = ELEMENTS.replace("(name: \"Web\")", "(name: \"Web\", code: [\"web/**\"])");
    sandbox.write("compose.yaml", FILE).write("web/a.rs", "one\n").write("shop.tm.ron", model(&elements, FLOWS));
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "all"]);
    let with_commit = model(&elements, FLOWS).replace(
        "(name: \"Shop\")",
        &format!(
            "(name: \"Shop\", reviewed: (on: \"2026-11-20\", by: \"ana\", commit: \"{}\"))",
            git(&["rev-parse", "HEAD"])
        ),
    );
    let mut told = sandbox.picture(&["drift", "--deployment", "compose.yaml", "--against", "HEAD"]);
    sandbox.write("web/a.rs", "two\n").write("shop.tm.ron", with_commit);
    for format in ["text", "markdown"] {
        told += &sandbox.picture(&["drift", "--deployment", "compose.yaml", "--format", format]);
    }
    insta::assert_snapshot!(told.replace(&git(&["rev-parse", "HEAD"])[..10], "[commit]"));
}

/// What an element is called there is compared and merged like any other list; that nothing is said is not that it is
/// nowhere.
#[test]
fn what_is_said_is_compared_and_merged() {
    let sandbox = Sandbox::new();
    let say = |deployed: &str| model(&format!("\"web\": Process(name: \"Web\"{deployed})"), "");
    for (name, deployed) in [("a", ""), ("b", ", deployed: []"), ("c", ", deployed: [\"x\", \"w\"]")] {
        sandbox.write(&format!("{name}.tm.ron"), say(deployed));
    }
    let mut told =
        sandbox.picture(&["diff", "a.tm.ron", "b.tm.ron"]) + &sandbox.picture(&["diff", "b.tm.ron", "c.tm.ron"]);
    told += &sandbox.picture(&["merge", "a.tm.ron", "b.tm.ron", "c.tm.ron", "--output", "d.tm.ron"]);
    told += sandbox.read("d.tm.ron").lines().find(|line| line.contains("deployed")).unwrap_or("nothing");
    insta::assert_snapshot!(told);
}

/// What differs between a model of these lines and files.
fn found(elements: &[String], flows: &[String], files: &[(&str, &str)]) -> Deployed {
    let text = model(&elements.concat(), &flows.concat());
    let read = sconce::file::read(&text);
    let document = read.document.unwrap_or_else(|| panic!("{text}\n{:?}", read.diagnostics));
    let texts: Vec<Text<'_>> = files.iter().map(|(name, text)| Text { name, text, is_named: true }).collect();
    deployed(document.model(), &deployment::read(&texts).unwrap())
}

/// Whoever adds the lines of the answer to the model has settled it, and has every element and flow once.
pub(crate) fn adding_settles(files: &[(&str, &str)]) {
    let bare = found(&[], &[], files);
    assert!(bare.undrawn.is_empty() && bare.missing.is_empty() && bare.open.is_empty(), "{bare:?}");
    let elements: Vec<String> = bare.strange.iter().map(|strange| strange.add.clone()).collect();
    let drawn = found(&elements, &[], files);
    assert!(drawn.strange.is_empty() && drawn.missing.is_empty(), "{elements:?}: {drawn:?}");
    let flows: Vec<String> = drawn.undrawn.iter().map(|undrawn| undrawn.add.clone()).collect();
    let whole = found(&elements, &flows, files);
    assert!(whole.undrawn.is_empty() && whole.missing.is_empty() && whole.unseen.is_empty(), "{flows:?}: {whole:?}");
}

#[test]
fn what_the_answer_adds_settles_it() {
    let compose = ("compose.yaml", exchange::deployment::COMPOSE);
    let cluster = ("all.yaml", exchange::deployment::CLUSTER);
    let doors = ("in.yaml", exchange::deployment::WAYS_IN);
    for files in [&[compose][..], &[cluster], &[doors], &[compose, cluster, doors]] {
        adding_settles(files);
    }
    let odd = "services: {\"1st\": {image: i}, Web_App: {image: i}, system: {image: i}, \"é\": {image: mysql, links: [Web_App]}}";
    adding_settles(&[("odd.yaml", odd)]);
    // Lines of elements and of flows have ids of their own.
    let file = "services: {web: {image: i, depends_on: [db]}, db: {image: i}, web-db: {image: i}, Web_DB: {image: i}}";
    let elements = ["\"web\": Process(name: \"Web\"),", "\"db\": DataStore(name: \"DB\"),"].map(str::to_owned);
    let answer = found(&elements, &[], &[("c.yaml", file)]);
    let more: Vec<String> = elements.into_iter().chain(answer.strange.into_iter().map(|strange| strange.add)).collect();
    let flows: Vec<String> = answer.undrawn.into_iter().map(|undrawn| undrawn.add).collect();
    assert_eq!((more.len(), flows.len()), (4, 1), "{more:?} {flows:?}");
    assert!(!found(&more, &flows, &[("c.yaml", file)]).is_drift());
}
