//! Pictures of small Threat Dragon files: one peculiarity each, text in, text out.

use super::picture::picture;

/// A v2 model with one diagram of these cells.
pub(super) fn model(cells: &str) -> String {
    diagrams(&format!(r#"{{"title":"Main","diagramType":"STRIDE","cells":[{cells}]}}"#))
}

fn diagrams(diagrams: &str) -> String {
    format!(r#"{{"version":"2.2.0","summary":{{"title":"Shop"}},"detail":{{"diagrams":[{diagrams}]}}}}"#)
}

/// The picture of a model of these cells, without the lines every model has.
fn cells(cells: &str) -> String {
    short(&model(cells))
}

fn short(text: &str) -> String {
    let dull = |l: &&str| !l.starts_with("system \"Shop\"") && !l.starts_with("note: Positions");
    picture(text).lines().filter(dull).fold(String::new(), |all, line| all + line + "\n")
}

fn process(id: &str, place: &str) -> String {
    format!(r#"{{"shape":"process","id":"{id}",{place},"data":{{"type":"tm.Process","name":"{id}"}}}}"#)
}

fn boundary(id: &str, place: &str) -> String {
    format!(
        r#"{{"shape":"trust-boundary-box","id":"{id}",{place},"data":{{"type":"tm.BoundaryBox","name":"{id}","isTrustBoundary":true}}}}"#
    )
}

fn at(x: i32, y: i32, width: u32, height: u32) -> String {
    format!(r#""position":{{"x":{x},"y":{y}}},"size":{{"width":{width},"height":{height}}}"#)
}

#[test]
fn members_are_those_whose_centre_lies_in_the_smallest_box() {
    let drawing = [
        boundary("outer", &at(-100, -100, 600, 400)),
        boundary("inner", &at(0, 0, 200, 200)),
        boundary("beside", &at(480, 0, 200, 200)),
        process("deep", &at(20, 20, 50, 50)),
        process("shallow", &at(250, 20, 50, 50)),
        process("cut", &at(190, 20, 50, 50)),
        process("outside", &at(900, 900, 50, 50)),
        process("nowhere", r#""size":{"width":50,"height":50}"#),
    ];
    insta::assert_snapshot!(cells(&drawing.join(",")), @r#"
    boundary beside box "beside"
    boundary inner box "inner" in outer
    boundary outer box "outer"
    Process cut "cut" in outer
    Process deep "deep" in inner
    Process nowhere "nowhere"
    Process outside "outside"
    Process shallow "shallow" in outer
    diagram main "Main"
    lost: Main: trust boundary "beside": overlap with a boundary that is not simply around it: "outer"
    lost: Main: process "cut": overlap with a boundary that is not simply around it: "inner"
    lost: Main: process "nowhere": boundary of an element without a place: ""
    "#);
}

#[test]
fn equal_boxes_do_not_lie_in_each_other() {
    let drawing =
        [boundary("a", &at(0, 0, 10, 10)), boundary("b", &at(0, 0, 10, 10)), boundary("c", &at(0, 0, 10, 10))];
    insta::assert_snapshot!(cells(&drawing.join(",")), @r#"
    boundary a box "a" in b
    boundary b box "b" in c
    boundary c box "c"
    diagram main "Main"
    "#);
}

#[test]
fn flows_have_loose_ends_two_directions_and_strange_targets() {
    let drawing = r#"
        {"shape":"actor","id":"a","data":{"name":"Customer\n of ours","type":"tm.Actor","providesAuthentication":true}},
        {"shape":"store","id":"s","data":{"name":"Log","isALog":true,"isSigned":true,"isEncrypted":true,"storesCredentials":false}},
        {"shape":"td-text-block","id":"t","data":{"name":"Only a remark"}},
        {"shape":"flow","id":"f1","source":{"cell":"a","port":"p"},"target":{"x":3,"y":4},"data":{"name":"loose"}},
        {"shape":"flow","id":"f2","source":{"cell":"a"},"target":{"cell":"s"},"data":{"name":"both","isBidirectional":true,
            "protocol":"HTTPS","isEncrypted":true,"isPublicNetwork":true,"threats":[{"title":"Read by others","type":"Information disclosure","severity":"High","status":"Open"}]}},
        {"shape":"flow","id":"f3","source":{"cell":"t"},"target":{"cell":"s"},"data":{"name":"","protocol":"Pigeon","isEncrypted":true}},
        {"shape":"flow","id":"f4","source":{"cell":"f1"},"target":{},"labels":[{"attrs":{"text":{"text":"from the label"}}}],"data":{}},
        {"shape":"flow","id":"f5","source":{"cell":"s"},"target":{"cell":"a"},"labels":["shown"],"data":{"name":"meant","description":"nightly",
            "outOfScope":true,"reasonOutOfScope":"another team"}},
        {"shape":"trust-boundary-box","id":"b","data":{"name":"Office"}},
        {"shape":"flow","id":"f6","source":{"cell":"b"},"target":{"cell":"gone"},"data":{"name":"","isBidirectional":true}}"#;
    insta::assert_snapshot!(cells(drawing), @r#"
    boundary office box "Office"
    ExternalEntity customer-of-ours "Customer of ours" (x.td_provides_authentication: yes)
    DataStore log "Log" (kind: log, signed: yes, x.td_is_encrypted: yes)
    flow both "both" customer-of-ours -> log (enc: tls, net: internet, proto: http)
    flow both-back "both" log -> customer-of-ours (enc: tls, net: internet, proto: http)
    flow from-office "" office -> ?
    flow from-the-label "from the label" ? -> ?
    flow loose "loose" customer-of-ours -> ?
    flow meant "meant" log -> customer-of-ours (scope: out) notes "nightly\n\nOut of scope: another team"
    flow to-log "" ? -> log (x.protocol: Pigeon, x.td_is_encrypted: yes)
    flow to-office "" ? -> office
    threat both:own.read-by-others "Read by others" [I] High Open
    diagram main "Main" about "Only a remark"
    lost: Main: trust boundary "Office": members of a boundary without a place: ""
    lost: Main: flow 6: end of a flow at something that cannot have flows: "t"
    lost: Main: flow "from the label": end of a flow at something that cannot have flows: "f1"
    lost: Main: flow "meant": text of the drawing that is not the name: "shown"
    lost: Main: flow 10: end of a flow at a cell that does not exist: "gone"
    note: Boxes that nobody ticked are read as unknown, not as no (1)
    note: Flows in both directions became two flows each; their threats are at the first (2)
    "#);
}

#[test]
fn ends_that_are_nowhere_and_ids_that_come_twice_are_called_that() {
    let drawing = r#"
        {"shape":"actor","id":"a","data":{"name":"Customer","description":"one\r\ntwo\rthree"}},
        {"shape":"store","id":"a","data":{"name":"Log"}},
        {"shape":"cloud","id":7,"data":{"name":"Sky"}},
        {"shape":"flow","id":"f1","source":{"cell":"a"},"target":{"cell":"gone"},"data":{"name":"lost"}},
        {"shape":"flow","id":"f2","source":{"cell":"a"},"target":{"cell":7},"data":{"name":"up"}},
        {"shape":"flow","id":"f2","source":{"x":1},"target":{"x":2},"data":{"name":"both","isBidirectional":true}}"#;
    insta::assert_snapshot!(cells(drawing), @r#"
    ExternalEntity customer "Customer" about "one\ntwo\nthree"
    DataStore log "Log"
    flow both "both" ? -> ?
    flow lost "lost" customer -> ?
    flow up "up" customer -> ?
    diagram main "Main"
    lost: Main: data store "Log": id that an earlier cell of the diagram has already: "a"
    lost: Main: cell 3: cell of an unknown shape: "cloud Sky"
    lost: Main: flow "both": id that an earlier cell of the diagram has already: "f2"
    lost: Main: flow "lost": end of a flow at a cell that does not exist: "gone"
    lost: Main: flow "up": end of a flow at something that cannot have flows: "7"
    lost: Main: flow "both": second direction of a flow that is attached to nothing: ""
    "#);
}

#[test]
fn old_shapes_missing_types_and_unknown_ones() {
    let drawing = r#"
        {"shape":"trust-broundary-curve","id":"c","source":{"x":1,"y":1},"target":{"x":9,"y":9},"data":{"name":"","isTrustBoundary":true}},
        {"shape":"process","data":{"name":"typed by its shape","privilegeLevel":"Root"}},
        {"shape":"process","id":"p","attrs":{"text":{"text":"named by the drawing"}},"data":{"privilegeLevel":"some","usesAI":true}},
        {"shape":"store","data":{"type":"tm.Store"}},
        {"shape":"cloud","data":{"name":"odd"}},
        {"type":"tm.Process","id":"old","attrs":{"text":{"text":"of version 1"}}},
        {"shape":"trust-boundary-box","data":{"name":"no place","outOfScope":true}},
        7"#;
    insta::assert_snapshot!(cells(drawing), @r#"
    boundary boundary Line "Unnamed boundary line"
    boundary no-place box "no place" (x.td_out_of_scope: yes)
    Process named-by-the-drawing "named by the drawing" (x.td_privilege_level: some, x.td_uses_ai: yes)
    DataStore store "Unnamed data store"
    Process typed-by-its-shape "typed by its shape" (privilege: root)
    diagram main "Main"
    lost: Main: cell 5: cell of an unknown shape: "cloud odd"
    lost: Main: cell 6: cell of Threat Dragon v1: "{\"attrs\":{\"text\":{\"text\":\"of version 1\"}},\"id\":\"old\",\"type\":\"tm.Process\"}"
    lost: Main: cell 8: cell that is not an object: "7"
    lost: Main: trust boundary "no place": members of a boundary without a place: ""
    "#);
}

#[test]
fn threats_keep_status_remedy_and_foreign_words() {
    let drawing = r#"{"shape":"process","id":"p","data":{"name":"Web","type":"tm.Process","threats":[
        {"id":"1","number":1,"title":"Flood","type":"Denial Of Service","severity":"Critical","status":"Mitigated","mitigation":"Limit the rate.\nAt the edge.","score":7.5},
        {"id":"1","number":1,"title":"Flood","type":"Denial of service","severity":"TBD","status":"Open","mitigation":"Limit the rate.\nAt the edge."},
        {"title":"Old session","type":"Erhöhung von Rechten","severity":"","status":"NotApplicable","mitigation":"no sessions"},
        {"title":"Old session","type":"Elevation of privileges","severity":"low","status":"Not Applicable","mitigation":"Provide remediation for this threat or a reason if status is N/A"},
        {"title":"","type":null,"modelType":"EOP","cardSuit":"Tampering","cardNumber":"9","status":"","severity":"Medium"},
        {"title":"Lived with","type":"Linkability","modelType":"LINDDUN","status":"Accepted","mitigation":"the board knows"},
        {"title":"Sold","type":"Tampering","status":"Transferred"},
        {"title":"Gone","type":"Tampering","status":"Eliminated","mitigation":"the port is closed"},
        {"title":"Unclear","type":"Tampering","status":"Mitigated","mitigation":"Provide mitigation or prevention for this threat"},
        {"title":"Odd","type":"Tampering","status":"In review","reviewers":["li"]},
        "not a threat"]}}"#;
    insta::assert_snapshot!(cells(drawing), @r#"
    Process web "Web"
    mitigation limit-the-rate Claimed "Limit the rate." about "Limit the rate.\nAt the edge."
    mitigation limit-the-rate-2 Proposed "Limit the rate." about "Limit the rate.\nAt the edge."
    threat web:own.flood "Flood" [D] Critical Mitigated ["Limit the rate."] notes "Score: 7.5" by limit-the-rate
    threat web:own.flood-2 "Flood" [D] unrated Open notes "Severity in Threat Dragon: TBD" by limit-the-rate-2
    threat web:own.gone "Gone" [T] unrated Avoided because "the port is closed"
    threat web:own.lived-with "Lived with" [] unrated Accepted because "the board knows" in "Linkability" notes "Method: LINDDUN"
    threat web:own.odd "Odd" [T] unrated Open notes "Status in Threat Dragon: In review"
    threat web:own.old-session "Old session" [] unrated NotApplicable because "no sessions" in "Erhöhung von Rechten"
    threat web:own.old-session-2 "Old session" [E] Low NotApplicable because "so marked in Threat Dragon, without a reason"
    threat web:own.sold "Sold" [T] unrated Transferred because "so marked in Threat Dragon, without a reason"
    threat web:own.unclear "Unclear" [T] unrated Mitigated ["so marked in Threat Dragon, without a reason"]
    threat web:own.untitled-threat "Untitled threat" [] Medium Open in "EOP" notes "Status in Threat Dragon: none\nCard suit: Tampering\nCard: 9"
    diagram main "Main"
    lost: Main: process "Web", threat "Odd": status of an unknown word: "In review"
    lost: Main: process "Web", threat "Odd": field `reviewers`: "[\"li\"]"
    lost: Main: process "Web": threat that is not an object: "\"not a threat\""
    note: Texts that Threat Dragon put there to be replaced are left out (2)
    "#);
}

#[test]
fn the_same_cell_in_two_diagrams_is_one_thing() {
    let first = r#"{"title":"One","diagramType":"STRIDE","placeholder":"New STRIDE diagram description","cells":[
        {"shape":"actor","id":"a","data":{"name":"Ann","description":"one","threats":[{"title":"Forged","type":"Spoofing"}]}},
        {"shape":"process","id":"p","data":{"name":"Web"}},
        {"shape":"flow","id":"f","source":{"cell":"a"},"target":{"cell":"p"},"data":{"name":"ask","isBidirectional":true}}]}"#;
    let second = r#"{"title":"One","diagramType":"CIA","description":"a second look","placeholder":"a hint","cells":[
        {"shape":"actor","id":"a","data":{"name":"Ann","description":"two","threats":[{"title":"Forged","type":"Spoofing"},{"title":"Lied to","type":"Spoofing"}]}},
        {"shape":"process","id":"p","data":{"name":"Web 2"}},
        {"shape":"process","id":"q","data":{"name":"Web"}},
        {"shape":"flow","id":"f","source":{"cell":"a"},"target":{"cell":"q"},"data":{"name":"ask"}}]}"#;
    insta::assert_snapshot!(short(&diagrams(&format!("{first},{second}"))), @r#"
    ExternalEntity ann "Ann" about "one"
    Process web "Web"
    Process web-2 "Web 2"
    Process web-3 "Web"
    flow ask "ask" ann -> web
    flow ask-2 "ask" ann -> web-3
    flow ask-back "ask" web -> ann
    threat ann:own.forged "Forged" [S] unrated Open notes "Status in Threat Dragon: none"
    threat ann:own.lied-to "Lied to" [S] unrated Open notes "Status in Threat Dragon: none"
    diagram one "One" shows ann ask ask-back web
    diagram one-2 "One" shows ann ask-2 web-2 web-3 about "a second look"
    lost: One: second description of a diagram: "a hint"
    lost: One: method of a diagram: "CIA"
    lost: One: external entity "Ann": description that differs between diagrams: "two"
    note: Texts that Threat Dragon put there to be replaced are left out (1)
    note: Flows in both directions became two flows each; their threats are at the first (1)
    "#);
}

#[test]
fn boxes_that_change_places_between_diagrams_make_no_cycle() {
    let (small, large) = (at(10, 10, 10, 10), at(0, 0, 90, 90));
    let drawing = |a: &str, b: &str| format!(r#"{{"title":"D","cells":[{},{}]}}"#, boundary("a", a), boundary("b", b));
    let text = diagrams(&format!("{},{}", drawing(&small, &large), drawing(&large, &small)));
    insta::assert_snapshot!(short(&text), @r#"
    boundary a box "a" in b
    boundary b box "b"
    diagram d "D" shows a b
    diagram d-2 "D" shows a b
    lost: D: trust boundary "b": boundary that differs between diagrams: "a"
    "#);
}

#[test]
fn whatever_is_not_understood_is_listed() {
    let text = r#"{"version":"v2.3.0-RC1","released_at":"2025-01-01","summary":{"title":" ","owner":"Ann","id":3,"tags":["x"]},
        "detail":{"contributors":[{"name":"Bo"},"Cy",{"name":"Di","role":"dev"}],"reviewer":"Li","diagramTop":4,"diagrams":[
        5,{"name":"second","title":"first","cells":[{"shape":"process","id":"p","data":{"name":"x","team":"blue","hasOpenThreats":true},"shadow":true}],"zoom":2}]}}"#;
    insta::assert_snapshot!(picture(text), @r#"
    system "Unnamed system" owner "Ann"
    Process x "x"
    diagram first "first"
    lost: summary: field `tags`: "[\"x\"]"
    lost: detail: reviewer: "Li"
    lost: detail: contributor: "Bo"
    lost: detail: contributor: "Cy"
    lost: detail: contributor: "{\"name\":\"Di\",\"role\":\"dev\"}"
    lost: diagram 1: diagram that is not an object: "5"
    lost: first: second name of a diagram: "second"
    lost: first: process "x": field `team`: "blue"
    lost: first: process "x": field `shadow`: "true"
    lost: first: field `zoom`: "2"
    lost: model: field `released_at`: "2025-01-01"
    note: Positions, sizes and styles are not carried, since the layout is computed; nor are Threat Dragon's own ids and numbers
    "#);
}

#[test]
fn wrapped_models_are_unwrapped() {
    let inner = model(r#"{"shape":"actor","id":"a","data":{"name":"Ann"}}"#);
    insta::assert_snapshot!(short(&format!(r#"{{"templateMetadata":{{}},"model":{inner}}}"#)), @r#"
    ExternalEntity ann "Ann"
    diagram main "Main"
    note: The file is a template of Threat Dragon; its `model` is imported
    "#);
    insta::assert_snapshot!(short(&format!(r#"{{"threatmodel":{{"data":{inner}}},"cell":{{}}}}"#)), @r#"
    ExternalEntity ann "Ann"
    diagram main "Main"
    note: The file is a dump of Threat Dragon's state; its `threatmodel.data` is imported
    "#);
    insta::assert_snapshot!(short(&format!("\u{feff}{}", diagrams("").replace(',', ",\r\n"))), @r#"
    note: The file is an empty model; there is nothing in its diagrams
    "#);
}

#[test]
fn refusals_say_what_it_is_instead() {
    let refused = |text: &str| picture(text);
    let v1 = r#"{"summary":{},"detail":{"diagrams":[{"diagramJson":{"cells":[{"type":"tm.Actor"}]}}]}}"#;
    insta::assert_snapshot!(refused(v1), @r#"
    error[import-version]: this is a Threat Dragon v1 model
     --> model.json: detail.diagrams
     = help: open it in Threat Dragon 2 and save it, which converts it; then import the result
    "#);
    let mislabelled = r#"{"version":"2.6.0","summary":{},"detail":{"diagrams":[{"cells":[{"type":"tm.Actor"}]}]}}"#;
    insta::assert_snapshot!(refused(mislabelled), @r#"
    error[import-version]: this is a Threat Dragon v1 model: the version says 2.6.0, but the cells are those of version 1
     --> model.json: detail.diagrams
     = help: open it in Threat Dragon 2 and save it, which converts it; then import the result
    "#);
    insta::assert_snapshot!(refused(r#"{"applicationInfo":{},"threats":[]}"#), @r#"
    error[import-other-format]: this is AWS Threat Composer
     --> model.json
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one
    "#);
    insta::assert_snapshot!(refused(r#"{"otmVersion":"0.2.0"}"#), @r#"
    error[import-other-format]: this is an Open Threat Model (OTM) file
     --> model.json
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one
    "#);
    insta::assert_snapshot!(refused("{\n \"summary\":{},\n \"details\":{}\n}"), @r#"
    error[import-shape]: `detail` is missing, so this is not a Threat Dragon model
     --> model.json:3:2
    3 |  "details":{}
      |  ^^^^^^^^^
     = help: perhaps `details` was meant to be `detail`
    "#);
    insta::assert_snapshot!(refused(r#"{"summary":{},"detail":{"diagrams":{}}}"#), @r#"
    error[import-shape]: `diagrams` is not a list, so this is not a Threat Dragon model
     --> model.json:1:25
    1 | {"summary":{},"detail":{"diagrams":{}}}
      |                         ^^^^^^^^^^
     = help: a Threat Dragon model has `summary` and `detail`, and `detail` has `diagrams`
    "#);
    insta::assert_snapshot!(refused("{\n  \"summary\": {},\n  \"summary\": {}\n}"), @r#"
    error[import-json]: the key `summary` comes twice in one object
     --> model.json:3:11
    3 |   "summary": {}
      |           ^
     = help: delete one of the two; no reader could tell which one is meant
    "#);
    insta::assert_snapshot!(refused("\u{feff}{\"summary\": “typographic”}"), @r#"
    error[import-json]: this is not JSON: a value is expected here
     --> model.json:1:14
    1 | \u{feff}{"summary": “typographic”}
      |                     ^
     = help: the file is broken here: mend it, or open it in Threat Dragon and save it again
    "#);
    insta::assert_snapshot!(refused("<ThreatModel>"), @r#"
    error[import-other-format]: this looks like a model of Microsoft's Threat Modeling Tool (.tm7), which is not imported yet
     --> model.json:1:1
    1 | <ThreatModel>
      | ^^^^^^^^^^^^^
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one
    "#);
    insta::assert_snapshot!(refused(""), @r#"
    error[import-json]: the file is empty
     --> model.json:1:1
    1 |
      | ^
     = help: name a file that Threat Dragon saved
    "#);
    insta::assert_snapshot!(refused("[1]"), @r#"
    error[import-shape]: the file holds JSON, but not an object
     --> model.json
     = help: a Threat Dragon model is an object with `summary` and `detail`
    "#);
    insta::assert_snapshot!(refused("{} {}"), @r#"
    error[import-json]: this is not JSON: there is something behind the end
     --> model.json:1:4
    1 | {} {}
      |    ^
     = help: the file is broken here: mend it, or open it in Threat Dragon and save it again
    "#);
}

#[test]
fn files_of_other_formats_are_called_by_their_name() {
    let ours = include_str!("../data/storefront.tm.ron");
    let schema = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {}}"#;
    let files = [
        ours,
        "#![enable(implicit_some)]\nPolicy(format: (1, 0))\n",
        "threagile_version: 1.0.0\ntitle: Shop\n",
        "apiVersion: v1\nkind: Service\n",
        "title: Shop\n",
        "<?xml version=\"1.0\"?>\n<mxfile/>\n",
        "workspace {\n}\n",
        "\n\n",
        schema,
    ];
    let all: Vec<String> = files.iter().map(|text| picture(text)).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    error[import-other-format]: this is a threat model of sconce already
     --> model.json:1:1
    1 | #![enable(implicit_some)]
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
     = help: there is nothing to import; open it with `sconce FILE`

    error[import-other-format]: this looks like RON, which is not imported yet
     --> model.json:1:1
    1 | #![enable(implicit_some)]
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one

    error[import-other-format]: this looks like a Threagile model (YAML), which is not imported yet
     --> model.json:1:1
    1 | threagile_version: 1.0.0
      | ^^^^^^^^^^^^^^^^^^^^^^^^
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one

    error[import-other-format]: this looks like a Kubernetes manifest (YAML), which is not imported yet
     --> model.json:1:1
    1 | apiVersion: v1
      | ^^^^^^^^^^^^^^
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one

    error[import-other-format]: this looks like YAML, which is not imported yet
     --> model.json:1:1
    1 | title: Shop
      | ^^^^^^^^^^^
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one

    error[import-other-format]: this looks like a drawing of draw.io, which is not imported yet
     --> model.json:1:1
    1 | <?xml version="1.0"?>
      | ^^^^^^^^^^^^^^^^^^^^^
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one

    error[import-other-format]: this looks like a Structurizr workspace, which is not imported yet
     --> model.json:1:1
    1 | workspace {
      | ^^^^^^^^^^^
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one

    error[import-json]: the file is empty
     --> model.json:3:1
    3 |
      | ^
     = help: name a file that Threat Dragon saved

    error[import-other-format]: this is a JSON schema, which describes models but is none
     --> model.json
     = help: only models of OWASP Threat Dragon, version 2, are imported yet; `sconce init` starts a new one
    "#);
}

#[test]
fn broken_json_is_said_in_plain_words() {
    let (bomb, cut) = ("[".repeat(1000), &model(r#"{"shape":"actor"}"#)[..60]);
    let files = [&*bomb, cut, "{\"summary\": {},}", "{\"summary\": true \"detail\": {}}"];
    let all: Vec<String> = files.iter().map(|text| picture(text)).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    error[import-json]: brackets nest deeper than 128 levels, so this is not a Threat Dragon model
     --> model.json:1:128
    1 | …[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
      |                                                             ^
     = help: a model nests some ten levels deep; look at what wrote the file

    error[import-json]: this is not JSON: the file ends inside a text
     --> model.json:1:60
    1 | {"version":"2.2.0","summary":{"title":"Shop"},"detail":{"dia
      |                                                            ^
     = help: the file is broken here: mend it, or open it in Threat Dragon and save it again

    error[import-json]: this is not JSON: this comma is one too many
     --> model.json:1:16
    1 | {"summary": {},}
      |                ^
     = help: the file is broken here: mend it, or open it in Threat Dragon and save it again

    error[import-json]: this is not JSON: a comma or a closing bracket is expected here
     --> model.json:1:18
    1 | {"summary": true "detail": {}}
      |                  ^
     = help: the file is broken here: mend it, or open it in Threat Dragon and save it again
    "#);
}
