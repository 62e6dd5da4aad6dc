//! POSIX ACLs: between the text in a tar and the bytes of the kernel's attribute.
//!
//! GNU tar writes names where the machine that made the tar knew them, whatever
//! `--numeric-owner` says, and resolves them where it extracts. So do we: by this machine's
//! `/etc/passwd` and `/etc/group`. A name that they do not know is refused, never guessed.

/// Tags of entries, in the order in which the kernel keeps them. *Source:* linux/posix_acl.h.
const USER_OBJ: u16 = 0x01;
const USER: u16 = 0x02;
const GROUP_OBJ: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;
const OTHER: u16 = 0x20;

/// The id of entries that name nobody. *Source:* linux/posix_acl_xattr.h.
const NO_ID: u32 = u32::MAX;

/// The attribute's version. *Source:* linux/posix_acl_xattr.h.
const VERSION: u32 = 2;

/// Encodes an ACL such as `user::rwx,user:1000:r-x,group::r-x,mask::r-x,other::---`; `None` for an
/// access ACL that says no more than the permission bits, which the kernel does not keep either.
pub(crate) fn encode(
    text: &[u8],
    is_access: bool,
    permissions: u32,
) -> Result<Option<Vec<u8>>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "its ACL is not text".to_owned())?;
    let mut entries = Vec::new();
    for line in text.split([',', '\n']) {
        let entry = line.split('#').next().unwrap_or_default().trim();
        if !entry.is_empty() {
            entries.push(parse_entry(entry)?);
        }
    }
    entries.sort_unstable();
    if entries.is_empty() || (is_access && entries.len() <= 3) {
        return Ok(None);
    }
    let mut bytes = VERSION.to_le_bytes().to_vec();
    for (tag, id, rights) in entries {
        // The archive's mode is what the kernel had derived from these entries.
        let rights = match (is_access, tag) {
            (true, USER_OBJ) => (permissions >> 6 & 7) as u16,
            (true, MASK) => (permissions >> 3 & 7) as u16,
            (true, OTHER) => (permissions & 7) as u16,
            _ => rights,
        };
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&rights.to_le_bytes());
        bytes.extend_from_slice(&id.to_le_bytes());
    }
    Ok(Some(bytes))
}

/// Writes the kernel's attribute as text with numeric ids; `None` where the bytes are no ACL.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let (version, entries) = bytes.split_first_chunk::<4>()?;
    let (entries, rest) = entries.as_chunks::<8>();
    if *version != VERSION.to_le_bytes() || !rest.is_empty() {
        return None;
    }
    let mut lines = Vec::with_capacity(entries.len());
    for [tag0, tag1, rights0, rights1, id @ ..] in entries {
        let id = u32::from_le_bytes(*id);
        let who = match u16::from_le_bytes([*tag0, *tag1]) {
            USER_OBJ => "user:".to_owned(),
            USER => format!("user:{id}"),
            GROUP_OBJ => "group:".to_owned(),
            GROUP => format!("group:{id}"),
            MASK => "mask:".to_owned(),
            OTHER => "other:".to_owned(),
            _ => return None,
        };
        let rights = u16::from_le_bytes([*rights0, *rights1]);
        let letter = |bit, letter| if rights & bit != 0 { letter } else { '-' };
        lines.push(format!("{who}:{}{}{}", letter(4, 'r'), letter(2, 'w'), letter(1, 'x')));
    }
    Some(lines.join(","))
}

fn parse_entry(entry: &str) -> Result<(u16, u32, u16), String> {
    let malformed = || format!("'{entry}' is not an ACL entry");
    let parts: Vec<&str> = entry.split(':').collect();
    // libarchive appends the numeric id after the rights.
    let (kind, name, rights, id) = match parts[..] {
        [kind, name, rights] => (kind, name, rights, None),
        [kind, name, rights, id] => (kind, name, rights, Some(id)),
        _ => return Err(malformed()),
    };
    let tag = match (kind, name) {
        ("user" | "u", "") => USER_OBJ,
        ("user" | "u", _) => USER,
        ("group" | "g", "") => GROUP_OBJ,
        ("group" | "g", _) => GROUP,
        ("mask" | "m", "") => MASK,
        ("other" | "o", "") => OTHER,
        _ => return Err(malformed()),
    };
    let id = match tag {
        USER | GROUP => match id.unwrap_or(name).parse() {
            Ok(id) => id,
            Err(_) => resolve(tag, name)?,
        },
        _ => NO_ID,
    };
    let rights = rights.chars().try_fold(0, |bits, right| match right {
        'r' => Ok(bits | 4),
        'w' => Ok(bits | 2),
        'x' => Ok(bits | 1),
        '-' => Ok(bits),
        _ => Err(malformed()),
    })?;
    Ok((tag, id, rights))
}

/// Finds the id of a user or group of this machine.
fn resolve(tag: u16, name: &str) -> Result<u32, String> {
    let database = if tag == USER { "/etc/passwd" } else { "/etc/group" };
    let text = std::fs::read_to_string(database).unwrap_or_default();
    text.lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| {
            let is_wanted = fields.next() == Some(name);
            is_wanted.then(|| fields.nth(1)?.parse().ok()).flatten()
        })
        .ok_or_else(|| {
            format!(
                "its ACL names '{name}', which {database} of this machine does not know: add the \
                 image from a directory, or make the tar where the name is not known either"
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_the_kernel_bytes() {
        let text = b"user::rw-\nuser:1000:r-x\ngroup::r--\nmask::r-x\nother::r--\n";
        let bytes = encode(text, true, 0o654).unwrap().unwrap();
        let expect = "020000000100060\
                      0ffffffff02000500e803000004000400ffffffff10000500ffffffff20000400ffffffff";
        assert_eq!(wire::digest::hex(&bytes), expect);
        let text = decode(&bytes).unwrap();
        assert_eq!(text, "user::rw-,user:1000:r-x,group::r--,mask::r-x,other::r--");
        assert_eq!(decode(&bytes[1..]), None);
    }

    #[test]
    fn plain_access_acls_are_dropped_and_names_refused() {
        assert_eq!(encode(b"user::rw-,group::r--,other::r--", true, 0o644), Ok(None));
        assert!(encode(b"user::rw-,group::r--,other::r--", false, 0).unwrap().is_some());
        assert!(
            encode(b"user::rw-,user:no such:r--,group::r--,mask::r--,other::---", true, 0).is_err()
        );
        assert!(
            encode(b"user::rw-,user:root:r--,group::r--,mask::r--,other::---", true, 0).is_ok()
        );
        assert!(encode(b"user:lisa:rw-:1000", false, 0).is_ok());
        assert!(encode(b"nonsense", true, 0).is_err());
    }
}
