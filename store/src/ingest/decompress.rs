//! Opens a stream that should be a tar: decompresses it, or refuses it with the name of its format.

use std::io::{self, Cursor, Read};

use super::compression;
use super::recognise::{Foreign, HEAD_LEN, Input, recognise};
use super::tar::{BLOCK_LEN, PlainTar};
use crate::Refusal;
use crate::error::StoreError;

/// Opens a tar that may be compressed.
///
/// # Errors
/// [`StoreError::Refused`] for a known format that is no tar, and for an unknown one; errors of
/// reading.
pub(super) fn open<'a>(mut source: impl Read + 'a) -> Result<PlainTar<'a>, StoreError> {
    let failed = |error: io::Error| Refusal::TarUnreadable(error.to_string());
    let mut head = Vec::new();
    source.by_ref().take(HEAD_LEN as u64).read_to_end(&mut head).map_err(failed)?;
    let found = recognise(&head, None);
    let with = super::recognise::compression_of(&head);
    let refuse = |what: &str, help: &str| {
        let around = with.map(|with| format!(" (compressed with {})", with.name()));
        let around = around.unwrap_or_default();
        let (what, help) = (format!("{what}{around}"), help.to_owned());
        Err(Refusal::NotTar { what, help }.into())
    };
    match found {
        Input::Foreign { what, .. } if what != Foreign::CompressedTwice => {
            return refuse(what.name(), &what.help());
        }
        Input::Foreign { .. } => {
            return Err(Refusal::TarCompressedTwice.into());
        }
        Input::Disk(_) => return refuse("a disk", "disks are added as files of their own"),
        Input::Wrapped(around) if !around.is_in_tar => {
            return refuse("a disk", "disks are added as files of their own");
        }
        // For a damaged tar, the tar reader reports the position of the damage; but these bytes do
        // not even begin like a tar.
        Input::Unknown if head.len() >= BLOCK_LEN && with.is_none() => {
            let begin: Vec<String> = head[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            let what = format!("an unknown format, which begins with {}", begin.join(" "));
            return refuse(&what, "is this the right file?");
        }
        Input::Tar | Input::Wrapped(_) | Input::Unknown => {}
    }
    let whole = Cursor::new(head).chain(source);
    let is_compressed = with.is_some();
    let source: Box<dyn Read + 'a> = match with {
        Some(with) => compression::decoder(with, whole).map_err(failed)?,
        None => Box::new(io::BufReader::with_capacity(1 << 17, whole)),
    };
    Ok(PlainTar { source, is_compressed })
}
