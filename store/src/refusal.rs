//! Reasons why a source cannot become an image, or an image cannot be exported.

use std::path::PathBuf;

use wire::digest::Digest;
use wire::units::show_path;

/// The reason why a source, or a request for an image, is refused. Another attempt would fail in
/// the same way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Export writes only into a new or empty folder, and this one has entries.
    #[error("{path} is not empty: name a new or empty directory", path = .0.display())]
    FolderNotEmpty(PathBuf),
    /// A line of the exclude file is no valid pattern, or matches everything.
    #[error("the exclude pattern in line {line} cannot be used: {problem}")]
    ExcludePattern {
        /// Number of the line, from 1.
        line: usize,
        /// The problem, such as `it would leave out everything`.
        problem: String,
    },
    /// The exclude patterns together are too many or too long.
    #[error("the exclude patterns together cannot be used: {0}")]
    ExcludePatterns(String),
    /// A disk image needs a store with SHA-256, because EBS names blocks by SHA-256; the store has
    /// another digest algorithm.
    #[error(
        "disk images need a store with SHA-256, because EBS names blocks by it, and the server's store has another digest"
    )]
    DiskAlgorithm,
    /// The disk is empty, or longer than the image of a disk can be.
    #[error(
        "the disk has {len} bytes, and an image of a disk has from one sector to {max_gib} GiB"
    )]
    DiskLength {
        /// The disk's length in bytes.
        len: u64,
        /// Limit on a disk's length, in GiB.
        max_gib: u64,
    },
    /// A disk that is being unpacked exceeds the limit; its full length is not known.
    #[error("the disk has {len} bytes or more, and an image of a disk has at most {max_gib} GiB")]
    DiskTooLong {
        /// Length in bytes that unpacking has reached.
        len: u64,
        /// Limit on a disk's length, in GiB.
        max_gib: u64,
    },
    /// The disk has more blocks than a block map can hold.
    #[error("'{0}' is larger than any volume")]
    DiskLargerThanVolume(String),
    /// The file that contains the disk cannot be read to its end.
    #[error("the disk's file is damaged, or was cut off: {0}")]
    DiskFile(String),
    /// An inode has something that Linux or an image cannot hold.
    #[error("'/{path}': {problem}", path = show_path(.path))]
    Inode {
        /// Path from the root, without a leading slash.
        path: Vec<u8>,
        /// The problem, such as an owner or a device number that Linux does not have.
        problem: String,
    },
    /// A file has more data than an object can hold. The value is the limit in GiB.
    #[error("a file has over {0} GiB of data, which no object can hold")]
    FileTooLong(usize),
    /// The source has an inode of an unknown type: no file, directory, symlink, device, FIFO or
    /// socket.
    #[error("'{path}' has the unknown type {kind:o}: exclude it", path = show_path(.path))]
    FileType {
        /// Path from the root, without a leading slash.
        path: Vec<u8>,
        /// The type bits of the inode's mode.
        kind: u32,
    },
    /// Another filesystem is mounted inside the tree.
    #[error("'{path}' is a mount point: unmount it, or exclude it", path = show_path(.0))]
    MountPoint(Vec<u8>),
    /// A directory lies deeper than an image allows.
    #[error("'{path}…' is nested deeper than {max} directories", path = show_path(.path))]
    TooDeep {
        /// The first 100 bytes of the path.
        path: Vec<u8>,
        /// Limit on the depth, in directories.
        max: usize,
    },
    /// The tar cannot be decompressed or read.
    #[error("the tar cannot be read: {0}")]
    TarUnreadable(String),
    /// The source is something else than a tar.
    #[error("this is no tar, but {what}: {help}")]
    NotTar {
        /// Format and compression of the source, in words.
        what: String,
        /// What the user can do, such as a command that converts the source.
        help: String,
    },
    /// The decompressed input is compressed data again.
    #[error("the tar is compressed twice: decompress it once")]
    TarCompressedTwice,
    /// Decompression would exceed a limit, for example on memory. The text is the whole message.
    #[error("{0}")]
    TarLimit(String),
    /// The tar's structure is broken.
    #[error("the tar is damaged near byte {at} (uncompressed): {problem}")]
    TarDamaged {
        /// Position in the uncompressed tar, in bytes.
        at: u64,
        /// The problem, such as `a header's checksum does not match`.
        problem: String,
    },
    /// One member of the tar cannot become part of an image.
    #[error("the tar's member '{name}': {problem}")]
    TarMember {
        /// The member's name, or its beginning.
        name: String,
        /// The problem, such as a hard link whose target is no earlier file.
        problem: String,
    },
    /// The input is empty, or a tar without members.
    #[error("the tar has no members: is this the right file?")]
    TarEmpty,
    /// The tar holds a container image, but is compressed or comes from a pipe. The value is the
    /// kind of image, in words.
    #[error(
        "the tar is an archive of {0}, which is read only from a plain file: decompress it, or save it to a file instead of a pipe, and add that file"
    )]
    TarOfContainer(&'static str),
    /// The container image cannot be read.
    #[error("the container image cannot be added: {0}")]
    Container(String),
    /// A layer of a container image is refused.
    #[error("{layer}: {why}")]
    Layer {
        /// The layer, such as `layer 2 of 5 (sha256:…)`.
        layer: String,
        /// The reason why the layer is refused.
        why: Box<Self>,
    },
    /// The refusal of a source, together with the source's path: the reader of a stream does not
    /// know the path.
    #[error("'{path}': {why}", path = .path.display())]
    Source {
        /// Path of the source, as the user gave it.
        path: PathBuf,
        /// The refusal without the path.
        why: Box<Self>,
    },
    /// A small object, such as a build log, is too long.
    #[error("the {what} has {len} bytes, at most {max} are allowed")]
    SmallObjectTooLong {
        /// Kind of the object, in words.
        what: String,
        /// Length of the object, in bytes.
        len: usize,
        /// Limit on the length, in bytes.
        max: usize,
    },
    /// The request needs the image of a tree, but this image is a disk.
    #[error(
        "{0} is a disk image, which has blocks instead of files: it can only be published, verified or fetched whole"
    )]
    DiskImage(Digest),
}
