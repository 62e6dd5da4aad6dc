//! The set of packs of a store: opening finds them, `refresh` adds those of other processes, and a
//! store that is a cache removes old or damaged ones.

use std::collections::BTreeSet;
use std::io::ErrorKind::NotFound;

use wire::digest::Digest;

use crate::error::StoreError;
use crate::index::Index;
use crate::pack::{Entry, PackId};
use crate::store::{Stats, Store};

impl Store {
    /// Builds the index: from the table, and from the footers of packs that the table does not
    /// cover.
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

    /// Adds the packs that other processes have published and the index does not know yet; returns
    /// the number of these packs.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn refresh(&self) -> Result<usize, StoreError> {
        self.learn(self.pack_ids()?)
    }

    /// Adds the objects of packs that the index does not know; returns the number of these packs.
    fn learn(&self, packs: BTreeSet<PackId>) -> Result<usize, StoreError> {
        let mut found = 0;
        for pack in packs {
            if self.index().knows_pack(pack) {
                continue;
            }
            let entries = match self.pack_entries(pack) {
                // A collection of garbage deleted it after the list was made.
                Err(StoreError::Io { source, .. }) if source.kind() == NotFound => continue,
                other => other?,
            };
            match entries {
                Ok(entries) => {
                    self.index_mut().add_pack(pack, &entries);
                    found += 1;
                }
                Err(problem) => {
                    // The damaged pack's objects count as missing, and fsck reports the damage; all
                    // other packs are served.
                    tracing::error!(pack = %pack.file_name(), problem, "skipping a damaged pack");
                }
            }
        }
        Ok(found)
    }

    /// Writes the index anew from the footers of all packs.
    ///
    /// # Durability
    /// After a crash, either the old or the new index is there.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]; [`StoreError::DamagedPack`] for the first damaged pack, though the
    /// index of all other packs was written.
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

    /// Removes packs, the oldest first, until the files of the remaining packs have at most
    /// `len_max` bytes in all. This is only for a store that is a cache. A reader that has a
    /// removed pack open can continue.
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

    /// Removes the pack that holds a damaged object. This is only for a store that is a cache.
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
            // A damaged pack holds no known objects; it is removed when it is the oldest.
            Err(StoreError::DamagedPack { pack, problem }) => {
                tracing::warn!(pack, problem, "a damaged pack in a cache");
            }
            other => drop(other?),
        }
        // Another thread may have published a pack while the index was rebuilt.
        self.refresh()?;
        Ok(())
    }

    /// Deletes the file of a pack that the index does not know. A reader that has it open can continue.
    pub(crate) fn delete_pack(&self, pack: PackId) -> Result<(), StoreError> {
        let removed = self.packs.remove(pack.file_name().as_bytes());
        self.open_packs().remove(&pack);
        removed.map_err(StoreError::io("remove a pack from", self.path.join("packs")))
    }

    pub(crate) fn pack_ids(&self) -> Result<BTreeSet<PackId>, StoreError> {
        let names = self.packs.names().map_err(StoreError::io("list", self.path.join("packs")))?;
        Ok(names.iter().filter_map(|name| PackId::from_file_name(name)).collect())
    }

    /// Reads and checks a pack's footer; the inner error is the problem with the pack.
    pub(crate) fn pack_entries(
        &self,
        id: PackId,
    ) -> Result<Result<Vec<Entry>, String>, StoreError> {
        let path = self.path.join("packs").join(id.file_name());
        self.pack(id)?.entries(self.algorithm).map_err(StoreError::io("read pack", path))
    }
}
