//! What a user wants otherwise: colours, characters, the mouse, keys. It reads a text and says what is wrong with it; which
//! file that is, `effect` knows. A file that is wrong somewhere changes nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::key::Key;
use super::keymap::Keymap;
use super::theme::Theme;
use crate::command::{ACTIONS, Action};
use crate::diagnostic::meant;
use crate::file::data;

/// What a user wants otherwise; `None` is as it is for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Colours.
    pub theme: Option<Theme>,
    /// Plain ASCII instead of box characters.
    pub ascii: Option<bool>,
    /// Whether the mouse is ours.
    pub mouse: Option<bool>,
    /// Keys.
    pub keymap: Keymap,
}

/// As it stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    theme: Option<Named>,
    ascii: Option<bool>,
    mouse: Option<bool>,
    keys: BTreeMap<String, Vec<String>>,
}

/// The themes by the words of the file.
#[derive(Clone, Copy, Debug, Deserialize)]
enum Named {
    Dark,
    Light,
    Sixteen,
    Mono,
    HighContrast,
}

impl Settings {
    /// Reads a settings file; `name` is what it is called in what is said about it.
    pub fn read(text: &str, name: &str) -> Result<Self, String> {
        let written: Written = data::read(text, name).map_err(|wrong| wrong.message)?;
        let mut keys = BTreeMap::new();
        for (action, wanted) in &written.keys {
            let row = ACTIONS.iter().find(|row| row.name == action).ok_or_else(|| {
                let near = meant(action, ACTIONS.iter().map(|row| row.name));
                let near =
                    near.map_or_else(|| "docs/keys.md lists them".to_owned(), |near| format!("did you mean `{near}`?"));
                format!("{name}: there is no command `{action}`; {near}")
            })?;
            let parsed: Vec<Vec<Key>> = wanted.iter().map(|keys| parsed(keys, name)).collect::<Result<_, _>>()?;
            keys.insert(row.id, parsed);
        }
        let keymap = Keymap::with(&keys).map_err(|[one, other]: [Action; 2]| {
            let (one, other) = (one.row(), other.row());
            format!("{name}: `{}` and `{}` would have the same keys in one place", one.name, other.name)
        })?;
        let theme = written.theme.map(|theme| match theme {
            Named::Dark => Theme::Dark,
            Named::Light => Theme::Light,
            Named::Sixteen => Theme::Sixteen,
            Named::Mono => Theme::Mono,
            Named::HighContrast => Theme::Contrast,
        });
        Ok(Self { theme, ascii: written.ascii, mouse: written.mouse, keymap })
    }
}

fn parsed(keys: &str, name: &str) -> Result<Vec<Key>, String> {
    let parsed = Key::parse_all(keys).filter(|keys| !keys.is_empty());
    let parsed = parsed.ok_or_else(|| {
        format!("{name}: `{keys}` are no keys; write `x`, `X`, `ctrl-x`, `f5`, or `g x` for one after the other")
    })?;
    if parsed.iter().any(|key| key.code == crossterm::event::KeyCode::Esc) {
        return Err(format!("{name}: esc always goes back one layer and cannot be given to something else"));
    }
    Ok(parsed)
}
