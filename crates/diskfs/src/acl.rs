//! POSIX ACLs: as text in a tar, as bytes in the kernel's attribute, and the rules that the kernel
//! enforces.
//!
//! GNU tar writes the names that users and groups had on the archiving machine, even with
//! `--numeric-owner`. Only the image's own `/etc/passwd` and `/etc/group` say which numbers these
//! names stand for ([`Accounts`]). With the host's files, the same tar would mean something else on
//! each host.

use std::collections::HashMap;

use wire::manifest::layout::S_IFDIR;

/// Tags of entries, in the kernel's order. *Source:* linux/posix_acl.h.
const USER_OBJ: u16 = 0x01;
const USER: u16 = 0x02;
const GROUP_OBJ: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;
const OTHER: u16 = 0x20;

/// Id of entries that name no user or group. *Source:* linux/posix_acl_xattr.h.
const NO_ID: u32 = u32::MAX;

/// Version of the attribute's format. *Source:* linux/posix_acl_xattr.h.
const VERSION: u32 = 2;

/// Attribute with an inode's own ACL.
pub const ACCESS: &[u8] = b"system.posix_acl_access";
/// Attribute with the ACL that new entries of a directory inherit.
pub const DEFAULT: &[u8] = b"system.posix_acl_default";

/// An entry of an ACL; `rights` are the bits r = 4, w = 2, x = 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    tag: u16,
    id: u32,
    rights: u16,
}

/// An ACL, sorted by tags. It might break the kernel's rules: [`Acl::problem`] checks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acl(Vec<Entry>);

/// Numbers of an image's users and groups, by name.
#[derive(Debug, Default)]
pub struct Accounts {
    users: HashMap<String, u32>,
    groups: HashMap<String, u32>,
}

impl Accounts {
    /// Adds the users of a file like `/etc/passwd`; the first entry of a name counts.
    pub fn add_users(&mut self, file: &[u8]) {
        add(&mut self.users, file);
    }

    /// Adds the groups of a file like `/etc/group`; the first entry of a name counts.
    pub fn add_groups(&mut self, file: &[u8]) {
        add(&mut self.groups, file);
    }
}

/// Adds the names and numbers of a file like `/etc/passwd` or `/etc/group`: each line has a name in its
/// first field and a number in its third.
fn add(ids: &mut HashMap<String, u32>, file: &[u8]) {
    for line in String::from_utf8_lossy(file).lines() {
        let mut fields = line.split(':');
        let name = fields.next().unwrap_or_default();
        if let Some(id) = fields.nth(1).and_then(|id| id.parse().ok()) {
            ids.entry(name.to_owned()).or_insert(id);
        }
    }
}

impl Acl {
    /// Parses an ACL such as `user::rwx,user:1000:r-x,group::r-x,mask::r-x,other::---`. Leaves out
    /// entries with names that `of` does not know, and returns these names too.
    ///
    /// # Errors
    /// The problem with the text, in words.
    pub fn from_text(text: &[u8], of: &Accounts) -> Result<(Self, Vec<String>), String> {
        let text = std::str::from_utf8(text).map_err(|_| "it is not text".to_owned())?;
        let (mut entries, mut unknown) = (Vec::new(), Vec::new());
        for line in text.split([',', '\n']) {
            let entry = line.split('#').next().unwrap_or_default().trim();
            if entry.is_empty() {
                continue;
            }
            match parse_entry(entry, of)? {
                Ok(entry) => entries.push(entry),
                Err(name) => unknown.push(name),
            }
        }
        entries.sort_unstable();
        Ok((Self(entries), unknown))
    }

    /// Decodes the kernel's attribute; `None` if the bytes are not an ACL.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, entries) = bytes.split_first_chunk::<4>()?;
        let (entries, rest) = entries.as_chunks::<8>();
        if *version != VERSION.to_le_bytes() || !rest.is_empty() {
            return None;
        }
        let entry = |[tag0, tag1, rights0, rights1, id @ ..]: [u8; 8]| {
            let tag = u16::from_le_bytes([tag0, tag1]);
            let rights = u16::from_le_bytes([rights0, rights1]);
            let id = if matches!(tag, USER | GROUP) { u32::from_le_bytes(id) } else { NO_ID };
            Entry { tag, id, rights }
        };
        let mut entries: Vec<Entry> = entries.iter().copied().map(entry).collect();
        // The sort is stable, because among entries of one tag the first that fits counts.
        entries.sort_by_key(|entry| entry.tag);
        Some(Self(entries))
    }

    /// Encodes the ACL as the kernel's attribute.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = VERSION.to_le_bytes().to_vec();
        for Entry { tag, id, rights } in &self.0 {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&rights.to_le_bytes());
            bytes.extend_from_slice(&id.to_le_bytes());
        }
        bytes
    }

    /// Adds a mask, the union of the group class's rights, if the ACL names users or groups and has
    /// no mask. Returns whether it added one. *Source:* acl_calc_mask(3).
    pub fn add_mask(&mut self) -> bool {
        let is_of_class = |entry: &&Entry| matches!(entry.tag, USER | GROUP_OBJ | GROUP);
        if self.rights(MASK).is_some() || self.is_minimal() {
            return false;
        }
        let rights = self.0.iter().filter(is_of_class).fold(0, |all, entry| all | entry.rights);
        self.0.push(Entry { tag: MASK, id: NO_ID, rights });
        self.0.sort_by_key(|entry| entry.tag);
        true
    }

    /// Returns the reason why the kernel would refuse the ACL. *Source:* posix_acl_valid,
    /// linux/fs/posix_acl.c.
    pub fn problem(&self) -> Option<&'static str> {
        let count = |tag| self.0.iter().filter(|entry| entry.tag == tag).count();
        if self.0.iter().any(|entry| !matches!(entry.tag, 1 | 2 | 4 | 8 | 0x10 | 0x20)) {
            Some("it has an entry of an unknown kind")
        } else if self.0.iter().any(|entry| entry.rights > 7) {
            Some("it has unknown rights")
        } else if [USER_OBJ, GROUP_OBJ, OTHER].into_iter().any(|tag| count(tag) != 1) {
            Some("it must have one entry each for the owner, the owner's group and others")
        } else if count(MASK) > 1 || (count(MASK) == 0 && !self.is_minimal()) {
            Some("an ACL that names users or groups must have one mask")
        } else if self.0.iter().any(|entry| matches!(entry.tag, USER | GROUP) && entry.id == NO_ID)
        {
            Some("4294967295 is nobody's id")
        } else {
            None
        }
    }

    /// Returns whether the ACL says no more than permission bits do.
    pub fn is_minimal(&self) -> bool {
        !self.0.iter().any(|entry| matches!(entry.tag, USER | GROUP | MASK))
    }

    /// Returns the permissions `before` with the rights of this access ACL. The kernel changes an
    /// inode's permissions in the same way when it sets the inode's access ACL.
    pub fn permissions(&self, before: u32) -> u32 {
        let class = |tag, shift: u32| self.rights(tag).map(|rights| u32::from(rights) << shift);
        let group = class(MASK, 3).or_else(|| class(GROUP_OBJ, 3));
        let (user, other) = (class(USER_OBJ, 6), class(OTHER, 0));
        let kept = |shift: u32| before & (7 << shift);
        before & !0o777
            | user.unwrap_or(kept(6))
            | group.unwrap_or(kept(3))
            | other.unwrap_or(kept(0))
    }

    /// Returns the ACL's length in ext4, in bytes. *Source:* linux/fs/ext4/acl.h.
    pub fn ext4_len(&self) -> usize {
        let len = |entry: &Entry| if matches!(entry.tag, USER | GROUP) { 8 } else { 4 };
        4 + self.0.iter().map(len).sum::<usize>()
    }

    fn rights(&self, tag: u16) -> Option<u16> {
        self.0.iter().find(|entry| entry.tag == tag).map(|entry| entry.rights)
    }

    /// Encodes the ACL as text with numeric ids; `None` if an entry has an unknown tag.
    pub fn to_text(&self) -> Option<String> {
        let mut lines = Vec::with_capacity(self.0.len());
        for Entry { tag, id, rights } in &self.0 {
            let who = match *tag {
                USER_OBJ => "user:".to_owned(),
                USER => format!("user:{id}"),
                GROUP_OBJ => "group:".to_owned(),
                GROUP => format!("group:{id}"),
                MASK => "mask:".to_owned(),
                OTHER => "other:".to_owned(),
                _ => return None,
            };
            let letter = |bit, letter| if rights & bit != 0 { letter } else { '-' };
            lines.push(format!("{who}:{}{}{}", letter(4, 'r'), letter(2, 'w'), letter(1, 'x')));
        }
        Some(lines.join(","))
    }
}

/// Returns the reason why an inode of type `kind` cannot have the ACL attribute `name` with these
/// bytes; `None` if it can.
pub fn problem(kind: u32, name: &[u8], value: &[u8]) -> Option<&'static str> {
    use wire::manifest::layout::S_IFLNK;
    if kind == S_IFLNK {
        return Some("symlinks have no ACL");
    }
    if name == DEFAULT && kind != S_IFDIR {
        return Some("only directories have a default ACL");
    }
    match Acl::from_bytes(value) {
        None => Some("its bytes are no ACL"),
        Some(acl) => acl.problem(),
    }
}

/// Parses one entry; the inner error is a name that `of` does not know.
fn parse_entry(entry: &str, of: &Accounts) -> Result<Result<Entry, String>, String> {
    let malformed = || format!("'{}' is not an ACL entry", entry.escape_debug());
    let parts: Vec<&str> = entry.split(':').collect();
    // star and libarchive append the numeric id after the rights.
    let (kind, name, rights, number) = match parts[..] {
        [kind, name, rights] => (kind, name, rights, ""),
        [kind, name, rights, number] => (kind, name, rights, number),
        _ => return Err(malformed()),
    };
    let (tag, ids) = match (kind, name.is_empty() && number.is_empty()) {
        ("user" | "u", true) => (USER_OBJ, None),
        ("user" | "u", false) => (USER, Some(&of.users)),
        ("group" | "g", true) => (GROUP_OBJ, None),
        ("group" | "g", false) => (GROUP, Some(&of.groups)),
        ("mask" | "m", true) => (MASK, None),
        ("other" | "o", true) => (OTHER, None),
        _ => return Err(malformed()),
    };
    let rights = rights.chars().try_fold(0, |bits, right| match right {
        'r' => Ok(bits | 4),
        'w' => Ok(bits | 2),
        'x' => Ok(bits | 1),
        '-' => Ok(bits),
        _ => Err(malformed()),
    })?;
    let numeric = if number.is_empty() { name } else { number };
    let id = match ids {
        None => Some(NO_ID),
        Some(ids) => numeric.parse().ok().or_else(|| ids.get(name).copied()),
    };
    Ok(id.map(|id| Entry { tag, id, rights }).ok_or_else(|| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Acl, String> {
        Acl::from_text(text, &Accounts::default()).map(|(acl, _)| acl)
    }

    #[test]
    fn text_becomes_the_kernel_bytes() {
        let text = b"user::rw-\nuser:1000:r-x\ngroup::r--\nmask::r-x\nother::r--\n";
        let acl = read(text).unwrap();
        let expect = "020000000100060\
                      0ffffffff02000500e803000004000400ffffffff10000500ffffffff20000400ffffffff";
        assert_eq!(data_encoding::HEXLOWER.encode(&acl.to_bytes()), expect);
        let again = Acl::from_bytes(&acl.to_bytes()).unwrap();
        assert_eq!(again, acl);
        let text = again.to_text().unwrap();
        assert_eq!(text, "user::rw-,user:1000:r-x,group::r--,mask::r-x,other::r--");
        assert_eq!(acl.permissions(0o4000), 0o4654);
        assert_eq!(Acl::from_bytes(&acl.to_bytes()[1..]), None);
        assert!(read(b"nonsense").is_err());
        assert!(read(b"mask:7:r--").is_err());
    }

    #[test]
    fn names_are_those_of_the_image() {
        let mut accounts = Accounts::default();
        accounts.add_users(b"root:x:0:0::/root:/bin/sh\nlisa:x:1000:1000::/:\n");
        accounts.add_groups(b"users:x:777:\nbad\nusers:x:8:\n");
        let text =
            b"user::rw-,user:lisa:r--,user:bob:r--,group::r--,group:users:r--,mask::r--,other::-";
        let (acl, unknown) = Acl::from_text(text, &accounts).unwrap();
        assert_eq!(unknown, ["bob"]);
        let text = acl.to_text().unwrap();
        assert_eq!(text, "user::rw-,user:1000:r--,group::r--,group:777:r--,mask::r--,other::---");
        // The number that star and libarchive append overrides a name, or replaces it.
        for text in [&b"user:lisa:rw-:7"[..], b"user:bob:rw-:7", b"user::rw-:7"] {
            let (acl, _) = Acl::from_text(text, &accounts).unwrap();
            assert_eq!(acl.to_text().unwrap(), "user:7:rw-");
        }
    }

    #[test]
    fn what_the_kernel_refuses_is_known() {
        let problem = |text: &[u8]| read(text).unwrap().problem();
        assert_eq!(problem(b"user::rw-,group::r--,other::r--"), None);
        assert!(problem(b"user::rw-,group::r--").unwrap().contains("others"));
        assert!(problem(b"user::rw-,user::r--,group::r--,other::r--").is_some());
        assert!(problem(b"user::rw-,user:4294967295:r--,group::r--,mask::r--,other::-").is_some());
        let mut acl = read(b"user::rw-,user:7:-w-,group::r--,other::---").unwrap();
        assert!(acl.problem().unwrap().contains("mask"));
        assert!(acl.add_mask());
        assert_eq!(acl.problem(), None);
        assert_eq!(acl.to_text().unwrap(), "user::rw-,user:7:-w-,group::r--,mask::rw-,other::---");
        assert!(!acl.add_mask());
    }
}
