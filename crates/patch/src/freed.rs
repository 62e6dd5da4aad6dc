//! What happens to data that a patch frees.

/// What happens to blocks, inode slots, names and journal entries that a patch frees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreedPolicy {
    /// They are zeroed, so that what was deleted does not ship with the next capture.
    Scrub,
    /// They are left as they are: the fewest dirty blocks.
    Keep,
}

impl FreedPolicy {
    /// Reads a policy's name; an empty one is the default, to scrub.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" | "scrub" => Some(Self::Scrub),
            "keep" => Some(Self::Keep),
            _ => None,
        }
    }

    /// Returns the policy's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scrub => "scrub",
            Self::Keep => "keep",
        }
    }
}
