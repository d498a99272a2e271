//! Parameters by their style.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::nested::{self, Leaf, Node};
use super::scalar;
use super::unwritable::Unwritable;
use crate::model::{Header, Parameter, ParameterLocation, Style};
use crate::schema::Schema;

impl Parameter {
    /// The JSON value of a parameter, from all the pairs of names and texts, decoded, that were sent in its place; `None` where
    /// it was not sent.
    pub fn read<'t>(&self, sent: impl Iterator<Item = (&'t str, &'t str)> + Clone) -> Option<Value> {
        let header = self.location == ParameterLocation::Header;
        let is = |name: &str| name == self.name || header && name.eq_ignore_ascii_case(&self.name);
        let texts: Vec<&str> = sent.clone().filter(|(name, _)| is(name)).map(|(_, text)| text).collect();
        if texts.is_empty() {
            return self.is_spread().then(|| self.gather(sent)).flatten();
        }
        Some(self.decode(&texts))
    }

    /// The JSON value of a parameter's texts, by its style and the types its schema admits. Repeats make an array where the
    /// schema admits one; elsewhere the first counts. A text that is no number stays a text, for the schema to refuse.
    pub fn decode(&self, texts: &[&str]) -> Value {
        read(&self.name, self.style, self.explode, &self.schema, texts)
    }

    /// Whether its value is an object whose members are sent as parameters of their own: as `name[key]`, or by their names alone.
    pub fn is_spread(&self) -> bool {
        let place = matches!(self.location, ParameterLocation::Query | ParameterLocation::Cookie);
        let exploded = self.style == Style::Form && self.explode;
        place && (self.style == Style::DeepObject || exploded) && self.schema.form_of("object").is_some()
    }

    /// The JSON value of a parameter whose members are sent one by one, from all that was sent; `None` where none was.
    pub fn gather<'t>(&self, sent: impl Iterator<Item = (&'t str, &'t str)>) -> Option<Value> {
        let schema = self.schema.form_of("object")?;
        let deep = self.style == Style::DeepObject;
        let mut members: IndexMap<String, Node> = IndexMap::new();
        for (key, text) in sent {
            let leaf = Leaf { text: text.to_owned(), json: false };
            if !deep {
                if schema.property(key).is_some() {
                    nested::insert(&mut members, key, &[], leaf);
                }
                continue;
            }
            let Some((name, steps)) = nested::steps(key) else { continue };
            if let (true, Some((first, rest))) = (name == self.name, steps.split_first()) {
                nested::insert(&mut members, first, rest, leaf);
            }
        }
        (!members.is_empty()).then(|| nested::object(Some(&schema), &members))
    }

    /// A value as the pairs of names and texts that are sent in the parameter's place, not yet escaped. In a path and a header
    /// it is one pair, whose text is all that is sent.
    pub fn write(&self, value: &Value) -> Result<Vec<(String, String)>, Unwritable> {
        let pairs = self.pairs(value)?;
        let fits = |text: &str| match self.location {
            ParameterLocation::Path => !text.is_empty(),
            // Anything else is not a header, or is read in as many ways as there are readers.
            ParameterLocation::Header => {
                text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) && text.trim() == text
            }
            ParameterLocation::Query | ParameterLocation::Cookie => true,
        };
        match pairs.iter().find(|(_, text)| !fits(text)) {
            Some((_, text)) => Err(Unwritable::new(format!("the text {text:?} cannot stand there"))),
            None => Ok(pairs),
        }
    }

    fn pairs(&self, value: &Value) -> Result<Vec<(String, String)>, Unwritable> {
        let one = |text: String| vec![(self.name.clone(), text)];
        match (self.style, value) {
            (Style::Json, value) => Ok(one(value.to_string())),
            (_, Value::Array(items)) if items.is_empty() => {
                Err(Unwritable::new(format!("the list {} has no items", self.name)))
            }
            (_, Value::Object(map)) if map.is_empty() => {
                Err(Unwritable::new(format!("the object {} has no members", self.name)))
            }
            (Style::DeepObject, Value::Object(_)) => {
                let mut pairs = Vec::new();
                nested::write(&self.name, value, &mut pairs)?;
                Ok(pairs)
            }
            (Style::DeepObject, _) => Err(Unwritable::new("the style deepObject is for objects alone")),
            (style, Value::Array(items)) => {
                let texts: Vec<String> = items.iter().map(scalar::write).collect::<Result<_, _>>()?;
                if self.explode && self.is_repeated() {
                    let apart = if style == Style::Form { "" } else { style.separator() };
                    without(&texts, &[apart])?;
                    return Ok(texts.into_iter().map(|text| (self.name.clone(), text)).collect());
                }
                Ok(one(self.list(&texts)?))
            }
            (Style::Form, Value::Object(map)) if self.is_spread() => self.spread(map),
            (_, Value::Object(map)) => Ok(one(self.members(map)?)),
            (Style::Label, value) => Ok(one(format!(".{}", scalar::write(value)?))),
            (Style::Matrix, value) => Ok(one(format!(";{}={}", self.name, scalar::write(value)?))),
            (_, value) => Ok(one(scalar::write(value)?)),
        }
    }

    /// Whether the name is repeated for each item.
    fn is_repeated(&self) -> bool {
        let style = matches!(self.style, Style::Form | Style::SpaceDelimited | Style::PipeDelimited);
        style && matches!(self.location, ParameterLocation::Query | ParameterLocation::Cookie)
    }

    fn list(&self, texts: &[String]) -> Result<String, Unwritable> {
        Ok(match (self.style, self.explode) {
            (Style::Matrix, true) => {
                without(texts, &[";"])?;
                let between = format!(";{}=", self.name);
                format!("{between}{}", texts.join(&between))
            }
            (Style::Matrix, false) => {
                without(texts, &[","])?;
                format!(";{}={}", self.name, texts.join(","))
            }
            (Style::Label, explode) => {
                without(texts, &[",", "."])?;
                format!(".{}", texts.join(if explode { "." } else { "," }))
            }
            (style, _) => {
                without(texts, &[style.separator()])?;
                texts.join(style.separator())
            }
        })
    }

    fn spread(&self, map: &Map<String, Value>) -> Result<Vec<(String, String)>, Unwritable> {
        let schema = self.schema.form_of("object");
        let mut pairs = Vec::new();
        for (key, value) in map {
            let known = schema.as_ref().is_some_and(|schema| schema.property(key).is_some());
            if !known {
                return Err(Unwritable::new(format!("{key} would be taken for another parameter")));
            }
            match value {
                Value::Array(items) if items.is_empty() => {
                    return Err(Unwritable::new(format!("the list {key} has no items")));
                }
                Value::Array(items) => {
                    for item in items {
                        pairs.push((key.clone(), scalar::write(item)?));
                    }
                }
                value => pairs.push((key.clone(), scalar::write(value)?)),
            }
        }
        Ok(pairs)
    }

    /// An object in one text.
    fn members(&self, map: &Map<String, Value>) -> Result<String, Unwritable> {
        let mut parts = Vec::new();
        for (key, value) in map {
            parts.push(key.clone());
            parts.push(scalar::write(value)?);
        }
        let names: Vec<String> = map.keys().cloned().collect();
        let paired = |separator: &str| {
            let pairs = parts.chunks(2).map(|pair| pair.join("="));
            pairs.collect::<Vec<_>>().join(separator)
        };
        Ok(match (self.style, self.explode) {
            (Style::Matrix, true) => {
                without(&parts, &[";"])?;
                without(&names, &["="])?;
                format!(";{}", paired(";"))
            }
            (Style::Matrix, false) => {
                without(&parts, &[","])?;
                format!(";{}={}", self.name, parts.join(","))
            }
            (Style::Label, explode) => {
                without(&parts, &[",", "."])?;
                without(&names, &["="])?;
                format!(".{}", if explode { paired(".") } else { parts.join(",") })
            }
            (style, true) => {
                without(&parts, &[style.separator()])?;
                without(&names, &["="])?;
                paired(style.separator())
            }
            (style, false) => {
                without(&parts, &[style.separator()])?;
                parts.join(style.separator())
            }
        })
    }
}

impl Header {
    /// The JSON value of a header's lines, by the types its schema admits; `None` where nothing is said of it.
    pub fn read(&self, lines: &[&str]) -> Option<Value> {
        let schema = self.schema.as_ref()?;
        // Several lines are one list.
        let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
        let list = schema.form_of("array").is_some();
        let parted = |line: &str| line.split(',').map(|item| item.trim().to_owned()).collect::<Vec<_>>();
        let items: Vec<String> = lines.iter().flat_map(|line| parted(line)).collect();
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        Some(read(&self.name, Style::Simple, false, schema, if list { &items } else { &lines }))
    }
}

/// Texts beside each other must not hold what parts them.
fn without(texts: &[String], separators: &[&str]) -> Result<(), Unwritable> {
    let holds = |text: &&String| separators.iter().any(|one| !one.is_empty() && text.contains(one));
    match texts.iter().find(holds) {
        Some(text) => Err(Unwritable::new(format!("{text:?} holds what parts it from the next"))),
        None => Ok(()),
    }
}

fn read(name: &str, style: Style, explode: bool, schema: &Schema, texts: &[&str]) -> Value {
    let Some(first) = texts.first() else { return Value::Null };
    if style == Style::Json {
        return serde_json::from_str(first).unwrap_or_else(|_| Value::from(*first));
    }
    let first = match style {
        Style::Label => first.strip_prefix('.').unwrap_or(first),
        Style::Matrix => first.strip_prefix(';').unwrap_or(first),
        _ => first,
    };
    let named = format!("{name}=");
    if let Some(list) = schema.form_of("array") {
        let items = list.items();
        let item = |text: &str| scalar::read(text, items.as_ref().unwrap_or(&list));
        return match style {
            // `;a=1;a=2` and `;a=1,2`
            Style::Matrix if explode => {
                first.split(';').map(|part| item(part.strip_prefix(&named).unwrap_or(part))).collect()
            }
            Style::Matrix => first.strip_prefix(&named).unwrap_or(first).split(',').map(item).collect(),
            _ if texts.len() > 1 => texts.iter().map(|text| item(text)).collect(),
            Style::Form if explode => Value::Array(vec![item(first)]),
            _ => first.split(separator(style, explode, first)).map(item).collect(),
        };
    }
    if let Some(object) = schema.form_of("object").filter(|_| style != Style::DeepObject) {
        return members(name, style, explode, &object, first);
    }
    let text = match style {
        Style::Matrix => first.strip_prefix(&named).unwrap_or(first),
        _ => first,
    };
    scalar::read(text, schema)
}

/// What parts the items in a text: labels that are not exploded are written with points and with commas.
fn separator(style: Style, explode: bool, text: &str) -> &'static str {
    if style == Style::Label && !explode && text.contains(',') { "," } else { style.separator() }
}

/// An object written in one text: `x,1,y,2`, or `x=1,y=2` where it is exploded.
fn members(name: &str, style: Style, explode: bool, schema: &Schema, text: &str) -> Value {
    let separator = if style == Style::Matrix && explode { ";" } else { separator(style, explode, text) };
    let text = if explode { text } else { text.strip_prefix(&format!("{name}=")).unwrap_or(text) };
    let parts: Vec<&str> = text.split(separator).collect();
    let pairs: Vec<(&str, &str)> = if explode {
        parts.iter().map(|part| part.split_once('=').unwrap_or((part, ""))).collect()
    } else {
        parts.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or_default())).collect()
    };
    let mut named: IndexMap<String, Node> = IndexMap::new();
    for (key, text) in pairs {
        nested::insert(&mut named, key, &[], Leaf { text: text.to_owned(), json: false });
    }
    nested::object(Some(schema), &named)
}
