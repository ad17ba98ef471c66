//! One key as it was pressed, and its name. Names are crokey's, but a single character is itself: `A` needs Shift.
//! It does not know what a key does; that is `keymap`.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key with its modifiers. Shift is part of a character, since terminals do not agree on whether they report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// What is held with it.
    pub held: KeyModifiers,
}

impl Key {
    /// A plain character.
    pub const fn char(c: char) -> Self {
        Self { code: KeyCode::Char(c), held: KeyModifiers::NONE }
    }

    /// A key with nothing held.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, held: KeyModifiers::NONE }
    }

    /// The key of an event; `None` when it was let go, which some terminals report too.
    pub fn of(event: KeyEvent) -> Option<Self> {
        (event.kind != KeyEventKind::Release).then(|| Self::new(event.code, event.modifiers))
    }

    fn new(code: KeyCode, held: KeyModifiers) -> Self {
        let held = held & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        match code {
            KeyCode::Char(c) if held.contains(KeyModifiers::CONTROL) => {
                Self { code: KeyCode::Char(c.to_ascii_lowercase()), held: held - KeyModifiers::SHIFT }
            }
            KeyCode::Char(c) if held.contains(KeyModifiers::SHIFT) => {
                Self { code: KeyCode::Char(c.to_ascii_uppercase()), held: held - KeyModifiers::SHIFT }
            }
            KeyCode::BackTab => Self { code, held: held - KeyModifiers::SHIFT },
            _ => Self { code, held },
        }
    }

    /// Reads a name; `None` when there is no such key.
    pub fn parse(name: &str) -> Option<Self> {
        let mut chars = name.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Some(Self::char(c));
        }
        let read = crokey::parse(name).ok()?;
        match read.codes {
            crokey::OneToThree::One(code) => Some(Self::new(code, read.modifiers)),
            _ => None,
        }
    }

    /// Reads names of keys that follow each other, separated by spaces; `None` when one of them is no key.
    pub fn parse_all(names: &str) -> Option<Vec<Self>> {
        names.split(' ').filter(|n| !n.is_empty()).map(Self::parse).collect()
    }

    /// The character it types into a field.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if self.held.is_empty() => Some(c),
            _ => None,
        }
    }

    /// Whether it is this key with Control.
    pub fn is_ctrl(self, c: char) -> bool {
        self.code == KeyCode::Char(c) && self.held == KeyModifiers::CONTROL
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            KeyCode::Char(' ') if self.held.is_empty() => f.write_str("Space"),
            KeyCode::Char(c) if self.held.is_empty() => write!(f, "{c}"),
            KeyCode::Enter if self.held.is_empty() => f.write_str("↵"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            _ => f.write_str(
                &crokey::KeyCombinationFormat::default().to_string(crokey::KeyCombination::new(self.code, self.held)),
            ),
        }
    }
}
