//! Names, tokens and tags of the objects that a run makes.

use std::collections::BTreeSet;
use std::time::Duration;

use data_encoding::HEXLOWER;
use wire::digest::Algorithm;
use wire::name::ImageName;
use wire::run::{IMAGE_TAG, RUN_TAG, Tags};
use wire::target::Target;

/// Longest client token that all services accept.
const TOKEN_LEN: usize = 64;

/// Limit on tags per resource. *Source:* EC2.
pub(super) const TAGS_MAX: usize = 50;

/// Limits on the levels and the characters of a parameter's name. *Source:* SSM.
const LEVELS_MAX: usize = 15;
const PARAMETER_LEN_MAX: usize = 1011;

/// Makes the idempotency token for a step of a target; repetitions of an attempt have the same token.
pub(super) fn token(run: &str, target: &Target, step: &str, attempt: u32) -> String {
    let text = format!("{run}\0{target}\0{step}\0{attempt}");
    let digest = Algorithm::Sha256.digest(text.as_bytes());
    HEXLOWER.encode(digest.hash()).chars().take(TOKEN_LEN).collect()
}

/// Makes an AMI's name from a template, with `{image}`, `{stream}`, `{leaf}`, `{arch}` and `{run}` replaced. The
/// default is the image's name, with `-` for `+`, which AWS does not allow.
///
/// # Errors
/// The name breaks AWS's rules.
pub(super) fn ami_name(
    template: Option<&str>,
    image: &ImageName,
    arch: &str,
    run: &str,
) -> Result<String, String> {
    let name = match template {
        Some(template) => filled(template, image, arch, run),
        None => image.as_str().replace('+', "-"),
    };
    let otherwise = "name another with --ami-name, such as '{leaf}-{arch}'";
    checked("AMI name", name, otherwise)
}

/// Makes a watermark's name from a template, with the same placeholders as an AMI's name.
///
/// # Errors
/// The name breaks AWS's rules.
pub(super) fn watermark(
    template: &str,
    image: &ImageName,
    arch: &str,
    run: &str,
) -> Result<String, String> {
    checked("watermark", filled(template, image, arch, run), "use another --watermark")
}

/// Checks AWS's rules for names of AMIs and watermarks.
fn checked(what: &str, name: String, otherwise: &str) -> Result<String, String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "()[] ./-'@_".contains(c);
    if let Some(bad) = name.chars().find(|c| !is_allowed(*c)) {
        return Err(format!(
            "the {what} '{name}' holds {bad:?}: letters, digits and ()[] ./-'@_ are allowed"
        ));
    }
    if !(3..=128).contains(&name.len()) {
        return Err(format!(
            "the {what} '{name}' has {} characters, not 3 to 128: {otherwise}",
            name.len()
        ));
    }
    Ok(name)
}

/// Makes a parameter's name from a template, with the same placeholders as an AMI's name.
///
/// # Errors
/// The name breaks AWS's rules.
pub(super) fn parameter_name(
    template: &str,
    image: &ImageName,
    arch: &str,
    run: &str,
) -> Result<String, String> {
    let name = filled(template, image, arch, run);
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    if let Some(bad) = name.chars().find(|c| !is_allowed(*c)) {
        return Err(format!(
            "the parameter '{name}' holds {bad:?}: letters, digits and _.-/ are allowed"
        ));
    }
    let levels = name.trim_start_matches('/').split('/').collect::<Vec<_>>();
    let is_path = name.starts_with('/') || levels.len() == 1;
    let is_whole = levels.iter().all(|level| !level.is_empty()) && levels.len() <= LEVELS_MAX;
    if !is_path || !is_whole || name.len() > PARAMETER_LEN_MAX {
        return Err(format!(
            "the parameter '{name}' has no valid name: expected a path such as /images/{{stream}}/latest, of at most {LEVELS_MAX} levels and {PARAMETER_LEN_MAX} characters"
        ));
    }
    let first = levels.first().map(|level| level.to_ascii_lowercase()).unwrap_or_default();
    if first.starts_with("aws") || first.starts_with("ssm") {
        return Err(format!(
            "the parameter '{name}' begins with a prefix that AWS reserves (aws, ssm): rename it"
        ));
    }
    Ok(name)
}

/// Replaces the placeholders of a template.
fn filled(template: &str, image: &ImageName, arch: &str, run: &str) -> String {
    let (stream, leaf) = (image.stream(), image.leaf());
    let parts = [
        ("{image}", image.as_str()),
        ("{stream}", stream.as_str()),
        ("{leaf}", leaf),
        ("{arch}", arch),
        ("{run}", run),
    ];
    parts.iter().fold(template.to_owned(), |name, (mark, text)| name.replace(mark, text))
}

/// Returns the time of deprecation, RFC 3339 in whole minutes: AWS rounds down to minutes, and accepts only times in
/// the next ten years.
///
/// # Errors
/// The time is too soon or too late.
pub(super) fn deprecation(now: time::OffsetDateTime, after: Duration) -> Result<String, String> {
    const SOONEST: Duration = Duration::from_secs(600);
    const LATEST: Duration = Duration::from_secs(10 * 365 * 86_400);
    if !(SOONEST..=LATEST).contains(&after) {
        return Err(
            "--expires-in must be between 10 minutes, because publishing must be done by then, and 3650 days"
                .to_owned(),
        );
    }
    let at = now + after;
    let at = at.replace_second(0).unwrap_or(at).replace_nanosecond(0).unwrap_or(at);
    at.format(&time::format_description::well_known::Rfc3339).map_err(|error| error.to_string())
}

/// Longest key and value of a tag in characters. *Source:* the strictest service, the EBS direct APIs; EC2 allows one
/// more.
const TAG_KEY_MAX: usize = 127;
const TAG_VALUE_MAX: usize = 255;

/// Returns the tags of everything that a run makes. They inform people. Before undo removes an object, they prove that
/// the run made it.
///
/// # Errors
/// AWS does not allow a tag, or there are too many.
pub(super) fn tags(
    image: &ImageName,
    manifest: &str,
    run: &str,
    own: impl IntoIterator<Item = (String, String)>,
    options: impl IntoIterator<Item = (String, String)>,
) -> Result<Tags, String> {
    let mut tags = Tags::from([
        ("Name".to_owned(), image.to_string()),
        (IMAGE_TAG.to_owned(), image.to_string()),
        ("imprint:manifest".to_owned(), manifest.to_owned()),
        (RUN_TAG.to_owned(), run.to_owned()),
    ]);
    tags.extend(options);
    let mut given = BTreeSet::new();
    for (key, value) in own {
        if !given.insert(key.clone()) {
            return Err(format!("the tag '{key}' is given twice"));
        }
        if key.starts_with("aws:") || key.starts_with("imprint:") {
            return Err(format!("the tag '{key}' has a reserved prefix: use another one"));
        }
        tags.insert(key, value);
    }
    for (key, value) in &tags {
        let (key_len, value_len) = (key.chars().count(), value.chars().count());
        if key_len == 0 || key_len > TAG_KEY_MAX || value_len > TAG_VALUE_MAX {
            return Err(format!(
                "the tag '{key}' has {key_len} characters and its value {value_len}: a key may have 1 to {TAG_KEY_MAX}, a value at most {TAG_VALUE_MAX}"
            ));
        }
        if let Some(bad) =
            [key, value].into_iter().flat_map(|text| text.chars()).find(|c| c.is_control())
        {
            return Err(format!("the tag '{key}' holds {bad:?}, which AWS does not take"));
        }
    }
    if tags.len() > TAGS_MAX {
        return Err(format!(
            "the AMIs would get {} tags, and AWS allows {TAGS_MAX}: leave out some of --tag",
            tags.len()
        ));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_by_what_is_made() {
        let target = |region: &str| Target {
            account: "dev".parse().unwrap(),
            region: region.parse().unwrap(),
        };
        let one = token("r", &target("us-east-1"), "snapshot", 1);
        assert_eq!(one.len(), 64);
        assert_eq!(one, token("r", &target("us-east-1"), "snapshot", 1));
        for other in [
            token("s", &target("us-east-1"), "snapshot", 1),
            token("r", &target("us-east-2"), "snapshot", 1),
            token("r", &target("us-east-1"), "snapshot", 2),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn names_follow_templates() {
        let image: ImageName = "base/debian-12/2026.11".parse().unwrap();
        let name = |template| ami_name(Some(template), &image, "x86_64", "r1");
        let plus: ImageName = "base/debian+nginx/1.0+2".parse().unwrap();
        assert_eq!(ami_name(None, &plus, "x86_64", "r1").unwrap(), "base/debian-nginx/1.0-2");
        assert!(ami_name(Some("{image}"), &plus, "x86_64", "r1").is_err());
        assert_eq!(name("{image}").unwrap(), "base/debian-12/2026.11");
        assert_eq!(name("{leaf} ({arch})").unwrap(), "2026.11 (x86_64)");
        assert!(name("{image}:x").unwrap_err().contains("':'"));
        assert!(name("ab").is_err());
        assert!(name(&"x".repeat(129)).is_err());
    }

    #[test]
    fn parameters_are_paths() {
        let image: ImageName = "base/debian-12/2026.11".parse().unwrap();
        let name = |template: &str| parameter_name(template, &image, "arm64", "r1");
        assert_eq!(name("/images/{stream}/{arch}").unwrap(), "/images/base/debian-12/arm64");
        assert_eq!(name("latest").unwrap(), "latest");
        for bad in ["", "/", "/a//b", "/aws/x", "SSM-x", "a/b", "/a b", &"/a".repeat(16)] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn tags_of_others_are_refused() {
        let image: ImageName = "s/1".parse().unwrap();
        let with = |key: &str| tags(&image, "m", "r", [(key.to_owned(), "v".to_owned())], []);
        assert_eq!(with("team").unwrap().len(), 5);
        assert!(with("aws:x").is_err());
        assert!(with(RUN_TAG).is_err());
        assert!(with("").is_err());
        assert!(with(&"ü".repeat(127)).is_ok());
        assert!(with(&"x".repeat(128)).is_err());
    }

    #[test]
    fn dates_are_in_the_future_that_aws_takes() {
        let now = time::macros::datetime!(2026-11-28 10:20:30.5 UTC);
        let after = |seconds| deprecation(now, Duration::from_secs(seconds));
        assert_eq!(after(86_400).unwrap(), "2026-11-29T10:20:00Z");
        assert!(after(30).is_err());
        assert!(after(20 * 365 * 86_400).is_err());
    }
}
