//! qcow2 images without a backing file.

use std::fs::File;
use std::io;
use std::path::Path;

use imago::{DenyImplicitOpenGate, FormatAccess, FormatDriverBuilder, Mapping};
use store::ingest::disk::{Disk, LEN_MAX, push_blocks, qcow2};
use wire::blockmap::BlockIndex;

use crate::error::{PublishError, Reason, Result};

/// A qcow2 image that needs no other file.
#[derive(Debug)]
pub struct Qcow2 {
    image: FormatAccess<imago::file::File>,
}

impl Qcow2 {
    pub(super) fn open(file: File, path: &Path) -> Result<Self> {
        let path = path.display();
        let refused = |error: io::Error| {
            let message = format!(
                "'{path}': {error}; if the image has a backing file or unknown features, `qemu-img convert -O raw` makes a raw disk of it"
            );
            PublishError::new(Reason::Source, message)
        };
        // Check first: the reader would accept ciphertext, or a file that was cut off, as the disk's content.
        qcow2::check(&file).map_err(|error| match error {
            qcow2::Qcow2Error::Io(error) => refused(error),
            qcow2::Qcow2Error::Header(_) => refused(io::Error::other(error)),
            error => PublishError::new(Reason::Source, format!("'{path}': {error}")),
        })?;
        let storage = imago::file::File::try_from(file).map_err(refused)?;
        // Deny references to other files: an image could otherwise publish any file of this machine.
        let gate = DenyImplicitOpenGate::default();
        let image = imago::qcow2::Qcow2::<imago::file::File>::builder(storage).open(gate);
        let image = FormatAccess::new(image.map_err(refused)?);
        // A header may claim any size, and the reader would walk all of it.
        if image.size() > LEN_MAX {
            let what = format!(
                "it has {} bytes, and at most {} GiB are allowed",
                image.size(),
                LEN_MAX >> 30
            );
            return Err(refused(io::Error::other(what)));
        }
        Ok(Self { image })
    }
}

impl Disk for Qcow2 {
    fn size(&self) -> io::Result<u64> {
        Ok(self.image.size())
    }

    fn data_blocks(&self) -> io::Result<Vec<BlockIndex>> {
        let mut blocks = Vec::new();
        let (mut at, len) = (0, self.image.size());
        while at < len {
            let (mapping, mapped) = self.image.get_mapping(at, len - at)?;
            if mapped == 0 {
                return Err(io::Error::other(format!("the image ends at {at} of {len} bytes")));
            }
            if !matches!(mapping, Mapping::Zero { .. } | Mapping::Eof { .. }) {
                push_blocks(&mut blocks, at..at + mapped);
            }
            at += mapped;
        }
        Ok(blocks)
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        self.image.read(bytes, offset)
    }
}
