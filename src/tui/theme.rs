//! Colours by role, in four themes. Nothing means anything by colour alone: severity is a word and a shape first.
//! The palettes were measured for contrast (at least 4.5) and for distance under the common colour-vision deficiencies
//! (Machado, Oliveira and Fernandes, 2009); the tests hold the contrast.

use ratatui::style::{Color, Modifier, Style};

use crate::model::Severity;

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text.
    Text,
    /// Text that matters less.
    Quiet,
    /// Headings and names.
    Strong,
    /// Keys, and what can be acted on.
    Accent,
    /// Frames of panes.
    Border,
    /// The selected thing or row.
    Selected,
    /// What is marked for an act on several.
    Marked,
    /// What is lit: a path, or where data goes.
    Lit,
    /// A field that is typed into.
    Field,
    /// Something was refused.
    Refused,
    /// Outlines of elements.
    Element,
    /// Data flows.
    Flow,
    /// Trust boundaries.
    Boundary,
    /// What is new.
    Came,
    /// What says something else than before.
    Altered,
    /// What is no longer there.
    Went,
    /// A severity.
    Severity(Severity),
}

/// A set of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// For dark backgrounds, with 24-bit colour.
    Dark,
    /// For light backgrounds, with 24-bit colour.
    Light,
    /// The terminal's own sixteen colours, on whatever background it has.
    #[default]
    Sixteen,
    /// Bold, underline and reverse only.
    Mono,
    /// White and yellow on black, for eyes that need more contrast than most: at least 12 to 1.
    Contrast,
}

/// Colours of a theme: quiet, accent, element, flow, boundary, refused, and severities from low to critical.
struct Palette {
    quiet: Color,
    accent: Color,
    flow: Color,
    boundary: Color,
    refused: Color,
    severities: [Color; 4],
}

const fn rgb(hex: u32) -> Color {
    let [_, r, g, b] = hex.to_be_bytes();
    Color::Rgb(r, g, b)
}

const DARK: Palette = Palette {
    quiet: rgb(0xa8_a8_a8),
    accent: rgb(0x7f_d1_e0),
    flow: rgb(0xb8_c4_d0),
    boundary: rgb(0xc9_b2_f0),
    refused: rgb(0xff_6a_6a),
    severities: [rgb(0x5f_b3_ff), rgb(0xf7_f3_a0), rgb(0xff_b4_54), rgb(0xff_6a_6a)],
};

const LIGHT: Palette = Palette {
    quiet: rgb(0x5a_5a_5a),
    accent: rgb(0x00_5a_78),
    flow: rgb(0x3a_46_52),
    boundary: rgb(0x5b_3a_94),
    refused: rgb(0xae_38_63),
    severities: [rgb(0x1a_50_9a), rgb(0x7d_74_15), rgb(0x4a_22_00), rgb(0xae_38_63)],
};

const SIXTEEN: Palette = Palette {
    quiet: Color::Reset,
    accent: Color::Cyan,
    flow: Color::Reset,
    boundary: Color::Magenta,
    refused: Color::Red,
    severities: [Color::Green, Color::Reset, Color::Magenta, Color::Red],
};

const CONTRAST: Palette = Palette {
    quiet: rgb(0xff_ff_ff),
    accent: rgb(0x00_ff_ff),
    flow: rgb(0xff_ff_ff),
    boundary: rgb(0xff_d7_ff),
    refused: rgb(0xff_d0_d0),
    severities: [rgb(0xd0_e8_ff), rgb(0xff_ff_00), rgb(0xff_d0_80), rgb(0xff_d0_d0)],
};

const MONO: Palette = Palette {
    quiet: Color::Reset,
    accent: Color::Reset,
    flow: Color::Reset,
    boundary: Color::Reset,
    refused: Color::Reset,
    severities: [Color::Reset; 4],
};

impl Theme {
    /// All themes, in the order in which the key goes through them.
    pub const ALL: &'static [Self] = &[Self::Dark, Self::Light, Self::Sixteen, Self::Mono, Self::Contrast];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Sixteen => "sixteen colours",
            Self::Mono => "monochrome",
            Self::Contrast => "high contrast",
        }
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|t| *t == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    /// The theme that fits an environment, before anything is known about the background: `NO_COLOR` wins, then the
    /// user's `SCONCE_THEME`, then what `COLORFGBG` says where 24-bit colour is promised; else sixteen colours.
    pub fn fitting(var: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| var(name).filter(|v: &String| !v.is_empty());
        if set("NO_COLOR").is_some() {
            return Self::Mono;
        }
        let named = set("SCONCE_THEME").and_then(|n| Self::ALL.iter().copied().find(|t| t.name().starts_with(&*n)));
        if let Some(theme) = named {
            return theme;
        }
        let rich = set("COLORTERM").is_some_and(|c| c == "truecolor" || c == "24bit");
        let background = set("COLORFGBG").and_then(|c| c.rsplit(';').next()?.parse::<u8>().ok());
        match (rich, background) {
            (true, Some(7 | 15)) => Self::Light,
            (true, Some(_)) => Self::Dark,
            _ => Self::Sixteen,
        }
    }

    /// Whether an environment says which theme it wants.
    pub fn is_told(var: impl Fn(&str) -> Option<String>) -> bool {
        ["NO_COLOR", "SCONCE_THEME"].iter().any(|name| var(name).is_some_and(|value| !value.is_empty()))
    }

    /// Whether asking the terminal for its background could lead to a better theme than `fitting` found.
    pub fn may_ask(self, var: impl Fn(&str) -> Option<String>) -> bool {
        let rich = var("COLORTERM").is_some_and(|c| c == "truecolor" || c == "24bit");
        let chosen = var("SCONCE_THEME").is_some_and(|v| !v.is_empty());
        self == Self::Sixteen && rich && !chosen
    }

    /// How a role looks.
    pub fn style(self, role: Role) -> Style {
        let palette = match self {
            Self::Dark => &DARK,
            Self::Light => &LIGHT,
            Self::Sixteen => &SIXTEEN,
            Self::Mono => &MONO,
            Self::Contrast => &CONTRAST,
        };
        // Contrast is with a background that is known.
        let plain = if self == Self::Contrast { Style::new().fg(rgb(0xff_ff_ff)).bg(rgb(0)) } else { Style::new() };
        let colour = |c: Color| if c == Color::Reset { plain } else { plain.fg(c) };
        match role {
            Role::Text | Role::Element => plain,
            Role::Quiet | Role::Border => colour(palette.quiet),
            Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Accent | Role::Lit | Role::Came => colour(palette.accent).add_modifier(Modifier::BOLD),
            Role::Selected => plain.add_modifier(Modifier::REVERSED),
            Role::Marked => plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Field => plain.add_modifier(Modifier::UNDERLINED),
            Role::Refused => colour(palette.refused).add_modifier(Modifier::BOLD),
            Role::Altered => colour(palette.severities[Severity::Medium as usize]),
            Role::Went => colour(palette.refused),
            Role::Flow => colour(palette.flow),
            Role::Boundary => colour(palette.boundary),
            Role::Severity(s) => {
                let style = colour(palette.severities[s as usize]);
                if s >= Severity::High { style.add_modifier(Modifier::BOLD) } else { style }
            }
        }
    }
}

/// A severity in a fixed width of nine columns: a word, then one to four marks.
pub const fn severity_mark(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Critical) => "CRIT !!!!",
        Some(Severity::High) => "HIGH !!! ",
        Some(Severity::Medium) => "MED  !!  ",
        Some(Severity::Low) => "LOW  !   ",
        None => "not rated",
    }
}

/// The marks of a severity alone, as on badges.
pub const fn severity_shape(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Critical) => "!!!!",
        Some(Severity::High) => "!!!",
        Some(Severity::Medium) => "!!",
        Some(Severity::Low) => "!",
        None => "",
    }
}
