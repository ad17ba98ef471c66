//! Ports of compose files (Compose Specification, "ports"): which of them can be reached from outside the machine.

use super::interpolate::{interpolated, masked};
use super::yaml::Node;

/// Addresses at which only the machine itself answers.
const ITSELF: &[&str] = &["127.", "localhost", "::1", "[::1]"];

/// What is published to others at a port that is known beforehand, as `8080:80/tcp`; a port alone is published at one
/// that nobody knows yet, and an address such as 127.0.0.1 keeps others out.
pub(super) fn published(node: &Node) -> Option<String> {
    let is_itself = |address: &str| ITSELF.iter().any(|own| address.starts_with(own));
    let Some(text) = node.text() else {
        let published = interpolated(node.word("published")?);
        let address = node.word("host_ip").map(interpolated).filter(|address| !address.is_empty());
        let protocol = node.word("protocol").filter(|protocol| *protocol != "tcp");
        let shown = format!("{published}:{}", node.word("target").unwrap_or_default());
        let shown = protocol.map_or(shown.clone(), |protocol| format!("{shown}/{protocol}"));
        return (!published.is_empty() && !address.as_deref().is_some_and(is_itself)).then_some(shown);
    };
    let text = interpolated(text);
    let marks = masked(&text);
    // The container's port is behind the last colon; what is before that is the machine's, with an address or without.
    let (host, _) = marks.rsplit_once(':').filter(|(host, _)| !host.is_empty())?;
    let address = host.rsplit_once(':').map(|(address, _)| address);
    (!address.is_some_and(is_itself)).then_some(text)
}
