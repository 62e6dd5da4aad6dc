//! Writes tar archives byte by byte: some as well-known tools write them, some malformed.

const BLOCK_LEN: usize = 512;

/// A member of a tar: its pax records, its header and its content.
#[derive(Clone, Debug)]
pub struct Member {
    header: [u8; BLOCK_LEN],
    records: Vec<(Vec<u8>, Vec<u8>)>,
    content: Vec<u8>,
}

/// Makes a member of type `kind`. A name or target of more than 100 bytes goes into a pax record.
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

/// Makes a member for a regular file of mode 0644.
pub fn file(name: &str, content: &str) -> Member {
    member(b'0', name, "", content.as_bytes())
}

/// Makes a member for a directory of mode 0755.
pub fn dir(name: &str) -> Member {
    member(b'5', name, "", b"")
}

/// Makes a member for a symlink of mode 0777.
pub fn symlink(name: &str, target: &str) -> Member {
    member(b'2', name, target, b"").mode(0o777)
}

/// Makes a member for a hard link to an earlier member, without content of its own.
pub fn hard_link(name: &str, target: &str) -> Member {
    member(b'1', name, target, b"")
}

/// Makes a global extended header (pax) with one record.
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

    /// Sets the owner's user and group id, each below 2²¹.
    #[must_use]
    pub fn owner(self, uid: u32, gid: u32) -> Self {
        self.raw(108, format!("{uid:07o}\0{gid:07o}\0").as_bytes())
    }

    /// Overwrites bytes of the header at an offset; [`Member::bytes`] computes the checksum afterwards.
    #[must_use]
    pub fn raw(mut self, at: usize, bytes: &[u8]) -> Self {
        self.put(at, bytes);
        self
    }

    /// Adds a pax record to the extended header, which is in front of the member.
    #[must_use]
    pub fn record(mut self, key: &str, value: &[u8]) -> Self {
        self.records.push((key.as_bytes().to_vec(), value.to_vec()));
        self
    }

    /// Encodes the member with its extended header, padded to whole blocks.
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

/// Encodes a pax record: `LEN key=value\n`. `LEN` is the length of the whole record, with the digits of `LEN` itself.
fn record(key: &[u8], value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut len = rest + 1;
    while len != rest + len.to_string().len() {
        len = rest + len.to_string().len();
    }
    [len.to_string().as_bytes(), b" ", key, b"=", value, b"\n"].concat()
}

/// Encodes members and the two zero blocks that end a tar.
pub fn tar(members: &[Member]) -> Vec<u8> {
    let mut bytes = unended(members);
    bytes.resize(bytes.len() + 2 * BLOCK_LEN, 0);
    bytes
}

/// Encodes members without the two zero blocks that end a tar, as if the tar were truncated.
pub fn unended(members: &[Member]) -> Vec<u8> {
    members.iter().flat_map(Member::bytes).collect()
}
