//! Image files: `images/<stream>/<leaf>.image`, the immutable part of each image's record.
//!
//! ```text
//! 0 magic "IMPRIMAG"   8 version u16   10 zero [2]   12 record length u32   16 crc32 of the record
//! 20 crc32 of the 20 bytes before   24 an ImageRecord message, as in wire's schema
//! ```
//!
//! These files and the packs are a store's whole truth: a server can rebuild its database of images
//! from them. A file is published durably, after the objects that it names.

use std::path::PathBuf;

use prost::Message;
use sysio::Dir;
use wire::name::ImageName;
use wire::proto::ImageRecord;

use crate::error::StoreError;
use crate::small_file::read_small;
use crate::store::Store;

const MAGIC: [u8; 8] = *b"IMPRIMAG";
const VERSION: u16 = 1;
const HEADER_LEN: usize = 24;
const SUFFIX: &str = ".image";

/// Encodes an image file: a header with a checksum of itself and of the record, then the record.
pub fn encode(record: &ImageRecord) -> Vec<u8> {
    let body = record.encode_to_vec();
    let mut bytes = Vec::with_capacity(HEADER_LEN + body.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

/// Decodes an image file, and checks both checksums.
///
/// # Errors
/// The problem, as text. The caller adds the name of the file to it.
pub fn decode(bytes: &[u8]) -> Result<ImageRecord, String> {
    let (header, body) = bytes.split_first_chunk::<HEADER_LEN>().ok_or("it is truncated")?;
    let word = |at: usize| {
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    if header[..8] != MAGIC || crc32fast::hash(&header[..20]) != word(20) {
        return Err("its header is damaged".to_owned());
    }
    if u16::from_le_bytes([header[8], header[9]]) != VERSION {
        return Err("its version is not known to this build: upgrade imprint".to_owned());
    }
    if word(12) as usize != body.len() || crc32fast::hash(body) != word(16) {
        return Err("its record is damaged".to_owned());
    }
    ImageRecord::decode(body).map_err(|error| error.to_string())
}

impl Store {
    /// Publishes an image's record. Everything that it names must be durable already.
    ///
    /// # Durability
    /// The record survives a power loss once this has returned.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]; [`StoreError::ImageExists`] if an image of that name has another
    /// manifest. To put the same manifest again is no error. [`StoreError::Damaged`] for an
    /// existing record; [`StoreError::Io`].
    pub fn put_image(&self, name: &ImageName, record: &ImageRecord) -> Result<(), StoreError> {
        self.check_writable()?;
        let _replacing = self.replacing();
        match self.image(name) {
            Ok(found) if found.manifest == record.manifest => return Ok(()),
            Ok(found) => {
                return Err(StoreError::ImageExists {
                    name: name.to_string(),
                    found: found.manifest,
                });
            }
            Err(StoreError::MissingImage(_)) => {}
            Err(error) => return Err(error),
        }
        let path = self.path().join("images").join(name.stream().as_str());
        let failed = || StoreError::io("publish an image in", path.clone());
        let folder = self.create_stream_folder(name).map_err(failed())?;
        sysio::publish::replace(&folder, &file_name(name), &encode(record)).map_err(failed())
    }

    /// Creates the folders of a stream, and syncs the parent of each.
    fn create_stream_folder(&self, name: &ImageName) -> std::io::Result<Dir> {
        let mut folder = self.images.reopen()?;
        for component in name.stream().as_str().split('/') {
            match folder.create_dir(component.as_bytes(), 0o700) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(error);
                }
                _ => folder.sync()?,
            }
            folder = folder.open_beneath(component.as_bytes())?;
        }
        Ok(folder)
    }

    /// Reads an image's record, and checks that it is for that name.
    ///
    /// # Errors
    /// [`StoreError::MissingImage`]; [`StoreError::Damaged`]; [`StoreError::Io`].
    pub fn image(&self, name: &ImageName) -> Result<ImageRecord, StoreError> {
        let path = self.path().join("images").join(name.stream().as_str());
        let folder = match self.images.open_beneath(name.stream().as_str().as_bytes()) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::MissingImage(name.to_string()));
            }
            other => other.map_err(StoreError::io("open folder", path.clone()))?,
        };
        let bytes = match read_small(&folder, &path, &file_name(name)) {
            Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::MissingImage(name.to_string()));
            }
            other => other?,
        };
        let record = decode(&bytes).map_err(|problem| damaged(name.as_str(), problem))?;
        if record.name != name.as_str() {
            return Err(damaged(name.as_str(), format!("it names {}", record.name)));
        }
        Ok(record)
    }

    /// Removes an image's record durably, if there is one; its objects stay for garbage collection.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]; [`StoreError::Io`].
    pub fn remove_image(&self, name: &ImageName) -> Result<(), StoreError> {
        self.check_writable()?;
        let path = self.path().join("images").join(name.stream().as_str());
        match self.images.open_beneath(name.stream().as_str().as_bytes()) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            other => other
                .and_then(|folder| sysio::publish::remove(&folder, &file_name(name)))
                .map_err(StoreError::io("remove an image in", path)),
        }
    }

    /// Lists all images, sorted by name. A damaged image file becomes an error in its place; an image that is removed
    /// meanwhile is left out.
    ///
    /// # Errors
    /// [`StoreError::Io`] if a folder cannot be read.
    pub fn images(&self) -> Result<Vec<Result<ImageRecord, StoreError>>, StoreError> {
        let images = self.image_names()?;
        let images = images.iter().map(|name| self.image(name));
        Ok(images.filter(|image| !matches!(image, Err(StoreError::MissingImage(_)))).collect())
    }

    /// Lists the names of all images, sorted, without reading their files.
    ///
    /// # Errors
    /// [`StoreError::Io`] if a folder cannot be read.
    pub fn image_names(&self) -> Result<Vec<ImageName>, StoreError> {
        let mut found: Vec<ImageName> = Vec::new();
        let mut pending = vec![PathBuf::new()];
        while let Some(relative) = pending.pop() {
            let path = self.path().join("images").join(&relative);
            let folder = Dir::open(&path).map_err(StoreError::io("open folder", path.clone()))?;
            for name in folder.names().map_err(StoreError::io("list", path.clone()))? {
                let Ok(name) = String::from_utf8(name) else {
                    continue;
                };
                let full = relative.join(&name);
                match folder.stat(name.as_bytes()) {
                    Ok(stat) if stat.is_directory() => pending.push(full),
                    _ => {
                        let image = full.to_str().and_then(|text| text.strip_suffix(SUFFIX));
                        found.extend(image.and_then(|text| text.parse().ok()));
                    }
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

fn file_name(name: &ImageName) -> Vec<u8> {
    format!("{}{SUFFIX}", name.leaf()).into_bytes()
}

fn damaged(name: &str, problem: String) -> StoreError {
    StoreError::Damaged { what: format!("the image file of {name}"), problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_image_file_finds_every_flipped_bit() {
        let record = ImageRecord {
            name: "base/debian-12/1".to_owned(),
            manifest: "sha256:00".to_owned(),
            created_at_ms: 1,
            ..ImageRecord::default()
        };
        let bytes = encode(&record);
        insta::assert_snapshot!(data_encoding::HEXLOWER.encode(&bytes));
        assert_eq!(decode(&bytes).unwrap(), record);
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&changed).is_err(), "bit {bit}");
        }
    }
}
