//! The words of the report, by key, from `words/`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader, static_loader};
use icu::list::ListFormatter;
use icu::list::options::ListFormatterOptions;
use icu::locale::locale;
use unic_langid::{LanguageIdentifier, langid};

use crate::ReportError;

static_loader! {
    static MESSAGES = {
        locales: "./words",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The words of one language.
pub(crate) struct Words {
    language: LanguageIdentifier,
    list: ListFormatter,
    /// What regions, periods and clusters are called in this study; every text may use them.
    nouns: Vec<Argument>,
    /// Keys that were said in English, or as themselves, because the language has no text for them.
    untranslated: RefCell<BTreeSet<&'static str>>,
}

/// One named value in a text.
pub(crate) type Argument = (&'static str, FluentValue<'static>);

impl Words {
    pub(crate) fn new(language: &str) -> Result<Self, ReportError> {
        let (id, locale) = match language {
            "nl" => (langid!("nl"), locale!("nl")),
            "en" => (langid!("en"), locale!("en")),
            other => return Err(ReportError::Language(other.to_owned())),
        };
        let list = ListFormatter::try_new_and(locale.into(), ListFormatterOptions::default())
            .map_err(|error| ReportError::Format(error.to_string()))?;
        Ok(Self { language: id, list, nouns: Vec::new(), untranslated: RefCell::default() })
    }

    /// The same words, with nouns that every text may use.
    pub(crate) fn naming(mut self, nouns: Vec<Argument>) -> Self {
        self.nouns = nouns;
        self
    }

    /// The text of `key`; one that the language lacks is said in English, and a key without any
    /// text shows as itself.
    pub(crate) fn text(&self, key: &'static str) -> String {
        self.with(key, &[])
    }

    /// The text of `key` with values filled in.
    pub(crate) fn with(&self, key: &'static str, arguments: &[Argument]) -> String {
        let map: HashMap<Cow<'static, str>, FluentValue> = self
            .nouns
            .iter()
            .chain(arguments)
            .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
            .collect();
        let own = MESSAGES.lookup_single_language(&self.language, key, Some(&map));
        own.unwrap_or_else(|_| {
            self.untranslated.borrow_mut().insert(key);
            MESSAGES.try_lookup_with_args(&self.language, key, &map).unwrap_or_else(|| key.into())
        })
    }

    /// Keys said so far that the language has no text for.
    pub(crate) fn untranslated(&self) -> Vec<&'static str> {
        self.untranslated.borrow().iter().copied().collect()
    }

    /// "a, b and c".
    pub(crate) fn list(&self, items: &[String]) -> String {
        self.list.format_to_string(items.iter())
    }
}

/// The same text with its first letter a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn a_key_without_a_text_shows_as_itself_and_is_remembered() {
        let words = Words::new("nl").unwrap();
        assert_ne!(words.text("map-no-value"), "map-no-value");
        assert!(words.untranslated().is_empty());
        let unknown = "no-such-words";
        assert_eq!(words.text(unknown), unknown);
        assert_eq!(words.untranslated(), [unknown]);
    }
}
