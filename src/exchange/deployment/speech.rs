//! Hosts that a text names: a URL, `host:port`, or a host alone where the name of the variable or flag says that one is
//! meant. It does not know which hosts there are; whoever asks decides what a host that is not known means.

/// Words at the end of the name of a variable or flag whose value is a host.
const HINTS: &str = "\
    host hostname hosts addr addrs address addresses url urls uri uris endpoint endpoints server servers broker \
    brokers dsn upstream upstreams target targets backend peer peers connection nodes";

/// Last words of names that speak of something else about a host.
const NO_HINTS: &[&str] = &["port", "ports", "name", "user", "username", "password", "timeout", "path", "version"];

/// A host that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) host: String,
    pub(super) kind: MentionKind,
    /// Whether the name of the variable or flag says that a host comes.
    pub(super) is_expected: bool,
}

/// How a host is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MentionKind {
    /// In a URL.
    Url,
    /// With a port.
    Port,
    /// Alone, where a host is expected.
    Alone,
}

/// Whether the name of a variable or flag says that its value names hosts.
pub(super) fn is_hint(name: &str) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.rsplit(|c: char| !c.is_ascii_alphanumeric());
    if words.next().is_some_and(|last| NO_HINTS.contains(&last)) {
        return false;
    }
    lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        HINTS
            .split(' ')
            .any(|hint| word == hint || word.len() > hint.len() + 1 && hint.len() > 2 && word.ends_with(hint))
    })
}

/// The hosts that the value of a variable names.
pub(super) fn of_variable(name: &str, value: &str) -> Vec<Mention> {
    // An image has a name like a host and a version like a port.
    if name.to_lowercase().contains("image") {
        return Vec::new();
    }
    let hint = is_hint(name);
    pieces(value).filter_map(|piece| of_piece(piece, hint)).collect()
}

/// The hosts that a command names, its words in order.
pub(super) fn of_command(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut hint = false;
    for word in text.split_whitespace() {
        let flag = word.starts_with('-');
        let named = flag && word.split_once('=').is_some_and(|(name, _)| is_hint(name));
        found.extend(pieces(word).filter_map(|piece| of_piece(piece, hint || named)));
        hint = flag && !word.contains('=') && (word == "-h" || is_hint(word));
    }
    found
}

/// The hosts that a file names. Little can be told from its names, so only what is written like an address counts.
pub(super) fn of_file(text: &str) -> Vec<Mention> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(pieces)
        .filter_map(|piece| of_piece(piece, false))
        .collect()
}

/// A value where its parts end: at white space, quotes, brackets and commas.
fn pieces(value: &str) -> impl Iterator<Item = &str> {
    value
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '(' | ')' | '<' | '>' | '|' | '`' | '[' | ']')
        })
        .filter(|piece| !piece.is_empty())
}

fn of_piece(piece: &str, hint: bool) -> Option<Mention> {
    let (rest, is_url, is_expected) = match piece.split_once("://") {
        Some((_, rest)) => (rest, true, hint),
        None => match piece.rsplit_once('=') {
            Some((name, rest)) => (rest, false, hint || is_hint(name)),
            None => (piece, false, hint),
        },
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest[..end].rsplit('@').next().unwrap_or("");
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let has_port = (2..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    let kind = match (is_url, has_port) {
        (true, _) => MentionKind::Url,
        (false, true) => MentionKind::Port,
        (false, false) if port.is_empty() && end == rest.len() => MentionKind::Alone,
        (false, false) => return None,
    };
    let is_meant = kind != MentionKind::Alone || is_expected || is_inside_a_cluster(host);
    (is_meant && is_host(host)).then(|| Mention { host: host.to_ascii_lowercase(), kind, is_expected })
}

/// Whether a name is one that only a cluster's own name server knows.
pub(super) fn is_inside_a_cluster(host: &str) -> bool {
    [".svc", ".svc.cluster.local"].iter().any(|end| host.ends_with(end) && host.len() > end.len())
}

/// Whether this can be the name or address of another machine (RFC 1123, and the underscore that compose allows).
fn is_host(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_loopback = text == "localhost" || text.starts_with("127.") || text == "0.0.0.0";
    (1..=253).contains(&text.len())
        && text.chars().all(fits)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && !is_loopback
        && !text.bytes().all(|b| b.is_ascii_digit())
}

impl Mention {
    /// Whether a host that nothing of the files is may be told as one outside: it is written like an address, or it is a
    /// full name. A word alone can be anything.
    pub(super) fn is_outside(&self) -> bool {
        let is_word = |label: &str| label.chars().all(char::is_alphabetic);
        let is_full = self.host.rsplit_once('.').is_some_and(|(_, last)| is_word(last));
        match self.kind {
            MentionKind::Url => true,
            MentionKind::Port => self.is_expected && self.host.contains(|c: char| c.is_ascii_alphabetic()),
            MentionKind::Alone => is_full,
        }
    }
}
