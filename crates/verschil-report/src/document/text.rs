//! Words in a line, and how they are said.

use serde::Serialize;

/// Some words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "inline", rename_all = "snake_case")]
pub(crate) enum Inline {
    Words {
        words: String,
    },
    Strong {
        words: String,
    },
    /// A mark that asks for caution.
    Flag {
        words: String,
    },
    /// The mark of invented data.
    Invented {
        words: String,
    },
    /// A unit or an interval, smaller than the number it belongs to.
    Small {
        words: String,
    },
    /// A hash or another literal.
    Code {
        words: String,
    },
    /// English in a text of another language.
    English {
        words: String,
    },
    /// The next words stand on a line of their own.
    Break,
}

/// Words one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Text(pub(crate) Vec<Inline>);

impl Text {
    pub(crate) fn words(self, words: impl Into<String>) -> Self {
        self.and(Inline::Words { words: words.into() })
    }

    pub(crate) fn strong(self, words: impl Into<String>) -> Self {
        self.and(Inline::Strong { words: words.into() })
    }

    pub(crate) fn code(self, words: impl Into<String>) -> Self {
        self.and(Inline::Code { words: words.into() })
    }

    pub(crate) fn english(self, words: impl Into<String>) -> Self {
        self.and(Inline::English { words: words.into() })
    }

    pub(crate) fn invented(self, words: impl Into<String>) -> Self {
        self.and(Inline::Invented { words: words.into() })
    }

    /// On a line of its own, smaller.
    pub(crate) fn below(self, words: impl Into<String>) -> Self {
        self.and(Inline::Break).and(Inline::Small { words: words.into() })
    }

    /// The same, unless there is nothing to say.
    pub(crate) fn unit(self, words: String) -> Self {
        if words.is_empty() { self } else { self.below(words) }
    }

    /// Set apart from what stands before it by a space.
    pub(crate) fn flag(self, words: Option<String>) -> Self {
        match words {
            Some(words) if self.0.is_empty() => self.and(Inline::Flag { words }),
            Some(words) => self.words(" ").and(Inline::Flag { words }),
            None => self,
        }
    }

    pub(crate) fn and(mut self, inline: Inline) -> Self {
        self.0.push(inline);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        if words.is_empty() { Self::default() } else { Self::default().words(words) }
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}
