//! Two entries field by field: what each said and what it says. It knows no field but those that are no statement
//! about the system: where a drawing has something.

use crate::file::said::Said;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the file; of a fact, `facts.` and the fact's name.
    pub name: String,
    /// What it said; `None` where it said nothing.
    pub before: Option<Said>,
    /// What it says.
    pub after: Option<Said>,
}

impl Field {
    /// The name of the fact, if it is one.
    pub fn fact(&self) -> Option<&str> {
        self.name.strip_prefix("facts.")
    }

    /// What came to a list and what left it; `None` unless both are lists.
    pub fn items(&self) -> Option<(Vec<&Said>, Vec<&Said>)> {
        let (Some(Said::List(before)), Some(Said::List(after))) = (&self.before, &self.after) else { return None };
        let new = after.iter().filter(|item| !before.contains(item)).collect();
        let lost = before.iter().filter(|item| !after.contains(item)).collect();
        Some((new, lost))
    }

    /// How it is said in the file that nothing is known: by silence, which means unknown for what is asked about
    /// and everything for what a diagram shows.
    pub fn silence(&self) -> &'static str {
        const ASKED: &[&str] = &[
            "tech",
            "stores",
            "processes",
            "carries",
            "deployed",
            "kind",
            "trust",
            "clearance",
            "confidentiality",
            "integrity",
            "availability",
        ];
        if self.name == "shows" {
            return "everything";
        }
        if self.fact().is_some() || ASKED.contains(&self.name.as_str()) { "unknown" } else { "nothing" }
    }
}

/// Where the diagram has things; a fact of the drawing, not of the system.
const LAYOUT: &str = "pins";

/// The fields that differ, in the order of the file.
pub(super) fn compare(before: &Said, after: &Said) -> Vec<Field> {
    let (Said::Record(was, old), Said::Record(is, new)) = (before, after) else {
        return differ("entry", Some(before), Some(after)).into_iter().collect();
    };
    let mut found = Vec::new();
    if was != is && !was.is_empty() {
        found.extend(differ("kind", Some(&Said::Word(was.clone())), Some(&Said::Word(is.clone()))));
    }
    let get = |fields: &'_ [(String, Said)], name: &str| fields.iter().position(|(field, _)| field == name);
    let names = new.iter().chain(old.iter().filter(|(name, _)| get(new, name).is_none())).map(|(name, _)| name);
    for name in names.filter(|name| *name != LAYOUT) {
        let old = get(old, name).map(|at| &old[at].1);
        let new = get(new, name).map(|at| &new[at].1);
        if name == "facts" {
            found.extend(facts(old, new));
        } else {
            found.extend(differ(name, old, new));
        }
    }
    found
}

fn facts(before: Option<&Said>, after: Option<&Said>) -> Vec<Field> {
    let pairs = |said: Option<&Said>| if let Some(Said::Map(pairs)) = said { pairs.clone() } else { Vec::new() };
    let (before, after) = (pairs(before), pairs(after));
    let get = |pairs: &[(String, Said)], name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let mut names: Vec<&String> = before.iter().chain(&after).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    let field = |name: &String| {
        let (before, after) = (get(&before, name), get(&after, name));
        (before != after).then(|| Field { name: format!("facts.{name}"), before, after })
    };
    names.into_iter().filter_map(field).collect()
}

fn differ(name: &str, before: Option<&Said>, after: Option<&Said>) -> Option<Field> {
    let is_same = match (before, after) {
        // The oldest id comes first in `formerly`; no other list means anything by its order.
        (Some(Said::List(before)), Some(Said::List(after))) if name != "formerly" => {
            let sorted = |list: &[Said]| {
                let mut list = list.to_vec();
                list.sort();
                list
            };
            sorted(before) == sorted(after)
        }
        _ => before == after,
    };
    (!is_same).then(|| Field { name: name.to_owned(), before: before.cloned(), after: after.cloned() })
}

/// A value for a person to read, as it stands in the file but for quotes and brackets.
pub fn told(said: &Said) -> String {
    match said {
        Said::List(items) if items.is_empty() => "none".to_owned(),
        Said::List(items) => items.iter().map(told).collect::<Vec<_>>().join(", "),
        Said::Record(name, fields) => {
            let get = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| told(value));
            if let Some(reason) = get("na") {
                return format!("n/a: {reason}");
            }
            if let (Some(fact), Some(on)) = (get("fact"), get("on")) {
                let value = get("value").unwrap_or_else(|| "present".to_owned());
                return format!("{fact} {value} on {on}");
            }
            let parts: Vec<String> = fields.iter().map(|(field, value)| format!("{field} {}", told(value))).collect();
            let name = if name.is_empty() || parts.is_empty() { name.clone() } else { format!("{name}: ") };
            name + &parts.join(", ")
        }
        Said::Row(_, items) => items.iter().map(told).collect::<Vec<_>>().join(" "),
        Said::Map(pairs) => {
            pairs.iter().map(|(key, value)| format!("{key} {}", told(value))).collect::<Vec<_>>().join(", ")
        }
        Said::Word(_) => said.plain(),
    }
}
