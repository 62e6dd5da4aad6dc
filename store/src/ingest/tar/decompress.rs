//! Recognising and undoing compression, by the stream's first bytes.

use std::io::{self, Chain, Cursor, Read};

use crate::error::StoreError;

/// The longest window a zstd stream may ask for: 128 MiB, what `zstd --long` writes.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// Memory that decoding an xz stream may take: `xz -9` needs 65 MiB.
const XZ_MEMORY_MAX: u64 = 256 << 20;

const MAGIC_LEN: usize = 6;

/// Opens a tar that may be compressed with gzip, zstd or xz.
///
/// Also returns whether it is compressed, and so has a checksum after the archive's end.
pub(super) fn open<'a>(
    mut source: impl Read + 'a,
) -> Result<(Box<dyn Read + 'a>, bool), StoreError> {
    let failed = |error: io::Error| StoreError::Refused(format!("the tar cannot be read: {error}"));
    let mut start = Vec::with_capacity(MAGIC_LEN);
    source.by_ref().take(MAGIC_LEN as u64).read_to_end(&mut start).map_err(failed)?;
    let magic = start.clone();
    let whole: Chain<Cursor<Vec<u8>>, _> = Cursor::new(start).chain(source);
    let reader: Box<dyn Read + 'a> = match magic.as_slice() {
        [0x1f, 0x8b, ..] => {
            let buffered = io::BufReader::with_capacity(1 << 17, whole);
            Box::new(flate2::bufread::MultiGzDecoder::new(buffered))
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let mut decoder = zstd::stream::read::Decoder::new(whole).map_err(failed)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(failed)?;
            Box::new(decoder)
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0] => {
            let stream = liblzma::stream::Stream::new_stream_decoder(
                XZ_MEMORY_MAX,
                liblzma::stream::CONCATENATED,
            )
            .map_err(|error| failed(error.into()))?;
            Box::new(liblzma::read::XzDecoder::new_stream(whole, stream))
        }
        _ => return Ok((Box::new(io::BufReader::with_capacity(1 << 17, whole)), false)),
    };
    Ok((reader, true))
}
