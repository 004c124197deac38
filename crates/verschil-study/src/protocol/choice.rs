//! Closed lists of words: an enum, its ids and its one-sentence meanings, declared once.

/// The ids and meanings of a closed list.
pub(crate) type Options = &'static [(&'static str, &'static str)];

/// Declares an enum whose variants have an id and a sentence.
macro_rules! choice {
    ($(#[doc = $doc:literal])* $name:ident { $($variant:ident = $id:literal : $sentence:literal),+ $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub enum $name {
            $(
                #[doc = $sentence]
                #[serde(rename = $id)]
                $variant,
            )+
        }

        impl $name {
            /// Ids and meanings of every choice.
            pub const OPTIONS: &'static [(&'static str, &'static str)] = &[$(($id, $sentence)),+];

            /// The id, as written in a protocol.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }

            /// The choice with this id.
            #[must_use]
            pub fn from_id(id: &str) -> Option<Self> {
                match id {
                    $($id => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use choice;
