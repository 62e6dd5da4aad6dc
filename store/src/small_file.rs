//! Reads the small files of a store: its description, and records of images.

use std::path::Path;

use sysio::dir::Dir;

use crate::error::StoreError;

/// Reads a whole small file of the store, such as an image file. `path` names the folder in errors.
pub(crate) fn read_small(dir: &Dir, path: &Path, name: &[u8]) -> Result<Vec<u8>, StoreError> {
    let full = path.join(String::from_utf8_lossy(name).as_ref());
    let read = || -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut dir.open_file(name)?, &mut bytes)?;
        Ok(bytes)
    };
    read().map_err(StoreError::io("read", full))
}
