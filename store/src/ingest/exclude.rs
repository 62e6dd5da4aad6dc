//! Patterns of paths that an image leaves out.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::Refusal;
use crate::error::StoreError;

/// Patterns of paths to leave out, one per line:
///
/// * A pattern with a slash at the start or inside, such as `/var/cache/apt/*.bin`, is matched from
///   the root.
/// * A pattern without such a slash, such as `*.pyc`, is matched at any depth.
/// * `*` and `?` stay within a component, and `**` crosses components.
/// * A matching directory is left out with all that it holds.
/// * Empty lines and lines that start with `#` are skipped.
#[derive(Debug, Default, Clone)]
pub struct Exclude {
    patterns: Option<GlobSet>,
}

impl Exclude {
    /// Parses patterns; see [`Exclude`] for their form.
    ///
    /// # Errors
    /// [`StoreError::Refused`], which names the faulty line.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let mut builder = GlobSetBuilder::new();
        let lines = text.lines().map(str::trim_end).enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let trimmed = line.trim_end_matches('/');
            if trimmed.is_empty() {
                let problem = "it would leave out everything".to_owned();
                return Err(Refusal::ExcludePattern { line: index + 1, problem }.into());
            }
            let pattern = match trimmed.strip_prefix('/') {
                Some(anchored) => anchored.to_owned(),
                None if trimmed.contains('/') => trimmed.to_owned(),
                None => format!("**/{trimmed}"),
            };
            let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
            builder.add(glob.map_err(|error| Refusal::ExcludePattern {
                line: index + 1,
                problem: error.to_string(),
            })?);
        }
        let patterns =
            builder.build().map_err(|error| Refusal::ExcludePatterns(error.to_string()))?;
        Ok(Self { patterns: Some(patterns) })
    }

    /// Returns whether a path itself matches; the path has no leading slash.
    pub fn matches(&self, path: &[u8]) -> bool {
        self.patterns.as_ref().is_some_and(|patterns| patterns.is_match(OsStr::from_bytes(path)))
    }

    /// Returns whether a path or a directory above it matches.
    pub fn matches_or_is_below(&self, path: &[u8]) -> bool {
        self.patterns.is_some()
            && (self.matches(path)
                || path
                    .iter()
                    .enumerate()
                    .any(|(index, byte)| *byte == b'/' && self.matches(&path[..index])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_anchored_where_they_have_a_slash() {
        let exclude = Exclude::parse("# comment\n\n/tmp/*\n*.pyc\nvar/cache\n/a/**/z\n").unwrap();
        for (path, expect) in [
            ("tmp/x", true),
            ("tmp", false),
            ("usr/tmp/x", false),
            ("a.pyc", true),
            ("usr/lib/a.pyc", true),
            ("var/cache", true),
            ("x/var/cache", false),
            ("a/b/c/z", true),
        ] {
            assert_eq!(exclude.matches(path.as_bytes()), expect, "{path}");
        }
        assert!(exclude.matches_or_is_below(b"var/cache/apt/x"));
        assert!(Exclude::parse("a[").is_err());
        assert!(!Exclude::default().matches(b"x"));
    }
}
