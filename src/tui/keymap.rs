//! From keys to actions, by the table of commands. Sequences and scopes are here; what an action does is not.

use std::collections::BTreeMap;

use super::key::Key;
use super::state::{PANES, scopes};
use crate::command::{ACTIONS, Action, Scope};

/// Which keys start which action, in which scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    rows: Vec<Binding>,
}

/// One way to start an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where.
    pub scope: Scope,
    /// The keys, one after the other.
    pub keys: Vec<Key>,
    /// What they start.
    pub action: Action,
}

impl Binding {
    /// Whether only one of two can be meant: they hold in one place, and one begins with the other.
    fn clashes(&self, other: &Self) -> bool {
        let begins = self.keys.starts_with(&other.keys) || other.keys.starts_with(&self.keys);
        begins
            && PANES.iter().any(|pane| {
                let scopes = scopes(*pane);
                scopes.contains(&self.scope) && scopes.contains(&other.scope)
            })
    }
}

/// What the keys typed so far mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Start this.
    Start(Action),
    /// The beginning of something; wait for the next key.
    More,
    /// Nothing.
    Nothing,
}

impl Default for Keymap {
    fn default() -> Self {
        let rows = ACTIONS.iter().flat_map(|row| {
            let keys = row.keys.iter().filter_map(|k| Key::parse_all(k));
            keys.map(|keys| Binding { scope: row.scope, keys, action: row.id })
        });
        Self { rows: rows.collect() }
    }
}

/// The keys that a user wants for actions; an action without keys is left to the palette.
type Wanted = BTreeMap<Action, Vec<Vec<Key>>>;

impl Keymap {
    /// The default with other keys for some actions. Where a default key of another action would stand in the way, that
    /// one gives way. Two actions of the user's that cannot both be meant are the error.
    pub fn with(wanted: &Wanted) -> Result<Self, [Action; 2]> {
        let all = wanted.iter().flat_map(|(action, all)| {
            all.iter().map(|keys| Binding { scope: action.row().scope, keys: keys.clone(), action: *action })
        });
        let all: Vec<Binding> = all.collect();
        for (n, one) in all.iter().enumerate() {
            if let Some(other) = all[..n].iter().find(|other| other.action != one.action && one.clashes(other)) {
                return Err([other.action, one.action]);
            }
        }
        let mut rows = Self::default().rows;
        rows.retain(|row| !wanted.contains_key(&row.action) && !all.iter().any(|own| own.clashes(row)));
        rows.splice(0..0, all);
        // The order of the table is that of menus.
        rows.sort_by_key(|row| row.action);
        Ok(Self { rows })
    }

    /// What keys mean where these scopes hold, the innermost first.
    pub fn meaning(&self, scopes: &[Scope], typed: &[Key]) -> Meaning {
        let mut begins = false;
        for scope in scopes {
            for row in self.rows.iter().filter(|r| r.scope == *scope && r.keys.starts_with(typed)) {
                if row.keys.len() == typed.len() {
                    return Meaning::Start(row.action);
                }
                begins = true;
            }
        }
        if begins { Meaning::More } else { Meaning::Nothing }
    }

    /// The bindings that can still follow what was typed, the innermost scope first and then in table order.
    pub fn follow<'a>(&'a self, scopes: &'a [Scope], typed: &'a [Key]) -> impl Iterator<Item = &'a Binding> {
        scopes.iter().flat_map(move |s| self.rows.iter().filter(move |r| r.scope == *s && r.keys.starts_with(typed)))
    }

    /// How to type an action: its first binding in words.
    pub fn keys_of(&self, action: Action) -> String {
        let row = self.rows.iter().find(|r| r.action == action);
        row.map(|r| spell(&r.keys)).unwrap_or_default()
    }
}

/// Keys in words.
pub fn spell(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}
