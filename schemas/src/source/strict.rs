//! Reads a value of which a plain reader would lose something: a key that is written twice.

use std::cell::RefCell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use crate::pointer;

/// Reads a value, and remembers where a key is written twice.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// A key that is written twice ends the reading.
    refuses: bool,
    here: RefCell<String>,
    twice: RefCell<Vec<String>>,
}

impl Reading {
    /// A key that is written twice is an error.
    pub(super) fn strict() -> Self {
        Self { refuses: true, ..Self::default() }
    }

    /// Of a key that is written twice the last counts, as every JSON reader has it.
    pub(super) fn lenient() -> Self {
        Self::default()
    }

    /// Where a key is written twice.
    pub(super) fn twice(self) -> Vec<String> {
        self.twice.into_inner()
    }
}

impl<'de> DeserializeSeed<'de> for &Reading {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &Reading {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    // JSON readers take integers that long as doubles; so that both formats agree, this one does too.
    #[expect(clippy::cast_precision_loss, reason = "no other form is left")]
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "no other form is left")]
    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        match Number::from_f64(value) {
            Some(number) => Ok(Value::Number(number)),
            None if self.refuses => Err(E::custom(format!("{value} is no JSON number"))),
            // JSON has no word for it: the name that YAML has is a text like any other.
            None => Ok(Value::String(value.to_string())),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    /// A value with a YAML tag of somebody's own: the tag means nothing here.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (tag, value) = data.variant::<String>()?;
        if self.refuses {
            return Err(A::Error::custom(format!("the tag {tag} means nothing here")));
        }
        value.newtype_variant_seed(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        let length = self.here.borrow().len();
        loop {
            pointer::push(&mut self.here.borrow_mut(), &list.len().to_string());
            let item = items.next_element_seed(self)?;
            self.here.borrow_mut().truncate(length);
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let length = self.here.borrow().len();
        while let Some(key) = members.next_key::<String>()? {
            pointer::push(&mut self.here.borrow_mut(), &key);
            if map.contains_key(&key) {
                if self.refuses {
                    return Err(A::Error::custom(format!("the key {key} is written twice")));
                }
                self.twice.borrow_mut().push(self.here.borrow().clone());
            }
            let value = members.next_value_seed(self)?;
            self.here.borrow_mut().truncate(length);
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Fills in YAML's merge keys: `<<` gives members that the mapping itself does not state.
pub(super) fn merge(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(base) = map.shift_remove("<<") {
                let bases = if let Value::Array(list) = base { list } else { vec![base] };
                for base in bases {
                    if let Value::Object(base) = base {
                        for (key, member) in base {
                            map.entry(key).or_insert(member);
                        }
                    }
                }
                return merge(value);
            }
            map.values_mut().for_each(merge);
        }
        Value::Array(items) => items.iter_mut().for_each(merge),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
