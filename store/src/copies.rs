//! Copies of objects in new packs, for packs that are given up.

use std::collections::HashSet;

use wire::digest::Digest;
use wire::object::Encoded;

use crate::codec::Decoder;
use crate::error::StoreError;
use crate::fsck;
use crate::pack::{PackId, PackWriter, SEAL_LEN};
use crate::store::Store;

/// New packs that take copies of objects. The index does not know a copy before its pack is sealed.
#[derive(Debug)]
pub(crate) struct Copies {
    decoder: Decoder,
    content: Vec<u8>,
    open: Option<PackWriter>,
    copied: HashSet<Digest>,
    sealed: HashSet<PackId>,
}

impl Copies {
    pub(crate) fn new() -> Result<Self, StoreError> {
        Ok(Self {
            decoder: Decoder::new()?,
            content: Vec::new(),
            open: None,
            copied: HashSet::new(),
            sealed: HashSet::new(),
        })
    }

    /// Checks the content of an object and appends the object.
    ///
    /// # Errors
    /// [`StoreError::DamagedObject`]; errors of I/O.
    pub(crate) fn append(&mut self, store: &Store, object: &Encoded) -> Result<(), StoreError> {
        fsck::check_encoded(object, &mut self.decoder, &mut self.content)?;
        let failed = || StoreError::io("write a pack into", store.path().join("packs"));
        let pack = match &mut self.open {
            Some(pack) => pack,
            None => {
                let pack = PackWriter::begin(&store.packs, store.algorithm()).map_err(failed())?;
                self.open.insert(pack)
            }
        };
        pack.append(object).map_err(failed())?;
        let is_full = pack.len() >= SEAL_LEN;
        self.copied.insert(object.digest);
        if is_full { self.seal_open(store) } else { Ok(()) }
    }

    /// Returns whether an object was appended.
    pub(crate) fn contains(&self, digest: &Digest) -> bool {
        self.copied.contains(digest)
    }

    fn seal_open(&mut self, store: &Store) -> Result<(), StoreError> {
        let Some(pack) = self.open.take() else { return Ok(()) };
        self.sealed.insert(store.publish_pack(pack)?);
        Ok(())
    }

    /// Makes all copies durable and known to the index; returns their packs.
    pub(crate) fn seal(mut self, store: &Store) -> Result<HashSet<PackId>, StoreError> {
        self.seal_open(store)?;
        Ok(self.sealed)
    }
}
