//! The scales: STRIDE letters, severities, and how much a class of data needs.
//! How a severity is computed is not here; that is a rubric of `rules`.

use super::word::words;

words! {
    /// The six kinds of threat of Microsoft's STRIDE (Kohnfelder and Garg, 1999; Shostack, 2014).
    Stride {
        /// Pretending to be somebody or something else.
        Spoofing,
        /// Changing data or code without being allowed to.
        Tampering,
        /// Denying an act without anybody being able to prove it.
        Repudiation,
        /// Showing data to somebody who should not see it.
        InformationDisclosure,
        /// Making a service unusable.
        DenialOfService,
        /// Doing more than one is allowed to.
        ElevationOfPrivilege,
    }
}

impl Stride {
    /// The letter, as in files and on badges.
    pub const fn letter(self) -> char {
        match self {
            Self::Spoofing => 'S',
            Self::Tampering => 'T',
            Self::Repudiation => 'R',
            Self::InformationDisclosure => 'I',
            Self::DenialOfService => 'D',
            Self::ElevationOfPrivilege => 'E',
        }
    }

    /// Reads a letter.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.letter() == letter)
    }

    /// The name in running text.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Spoofing => "spoofing",
            Self::Tampering => "tampering",
            Self::Repudiation => "repudiation",
            Self::InformationDisclosure => "information disclosure",
            Self::DenialOfService => "denial of service",
            Self::ElevationOfPrivilege => "elevation of privilege",
        }
    }
}

words! {
    /// How bad a threat is, least first.
    Severity { /// Hygiene.
        Low, /// Fix in the normal course of work.
        Medium, /// Fix before the next release.
        High, /// Fix now.
        Critical }
}

words! {
    /// How far data may travel, least sensitive first.
    Confidentiality {
        /// Anyone may see it.
        Public,
        /// Only people of the organisation.
        Internal,
        /// Only those who need it; disclosure does serious harm.
        Confidential,
        /// Named people and services only; disclosure is a disaster.
        Restricted,
    }
}

words! {
    /// How much it matters that data is right (integrity) or there (availability), least first.
    Level { /// Hardly.
        Low, /// As usual.
        Normal, /// Decisions rest on it.
        Important, /// Money, safety or the service rests on it.
        Critical }
}
