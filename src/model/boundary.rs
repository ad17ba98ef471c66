//! Trust boundaries: regions within which everything is trusted alike. Membership is said by the members (`inside`),
//! never by geometry.

use super::word::words;
use super::{Confidentiality, Facts, Id};

words! {
    /// What makes the boundary.
    BoundaryKind {
        /// The open internet.
        Internet,
        /// A network.
        Network,
        /// A part of a network with filters of its own.
        Segment,
        /// One machine.
        Host,
        /// An address space.
        Process,
        /// A change of rights inside one process or machine.
        Privilege,
        /// A container.
        Container,
        /// A namespace of a cluster.
        Namespace,
        /// A cluster.
        Cluster,
        /// A cloud account or subscription.
        Account,
        /// One customer's part of a shared system.
        Tenant,
        /// Another organisation.
        Organisation,
        /// A building, room or rack.
        Physical,
        /// A web browser.
        Browser,
        /// A phone, appliance or other device in somebody's hands.
        Device,
        /// What a language model is shown.
        ModelContext,
        /// An open curve without members, kept from other tools.
        Line,
    }
}

impl BoundaryKind {
    /// Trust (0-100) of a boundary of this kind when the model does not say.
    pub const fn default_trust(self) -> Option<u8> {
        match self {
            Self::Internet => Some(0),
            Self::Browser | Self::Device => Some(10),
            Self::Organisation => Some(25),
            _ => None,
        }
    }
}

/// A trust boundary. What is `None` is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TrustBoundary {
    /// What people call it.
    pub name: String,
    /// Ids it had before, oldest first.
    pub formerly: Vec<Id>,
    /// A sentence or more.
    pub description: Option<String>,
    /// What makes it a boundary.
    pub kind: Option<BoundaryKind>,
    /// How far its members are trusted: 0 is the open internet, 100 the innermost vault.
    pub trust: Option<u8>,
    /// The boundary around it.
    pub inside: Option<Id>,
    /// The most sensitive data its members may hold.
    pub clearance: Option<Confidentiality>,
    /// Facts that its members inherit.
    pub facts: Facts,
}
