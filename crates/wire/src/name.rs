//! Image and stream names.
//!
//! An image is named `stream/leaf`, such as `base/debian-12/2026-11-23.1`. The *stream* is everything
//! before the last slash, and the *leaf* is the rest. Names become paths in a FUSE tree and in
//! stores, so a component consists only of letters, digits and `. _ + -`. It must not begin with a
//! dot, which rules out `.`, `..` and hidden files.

use std::fmt;
use std::str::FromStr;

/// Longest name in bytes: it must fit a tag value in EC2 (256 characters).
pub const NAME_LEN_MAX: usize = 255;

/// Longest component in bytes: even with one of Imprint's suffixes, it is a valid file name (up to
/// 255 bytes).
pub const COMPONENT_LEN_MAX: usize = 128;

/// A stream of images: one or more components joined by slashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamName(String);

impl StreamName {
    /// Returns the whole name, such as `base/debian-12`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of an image in this stream.
    ///
    /// # Errors
    /// [`NameError`] if the leaf is not a valid component or the whole name is too long.
    pub fn image(&self, leaf: &str) -> Result<ImageName, NameError> {
        format!("{}/{leaf}", self.0).parse()
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for StreamName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check_components(text)?;
        Ok(Self(text.to_owned()))
    }
}

/// The name of one image: a stream and a leaf.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageName {
    text: String,
    stream_len: usize,
}

impl ImageName {
    /// Returns the whole name, `stream/leaf`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the part before the last slash.
    pub fn stream(&self) -> StreamName {
        StreamName(self.text[..self.stream_len].to_owned())
    }

    /// Returns the part after the last slash.
    pub fn leaf(&self) -> &str {
        &self.text[self.stream_len + 1..]
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for ImageName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check_components(text)?;
        let stream_len = text.rfind('/').ok_or_else(|| NameError::NoStream(text.to_owned()))?;
        Ok(Self { text: text.to_owned(), stream_len })
    }
}

/// Reason that a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The name is longer than [`NAME_LEN_MAX`] bytes.
    #[error("name of {found} bytes is too long: at most {NAME_LEN_MAX} are allowed")]
    TooLong {
        /// The name's length in bytes.
        found: usize,
    },
    /// A component has a wrong length or a forbidden character.
    #[error(
        "'{name}': the component '{component}' is not allowed: use 1 to {COMPONENT_LEN_MAX} of \
         letters, digits and '.', '_', '+', '-', not starting with '.'"
    )]
    BadComponent {
        /// The whole name, with control characters escaped.
        name: String,
        /// The first component that breaks the rule, escaped in the same way.
        component: String,
    },
    /// An image name lacks its stream.
    #[error("'{0}' is not an image name: expected STREAM/LEAF, such as base/debian-12/1")]
    NoStream(String),
}

fn check_components(text: &str) -> Result<(), NameError> {
    if text.len() > NAME_LEN_MAX {
        return Err(NameError::TooLong { found: text.len() });
    }
    match text.split('/').find(|component| !is_component(component)) {
        None => Ok(()),
        Some(component) => Err(NameError::BadComponent {
            name: text.escape_debug().to_string(),
            component: component.escape_debug().to_string(),
        }),
    }
}

fn is_component(text: &str) -> bool {
    (1..=COMPONENT_LEN_MAX).contains(&text.len())
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_allowed() {
        for (text, stream, leaf) in [
            ("base/debian-12/1", "base/debian-12", "1"),
            ("a/b", "a", "b"),
            ("a/2026-11-23T10.00+rc_1", "a", "2026-11-23T10.00+rc_1"),
        ] {
            let name: ImageName = text.parse().unwrap();
            assert_eq!((name.stream().as_str(), name.leaf()), (stream, leaf));
        }
    }

    #[test]
    fn names_that_are_refused() {
        let long = format!("a/{}", "x".repeat(COMPONENT_LEN_MAX + 1));
        let deep = "a/".repeat(NAME_LEN_MAX) + "a";
        for text in [
            "",
            "a",
            "/a/b",
            "a//b",
            "a/b/",
            "../a/b",
            "a/..",
            "a/./b",
            "a/.hidden",
            "a/b c",
            "a/b\0",
            "a/ü",
            "a/b\n",
            &long,
            &deep,
        ] {
            assert!(text.parse::<ImageName>().is_err(), "{text:?}");
        }
    }
}
