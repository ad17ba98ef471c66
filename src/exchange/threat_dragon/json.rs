//! Reading JSON so that nothing is dropped: a key that comes twice is an error, and a record gives its fields away
//! one by one, so that what nobody took is known at the end. It knows nothing of Threat Dragon.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads a value; serde_json alone would keep the last of two equal keys. Nesting is bounded by serde_json at 128.
pub(super) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = list.next_element_seed(Strict)? {
            all.push(value);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if all.contains_key(&key) {
                let shown: String = key.chars().take(60).collect();
                return Err(A::Error::custom(format!("the key `{shown}` comes twice in one object")));
            }
            let value = map.next_value_seed(Strict)?;
            all.insert(key, value);
        }
        Ok(Value::Object(all))
    }
}

/// An object whose fields are taken out one by one. What is not of the expected type stays, and so ends as a loss.
#[derive(Default)]
pub(super) struct Record(Map<String, Value>);

impl Record {
    /// The fields of an object, or the value back when it is none.
    pub(super) fn new(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            other => Err(other),
        }
    }

    /// A text, trimmed, its lines ended as ours; a number counts as the text it is written as. `None` for an empty one.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let text = as_text(self.0.get(key))?;
        self.0.remove(key);
        (!text.is_empty()).then_some(text)
    }

    /// As [`Record::text`], on one line.
    pub(super) fn line(&mut self, key: &str) -> Option<String> {
        self.text(key).map(|text| one_line(&text))
    }

    /// A box that can be ticked. One that is not ticked says nothing, so `false` and nothing are the same.
    pub(super) fn ticked(&mut self, key: &str) -> bool {
        match self.0.get(key) {
            Some(Value::Bool(ticked)) => {
                let ticked = *ticked;
                self.0.remove(key);
                ticked
            }
            _ => false,
        }
    }

    /// A list; nothing is an empty list.
    pub(super) fn list(&mut self, key: &str) -> Vec<Value> {
        match self.0.remove(key) {
            Some(Value::Array(list)) => list,
            Some(other) => {
                self.0.insert(key.to_owned(), other);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// An object; nothing is an empty one.
    pub(super) fn record(&mut self, key: &str) -> Self {
        match self.0.remove(key) {
            Some(Value::Object(map)) => Self(map),
            Some(other) => {
                self.0.insert(key.to_owned(), other);
                Self::default()
            }
            None => Self::default(),
        }
    }

    /// The value at the end of a path of keys, left where it is.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.0.get(*first)?, |value, key| value.get(*key))
    }

    /// A number at the end of a path of keys, left where it is.
    pub(super) fn number(&self, path: &[&str]) -> Option<f64> {
        self.at(path)?.as_f64()
    }

    /// Takes the fields away and tells whether any of them said something.
    pub(super) fn discard(&mut self, keys: &[&str]) -> bool {
        let taken: Vec<Value> = keys.iter().filter_map(|key| self.0.remove(*key)).collect();
        taken.iter().any(says_something)
    }

    /// Takes all boxes out, by name.
    pub(super) fn boxes(&mut self) -> Vec<(String, bool)> {
        let boxes: Vec<(String, bool)> =
            self.0.iter().filter_map(|(k, v)| v.as_bool().map(|b| (k.clone(), b))).collect();
        self.0.retain(|_, v| !v.is_boolean());
        boxes
    }

    /// What nobody took, as long as it says something.
    pub(super) fn rest(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter().filter(|(_, v)| says_something(v))
    }
}

/// Whether a value carries information: not null, not `false`, not empty.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

/// What [`Record::text`] takes a value for, without taking it.
pub(super) fn as_text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(unix_lines(text.trim())),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Windows and old Mac ends of lines become one line feed each.
pub(super) fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Runs of white space become one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
