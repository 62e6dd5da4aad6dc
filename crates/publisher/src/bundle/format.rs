//! The bytes of a bundle.
//!
//! ```text
//! "IMPRINT BUNDLE 1\n"
//! items, each behind its length (a varint): header, image…, object…, end
//! ```

use std::io::{self, Read, Write};

use prost::Message;
use sha2::{Digest as _, Sha256};
use wire::ErrorClass;
use wire::object::PAYLOAD_LEN_MAX;
use wire::proto::bundle_item::Item;
use wire::proto::{BundleEnd, BundleItem};

use crate::error::{PublishError, Reason};

/// The first line.
const MAGIC: &[u8] = b"IMPRINT BUNDLE 1\n";

/// Limit on the length of an item, in bytes: an object with its envelope.
const ITEM_LEN_MAX: usize = PAYLOAD_LEN_MAX + (1 << 20);

/// Limit on the images of a bundle.
pub(super) const IMAGES_MAX: usize = 10_000;

/// The reason why a file is no bundle, or a damaged one.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file cannot be read.
    #[error("the bundle cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The file does not begin with the line of a bundle.
    #[error("this is no bundle of images: `publish-cli image save` makes one")]
    NoBundle,
    /// The file ends within an item, or before its end.
    #[error("the bundle was cut off: copy it again")]
    CutOff,
    /// An item is malformed, or not where it belongs.
    #[error("the bundle is damaged: {0}")]
    Damaged(String),
}

impl From<BundleError> for PublishError {
    fn from(error: BundleError) -> Self {
        let class = match &error {
            BundleError::Io(source) => ErrorClass::of_io(source),
            BundleError::NoBundle => ErrorClass::Refused,
            BundleError::CutOff | BundleError::Damaged(_) => ErrorClass::Damaged,
        };
        Self::because(Reason::Source, class, error.to_string(), error)
    }
}

/// Writes a bundle, item by item.
#[derive(Debug)]
pub struct BundleWriter<W> {
    target: W,
    hasher: Sha256,
    len: u64,
}

impl<W: Write> BundleWriter<W> {
    /// Begins a bundle.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn begin(target: W) -> io::Result<Self> {
        let mut writer = Self { target, hasher: Sha256::new(), len: 0 };
        writer.put(MAGIC)?;
        Ok(writer)
    }

    /// Adds an item.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn add(&mut self, item: Item) -> io::Result<()> {
        let bytes = BundleItem { item: Some(item) }.encode_length_delimited_to_vec();
        self.put(&bytes)
    }

    /// Ends the bundle, and returns its length in bytes and the file.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn end(mut self) -> io::Result<(u64, W)> {
        let sha256 = self.hasher.clone().finalize().to_vec().into();
        self.add(Item::End(BundleEnd { sha256 }))?;
        self.target.flush()?;
        Ok((self.len, self.target))
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.target.write_all(bytes)?;
        self.hasher.update(bytes);
        self.len += bytes.len() as u64;
        Ok(())
    }
}

/// Reads a bundle, item by item. The end is checked when it is read.
#[derive(Debug)]
pub struct BundleReader<R> {
    source: R,
    hasher: Sha256,
    has_ended: bool,
}

impl<R: Read> BundleReader<R> {
    /// Begins to read a bundle.
    ///
    /// # Errors
    /// [`BundleError::NoBundle`]; errors of reading.
    pub fn begin(mut source: R) -> Result<Self, BundleError> {
        let mut magic = Vec::new();
        source.by_ref().take(MAGIC.len() as u64).read_to_end(&mut magic)?;
        if magic != MAGIC {
            return Err(BundleError::NoBundle);
        }
        let mut hasher = Sha256::new();
        hasher.update(&magic);
        Ok(Self { source, hasher, has_ended: false })
    }

    /// Returns the next item; `None` after the end, whose checksum was right, and after which nothing follows.
    ///
    /// # Errors
    /// [`BundleError`]; the bundle cannot be read on after that.
    pub fn next_item(&mut self) -> Result<Option<Item>, BundleError> {
        if self.has_ended {
            return Ok(None);
        }
        let before = self.hasher.clone();
        let len = self.read_len()?;
        if len > ITEM_LEN_MAX {
            return Err(BundleError::Damaged(format!("an item of {len} bytes")));
        }
        let mut bytes = Vec::new();
        self.source.by_ref().take(len as u64).read_to_end(&mut bytes)?;
        if bytes.len() < len {
            return Err(BundleError::CutOff);
        }
        self.hasher.update(&bytes);
        let malformed = |error: prost::DecodeError| BundleError::Damaged(error.to_string());
        let item = BundleItem::decode(&bytes[..]).map_err(malformed)?.item;
        match item {
            None => Err(BundleError::Damaged("an item of an unknown kind".to_owned())),
            Some(Item::End(end)) => {
                if *before.finalize() != *end.sha256 {
                    return Err(BundleError::Damaged("its checksum is wrong".to_owned()));
                }
                if self.source.read(&mut [0])? > 0 {
                    return Err(BundleError::Damaged("something follows its end".to_owned()));
                }
                self.has_ended = true;
                Ok(None)
            }
            Some(item) => Ok(Some(item)),
        }
    }

    /// Reads the length of an item: a varint of up to five bytes.
    fn read_len(&mut self) -> Result<usize, BundleError> {
        let mut len = 0;
        for shift in (0..35).step_by(7) {
            let mut byte = [0];
            if self.source.read(&mut byte)? == 0 {
                return Err(BundleError::CutOff);
            }
            self.hasher.update(byte);
            len |= usize::from(byte[0] & 0x7f) << shift;
            if byte[0] & 0x80 == 0 {
                return Ok(len);
            }
        }
        Err(BundleError::Damaged("the length of an item".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use wire::proto::{BundleHeader, EncodedObject};

    use super::*;

    fn bundle() -> Vec<u8> {
        let mut writer = BundleWriter::begin(Vec::new()).unwrap();
        let algorithm = "sha256".to_owned();
        writer.add(Item::Header(BundleHeader { algorithm, images: 0, objects: 1 })).unwrap();
        let payload = vec![7; 300].into();
        writer.add(Item::Object(EncodedObject { payload, ..EncodedObject::default() })).unwrap();
        let (len, bytes) = writer.end().unwrap();
        assert_eq!(len, bytes.len() as u64);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<usize, BundleError> {
        let mut reader = BundleReader::begin(bytes)?;
        let mut count = 0;
        while reader.next_item()?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    #[test]
    fn damage_anywhere_is_noticed() {
        let bytes = bundle();
        assert_eq!(read(&bytes).unwrap(), 2);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            read(&damaged).unwrap_err();
            let error = read(&bytes[..at]).unwrap_err();
            let is_told = matches!(error, BundleError::CutOff | BundleError::NoBundle);
            assert!(is_told, "{at}: {error}");
        }
        let longer = [&bytes[..], b"x"].concat();
        assert!(read(&longer).unwrap_err().to_string().contains("follows"));
        let huge = [MAGIC, &[0xff, 0xff, 0xff, 0xff, 0x7f]].concat();
        assert!(read(&huge).unwrap_err().to_string().contains("an item of"));
    }
}
