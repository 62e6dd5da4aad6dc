//! Handles entries that Linux cannot hold: removes or repairs them if that is unambiguous, and
//! otherwise refuses the source, with the entry's path.
//!
//! | what | becomes |
//! |---|---|
//! | attributes that no Linux filesystem takes | left out |
//! | ACLs without a mask that they need | with the mask that POSIX computes |
//! | ACL entries of users and groups that the image does not have | left out |
//! | other ACLs that the kernel refuses | left out |
//! | modes of symlinks | 0777, without a finding, because these modes mean nothing |
//! | the owner 4294967295, device numbers above Linux's, names and targets that are too long or empty | refused |

use std::collections::{BTreeMap, HashMap};

use wire::manifest::layout::{S_IFLNK, S_IFMT};
use wire::manifest::{Content, NAME_LEN_MAX, TARGET_LEN_MAX, Tree, TreeInode};

use crate::Refusal;
use crate::error::StoreError;
use crate::finding::Findings;
use diskfs::acl::{self, Accounts, Acl};
use diskfs::xattr;
use wire::units::show_path;

/// Prefix of the names of attributes that hold a tar's ACLs as text; "access" or "default" follows
/// it. The ACLs stay text until the files that define their users and groups have been read. A real
/// attribute's name cannot contain a NUL.
pub(super) const ACL_TEXT: &[u8] = b"\0acl.";

/// Highest device numbers of Linux. *Source:* MINORBITS, linux/kdev_t.h.
const MAJOR_MAX: u32 = (1 << 12) - 1;
const MINOR_MAX: u32 = (1 << 20) - 1;

/// A problem of an inode, reported later with its path.
enum Problem {
    Finding(&'static str, String),
    Refusal(String),
}

/// Repairs a tree whose inodes all have names. Every repair that loses something adds a finding.
pub(super) fn repair(
    tree: &mut Tree,
    accounts: &Accounts,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let mut problems: BTreeMap<usize, Vec<Problem>> = BTreeMap::new();
    for (index, inode) in tree.inodes.iter_mut().enumerate() {
        let found = repair_inode(inode, accounts);
        if !found.is_empty() {
            problems.insert(index, found);
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    let paths = paths(tree);
    for (index, problem) in
        problems.into_iter().flat_map(|(i, all)| all.into_iter().map(move |p| (i, p)))
    {
        let path = paths.get(&index).map(Vec::as_slice).unwrap_or_default();
        match problem {
            Problem::Finding(rule, problem) => findings.add(rule, path, &problem),
            Problem::Refusal(problem) => {
                return Err(Refusal::Inode { path: path.to_vec(), problem }.into());
            }
        }
    }
    Ok(())
}

/// Returns the first path of each inode.
fn paths(tree: &Tree) -> HashMap<usize, Vec<u8>> {
    let mut paths = HashMap::from([(0, Vec::new())]);
    let mut pending = vec![0];
    while let Some(index) = pending.pop() {
        let Content::Directory(children) = &tree.inodes[index].content else { continue };
        let folder = paths.get(&index).cloned().unwrap_or_default();
        for (name, child) in children {
            let join =
                || if folder.is_empty() { name.clone() } else { [&folder[..], name].join(&b'/') };
            paths.entry(*child).or_insert_with(join);
            pending.push(*child);
        }
    }
    paths
}

/// Returns the reason to refuse an inode, if there is one. The tar reader calls this for each
/// member, so that the error names the member.
pub(super) fn refusal(inode: &TreeInode) -> Option<String> {
    if inode.uid == u32::MAX || inode.gid == u32::MAX {
        return Some("its owner is 4294967295, which means no owner: give it one".to_owned());
    }
    match &inode.content {
        Content::Symlink(target)
            if target.is_empty() || target.len() > TARGET_LEN_MAX || target.contains(&0) =>
        {
            let len = target.len();
            Some(format!(
                "its target has {len} bytes, or holds a NUL: a symlink's target has 1 to {TARGET_LEN_MAX} bytes"
            ))
        }
        Content::Directory(children) => {
            let long = children.keys().find(|name| name.len() > NAME_LEN_MAX)?;
            let (start, len) = (show_path(&long[..40]), long.len());
            Some(format!(
                "the name '{start}…' in it has {len} bytes, at most {NAME_LEN_MAX} are possible"
            ))
        }
        Content::CharDevice(major, minor) | Content::BlockDevice(major, minor)
            if *major > MAJOR_MAX || *minor > MINOR_MAX =>
        {
            Some(format!(
                "its device number is {major}:{minor}, Linux has numbers up to {MAJOR_MAX}:{MINOR_MAX}"
            ))
        }
        _ => None,
    }
}

fn repair_inode(inode: &mut TreeInode, accounts: &Accounts) -> Vec<Problem> {
    let mut problems: Vec<Problem> = refusal(inode).map(Problem::Refusal).into_iter().collect();
    if let Content::Symlink(_) = &inode.content {
        inode.permissions = 0o777;
    }
    acl_texts(inode, accounts, &mut problems);
    attributes(inode, &mut problems);
    problems
}

/// Turns ACLs from text into the kernel's attributes.
fn acl_texts(inode: &mut TreeInode, accounts: &Accounts, problems: &mut Vec<Problem>) {
    let mut left_out = |problem: String| problems.push(Problem::Finding("acl", problem));
    let texts: Vec<_> = inode.xattrs.extract_if(.., |name, _| name.starts_with(ACL_TEXT)).collect();
    for (name, text) in texts {
        let which = &name[ACL_TEXT.len()..];
        if which != b"access" && which != b"default" {
            left_out(format!(
                "its ACL of the kind '{}' is left out: Linux has none",
                show_path(which)
            ));
            continue;
        }
        match Acl::from_text(&text, accounts) {
            Err(problem) => {
                left_out(format!("its {} ACL is left out: {problem}", show_path(which)))
            }
            Ok((acl, unknown)) => {
                for name in unknown {
                    let name = show_path(name.as_bytes());
                    left_out(format!(
                        "the entry of '{name}' in its ACL is left out: the image's /etc/passwd and /etc/group have no \
                         such name"
                    ));
                }
                inode.xattrs.insert([&b"system.posix_acl_"[..], which].concat(), acl.to_bytes());
            }
        }
    }
}

/// Removes attributes that no filesystem takes, and normalises the others to the values that the
/// kernel returns.
fn attributes(inode: &mut TreeInode, problems: &mut Vec<Problem>) {
    let kind = inode.mode() & S_IFMT;
    for (name, value) in std::mem::take(&mut inode.xattrs) {
        let value = match xattr::canonical_capability(&name, &value) {
            Some(shorter) => shorter,
            None => value,
        };
        let is_acl = name == acl::ACCESS || name == acl::DEFAULT;
        if let (true, Some(mut acl)) = (is_acl && kind != S_IFLNK, Acl::from_bytes(&value)) {
            if acl.add_mask() {
                let problem = "its ACL has no mask: it gets a mask with all rights of the named users, the named groups and the owner's group";
                problems.push(Problem::Finding("acl", problem.to_owned()));
            }
            if acl.problem().is_none() && (name == acl::ACCESS) {
                // The kernel mirrors an ACL in the permissions, and stores no ACL that adds nothing
                // to them.
                inode.permissions = acl.permissions(inode.permissions);
                if acl.is_minimal() {
                    continue;
                }
            }
            inode.xattrs.insert(name, acl.to_bytes());
        } else {
            inode.xattrs.insert(name, value);
        }
    }
    let xattrs = &mut inode.xattrs;
    let has = |xattrs: &BTreeMap<Vec<u8>, Vec<u8>>, acl: &[u8]| xattrs.contains_key(acl);
    let wrong: Vec<_> = xattrs
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), xattr::problem(kind, name, value)?)))
        .collect();
    for (name, problem) in wrong {
        xattrs.remove(&name);
        // xfs shows ACLs a second time under its own names; the ACL itself is present, so drop the
        // copy silently.
        if xattr::shadow_of(&name).is_some_and(|acl| has(xattrs, acl)) {
            continue;
        }
        let is_acl = name == acl::ACCESS || name == acl::DEFAULT;
        let rule = if is_acl { "acl" } else { "attribute" };
        let name = show_path(&name);
        problems
            .push(Problem::Finding(rule, format!("its attribute '{name}' is left out: {problem}")));
    }
}
