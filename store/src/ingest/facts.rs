//! Reads an image's architecture and distribution from its content. The server judges from the
//! manifest how the image boots ([`crate::boot`]).

use std::collections::{BTreeMap, HashMap};

use wire::manifest::{Content, Tree};
use wire::proto::ImageFacts;

use diskfs::acl::Accounts;

/// Paths of os-release, in order of precedence.
const OS_RELEASE: [CapturedPath; 2] = [b"etc/os-release", b"usr/lib/os-release"];

/// Files of users and of groups, in order of precedence: some distributions keep system users and
/// groups in /usr/lib.
const USERS: [CapturedPath; 2] = [b"etc/passwd", b"usr/lib/passwd"];
const GROUPS: [CapturedPath; 2] = [b"etc/group", b"usr/lib/group"];

/// Limit on the length of each of these files, in bytes; real ones are far shorter.
const CAPTURE_LEN_MAX: usize = 1 << 20;

/// Path of a file whose whole content is kept, because facts are read from it.
pub(super) type CapturedPath = &'static [u8];

/// Returns the static path if facts need the file at `path`.
pub(super) fn wanted(path: &[u8]) -> Option<CapturedPath> {
    [OS_RELEASE, USERS, GROUPS].into_iter().flatten().find(|wanted| *wanted == path)
}

/// The machine that a program was built for: `e_machine` and class of its ELF header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Head {
    machine: u16,
    is_64_bit: bool,
}

impl Head {
    /// Decodes the first bytes of a file; `None` if it is no ELF program or library.
    pub(super) fn of_program(start: &[u8]) -> Option<Self> {
        let head: &[u8; 20] = start.first_chunk()?;
        if head[..4] != *b"\x7fELF" {
            return None;
        }
        let machine = [head[18], head[19]];
        let machine = match head[5] {
            2 => u16::from_be_bytes(machine),
            _ => u16::from_le_bytes(machine),
        };
        Some(Self { machine, is_64_bit: head[4] == 2 })
    }

    /// Returns a number that stands for the machine, which is never 0.
    pub(super) fn to_number(self) -> u32 {
        u32::from(self.machine) | u32::from(self.is_64_bit) << 16 | 1 << 17
    }

    /// Returns the machine that a number stands for; `None` for 0.
    pub(super) fn of_number(number: u32) -> Option<Self> {
        let machine = u16::try_from(number & 0xffff).unwrap_or_default();
        (number != 0).then_some(Self { machine, is_64_bit: number & 1 << 16 != 0 })
    }

    /// Returns the architecture's name in image records; `None` if records have no name for it.
    fn architecture(self) -> Option<&'static str> {
        match (self.machine, self.is_64_bit) {
            (62, true) => Some("x86_64"),
            (3, false) => Some("i386"),
            (183, true) => Some("arm64"),
            (40, false) => Some("arm"),
            (243, true) => Some("riscv64"),
            (21, true) => Some("ppc64le"),
            (22, true) => Some("s390x"),
            _ => None,
        }
    }
}

/// Observations that workers collect while they read files.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Programs: their index in the tree, and their machine.
    pub programs: Vec<(usize, Head)>,
    /// For each wanted path, the content of the last file at that path, and the file's index in the
    /// tree. A tar may hold several members with the same name.
    captured: HashMap<CapturedPath, (usize, Vec<u8>)>,
}

impl Facts {
    /// Keeps a wanted file's content. Workers read in any order, so the file with the highest index
    /// wins.
    pub(super) fn capture(&mut self, path: CapturedPath, index: usize, content: &[u8]) {
        let is_last = self.captured.get(path).is_none_or(|(known, _)| *known <= index);
        if is_last && content.len() <= CAPTURE_LEN_MAX {
            self.captured.insert(path, (index, content.to_vec()));
        }
    }

    /// Returns the content that was read for a wanted path; `None` if the tree has another file
    /// there, or none.
    fn content(&self, tree: &Tree, path: CapturedPath) -> Option<&Vec<u8>> {
        let (index, content) = self.captured.get(path)?;
        (lookup(tree, path)? == *index).then_some(content)
    }

    /// Derives the image's facts from the observations and the tree's names.
    pub(super) fn conclude(&self, tree: &Tree) -> ImageFacts {
        let os_release = OS_RELEASE
            .iter()
            .filter_map(|path| self.content(tree, path))
            .map(|content| parse_os_release(&String::from_utf8_lossy(content)))
            .next()
            .unwrap_or_default();
        ImageFacts {
            architecture: self.architecture().unwrap_or_default().to_owned(),
            os_release: os_release.into_iter().collect(),
            ..ImageFacts::default()
        }
    }

    /// Returns the users and groups of the image, from all files of [`USERS`] and [`GROUPS`].
    pub(super) fn accounts(&self, tree: &Tree) -> Accounts {
        let mut accounts = Accounts::default();
        let files = |paths: [CapturedPath; 2]| {
            let found = paths.map(|path| self.content(tree, path));
            found.into_iter().flatten()
        };
        files(USERS).for_each(|file| accounts.add_users(file));
        files(GROUPS).for_each(|file| accounts.add_groups(file));
        accounts
    }

    /// Returns the architecture that most programs are built for: an image may hold a few programs
    /// for others (firmware, qemu).
    fn architecture(&self) -> Option<&'static str> {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for name in self.programs.iter().filter_map(|(_, head)| head.architecture()) {
            *counts.entry(name).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)
    }
}

fn lookup(tree: &Tree, path: &[u8]) -> Option<usize> {
    path.split(|byte| *byte == b'/').try_fold(0, |index, name| match &tree.inodes[index].content {
        Content::Directory(children) => children.get(name).copied(),
        _ => None,
    })
}

/// Parses `KEY=value` lines with optional quotes. *Source:* os-release(5).
fn parse_os_release(text: &str) -> BTreeMap<String, String> {
    /// Limit on fields in the image's record; further fields are left out. No distribution sets so
    /// many.
    const FIELDS_MAX: usize = 32;
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| {
            (key.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned())
        })
        .take(FIELDS_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn os_release_is_unquoted() {
        let fields = parse_os_release("# x\nID=debian\nPRETTY_NAME=\"Debian 12\"\nbad\n");
        assert_eq!(fields["ID"], "debian");
        assert_eq!(fields["PRETTY_NAME"], "Debian 12");
        assert_eq!(fields.len(), 2);
    }

    #[test]
    fn the_last_content_of_a_path_is_kept_alone() {
        let mut facts = Facts::default();
        let passwd = wanted(b"etc/passwd").unwrap();
        for index in [3, 900, 7, 500] {
            facts.capture(passwd, index, &vec![b'x'; index]);
        }
        facts.capture(passwd, 1000, &vec![0; CAPTURE_LEN_MAX + 1]);
        let kept: Vec<_> = facts.captured.values().map(|(index, c)| (*index, c.len())).collect();
        assert_eq!(kept, [(900, 900)]);
        assert_eq!(wanted(b"etc/shadow"), None);
    }

    #[test]
    fn programs_tell_their_machine() {
        let mut head = *b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0";
        let read = |head: &[u8]| Head::of_program(head).and_then(Head::architecture);
        assert_eq!(read(&head), Some("x86_64"));
        head[18] = 183;
        assert_eq!(read(&head), Some("arm64"));
        assert_eq!(read(b"#!/bin/sh"), None);
    }
}
