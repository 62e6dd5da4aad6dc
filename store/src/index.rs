//! The index: the location of each object.
//!
//! A table on disk covers most packs. The objects of later packs are only in memory: opening the
//! store reads these packs' footers. So the table is a cache: if it is missing or damaged, the
//! footers give everything.
//!
//! ```text
//! header    64 B   magic "IMPRINDX", version u16, algorithm u8, zero, feature sets 3 × u32,
//!                  pack count u32 at 24, object count u64 at 32, crc32 of the body at 40,
//!                  crc32 of the first 60 bytes at 60
//! packs     16 B   ids; a record names a pack by its position here
//! records          sorted by hash: hash · pack u32 · payload_len u32 · offset u64 ·
//!                  content_len u64 · kind u8 · zero [7]
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sysio::map::SealedMap;
use wire::bytes::{u32_at, u64_at};
use wire::digest::{Algorithm, Digest};
use wire::object::Kind;

use crate::pack::{Entry, ID_LEN, PackId};

pub(crate) const TABLE_NAME: &[u8] = b"index";

const MAGIC: [u8; 8] = *b"IMPRINDX";
const VERSION: u16 = 1;
const HEADER_LEN: usize = 64;
/// Length of a record without its hash, in bytes.
const RECORD_REST_LEN: usize = 32;

/// Limit on packs that are known only from their footers; above it, a new table is written.
const RECENT_PACKS_MAX: usize = 64;
/// Limit on objects outside the table: this many, or one per `RECENT_PART` objects in the table if
/// that is more. Above it, a new table is written.
const RECENT_OBJECTS_MAX: usize = 1 << 16;
const RECENT_PART: usize = 8;

/// Location and length of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The pack from which the object is read; another pack may hold the object too.
    pub pack: PackId,
    /// Whether the payload is data or a list of frames.
    pub kind: Kind,
    /// Offset of the payload in the pack, in bytes.
    pub offset: u64,
    /// Length of the stored payload in bytes.
    pub payload_len: u32,
    /// Length of the decoded content in bytes.
    pub content_len: u64,
}

impl Location {
    pub(crate) fn new(pack: PackId, entry: &Entry) -> Self {
        Self {
            pack,
            kind: entry.kind,
            offset: entry.offset,
            payload_len: entry.payload_len,
            content_len: entry.content_len,
        }
    }
}

/// All objects of a store: the table's, and those of later packs.
#[derive(Debug, Default)]
pub(crate) struct Index {
    table: Option<IndexTable>,
    recent: HashMap<Digest, Location>,
    /// Packs whose footers were read into `recent`.
    recent_packs: HashSet<PackId>,
    /// Packs that were given up: what the table has of them is not found.
    given_up: HashSet<PackId>,
}

impl Index {
    pub(crate) fn new(table: Option<IndexTable>) -> Self {
        Self { table, ..Self::default() }
    }

    pub(crate) fn knows_pack(&self, pack: PackId) -> bool {
        self.recent_packs.contains(&pack)
            || self.table.as_ref().is_some_and(|table| table.packs.contains(&pack))
    }

    pub(crate) fn table_packs(&self) -> impl Iterator<Item = PackId> + '_ {
        self.table.iter().flat_map(|table| table.packs.iter().copied())
    }

    pub(crate) fn add_pack(&mut self, pack: PackId, entries: &[Entry]) {
        // A pack of the same objects at the same places was published again.
        self.given_up.remove(&pack);
        self.recent_packs.insert(pack);
        // The newest pack counts: it may hold copies of what is in packs that go.
        for entry in entries {
            self.recent.insert(entry.digest, Location::new(pack, entry));
        }
    }

    pub(crate) fn get(&self, digest: &Digest) -> Option<Location> {
        self.recent.get(digest).copied().or_else(|| {
            let found = self.table.as_ref().and_then(|table| table.get(digest));
            found.filter(|location| !self.given_up.contains(&location.pack))
        })
    }

    /// Gives up packs: their objects are not found any more, unless another pack holds them.
    pub(crate) fn remove_packs(&mut self, packs: &HashSet<PackId>) {
        self.recent.retain(|_, location| !packs.contains(&location.pack));
        self.recent_packs.retain(|pack| !packs.contains(pack));
        // Also those that are not in the table: they may be in the one that is being written.
        self.given_up.extend(packs);
    }

    /// Returns the objects that are read from a pack.
    pub(crate) fn entries_of(&self, pack: PackId) -> Vec<Entry> {
        let found = self.iter().filter(|(_, location)| location.pack == pack);
        let entry = |(digest, location): (Digest, Location)| Entry {
            digest,
            kind: location.kind,
            offset: location.offset,
            payload_len: location.payload_len,
            content_len: location.content_len,
        };
        found.map(entry).collect()
    }

    /// Replaces the table by a newer one; packs that were published while it was written stay, and packs that were
    /// given up stay given up.
    pub(crate) fn replace_table(&mut self, table: IndexTable) {
        let given_up = std::mem::take(&mut self.given_up);
        let old = std::mem::replace(self, Self::new(Some(table)));
        self.given_up = given_up;
        let of_table: HashSet<PackId> = self.table_packs().collect();
        self.given_up.retain(|pack| of_table.contains(pack));
        for (digest, location) in old.recent {
            if !of_table.contains(&location.pack) {
                self.recent_packs.insert(location.pack);
                self.recent.insert(digest, location);
            }
        }
    }

    /// Returns whether it is time to write a new table. Until then, every opening of the store
    /// reads the recent packs' footers again, and the objects of these packs take memory.
    pub(crate) fn needs_table(&self) -> bool {
        let in_table = self.table.as_ref().map_or(0, |table| table.count);
        self.recent_packs.len() > RECENT_PACKS_MAX
            || self.recent.len() > RECENT_OBJECTS_MAX.max(in_table / RECENT_PART)
    }

    /// Returns each object once, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Digest, Location)> + '_ {
        let of_table = self.table.iter().flat_map(|table| {
            (0..table.count)
                .filter_map(|index| Some((table.digest(index)?, table.location(index)?)))
                .filter(|(digest, location)| {
                    !self.recent.contains_key(digest) && !self.given_up.contains(&location.pack)
                })
        });
        of_table.chain(self.recent.iter().map(|(digest, location)| (*digest, *location)))
    }

    /// Returns each object once, sorted by digest as in a table, except those in some packs.
    pub(crate) fn sorted_without(&self, packs: &HashSet<PackId>) -> Vec<(Digest, Location)> {
        let all = self.iter().filter(|(_, location)| !packs.contains(&location.pack));
        let mut all: Vec<_> = all.collect();
        all.sort_unstable_by_key(|(digest, _)| *digest);
        all
    }
}

/// A mapped table file whose header was checked.
#[derive(Debug)]
pub(crate) struct IndexTable {
    map: SealedMap,
    algorithm: Algorithm,
    packs: Vec<PackId>,
    count: usize,
    records_at: usize,
}

impl IndexTable {
    /// Checks the header of a mapped table; [`IndexTable::check_body`] checks the rest.
    pub(crate) fn open(map: SealedMap, algorithm: Algorithm) -> Result<Self, String> {
        let header: &[u8; HEADER_LEN] = map.first_chunk().ok_or("it is shorter than its header")?;
        if header[..8] != MAGIC || crc32fast::hash(&header[..60]) != u32_at(header, 60) {
            return Err("its header is damaged".to_owned());
        }
        if u16::from_le_bytes([header[8], header[9]]) != VERSION || u32_at(header, 20) != 0 {
            return Err("its version is not known to this build".to_owned());
        }
        if header[10] != algorithm.tag() {
            return Err("its digests are of another algorithm".to_owned());
        }
        let pack_count = u32_at(header, 24) as usize;
        let count = u64_at(header, 32);
        let record_len = (algorithm.hash_len() + RECORD_REST_LEN) as u64;
        let records_at = HEADER_LEN + pack_count * ID_LEN;
        let expected =
            count.checked_mul(record_len).and_then(|len| len.checked_add(records_at as u64));
        if expected != Some(map.len() as u64) {
            return Err(format!("it has {} bytes, which {count} objects do not fill", map.len()));
        }
        let packs = map[HEADER_LEN..records_at]
            .chunks_exact(ID_LEN)
            .map(|id| {
                let mut bytes = [0; ID_LEN];
                bytes.copy_from_slice(id);
                PackId(bytes)
            })
            .collect();
        Ok(Self { map, algorithm, packs, count: count as usize, records_at })
    }

    /// Returns whether the checksum of everything after the header matches.
    pub(crate) fn check_body(&self) -> bool {
        crc32fast::hash(&self.map[HEADER_LEN..]) == u32_at(&self.map, 40)
    }

    fn record(&self, index: usize) -> &[u8] {
        let len = self.algorithm.hash_len() + RECORD_REST_LEN;
        &self.map[self.records_at + index * len..self.records_at + (index + 1) * len]
    }

    fn hash(&self, index: usize) -> &[u8] {
        &self.record(index)[..self.algorithm.hash_len()]
    }

    fn digest(&self, index: usize) -> Option<Digest> {
        Digest::new(self.algorithm, self.hash(index)).ok()
    }

    fn location(&self, index: usize) -> Option<Location> {
        let rest = &self.record(index)[self.algorithm.hash_len()..];
        Some(Location {
            pack: *self.packs.get(u32_at(rest, 0) as usize)?,
            kind: Kind::from_tag(rest[24])?,
            offset: u64_at(rest, 8),
            payload_len: u32_at(rest, 4),
            content_len: u64_at(rest, 16),
        })
    }

    fn get(&self, digest: &Digest) -> Option<Location> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.hash(middle).cmp(digest.hash()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.location(middle),
            }
        }
        None
    }
}

/// Encodes a table of `objects`, which must be sorted by digest.
pub(crate) fn encode_table(algorithm: Algorithm, objects: &[(Digest, Location)]) -> Vec<u8> {
    let packs: BTreeMap<PackId, u32> = {
        let ids: BTreeSet<PackId> = objects.iter().map(|(_, location)| location.pack).collect();
        ids.into_iter().zip(0..).collect()
    };
    let mut body = Vec::new();
    for id in packs.keys() {
        body.extend_from_slice(&id.0);
    }
    for (digest, location) in objects {
        body.extend_from_slice(digest.hash());
        body.extend_from_slice(&packs[&location.pack].to_le_bytes());
        body.extend_from_slice(&location.payload_len.to_le_bytes());
        body.extend_from_slice(&location.offset.to_le_bytes());
        body.extend_from_slice(&location.content_len.to_le_bytes());
        body.extend_from_slice(&[location.kind as u8, 0, 0, 0, 0, 0, 0, 0]);
    }
    let mut bytes = vec![0; HEADER_LEN];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
    bytes[10] = algorithm.tag();
    bytes[24..28].copy_from_slice(&(packs.len() as u32).to_le_bytes());
    bytes[32..40].copy_from_slice(&(objects.len() as u64).to_le_bytes());
    bytes[40..44].copy_from_slice(&crc32fast::hash(&body).to_le_bytes());
    let crc = crc32fast::hash(&bytes[..60]);
    bytes[60..64].copy_from_slice(&crc.to_le_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: usize) -> Entry {
        Entry {
            digest: Algorithm::Sha256.digest(&number.to_le_bytes()),
            kind: Kind::Data,
            offset: 32,
            payload_len: 1,
            content_len: 1,
        }
    }

    #[test]
    fn many_packs_or_many_objects_ask_for_a_table() {
        let mut index = Index::default();
        for pack in 0..RECENT_PACKS_MAX as u8 {
            index.add_pack(PackId([pack; ID_LEN]), &[entry(pack.into())]);
            assert!(!index.needs_table(), "{pack}");
        }
        index.add_pack(PackId([255; ID_LEN]), &[]);
        assert!(index.needs_table());

        let mut index = Index::default();
        let entries: Vec<Entry> = (0..RECENT_OBJECTS_MAX).map(entry).collect();
        index.add_pack(PackId([0; ID_LEN]), &entries);
        assert!(!index.needs_table());
        index.add_pack(PackId([1; ID_LEN]), &[entry(RECENT_OBJECTS_MAX)]);
        assert!(index.needs_table());
        let sorted = index.sorted_without(&HashSet::new());
        assert_eq!(sorted.len(), RECENT_OBJECTS_MAX + 1);
        assert!(sorted.is_sorted_by(|(a, _), (b, _)| a < b));
    }
}
