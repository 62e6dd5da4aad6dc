//! Linux's rules for extended attributes on each kind of inode.

use wire::manifest::layout::{S_IFDIR, S_IFREG};
use wire::manifest::{XATTR_NAME_LEN_MAX, XATTR_VALUE_LEN_MAX};

use crate::acl;

/// Prefix of XFS's own attributes for ACLs. The kernel sets such an attribute without checking that
/// the ACL is valid. *Source:* linux/fs/xfs/xfs_acl.h.
const XFS_ACL: &[u8] = b"trusted.SGI_ACL_";

/// Attribute with a file's capabilities. It begins with a word that holds the version and a flag;
/// the sets of capabilities follow. *Source:* linux/capability.h.
const CAPABILITY: &[u8] = b"security.capability";
const CAPABILITY_V2: u32 = 0x0200_0000;
const CAPABILITY_V2_LEN: usize = 20;
const CAPABILITY_V3: u32 = 0x0300_0000;
const CAPABILITY_V3_LEN: usize = 24;
/// The flag: the capabilities are effective when the program starts.
const CAPABILITY_EFFECTIVE: u32 = 1;

/// Returns the reason why no Linux filesystem takes this attribute on an inode of type `kind`;
/// `None` if the kernel allows it. *Source:* xattr(7); linux/fs/xattr.c.
pub fn problem(kind: u32, name: &[u8], value: &[u8]) -> Option<&'static str> {
    let is_in = |namespace: &[u8]| name.starts_with(namespace);
    let is_named = |namespace: &[u8]| name.len() > namespace.len();
    if name.len() > XATTR_NAME_LEN_MAX || value.len() > XATTR_VALUE_LEN_MAX {
        return Some("names have at most 255 bytes, values 65536");
    }
    match name {
        acl::ACCESS | acl::DEFAULT => acl::problem(kind, name, value),
        _ if is_in(XFS_ACL) => Some("it is xfs's own copy of an ACL, and ACLs are kept as ACLs"),
        b"user." | b"trusted." | b"security." => Some("its name has nothing after the namespace"),
        _ if is_in(b"user.") && !matches!(kind, S_IFREG | S_IFDIR) => {
            Some("only files and directories can have attributes of the namespace user")
        }
        CAPABILITY if !is_capability(value) => Some("its bytes are no capabilities"),
        b"security.ima" | b"security.evm" if value.is_empty() => Some("it is empty"),
        _ if [&b"user."[..], b"trusted.", b"security."].iter().any(|n| is_in(n) && is_named(n)) => {
            None
        }
        _ => Some("its name is in none of Linux's namespaces"),
    }
}

/// Returns whether the length and the first word are those of capabilities; the kernel refuses a
/// word with other bits. *Source:* validheader, linux/security/commoncap.c.
fn is_capability(value: &[u8]) -> bool {
    let word = value.first_chunk().map(|word| u32::from_le_bytes(*word) & !CAPABILITY_EFFECTIVE);
    matches!(
        (value.len(), word),
        (CAPABILITY_V2_LEN, Some(CAPABILITY_V2)) | (CAPABILITY_V3_LEN, Some(CAPABILITY_V3))
    )
}

/// If `name` is XFS's own copy of an ACL attribute, returns the name of that ACL attribute; `None`
/// otherwise.
pub fn shadow_of(name: &[u8]) -> Option<&'static [u8]> {
    match name.strip_prefix(XFS_ACL)? {
        b"FILE" => Some(acl::ACCESS),
        b"DEFAULT" => Some(acl::DEFAULT),
        _ => None,
    }
}

/// Returns the shorter form of version 3 capabilities that belong to root in the first user
/// namespace. The kernel, too, returns them in this form: as version 2, without root's number.
/// `None` for all other attributes. *Source:* cap_inode_getsecurity, linux/security/commoncap.c.
pub fn canonical_capability(name: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let is_of_root = value.len() == CAPABILITY_V3_LEN && value[CAPABILITY_V2_LEN..] == [0; 4];
    if name != CAPABILITY || !is_capability(value) || !is_of_root {
        return None;
    }
    let mut shorter = value[..CAPABILITY_V2_LEN].to_vec();
    shorter[3] = 2;
    Some(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::manifest::layout::S_IFLNK;

    #[test]
    fn what_linux_does_not_take_is_known() {
        for name in ["user.a", "trusted.a", "security.selinux", "user.k=v%"] {
            assert_eq!(problem(S_IFREG, name.as_bytes(), b"x"), None, "{name}");
        }
        for name in ["com.apple.provenance", "user.", "user", "system.nfs4_acl", "", "trusted."] {
            assert!(problem(S_IFREG, name.as_bytes(), b"x").is_some(), "{name}");
        }
        assert!(problem(S_IFLNK, b"user.a", b"x").is_some());
        assert_eq!(problem(S_IFLNK, b"security.a", b"x"), None);
        assert!(problem(S_IFREG, b"trusted.SGI_ACL_FILE", b"").is_some());
        assert!(
            problem(S_IFREG, &[b"user."[..].to_vec(), vec![b'a'; 251]].concat(), b"").is_some()
        );
        assert!(problem(S_IFREG, b"user.a", &[0; 65537]).is_some());
    }

    #[test]
    fn capabilities_are_as_the_kernel_keeps_them() {
        let mut v3 = [0; 24];
        v3[3] = 3;
        assert_eq!(problem(S_IFREG, CAPABILITY, &v3), None);
        let mut v2 = [0; 20];
        v2[3] = 2;
        assert_eq!(canonical_capability(CAPABILITY, &v3), Some(v2.to_vec()));
        v3[20] = 1;
        assert_eq!(canonical_capability(CAPABILITY, &v3), None);
        assert!(problem(S_IFREG, CAPABILITY, &v3[..12]).is_some());
        v2[0] = 1;
        assert_eq!(problem(S_IFREG, CAPABILITY, &v2), None);
        for (start, len) in [([2, 0, 0, 2], 20), ([0, 1, 0, 2], 20), ([4, 0, 0, 3], 24)] {
            let value = [&start[..], &[0; 20]].concat();
            assert!(problem(S_IFREG, CAPABILITY, &value[..len]).is_some(), "{start:?}");
        }
    }
}
