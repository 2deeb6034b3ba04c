//! A YAML file as a tree in which everything knows its line.
//!
//! Reading straight into structs would stop at the first mistake. The tree is read once; each record
//! is then read out of it by itself, so that every mistake of a file can be named, with its line and
//! its field.

use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde_saphyr::Spanned;

/// A value and the line it stands on, counted from 1.
#[derive(Debug, Clone)]
pub struct Node {
    /// The line.
    pub line: u64,
    /// The value.
    pub value: Value,
}

/// What stands in a node.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A text, or a number as its digits.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values, in the file's order.
    Map(Vec<Pair>),
}

/// A key and what stands under it.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The key.
    pub key: String,
    /// The key's line.
    pub line: u64,
    /// The value.
    pub node: Node,
}

/// A mistake at a place of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The line; 0 while it is not known.
    pub line: u64,
    /// The path of keys, such as `due.from`.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl Node {
    /// Reads a whole file.
    ///
    /// # Errors
    /// Where it is not YAML.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        serde_saphyr::from_str::<Self>(text).map_err(|error| {
            let error = error.without_snippet();
            Misread {
                line: error.location().map_or(1, |at| at.line()),
                field: String::new(),
                message: error.to_string(),
            }
        })
    }

    /// The keys and values, where this is a map.
    pub fn pairs(&self) -> &[Pair] {
        match &self.value {
            Value::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The items, where this is a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.pairs()
            .iter()
            .find(|pair| pair.key == key)
            .map(|pair| &pair.node)
    }

    /// The text, where this is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The line of the value at `path`, such as `due.from` or `members.1`; as far as the path leads.
    pub fn line_of(&self, path: &str) -> u64 {
        let mut node = self;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            let next = match &node.value {
                Value::List(items) => step.parse::<usize>().ok().and_then(|i| items.get(i)),
                _ => node.get(step),
            };
            match next {
                Some(found) => node = found,
                None => break,
            }
        }
        node.line
    }

    /// The node without some keys, which are read apart.
    pub fn without(&self, keys: &[&str]) -> Node {
        let pairs = self
            .pairs()
            .iter()
            .filter(|pair| !keys.contains(&pair.key.as_str()));
        Node {
            line: self.line,
            value: Value::Map(pairs.cloned().collect()),
        }
    }

    /// The node with only some keys.
    pub fn only(&self, keys: &[&str]) -> Node {
        let pairs = self
            .pairs()
            .iter()
            .filter(|pair| keys.contains(&pair.key.as_str()));
        Node {
            line: self.line,
            value: Value::Map(pairs.cloned().collect()),
        }
    }

    /// Changes every text below, but for those under `except`.
    pub fn edit_texts(&mut self, except: &str, edit: &mut impl FnMut(&mut String)) {
        match &mut self.value {
            Value::Text(text) => edit(text),
            Value::List(items) => items
                .iter_mut()
                .for_each(|item| item.edit_texts(except, edit)),
            Value::Map(pairs) => pairs
                .iter_mut()
                .filter(|pair| pair.key != except)
                .for_each(|pair| pair.node.edit_texts(except, edit)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Reads a struct out of the node.
    ///
    /// # Errors
    /// The first mistake, with its line and field.
    pub fn read<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Misread> {
        T::deserialize(self).map_err(|error| error.within("", self.line))
    }
}

impl Misread {
    /// Puts the mistake under a key, and on the key's line where it has none yet.
    fn within(mut self, key: &str, line: u64) -> Self {
        if self.line == 0 {
            self.line = line;
        }
        if !key.is_empty() {
            self.field = if self.field.is_empty() {
                key.into()
            } else {
                format!("{key}.{}", self.field)
            };
        }
        self
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.field, self.message)
    }
}

impl std::error::Error for Misread {}

impl de::Error for Misread {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            line: 0,
            field: String::new(),
            message: message.to_string(),
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            line: 0,
            field: field.into(),
            message: "is missing".into(),
        }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        de::Error::custom(format_args!(
            "unknown key {field:?}; known here: {}",
            expected.join(", ")
        ))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self {
            line: spanned.referenced.line(),
            value: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        // The shortest digits that read back to the same float are the digits that were typed.
        Ok(Value::Text(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut pairs: Vec<Pair> = Vec::new();
        while let Some((key, node)) = map.next_entry::<Spanned<String>, Node>()? {
            let line = key.referenced.line();
            if pairs.iter().any(|pair| pair.key == key.value) {
                return Err(de::Error::custom(format_args!(
                    "the key {:?} stands twice",
                    key.value
                )));
            }
            pairs.push(Pair {
                key: key.value,
                line,
                node,
            });
        }
        Ok(Value::Map(pairs))
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Misread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        let read = match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(Items(items.iter())),
            Value::Map(pairs) => visitor.visit_map(Pairs {
                rest: pairs.iter(),
                next: None,
            }),
        };
        read.map_err(|error| error.within("", self.line))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.text().map(str::parse::<u32>) {
            Some(Ok(number)) => visitor.visit_u32(number),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.text().map(str::parse::<u64>) {
            Some(Ok(number)) => visitor.visit_u64(number),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        match self.text() {
            Some(text) => visitor.visit_enum(text.into_deserializer()),
            None => Err(de::Error::custom("one word is needed here")),
        }
        .map_err(|error: Misread| error.within("", self.line))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Misread;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Misread> {
        self.0.next().map(|node| seed.deserialize(node)).transpose()
    }
}

struct Pairs<'de> {
    rest: std::slice::Iter<'de, Pair>,
    next: Option<&'de Pair>,
}

impl<'de> MapAccess<'de> for Pairs<'de> {
    type Error = Misread;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misread> {
        self.next = self.rest.next();
        let Some(pair) = self.next else {
            return Ok(None);
        };
        let key = de::value::StrDeserializer::<Misread>::new(&pair.key);
        seed.deserialize(key)
            .map(Some)
            .map_err(|error| error.within(&pair.key, pair.line))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misread> {
        let pair = self
            .next
            .ok_or_else(|| de::Error::custom("a value without its key"))?;
        seed.deserialize(&pair.node)
            .map_err(|error| error.within(&pair.key, pair.node.line))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Plan {
        title: String,
        #[serde(default)]
        count: Option<u32>,
        #[serde(default)]
        when: Option<When>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct When {
        year: String,
    }

    fn misread(yaml: &str) -> String {
        Node::parse(yaml)
            .unwrap()
            .read::<Plan>()
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn every_mistake_has_its_line_and_field() {
        let unknown = misread("title: A\ncolour: red\n");
        assert!(
            unknown.starts_with("line 2: colour: unknown key \"colour\""),
            "{unknown}"
        );
        assert_eq!(misread("count: 2\n"), "line 1: title: is missing");
        let nested = misread("title: A\nwhen:\n  year: 2024\n  month: 5\n");
        assert!(
            nested.starts_with("line 4: when.month: unknown key"),
            "{nested}"
        );
        assert!(misread("title: A\ncount: many\n").starts_with("line 2: count: "));
        assert!(misread("title: [a]\n").starts_with("line 1: title: "));
    }

    #[test]
    fn numbers_are_read_as_text_where_text_is_wanted() {
        let node = Node::parse("title: 58.5\ncount: 12\n").unwrap();
        let plan: Plan = node.read().unwrap();
        assert_eq!((plan.title.as_str(), plan.count), ("58.5", Some(12)));
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_line() {
        assert!(Node::parse("a: 1\nb: [1\nc: 2\n").unwrap_err().line > 0);
        assert!(Node::parse("a: 1\na: 2\n").is_err(), "a key stands twice");
    }

    #[test]
    fn lines_are_found_by_path() {
        let node = Node::parse("a:\n  b:\n    - x\n    - y\n").unwrap();
        assert_eq!(node.line_of("a.b.1"), 4);
        assert_eq!(node.line_of("a.none"), 2);
    }
}
