//! The JSON Schema of the protocol, made from the table of keys.

use serde_json::{Map, Value, json};

use super::LANGUAGES;
use super::choice::Options;
use super::keys::{self, Item, Key, Kind, Naming, Presence};
use super::node::{Node, Value as Literal};

const ID_PATTERN: &str = "^[a-z][a-z0-9_]*$";

/// The JSON Schema (draft 2020-12) of the protocol.
#[must_use]
pub fn schema() -> Value {
    let mut root = table("");
    // what an included file holds is not required of the file that includes it
    let required = root["required"].take();
    root["required"] = json!(["study"]);
    let includes = json!({ "properties": { "study": { "required": ["include"] } } });
    root["anyOf"] = json!([{ "required": required }, includes]);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "verschil protocol",
        "description": "What a study shall do.",
        "$defs": { "text": text() },
    });
    if let (Value::Object(root), Value::Object(head)) = (&mut root, head) {
        root.extend(head);
    }
    super::canonical::sorted(root)
}

fn text() -> Value {
    let languages: Map<String, Value> = LANGUAGES
        .iter()
        .map(|(code, name)| {
            ((*code).to_owned(), json!({ "description": name, "type": "string", "pattern": "\\S" }))
        })
        .collect();
    json!({
        "description": "A text for every language, or one per language.",
        "oneOf": [
            { "type": "string", "pattern": "\\S" },
            {
                "type": "object",
                "properties": languages,
                "additionalProperties": false,
                "minProperties": 1,
            },
        ],
    })
}

fn table(pattern: &str) -> Value {
    let properties: Map<String, Value> =
        keys::under(pattern).map(|key| (key.name().to_owned(), property(key))).collect();
    let required: Vec<&str> = keys::under(pattern)
        .filter(|key| key.presence == Presence::Required)
        .map(Key::name)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The schema of one key with its sentence, default and example.
fn property(key: &Key) -> Value {
    let mut schema = kind(key);
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".to_owned(), key.doc.into());
        match key.presence {
            Presence::Default(literal) => {
                schema.insert("default".to_owned(), json_of(literal));
            }
            Presence::Derived(from) => {
                schema.insert("$comment".to_owned(), format!("default: {from}").into());
            }
            Presence::Required | Presence::Optional => {}
        }
        if !key.example.is_empty() {
            schema.insert("examples".to_owned(), json!([json_of(key.example)]));
        }
    }
    schema
}

fn kind(key: &Key) -> Value {
    match key.kind {
        Kind::Table => table(key.path),
        Kind::Tables => {
            let least = u8::from(key.presence == Presence::Required);
            json!({ "type": "array", "items": table(key.path), "minItems": least })
        }
        Kind::Named(naming) => named(key, naming),
        Kind::ChoiceOrTable(options) => {
            json!({ "oneOf": [{ "enum": ids(options) }, table(key.path)] })
        }
        Kind::Id => json!({ "type": "string", "pattern": ID_PATTERN }),
        Kind::Word | Kind::Sql => json!({ "type": "string", "pattern": "\\S" }),
        Kind::Text => json!({ "$ref": "#/$defs/text" }),
        Kind::Character => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
        Kind::Integer(i64::MIN, i64::MAX) => json!({ "type": "integer" }),
        Kind::Integer(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Share => json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 }),
        Kind::Positive => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Kind::Window => json!({
            "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2,
        }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Choice(options) => json!({ "enum": ids(options) }),
        Kind::List(item, least) => {
            let item = match item {
                Item::Any => json!({ "type": "string" }),
                Item::Word => json!({ "type": "string", "pattern": "\\S" }),
                Item::Integer => json!({ "type": "integer" }),
                Item::Choice(options) => json!({ "enum": ids(options) }),
            };
            json!({ "type": "array", "items": item, "minItems": least, "uniqueItems": true })
        }
    }
}

fn named(key: &Key, naming: Naming) -> Value {
    let pattern = match naming {
        Naming::Id => ID_PATTERN,
        Naming::Any => "\\S",
        Naming::Integer => "^[+-]?[0-9]+$",
    };
    let inner = keys::find(key.path, "*").map_or(Value::Bool(true), property);
    let least = u8::from(key.presence == Presence::Required);
    json!({
        "type": "object",
        "propertyNames": { "pattern": pattern },
        "additionalProperties": inner,
        "minProperties": least,
    })
}

fn ids(options: Options) -> Vec<&'static str> {
    options.iter().map(|(id, _)| *id).collect()
}

/// The JSON of a TOML literal.
fn json_of(literal: &str) -> Value {
    Node::literal(literal).map_or(Value::Null, |node| json_of_node(&node))
}

fn json_of_node(node: &Node) -> Value {
    match &node.value {
        Literal::Text(text) => json!(text),
        Literal::Integer(number) => json!(number),
        Literal::Number(number) => json!(number),
        Literal::Boolean(flag) => json!(flag),
        Literal::List(items) => items.iter().map(json_of_node).collect(),
        Literal::Table(entries) => {
            entries.iter().map(|(name, node)| (name.clone(), json_of_node(node))).collect()
        }
        Literal::Other(_) => Value::Null,
    }
}
