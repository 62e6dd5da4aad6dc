//! Extended attributes of a member, as tools write them into its extended header.
//!
//! | keyword | written by | value |
//! |---|---|---|
//! | `SCHILY.xattr.NAME` | star, GNU tar, libarchive | the bytes of the attribute |
//! | `SCHILY.acl.KIND` | star, GNU tar, libarchive | an ACL as text |
//! | `RHT.security.selinux` | Red Hat's tar | a label |
//! | `LIBARCHIVE.xattr.NAME` | libarchive | base64, which is not read; a finding if `SCHILY.xattr.NAME` is missing |

use std::collections::BTreeMap;

use wire::manifest::{XATTR_NAME_LEN_MAX, XATTR_VALUE_LEN_MAX};

use super::extended::{ExtendedHeaders, unescape_keyword};
use crate::finding::{Notes, show_start};
use crate::ingest::repair::ACL_TEXT;

/// Returns a member's attributes. ACLs stay text, since the numbers of the users and groups in them
/// are known only at the tar's end.
pub(super) fn xattrs(
    extended: &ExtendedHeaders,
    notes: &mut Notes,
) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, String> {
    let mut found = BTreeMap::new();
    for (key, value) in &extended.pax {
        if let Some(name) = key.strip_prefix(b"SCHILY.xattr.") {
            let name = unescape_keyword(name);
            // Drop oversized attributes now: each of many members may have 16 MiB of them.
            if name.len() > XATTR_NAME_LEN_MAX || value.len() > XATTR_VALUE_LEN_MAX {
                left_out(notes, &name, "names have at most 255 bytes, values 65536");
            } else {
                found.insert(name, value.clone());
            }
        } else if key == b"RHT.security.selinux" {
            // The kernel's value ends in a NUL, the archive's does not.
            let mut label = value.clone();
            label.extend((label.last() != Some(&0)).then_some(0));
            found.insert(b"security.selinux".to_vec(), label);
        } else if let Some(which) = key.strip_prefix(b"SCHILY.acl.") {
            found.insert([ACL_TEXT, which].concat(), value.clone());
        }
        if key.starts_with(b"SCHILY.") && key.contains(&0) {
            return Err(format!("the name of its attribute '{}' holds a NUL", show_start(key)));
        }
    }
    let alone = extended.pax.iter().filter_map(|(key, _)| key.strip_prefix(b"LIBARCHIVE.xattr."));
    for name in alone.map(undo_percent).filter(|name| !found.contains_key(name)) {
        let problem = "the tar holds it only in libarchive's own format, which is not read: write the tar with `bsdtar --options pax:xattrheader=SCHILY`, or with GNU tar";
        left_out(notes, &name, problem);
    }
    Ok(found)
}

fn left_out(notes: &mut Notes, name: &[u8], problem: &str) {
    let name = show_start(name);
    notes.add("attribute", || format!("its attribute '{name}' is left out: {problem}"));
}

/// Undoes libarchive's escapes in a name: a percent sign and two hex digits. *Source:* url_encode,
/// libarchive/archive_write_set_format_pax.c.
fn undo_percent(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((first, after)) = rest.split_first() {
        let digits = after.split_at_checked(2).filter(|_| *first == b'%');
        let byte = digits.and_then(|(digits, after)| {
            let digit = |digit: u8| char::from(digit).to_digit(16);
            Some(((digit(digits[0])? << 4 | digit(digits[1])?) as u8, after))
        });
        let (byte, after) = byte.unwrap_or((*first, after));
        plain.push(byte);
        rest = after;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libarchives_names_are_plain_again() {
        assert_eq!(undo_percent(b"user.a%3Db%20%C3%A4%"), "user.a=b ä%".as_bytes());
        assert_eq!(undo_percent(b"%zz%+1%4"), b"%zz%+1%4");
    }
}
