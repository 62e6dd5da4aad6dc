//! Which packs a store has: found when it is opened, published by other processes, dropped where it is a cache.

use std::collections::BTreeSet;

use wire::digest::Digest;

use crate::error::StoreError;
use crate::index::Index;
use crate::pack::{Entry, PackId};
use crate::store::{Stats, Store};

impl Store {
    /// Finds all objects: from the table, and from the footers of packs that it does not cover.
    pub(crate) fn recover(&self) -> Result<(), StoreError> {
        let mut index = Index::new(self.open_table());
        let packs = self.pack_ids()?;
        if index.table_packs().any(|pack| !packs.contains(&pack)) {
            tracing::warn!(store = %self.path.display(), "the index names packs that are gone: ignoring it");
            index = Index::default();
        }
        *self.index_mut() = index;
        self.learn(packs).map(drop)
    }

    /// Learns of packs that another process has published since, and returns how many.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn refresh(&self) -> Result<usize, StoreError> {
        self.learn(self.pack_ids()?)
    }

    /// Makes known what is in packs that the index does not have, and returns how many these were.
    fn learn(&self, packs: BTreeSet<PackId>) -> Result<usize, StoreError> {
        let mut found = 0;
        for pack in packs {
            if self.index().knows_pack(pack) {
                continue;
            }
            match self.pack_entries(pack)? {
                Ok(entries) => {
                    self.index_mut().add_pack(pack, &entries);
                    found += 1;
                }
                Err(problem) => {
                    // Objects in it are missing until fsck says why; the others are served.
                    tracing::error!(pack = %pack.file_name(), problem, "skipping a damaged pack");
                }
            }
        }
        Ok(found)
    }

    /// Writes the index anew from what all packs say of themselves.
    ///
    /// # Durability
    /// Old or new index survives a crash.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]; [`StoreError::DamagedPack`] for the first damaged pack, after the
    /// index of all others was written.
    pub fn rebuild_index(&self) -> Result<Stats, StoreError> {
        self.check_writable()?;
        let mut index = Index::default();
        let mut damage = None;
        for pack in self.pack_ids()? {
            match self.pack_entries(pack)? {
                Ok(entries) => index.add_pack(pack, &entries),
                Err(problem) => {
                    damage
                        .get_or_insert(StoreError::DamagedPack { pack: pack.file_name(), problem });
                }
            }
        }
        *self.index_mut() = index;
        self.write_table()?;
        match damage {
            None => Ok(self.stats()),
            Some(error) => Err(error),
        }
    }

    /// Drops the packs that were published first until the others' files have at most `len_max` bytes: for a
    /// store that is a cache, of which nobody needs anything. A reader of one of them goes on.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]; [`StoreError::Io`].
    pub fn drop_oldest_packs(&self, len_max: u64) -> Result<(), StoreError> {
        self.check_writable()?;
        let failed = || StoreError::io("look at packs in", self.path.join("packs"));
        let mut packs = Vec::new();
        for pack in self.pack_ids()? {
            let stat = self.packs.stat(pack.file_name().as_bytes()).map_err(failed())?;
            packs.push((stat.mtime, pack, stat.size));
        }
        packs.sort_unstable();
        let mut len: u64 = packs.iter().map(|(_, _, size)| size).sum();
        let mut oldest = Vec::new();
        for (_, pack, size) in packs {
            if len <= len_max {
                break;
            }
            len -= size;
            oldest.push(pack);
        }
        self.drop_packs(&oldest)
    }

    /// Drops the pack that an object is in: for a store that is a cache, where that object is damaged.
    ///
    /// # Errors
    /// As [`Store::drop_oldest_packs`].
    pub fn drop_pack_of(&self, digest: &Digest) -> Result<(), StoreError> {
        self.check_writable()?;
        let pack = self.locate(digest).map(|location| location.pack);
        self.drop_packs(pack.as_slice())
    }

    fn drop_packs(&self, packs: &[PackId]) -> Result<(), StoreError> {
        for pack in packs {
            sysio::publish::remove(&self.packs, pack.file_name().as_bytes())
                .map_err(StoreError::io("remove a pack from", self.path.join("packs")))?;
            self.open_packs().remove(pack);
        }
        if packs.is_empty() {
            return Ok(());
        }
        match self.rebuild_index() {
            // It holds nothing that is known, and goes in its turn.
            Err(StoreError::DamagedPack { pack, problem }) => {
                tracing::warn!(pack, problem, "a damaged pack in a cache");
            }
            other => drop(other?),
        }
        // What was published while the index was made anew.
        self.refresh()?;
        Ok(())
    }

    /// Lists the packs in the folder.
    pub(crate) fn pack_ids(&self) -> Result<BTreeSet<PackId>, StoreError> {
        let names = self.packs.names().map_err(StoreError::io("list", self.path.join("packs")))?;
        Ok(names.iter().filter_map(|name| PackId::from_file_name(name)).collect())
    }

    /// Reads what a pack says of itself; the inner error is what is wrong with it.
    pub(crate) fn pack_entries(
        &self,
        id: PackId,
    ) -> Result<Result<Vec<Entry>, String>, StoreError> {
        let path = self.path.join("packs").join(id.file_name());
        self.pack(id)?.entries(self.algorithm).map_err(StoreError::io("read pack", path))
    }
}
