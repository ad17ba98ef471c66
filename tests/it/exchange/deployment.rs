//! Deployment files as text in, parts and links out: one picture for each thing that is understood, told as lost, or
//! refused.

use std::fmt::Write as _;

use sconce::diagnostic::render;
use sconce::exchange::deployment::{CODES, Deployment, Text, read};
use sconce::exchange::grouped;

/// What is read of files, or why they are refused.
pub(super) fn picture(files: &[(&str, &str)]) -> String {
    let texts: Vec<Text<'_>> = files.iter().map(|(name, text)| Text { name, text, is_named: true }).collect();
    match read(&texts) {
        Ok(deployment) => accepted(&deployment),
        Err(wrong) => wrong
            .iter()
            .map(|one| {
                assert!(CODES.contains(&one.diagnostic.code) && one.diagnostic.help.is_some(), "{one:?}");
                render::text(&one.diagnostic, one.source())
            })
            .collect(),
    }
}

pub(super) fn accepted(deployment: &Deployment) -> String {
    let mut out = String::new();
    for part in &deployment.parts {
        let store = if part.holds_data() { " store" } else { "" };
        let _ = write!(out, "{} {}{store}", part.kind.word(), deployment.name_of(part));
        let _ = writeln!(out, " [{}] {}", part.images.join(" | "), part.at);
        for door in &part.doors {
            let _ = writeln!(out, "  open: {} {}", door.what, door.at);
        }
    }
    for link in &deployment.links {
        let name = |n: usize| deployment.name_of(&deployment.parts[n]);
        let _ = writeln!(out, "{} -> {}: {} {}", name(link.from), name(link.to), link.how, link.at);
    }
    for (what, places) in grouped(&deployment.losses) {
        let told: Vec<String> = places.iter().map(|loss| format!("{} {}", loss.where_, loss.value)).collect();
        let _ = writeln!(out, "lost: {what}: {}", told.join("; "));
    }
    out
}

pub(crate) const COMPOSE: &str = r##"
x-log: &log
  logging: {driver: local}
name: shop
services:
  base:
    image: shop/base
    environment: {CACHE_HOST: "${CACHE:-cache}"}
  web:
    <<: *log
    extends: base
    build: {context: ./web}
    ports:
      - "8080:80"
      - "127.0.0.1:9000:9000"
      - "9001"
      - {target: 443, published: "8443", protocol: udp}
      - "${PORT:-81}:80"
      - "${NEEDED:?say it}"
      - "${NEEDED:?say it}:82"
      - "${BIND:-127.0.0.1}:83:83"
      - "[::1]:84:84"
    depends_on:
      api: {condition: service_healthy}
    environment:
      - API_URL=http://user:pw@api:8080/v1
      - SERVICE_NAME=db
      - PAY_ENDPOINT=https://pay.example.org
      - MAIL_HOST
      - OWN_ADDR=http://0.0.0.0:80
      - GREETING=hello db
  api:
    image: registry.example.org:5000/shop/api@sha256:00
    command: ["serve", "--db-host=store", "-h", "cache", "--level", "db", "--queue", "amqp://queue:5672"]
    links: ["db:store"]
    networks:
      back: {aliases: [api.internal], ipv4_address: 10.0.0.5}
    environment:
      DSN: host=store port=5432 dbname=db
      PEERS: queue:9092, other:9092
      NONE:
      IMAGE: db:5432
    configs: [routes]
    env_file: .env
    labels: {traefik.http.routers.api.rule: Path}
  db:
    image: postgres:16
    container_name: main-db
  cache:
    image: "${CACHE_IMAGE:-redis:7}"
    network_mode: service:db
  queue:
    image: bitnami/kafka
    environment: [ "CALLBACK_URL=http://10.0.0.5:80/x", "HOOK_URL=http://api.internal/x" ]
    volumes_from: ["db:ro"]
    magic: yes
configs:
  routes: {content: "# see http://web:1\nupstream main-db:5432; http://docs.example.org"}
include: [more.yaml]
agents: {}
"##;

#[test]
fn a_compose_file_is_parts_and_links() {
    insta::assert_snapshot!(picture(&[("compose.yaml", COMPOSE)]));
}

#[test]
fn compose_files_are_one_project() {
    let base = "services:\n  web:\n    image: web:1\n    depends_on: [db]\n  db:\n    image: mysql\n";
    let over = "services:\n  web:\n    image: web:2\n    ports: [80:80]\n  mail:\n    depends_on: [web, gone]\n    extends: {file: base.yaml, service: x}\n";
    insta::assert_snapshot!(picture(&[("compose.yaml", base), ("compose.prod.yaml", over)]), @r"
    container web [web:2] compose.yaml:2
      open: port 80:80 compose.prod.yaml:4
    container db store [mysql] compose.yaml:5
    container mail [] compose.prod.yaml:5
    web -> db: depends_on compose.yaml:4
    mail -> web: depends_on compose.prod.yaml:6
    lost: `extends`: a service of another file, not read: compose.prod.yaml:7 x of base.yaml
    lost: depends_on: a service that is in none of the files: compose.prod.yaml:6 gone
    ");
}

pub(crate) const CLUSTER: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      initContainers:
        - {name: wait, image: busybox, command: [sh, -c, "nc -z db.data.svc 5432"]}
      containers:
        - name: web
          image: shop/web:1
          env:
            - {name: API_ADDR, value: "api:8080"}
            - {name: DB_HOST, valueFrom: {configMapKeyRef: {name: settings, key: db}}}
            - {name: OTHER_HOST, valueFrom: {configMapKeyRef: {name: elsewhere, key: db}}}
            - {name: TOKEN_URL, valueFrom: {secretKeyRef: {name: tokens, key: url}}}
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: tokens, key: token}}}
            - {name: MAIL, value: smtp.example.org}
            - {name: MAIL_HOST, value: smtp.example.org}
          envFrom:
            - configMapRef: {name: settings}
            - secretRef: {name: tokens}
      volumes:
        - {name: c, configMap: {name: nginx}}
        - {name: p, projected: {sources: [{configMap: {name: lost}}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: postgres, namespace: data}
spec:
  template:
    metadata: {labels: {app: postgres}}
    spec: {containers: [{image: "postgres:16"}]}
---
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: data}, spec: {selector: {app: postgres}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {selector: {app: api}}}
---
{apiVersion: v1, kind: Service, metadata: {name: legacy, namespace: shop}, spec: {type: ExternalName, externalName: Old.Example.Org}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {db: db.data, LEGACY_URL: "http://legacy/x", DEBUG: "true"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: nginx, namespace: shop}
data:
  nginx.conf: |
    # http://legacy
    proxy_pass http://db-0.db.data.svc.cluster.local:5432; see http://docs.example.org
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: shop}
spec:
  jobTemplate:
    spec:
      template:
        metadata: {labels: {app: report}}
        spec:
          containers:
            - image: shop/report
              args: ["--target", "web", "--url=http://api.shop.svc.cluster.local:80", "web"]
---
apiVersion: v1
kind: Pod
metadata: {generateName: probe-, labels: {app: probe}}
spec: {hostNetwork: true, containers: [{image: probe, ports: [{containerPort: 9100}, {containerPort: 1, hostPort: 2}]}]}
---
{apiVersion: v1, kind: Secret, metadata: {name: tokens, namespace: shop}, stringData: {url: "http://secret.example.org"}}
---
apiVersion: v1
kind: List
items:
  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {spec: {containers: [{image: again}]}}}}
  - {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: api2, namespace: shop}, spec: {template: {spec: {containers: [{image: shop/api}]}}}}
"#;

#[test]
fn manifests_are_parts_and_links() {
    insta::assert_snapshot!(picture(&[("all.yaml", CLUSTER)]));
}

pub(crate) const WAYS_IN: &str = r#"
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{image: web}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {template: {metadata: {labels: {app: api}}, spec: {containers: [{image: api}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: api}, spec: {selector: {app: api}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
  rules:
    - host: shop.example.org
      http: {paths: [{path: /api, backend: {service: {name: api}}}, {path: /x, backend: {service: {name: gone}}}]}
---
{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: old}, spec: {backend: {serviceName: web, servicePort: 80}}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: edge}, spec: {listeners: [{hostname: a.example.org, port: 443}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: to-web}, spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: web, port: 80}]}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: to-api}, spec: {hostnames: [b.example.org], parentRefs: [{name: not-here}], rules: [{backendRefs: [{name: api}]}]}}
---
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: mesh-only}, spec: {hosts: [web], http: [{route: [{destination: {host: api}}]}]}}
---
{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: door}, spec: {servers: [{hosts: ["*"]}]}}
---
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: in}, spec: {hosts: ["*"], gateways: [door, mesh], http: [{route: [{destination: {host: web.default.svc.cluster.local}}]}]}}
---
{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: out}, spec: {hosts: [pay.example.org, "*.maps.example.org"]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api-from-web}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
    - from: [{namespaceSelector: {}}]
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny}, spec: {podSelector: {}, policyTypes: [Ingress]}}
"#;

#[test]
fn ways_in_lead_to_what_stands_behind() {
    insta::assert_snapshot!(picture(&[("in.yaml", WAYS_IN)]));
}

#[test]
fn a_service_of_another_file_stands_for_its_workload() {
    let web = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{image: w, env: [{name: DB, value: 'tcp://db:1'}]}]}\n";
    let db = "apiVersion: v1\nkind: Pod\nmetadata: {name: store, labels: {is: db}}\nspec: {containers: [{image: mysql}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {selector: {is: db}}\n";
    insta::assert_snapshot!(picture(&[("web.yaml", web), ("db.yaml", db)]), @r"
    Pod web [w] web.yaml:3
    Pod store store [mysql] db.yaml:3
    web -> store: variable DB web.yaml:4
    ");
}

/// The same name in both systems, and in two namespaces, is told apart by as little as that needs.
#[test]
fn names_say_no_more_than_they_need() {
    let pod = |name: &str, space: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {space}}}\nspec: {{containers: [{{image: i}}]}}\n---\n"
        )
    };
    let cluster = pod("web", "a") + &pod("web", "b") + &pod("api", "a") + &pod("job", "a") + &pod("job", "b");
    let compose = "services: {web: {image: i}, mail: {image: i}}";
    let told = picture(&[("k.yaml", &cluster), ("c.yaml", compose)]);
    let names: Vec<&str> = told.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(
        names,
        ["compose:web", "mail", "kubernetes:a/web", "kubernetes:b/web", "api", "a/job", "b/job"],
        "{told}"
    );
}
