//! The fields of one entry that both branches changed: each field goes its own way, and only what cannot go both ways is
//! a conflict. What a field means is known here of very few.

use super::said::Said;
use crate::model::{Conflict, Place};

/// An entry that both branches have and changed.
pub(super) struct Both<'a> {
    pub(super) place: &'a Place,
    pub(super) base: Option<&'a Said>,
}

/// Fields that the program writes down about threats of rules; bringing the register up to date writes them anew.
const NOTED: [&str; 6] = ["title", "severity", "category", "stride", "opened", "decided_on"];

/// The ends of a data flow.
const ENDS: [&str; 2] = ["from", "to"];

/// Whether an entry changed in nothing but what rules noted down about it.
pub(super) fn is_only_noted(place: &Place, base: &Said, now: &Said) -> bool {
    let (Place::Threat(key), Said::Record(_, before), Said::Record(_, after)) = (place, base, now) else {
        return false;
    };
    let told = |fields: &[(String, Said)]| -> Vec<(String, Said)> {
        fields.iter().filter(|(name, _)| !NOTED.contains(&name.as_str())).cloned().collect()
    };
    !key.is_own() && told(before) == told(after)
}

/// A value on both branches and before.
#[derive(Clone, Copy)]
struct Three<'a> {
    base: Option<&'a Said>,
    ours: Option<&'a Said>,
    theirs: Option<&'a Said>,
}

impl Both<'_> {
    /// The entry with what both branches changed.
    pub(super) fn entry(&self, ours: &Said, theirs: &Said, conflicts: &mut Vec<Conflict>) -> Said {
        let (Said::Record(kind, our_fields), Said::Record(their_kind, their_fields)) = (ours, theirs) else {
            return self
                .value("", Three { base: self.base, ours: Some(ours), theirs: Some(theirs) }, conflicts)
                .unwrap_or_else(|| ours.clone());
        };
        let (base_kind, base_fields) = match self.base {
            Some(Said::Record(kind, fields)) => (Some(kind), &fields[..]),
            _ => (None, &[][..]),
        };
        // The word before the parenthesis is the kind of an element.
        let word = |kind: &String| Said::Word(kind.clone());
        let (base, ours, theirs) = (base_kind.map(word), word(kind), word(their_kind));
        let kinds = Three { base: base.as_ref(), ours: Some(&ours), theirs: Some(&theirs) };
        let kind = self.value("kind", kinds, conflicts).map_or_else(String::new, |kind| kind.to_string());
        let mut names: Vec<&String> = our_fields.iter().map(|(name, _)| name).collect();
        names.extend(their_fields.iter().map(|(name, _)| name).filter(|name| get(our_fields, name).is_none()));
        // Where a flow comes from and where it goes to is one thing: the end of one branch and the beginning of the other
        // make a way that nobody drew.
        let ends = |fields: &[(String, Said)]| ENDS.map(|end| get(fields, end).cloned());
        let [was, our_ends, their_ends] = [base_fields, our_fields, their_fields].map(ends);
        let is_flow = matches!(self.place, Place::Flow(_)) && self.base.is_some();
        let moved_twice = is_flow && our_ends != was && their_ends != was && our_ends != their_ends;
        let mut merged = Vec::new();
        for name in names {
            let (ours, theirs) = (get(our_fields, name), get(their_fields, name));
            let three = Three { base: get(base_fields, name), ours, theirs };
            let value = if moved_twice && ENDS.contains(&name.as_str()) && ours != theirs {
                self.conflict(name, three, conflicts)
            } else {
                self.value(name, three, conflicts)
            };
            if let Some(value) = value {
                merged.push((name.clone(), value));
            }
        }
        self.follow_status(&mut merged, our_fields, their_fields);
        Said::Record(kind, merged)
    }

    /// What a decision was taken on belongs to the decision.
    fn follow_status(&self, merged: &mut Vec<(String, Said)>, ours: &[(String, Said)], theirs: &[(String, Said)]) {
        if !matches!(self.place, Place::Threat(_)) {
            return;
        }
        let from = if get(merged, "status") == get(ours, "status") { ours } else { theirs };
        merged.retain(|(name, _)| name != "decided_on");
        merged.extend(get(from, "decided_on").map(|value| ("decided_on".to_owned(), value.clone())));
    }

    fn value(&self, path: &str, three: Three<'_>, conflicts: &mut Vec<Conflict>) -> Option<Said> {
        let Three { base, ours, theirs } = three;
        if ours == theirs || theirs == base {
            return ours.cloned();
        }
        if ours == base {
            return theirs.cloned();
        }
        match (ours, theirs) {
            (Some(Said::Map(a)), Some(Said::Map(b))) => Some(self.map(path, base, a, b, conflicts)),
            (Some(Said::List(a)), Some(Said::List(b))) => {
                let before = if let Some(Said::List(items)) = base { &items[..] } else { &[] };
                list(path, before, a, b).map(Said::List).or_else(|| self.conflict(path, three, conflicts))
            }
            _ => self.known(path, three).unwrap_or_else(|| self.conflict(path, three, conflicts)),
        }
    }

    /// Entries of a map, one by one.
    fn map(
        &self,
        path: &str,
        base: Option<&Said>,
        ours: &[(String, Said)],
        theirs: &[(String, Said)],
        conflicts: &mut Vec<Conflict>,
    ) -> Said {
        let before = if let Some(Said::Map(pairs)) = base { &pairs[..] } else { &[] };
        let mut keys: Vec<&String> = ours.iter().chain(theirs).map(|(key, _)| key).collect();
        keys.sort();
        keys.dedup();
        let each = |key: &String| {
            let three = Three { base: get(before, key), ours: get(ours, key), theirs: get(theirs, key) };
            // Where something lies on a drawing is not worth a question.
            let merged = match path {
                "pins" if three.ours == three.base => three.theirs.cloned(),
                "pins" if three.theirs == three.base => three.ours.cloned(),
                "pins" if three.base.is_some() => three.theirs.and(three.ours).cloned(),
                "pins" => three.ours.or(three.theirs).cloned(),
                _ => self.value(&format!("{path}.{key}"), three, conflicts),
            };
            merged.map(|value| (key.clone(), value))
        };
        Said::Map(keys.into_iter().filter_map(each).collect())
    }

    /// Fields of which it is known what both changes come to; `None` when nothing is known.
    #[expect(clippy::option_option, reason = "a field may be known to be left out")]
    fn known(&self, path: &str, three: Three<'_>) -> Option<Option<Said>> {
        let Three { ours, theirs, .. } = three;
        let is_noted = matches!(self.place, Place::Threat(key) if !key.is_own()) && NOTED.contains(&path);
        if path == "opened" {
            return Some(ours.into_iter().chain(theirs).min().cloned());
        }
        if is_noted || path == "decided_on" {
            return Some(ours.or(theirs).cloned());
        }
        let (Said::Record(a, ours), Said::Record(b, theirs)) = (ours?, theirs?) else { return None };
        if path == "reviewed" {
            let later = if get(theirs, "on") > get(ours, "on") { theirs } else { ours };
            return Some(Some(Said::Record(a.clone(), later.clone())));
        }
        // The same decision on two days is that of the first.
        let rest =
            |fields: &[(String, Said)]| fields.iter().filter(|(name, _)| name != "on").cloned().collect::<Vec<_>>();
        let is_same = a == b && rest(ours) == rest(theirs);
        is_same.then(|| {
            let first = if get(theirs, "on") < get(ours, "on") { theirs } else { ours };
            Some(Said::Record(a.clone(), first.clone()))
        })
    }

    /// Writes a conflict down; the model holds what our branch says.
    fn conflict(&self, path: &str, three: Three<'_>, conflicts: &mut Vec<Conflict>) -> Option<Said> {
        let text = |said: Option<&Said>| said.map(Said::to_string);
        conflicts.push(Conflict {
            of: self.place.to_string(),
            field: (!path.is_empty()).then(|| path.to_owned()),
            base: text(three.base),
            ours: text(three.ours),
            theirs: text(three.theirs),
            why: None,
        });
        three.ours.cloned()
    }
}

/// A list that stands for a set, or a ledger: what either branch added is in it, what either took out is not. `None` when
/// both put something else in the place of the same record.
fn list(path: &str, base: &[Said], ours: &[Said], theirs: &[Said]) -> Option<Vec<Said>> {
    let is_record = |said: &&Said| matches!(said, Said::Record(..) | Said::Row(..));
    let both_dropped = |said: &&Said| !ours.contains(said) && !theirs.contains(said);
    let added = |side: &[Said]| side.iter().any(|said| !base.contains(said));
    if base.iter().filter(is_record).any(|said| both_dropped(&said)) && added(ours) && added(theirs) {
        return None;
    }
    let stays = |said: &&Said| theirs.contains(said) || !base.contains(said);
    let mut merged: Vec<Said> = ours.iter().filter(stays).cloned().collect();
    merged.extend(theirs.iter().filter(|said| !base.contains(said) && !ours.contains(said)).cloned());
    if path == "history" {
        // Rows begin with their day; those of one day keep their order.
        merged.sort_by(|a, b| day(a).cmp(&day(b)));
    }
    Some(merged)
}

fn day(row: &Said) -> Option<&Said> {
    if let Said::Row(_, items) = row { items.first() } else { None }
}

fn get<'s>(pairs: &'s [(String, Said)], name: &str) -> Option<&'s Said> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}
