//! Tars written byte by byte: what well-known tools write, and what no tool would.

const BLOCK_LEN: usize = 512;

/// A member: its header, what extends it, its content.
#[derive(Clone, Debug)]
pub struct Member {
    header: [u8; BLOCK_LEN],
    records: Vec<(Vec<u8>, Vec<u8>)>,
    content: Vec<u8>,
}

/// Makes a member of any kind. Names and targets that are too long for a header go into a record.
pub fn member(kind: u8, name: &str, target: &str, content: &[u8]) -> Member {
    let mut member =
        Member { header: [0; BLOCK_LEN], records: Vec::new(), content: content.to_vec() };
    member.put(0, &name.as_bytes()[..name.len().min(100)]);
    member.put(157, &target.as_bytes()[..target.len().min(100)]);
    for (key, text) in [("path", name), ("linkpath", target)] {
        if text.len() > 100 {
            member = member.record(key, text.as_bytes());
        }
    }
    member.put(124, format!("{:011o}", content.len()).as_bytes());
    member.put(136, b"14524770000");
    member.put(156, &[kind]);
    member.put(257, b"ustar\x0000");
    member.owner(0, 0).mode(if kind == b'5' { 0o755 } else { 0o644 })
}

/// Makes a file.
pub fn file(name: &str, content: &str) -> Member {
    member(b'0', name, "", content.as_bytes())
}

/// Makes a directory.
pub fn dir(name: &str) -> Member {
    member(b'5', name, "", b"")
}

/// Makes a symlink.
pub fn symlink(name: &str, target: &str) -> Member {
    member(b'2', name, target, b"").mode(0o777)
}

/// Makes a hard link.
pub fn hard_link(name: &str, target: &str) -> Member {
    member(b'1', name, target, b"")
}

/// Makes a global header.
pub fn global(key: &str, value: &str) -> Member {
    member(b'g', "pax_global_header", "", &record(key.as_bytes(), value.as_bytes()))
}

impl Member {
    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.header[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Sets the permission bits.
    #[must_use]
    pub fn mode(self, mode: u32) -> Self {
        self.raw(100, format!("{mode:07o}\0").as_bytes())
    }

    /// Sets user and group, below 2²¹.
    #[must_use]
    pub fn owner(self, uid: u32, gid: u32) -> Self {
        self.raw(108, format!("{uid:07o}\0{gid:07o}\0").as_bytes())
    }

    /// Sets bytes of the header; the checksum comes last.
    #[must_use]
    pub fn raw(mut self, at: usize, bytes: &[u8]) -> Self {
        self.put(at, bytes);
        self
    }

    /// Adds a record of an extended header before the member.
    #[must_use]
    pub fn record(mut self, key: &str, value: &[u8]) -> Self {
        self.records.push((key.as_bytes().to_vec(), value.to_vec()));
        self
    }

    /// Returns the member's blocks.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if !self.records.is_empty() {
            let records: Vec<u8> =
                self.records.iter().flat_map(|(key, value)| record(key, value)).collect();
            bytes = member(b'x', "records", "", &records).bytes();
        }
        let mut header = self.header;
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&self.content);
        bytes.resize(bytes.len().next_multiple_of(BLOCK_LEN), 0);
        bytes
    }
}

/// "LEN key=value\n", where LEN counts itself.
fn record(key: &[u8], value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut len = rest + 1;
    while len != rest + len.to_string().len() {
        len = rest + len.to_string().len();
    }
    [len.to_string().as_bytes(), b" ", key, b"=", value, b"\n"].concat()
}

/// Puts members together and ends the tar.
pub fn tar(members: &[Member]) -> Vec<u8> {
    let mut bytes = unended(members);
    bytes.resize(bytes.len() + 2 * BLOCK_LEN, 0);
    bytes
}

/// Puts members together, without the blocks of zeros at the end.
pub fn unended(members: &[Member]) -> Vec<u8> {
    members.iter().flat_map(Member::bytes).collect()
}
