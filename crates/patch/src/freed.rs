//! Policy for data that a patch frees.

/// Policy for blocks, inode slots, names and journal entries that a patch frees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreedPolicy {
    /// Zero them, so that deleted data does not ship with the next capture.
    Scrub,
    /// Leave them as they are. This dirties the fewest blocks.
    Keep,
}

impl FreedPolicy {
    /// Parses a policy's name; an empty name means the default, [`Self::Scrub`]. `None` for an unknown name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" | "scrub" => Some(Self::Scrub),
            "keep" => Some(Self::Keep),
            _ => None,
        }
    }

    /// Returns the name that [`Self::parse`] reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scrub => "scrub",
            Self::Keep => "keep",
        }
    }
}
