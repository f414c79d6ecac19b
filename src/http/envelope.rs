//! What is told of a body of claims before it is read: which form it has, where its items are, what an item is called.
//!
//! Nothing here holds more of a body than its text: as values, a body of small ones would take forty times its size.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::body::LARGEST_BODY;
use super::stream;
use crate::view::answer::{LONGEST_ID, Named};
use crate::view::request::MOST_ITEMS;

/// Which of the two forms a body has; told without holding any of it.
#[derive(Default)]
pub(super) struct Form {
    pub(super) object: bool,
    pub(super) items: bool,
    pub(super) claim: bool,
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Form, D::Error> {
        deserializer.deserialize_any(FormVisitor)
    }
}

struct FormVisitor;

impl<'de> Visitor<'de> for FormVisitor {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Form, A::Error> {
        let mut form = Form { object: true, ..Form::default() };
        while let Some(key) = map.next_key::<String>()? {
            form.items |= key == "items";
            form.claim |= key == "claim";
            map.next_value::<IgnoredAny>()?;
        }
        Ok(form)
    }

    // Read to the end all the same: what breaks off is no JSON, whatever it was to be.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Form, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Form::default())
    }
}

/// A batch as it came: each item, and each other field, still text.
///
/// Each is read when it is its turn.
#[derive(Default)]
pub(super) struct Envelope {
    pub(super) items: Items,
    pub(super) others: Vec<(String, Box<RawValue>)>,
    /// What the other fields take in the body.
    pub(super) others_size: usize,
}

/// The first items, and how many there are.
#[derive(Default)]
pub(super) struct Items {
    pub(super) first: Vec<Box<RawValue>>,
    pub(super) count: usize,
}

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Envelope, D::Error> {
        deserializer.deserialize_map(EnvelopeVisitor)
    }
}

struct EnvelopeVisitor;

impl<'de> Visitor<'de> for EnvelopeVisitor {
    type Value = Envelope;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope, A::Error> {
        let mut envelope = Envelope::default();
        while let Some(key) = map.next_key::<String>()? {
            if key == "items" {
                envelope.items = map.next_value()?;
            } else if envelope.others_size > LARGEST_BODY {
                map.next_value::<IgnoredAny>()?;
            } else {
                let value: Box<RawValue> = map.next_value()?;
                envelope.others_size += key.len() + value.get().len();
                envelope.others.push((key, value));
            }
        }
        Ok(envelope)
    }
}

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Items, D::Error> {
        deserializer.deserialize_seq(ItemsVisitor)
    }
}

struct ItemsVisitor;

impl<'de> Visitor<'de> for ItemsVisitor {
    type Value = Items;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Items, A::Error> {
        let mut items = Items::default();
        while items.count < MOST_ITEMS {
            let Some(item) = seq.next_element()? else { return Ok(items) };
            items.first.push(item);
            items.count += 1;
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {
            items.count += 1;
        }
        Ok(items)
    }
}

/// What can be told of an item that is not read.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) named: Named,
    /// The field that takes most of it.
    pub(super) largest: Option<String>,
    size: usize,
}

impl<'de> Deserialize<'de> for Outline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Outline, D::Error> {
        deserializer.deserialize_map(OutlineVisitor)
    }
}

struct OutlineVisitor;

impl<'de> Visitor<'de> for OutlineVisitor {
    type Value = Outline;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outline, A::Error> {
        let mut outline = Outline::default();
        while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
            let text = value.get();
            if key == "id" && text.len() <= stream::LONGEST_LINE {
                let id = serde_json::from_str::<String>(text).ok();
                outline.named.id = id.filter(|id| id.chars().count() <= LONGEST_ID);
            }
            if text.len() >= outline.size {
                outline.size = text.len();
                outline.largest = Some(key);
            }
        }
        Ok(outline)
    }
}
