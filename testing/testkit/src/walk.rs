//! Compares two trees, independently of Imprint's code: every field of `lstat` that an image keeps, extended
//! attributes, hard-link groups, holes and content.

use std::collections::{BTreeMap, HashMap};
use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, SeekFrom};
use sha2::Digest;

/// A tree's state: a record for each path from the root; the root's path is empty.
pub type Snapshot = BTreeMap<Vec<u8>, Record>;

/// The state of one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// File type and permission bits.
    pub mode: u32,
    /// User id and group id.
    pub owner: (u32, u32),
    /// Length in bytes; 0 for directories, whose length depends on the filesystem.
    pub size: i64,
    /// Modification time: seconds and nanoseconds.
    pub mtime: (i64, i64),
    /// Number of hard links; 0 for directories, whose number depends on the filesystem.
    pub nlink: u64,
    /// Device number of device nodes; 0 for other types.
    pub rdev: u64,
    /// Target of symlinks; empty for other types.
    pub target: Vec<u8>,
    /// Extended attributes, which include ACLs. The second copy of each ACL that XFS lists is left out.
    pub xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Holes of regular files as offset and length.
    pub holes: Vec<(u64, u64)>,
    /// SHA-256 of a regular file's content; empty for other types. For a hole, its length is hashed instead of its
    /// zeros.
    pub content: Vec<u8>,
    /// The first path, in byte order, with the same inode; empty for the root.
    pub link_leader: Vec<u8>,
}

/// Reads the state of a tree.
///
/// # Errors
/// Errors of any system call: a test must not compare half a tree.
pub fn snapshot(root: &Path) -> io::Result<Snapshot> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = rustix::fs::openat(CWD, root, flags, Mode::empty())?;
    let mut found = Snapshot::new();
    let mut inodes: HashMap<Vec<u8>, (u64, u64)> = HashMap::new();
    let stat = rustix::fs::fstat(&root)?;
    let mut top = record(&root, b".", &stat)?;
    top.link_leader = Vec::new();
    found.insert(Vec::new(), top);
    walk(&root, &[], &mut found, &mut inodes)?;
    let mut leaders: HashMap<(u64, u64), Vec<u8>> = HashMap::new();
    let mut paths: Vec<_> = inodes.into_iter().collect();
    paths.sort();
    for (path, inode) in paths {
        let leader = leaders.entry(inode).or_insert_with(|| path.clone()).clone();
        if let Some(record) = found.get_mut(&path) {
            record.link_leader = leader;
        }
    }
    Ok(found)
}

fn walk(
    dir: &OwnedFd,
    path: &[u8],
    found: &mut Snapshot,
    inodes: &mut HashMap<Vec<u8>, (u64, u64)>,
) -> io::Result<()> {
    for entry in rustix::fs::Dir::read_from(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name == b"." || name == b".." {
            continue;
        }
        let mut child = path.to_vec();
        if !child.is_empty() {
            child.push(b'/');
        }
        child.extend_from_slice(name);
        let stat = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
        found.insert(child.clone(), record(dir, name, &stat)?);
        inodes.insert(child.clone(), (stat.st_dev, stat.st_ino));
        if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
            let below = rustix::fs::openat(dir, name, flags, Mode::empty())?;
            walk(&below, &child, found, inodes)?;
        }
    }
    Ok(())
}

fn record(dir: &OwnedFd, name: &[u8], stat: &rustix::fs::Stat) -> io::Result<Record> {
    let kind = FileType::from_raw_mode(stat.st_mode);
    let is_device = matches!(kind, FileType::CharacterDevice | FileType::BlockDevice);
    let is_directory = kind == FileType::Directory;
    let (holes, content) = match kind {
        FileType::RegularFile => read_file(dir, name, stat.st_size.cast_unsigned())?,
        _ => (Vec::new(), Vec::new()),
    };
    let target = match kind {
        FileType::Symlink => rustix::fs::readlinkat(dir, name, Vec::new())?.into_bytes(),
        _ => Vec::new(),
    };
    Ok(Record {
        mode: stat.st_mode,
        owner: (stat.st_uid, stat.st_gid),
        size: if is_directory { 0 } else { stat.st_size },
        mtime: (stat.st_mtime, i64::try_from(stat.st_mtime_nsec).unwrap_or(-1)),
        nlink: if is_directory { 0 } else { stat.st_nlink },
        rdev: if is_device { stat.st_rdev } else { 0 },
        target,
        xattrs: xattrs(dir, name)?,
        holes,
        content,
        link_leader: Vec::new(),
    })
}

fn xattrs(dir: &OwnedFd, name: &[u8]) -> io::Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    let mut path = format!("/proc/self/fd/{}/", dir.as_raw_fd()).into_bytes();
    path.extend_from_slice(name);
    let path = CString::new(path)?;
    let mut list = vec![0u8; 65536];
    let len = rustix::fs::llistxattr(&path, &mut list[..])?;
    let mut found = BTreeMap::new();
    for attribute in list[..len].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        // XFS lists each ACL a second time in its own format.
        if attribute.starts_with(b"trusted.SGI_ACL_") {
            continue;
        }
        let mut value = vec![0u8; 65536];
        let len = rustix::fs::lgetxattr(&path, attribute, &mut value[..])?;
        value.truncate(len);
        found.insert(attribute.to_vec(), value);
    }
    Ok(found)
}

type FileContent = (Vec<(u64, u64)>, Vec<u8>);

fn read_file(dir: &OwnedFd, name: &[u8], size: u64) -> io::Result<FileContent> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = rustix::fs::openat(dir, name, flags, Mode::empty())?;
    let mut holes = Vec::new();
    let mut hasher = sha2::Sha256::new();
    let mut position = 0;
    let mut buffer = vec![0; 1 << 20];
    while position < size {
        let data = match rustix::fs::seek(&file, SeekFrom::Data(position)) {
            Err(rustix::io::Errno::NXIO) => size,
            other => other?,
        };
        if data > position {
            holes.push((position, data - position));
            // Hashes a hole's length instead of its zeros: hashing a terabyte of zeros proves nothing.
            hasher.update(b"hole");
            hasher.update((data - position).to_le_bytes());
        }
        let end = match data {
            data if data == size => size,
            data => rustix::fs::seek(&file, SeekFrom::Hole(data))?.min(size),
        };
        let mut offset = data;
        while offset < end {
            let want = buffer.len().min((end - offset) as usize);
            let len = rustix::io::pread(&file, &mut buffer[..want], offset)?;
            if len == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            hasher.update(&buffer[..len]);
            offset += len as u64;
        }
        position = end;
    }
    Ok((holes, hasher.finalize().to_vec()))
}

/// Returns the differences between two trees, a line per path; an empty list means equal.
pub fn differences(left: &Snapshot, right: &Snapshot) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, a) in left {
        let name = String::from_utf8_lossy(&path[..path.len().min(200)]);
        match right.get(path) {
            None => lines.push(format!("only left: {name}")),
            Some(b) if a != b => lines.push(format!("{name}: {}", fields(a, b).join(", "))),
            Some(_) => {}
        }
    }
    for path in right.keys().filter(|path| !left.contains_key(*path)) {
        lines
            .push(format!("only right: {}", String::from_utf8_lossy(&path[..path.len().min(200)])));
    }
    lines
}

fn fields(a: &Record, b: &Record) -> Vec<String> {
    let mut found = Vec::new();
    let mut field = |name: &str, a: &dyn std::fmt::Debug, b: &dyn std::fmt::Debug| {
        let (a, b) = (format!("{a:?}"), format!("{b:?}"));
        if a != b {
            found.push(format!("{name} {a} ≠ {b}"));
        }
    };
    field("mode", &format!("{:o}", a.mode), &format!("{:o}", b.mode));
    field("owner", &a.owner, &b.owner);
    field("size", &a.size, &b.size);
    field("mtime", &a.mtime, &b.mtime);
    field("nlink", &a.nlink, &b.nlink);
    field("rdev", &a.rdev, &b.rdev);
    field("target", &a.target, &b.target);
    field("xattrs", &a.xattrs, &b.xattrs);
    field("holes", &a.holes, &b.holes);
    field("content", &a.content, &b.content);
    field("links", &a.link_leader, &b.link_leader);
    found
}
