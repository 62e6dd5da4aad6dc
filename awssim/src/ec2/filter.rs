//! Filters and paging of EC2's lists.

use crate::answer::Refusal;
use crate::request::Params;
use crate::world::Tags;

use super::bad_value;

/// A snapshot or AMI of a list, as filters see it.
pub(super) trait Filtered {
    /// Returns the values that a filter of this name compares; `None` if there is no filter of this name.
    fn values(&self, name: &str) -> Option<Vec<String>>;
    /// Returns the tags, for the filters `tag:KEY` and `tag-key`.
    fn tags(&self) -> &Tags;
}

/// Returns whether a snapshot or AMI passes all filters. It passes a filter if one of the filter's patterns matches one
/// of its values.
pub(super) fn matches(filters: &[Params], thing: &impl Filtered) -> Result<bool, Refusal> {
    for filter in filters {
        let name = filter.need("Name")?;
        let found = match name.strip_prefix("tag:") {
            Some(key) => thing.tags().get(key).cloned().into_iter().collect(),
            None if name == "tag-key" => thing.tags().keys().cloned().collect(),
            None => thing.values(name).ok_or_else(|| bad_value("Filter.Name", name))?,
        };
        let wanted = filter.list("Value");
        if !wanted.iter().any(|pattern| found.iter().any(|value| is_like(pattern, value))) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns whether a value matches a pattern, in which `*` is any text and `?` one character.
fn is_like(pattern: &str, value: &str) -> bool {
    match pattern.split_at_checked(1) {
        None => value.is_empty(),
        Some(("*", rest)) => {
            (0..=value.len()).filter_map(|at| value.get(at..)).any(|tail| is_like(rest, tail))
        }
        Some((first, rest)) => value
            .split_at_checked(1)
            .is_some_and(|(head, tail)| (first == "?" || first == head) && is_like(rest, tail)),
    }
}

/// Returns the requested page of a list, and the token of the next page.
pub(super) fn page<T>(params: &Params, items: Vec<T>) -> Result<(Vec<T>, Option<String>), Refusal> {
    let len = params.number("MaxResults")?.map_or(1000, |len| len as usize);
    if !(5..=1000).contains(&len) {
        return Err(bad_value("MaxResults", &len.to_string()));
    }
    let from = params.number("NextToken")?.unwrap_or(0) as usize;
    let next = (from + len < items.len()).then(|| (from + len).to_string());
    Ok((items.into_iter().skip(from).take(len).collect(), next))
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, value, expected) in
            [("a*c", "abbc", true), ("a*c", "ac", true), ("a?c", "ac", false), ("", "a", false)]
        {
            assert_eq!(is_like(pattern, value), expected, "{pattern} {value}");
        }
    }
}
