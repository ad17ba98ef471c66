//! What Threat Dragon's fields say about a thing, in the words of our vocabulary where the meaning is exactly the
//! same, else as a free fact. A box that is not ticked says nothing: it is Threat Dragon's default.

use super::Import;
use super::cell::{Cell, Shape};
use super::json::Record;
use super::things::Said;
use crate::model::{ElementKind, FactValue, Facts};

/// Fields that follow from others or only matter to the program.
const DERIVED: &[&str] = &["hasOpenThreats", "isTrustBoundary"];

/// Protocols by the name people type, with the word of the vocabulary and the encryption that the name implies.
/// Names that leave the choice open, such as HTTP/S, are not here; they become the free fact `x.protocol`.
const PROTOCOLS: &[(&str, &str, Option<&str>)] = &[
    ("http", "http", None),
    ("http/1.1", "http", None),
    ("https", "http", Some("tls")),
    ("http/2", "http2", None),
    ("ws", "ws", None),
    ("websocket", "ws", None),
    ("wss", "ws", Some("tls")),
    ("grpc", "grpc", None),
    ("graphql", "graphql", None),
    ("soap", "soap", None),
    ("sql", "sql", None),
    ("ldap", "ldap", None),
    ("ldaps", "ldap", Some("tls")),
    ("smtp", "smtp", None),
    ("smtps", "smtp", Some("tls")),
    ("imap", "imap", None),
    ("imaps", "imap", Some("tls")),
    ("mqtt", "mqtt", None),
    ("mqtts", "mqtt", Some("tls")),
    ("amqp", "amqp", None),
    ("amqps", "amqp", Some("tls")),
    ("kafka", "kafka", None),
    ("jms", "jms", None),
    ("nats", "nats", None),
    ("ssh", "ssh", Some("ssh")),
    ("sftp", "sftp", Some("ssh")),
    ("rdp", "rdp", None),
    ("smb", "smb", None),
    ("nfs", "nfs", None),
    ("ftp", "ftp", None),
    ("ftps", "ftp", Some("tls")),
    ("dns", "dns", None),
    ("syslog", "syslog", None),
    ("kerberos", "kerberos", None),
    ("saml", "saml", None),
    ("oidc", "oidc", None),
    ("modbus", "modbus", None),
    ("dnp3", "dnp3", None),
    ("opc ua", "opcua", None),
    ("ble", "ble", None),
    ("usb", "usb", None),
    ("ipc", "ipc", None),
];

/// Words of `privilege`.
const PRIVILEGES: &[&str] = &["none", "user", "service", "admin", "root"];

impl Import {
    /// Takes what the data say besides name, ends, place and threats.
    pub(super) fn said(&mut self, cell: &mut Cell) -> Said {
        let data = &mut cell.data;
        let frame = matches!(cell.shape, Shape::Box | Shape::Line);
        let mut facts = Facts::new();
        // The vocabulary has no scope for boundaries; there it stays a free fact.
        let notes = if frame { None } else { scope(data, &mut facts) };
        match cell.shape {
            Shape::Flow => flow(data, &mut facts),
            Shape::Element(ElementKind::DataStore) => store(data, &mut facts),
            Shape::Element(ElementKind::Process) => privilege(data, &mut facts),
            _ => {}
        }
        let description = data.text("description");
        self.discard(data, DERIVED);
        for (name, ticked) in cell.data.boxes() {
            match free_name(&name) {
                _ if !ticked => self.unticked += 1,
                Some(fact) => say(&mut facts, &fact, "yes"),
                None => self.lose(&cell.where_, "box without a name", &name),
            }
        }
        Said { description, notes, inside: None, facts }
    }
}

fn say(facts: &mut Facts, name: &str, value: &str) {
    facts.insert(name.to_owned(), FactValue::text(value));
}

/// Whether the thing is part of what is analysed; the reason becomes a note.
fn scope(data: &mut Record, facts: &mut Facts) -> Option<String> {
    let out = data.ticked("outOfScope");
    if out {
        say(facts, "scope", "out");
    }
    let reason = data.text("reasonOutOfScope")?;
    Some(if out {
        format!("Out of scope: {reason}")
    } else {
        format!("Reason to be out of scope, which it is not: {reason}")
    })
}

fn flow(data: &mut Record, facts: &mut Facts) {
    if data.ticked("isPublicNetwork") {
        say(facts, "net", "internet");
    }
    let Some(protocol) = data.line("protocol") else { return };
    let typed = protocol.to_lowercase();
    match PROTOCOLS.iter().find(|(name, ..)| *name == typed) {
        Some((_, word, encryption)) => {
            say(facts, "proto", word);
            if let Some(encryption) = encryption {
                say(facts, "enc", encryption);
                data.ticked("isEncrypted"); // says no more than the protocol
            }
        }
        None => say(facts, "x.protocol", &protocol),
    }
}

fn store(data: &mut Record, facts: &mut Facts) {
    for (ticked, name, value) in [("isALog", "kind", "log"), ("isSigned", "signed", "yes")] {
        if data.ticked(ticked) {
            say(facts, name, value);
        }
    }
}

fn privilege(data: &mut Record, facts: &mut Facts) {
    if let Some(level) = data.line("privilegeLevel") {
        let word = level.to_lowercase();
        if PRIVILEGES.contains(&word.as_str()) {
            say(facts, "privilege", &word);
        } else {
            say(facts, "x.td_privilege_level", &level);
        }
    }
}

/// `storesCredentials` as `x.td_stores_credentials`; capitals in a row are one word.
fn free_name(field: &str) -> Option<String> {
    let letters: Vec<char> = field.chars().take(60).collect();
    let mut name = String::from("x.td_");
    for (n, c) in letters.iter().enumerate().filter(|(_, c)| c.is_ascii_alphanumeric()) {
        let before = n.checked_sub(1).and_then(|n| letters.get(n)).copied();
        let after_lower = before.is_none_or(|b| !b.is_ascii_uppercase());
        let before_lower = letters.get(n + 1).is_some_and(char::is_ascii_lowercase);
        let starts = c.is_ascii_uppercase() && (after_lower || before_lower)
            || before.is_some_and(|b| !b.is_ascii_alphanumeric());
        if starts && !name.ends_with('_') {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    (name.len() > "x.td_".len()).then_some(name)
}
