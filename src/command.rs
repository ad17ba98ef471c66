//! The one table of commands, in two parts: verbs of the command line and actions of the workbench. Help, man page,
//! completions, keymap, palette, menus and hint bar are made from it. It is pure data: what a command does is an
//! exhaustive `match` in the surface that runs it.

mod actions;
mod verbs;

pub use actions::{ACTIONS, Action, ActionRow, Scope};
pub use verbs::{Arg, ArgKind, GLOBAL, VERBS, Verb, VerbRow};

/// Groups of commands, in the order of help pages and menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The model and its file.
    Model,
    /// Drawing.
    Draw,
    /// Moving about and looking.
    View,
    /// Threats, questions, decisions.
    Threats,
    /// The rules themselves.
    Rules,
    /// Reviewers, branches and CI.
    Review,
    /// Other tools.
    Exchange,
    /// The program itself.
    Shell,
}

impl Group {
    /// All groups in order.
    pub const ALL: &'static [Self] =
        &[Self::Model, Self::Draw, Self::View, Self::Threats, Self::Rules, Self::Review, Self::Exchange, Self::Shell];

    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Model => "Model",
            Self::Draw => "Draw",
            Self::View => "View",
            Self::Threats => "Threats",
            Self::Rules => "Rules",
            Self::Review => "Review",
            Self::Exchange => "Exchange",
            Self::Shell => "Shell",
        }
    }
}
