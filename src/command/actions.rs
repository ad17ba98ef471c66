//! Actions of the workbench: names, default keys, where they are available, and a sentence about each. No behaviour.

use super::Group;

/// An action of the workbench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Leaves the workbench.
    Quit,
}

/// Where an action is available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Global,
    /// On the diagram.
    Canvas,
    /// In a list of threats.
    Threats,
    /// In the inspector.
    Inspector,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ActionRow {
    /// The action.
    pub id: Action,
    /// Its name in keymap files and the palette's search, kebab-case.
    pub name: &'static str,
    /// Its title in palette, menus and hint bar.
    pub title: &'static str,
    /// One sentence of help.
    pub doc: &'static str,
    /// The group in help and menus.
    pub group: Group,
    /// Where it is available.
    pub scope: Scope,
    /// Default keys; several keys in a row are separated by spaces.
    pub keys: &'static [&'static str],
}

/// All actions, in the order of menus and help.
pub const ACTIONS: &[ActionRow] = &[];
