//! Recognising and undoing compression, by the stream's first bytes.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::bufread::GzDecoder;

use crate::error::StoreError;

/// The longest window a zstd stream may ask for: 2 GiB, what `zstd --long=31` writes and the most that the library
/// takes. The memory for it is reserved, and used as far as content fills it.
const ZSTD_WINDOW_LOG_MAX: u32 = 31;

/// Memory that decoding an xz stream may take: `xz -9` needs 65 MiB.
const XZ_MEMORY_MAX: u64 = 256 << 20;

const MAGIC_LEN: usize = 6;

/// What reads are buffered by.
const BUFFER_LEN: usize = 1 << 17;

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
            let buffered = BufReader::with_capacity(BUFFER_LEN, whole);
            Box::new(Gzip { member: Some(GzDecoder::new(buffered)) })
        }
        // A frame of content, or one that is skipped: pzstd begins with the length of what follows in one.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
            let mut decoder = zstd::stream::read::Decoder::new(whole).map_err(failed)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(failed)?;
            Box::new(Explained { source: decoder, explain: explain_zstd })
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0] => {
            let stream = liblzma::stream::Stream::new_stream_decoder(
                XZ_MEMORY_MAX,
                liblzma::stream::CONCATENATED,
            )
            .map_err(|error| failed(error.into()))?;
            let decoder = liblzma::read::XzDecoder::new_stream(whole, stream);
            Box::new(Explained { source: decoder, explain: explain_xz })
        }
        _ => return Ok((Box::new(BufReader::with_capacity(BUFFER_LEN, whole)), false)),
    };
    Ok((reader, true))
}

/// The members of a gzip stream, one after another. Zeros behind the last are passed over, as gzip does: tapes and
/// writers of whole blocks leave them.
struct Gzip<R> {
    /// `None` behind the last.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let len = member.read(buffer)?;
            if len > 0 || buffer.is_empty() {
                return Ok(len);
            }
            let Some(member) = self.member.take() else { break };
            let mut source = member.into_inner();
            match source.fill_buf()?.first() {
                None => {}
                Some(0) => only_zeros(&mut source)?,
                Some(_) => self.member = Some(GzDecoder::new(source)),
            }
        }
        Ok(0)
    }
}

fn only_zeros(source: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = source.fill_buf()?;
        if buffer.iter().any(|byte| *byte != 0) {
            return Err(io::Error::other("something else than zeros follows the gzip stream"));
        }
        match buffer.len() {
            0 => return Ok(()),
            len => source.consume(len),
        }
    }
}

/// A decoder whose errors say what to do, where they are about its limits.
struct Explained<R> {
    source: R,
    explain: fn(&io::Error) -> Option<String>,
}

impl<R: Read> Read for Explained<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer).map_err(|error| match (self.explain)(&error) {
            Some(text) => io::Error::other(text),
            None => error,
        })
    }
}

fn explain_zstd(error: &io::Error) -> Option<String> {
    error.to_string().contains("too much memory").then(|| {
        format!(
            "its zstd window is longer than {} MiB: recode it with `zstd -dc --long=31 --memory=4096MB FILE | zstd -o NEW`",
            1 << (ZSTD_WINDOW_LOG_MAX - 20)
        )
    })
}

fn explain_xz(error: &io::Error) -> Option<String> {
    let is_limit = error.to_string().to_lowercase().contains("memory");
    is_limit.then(|| {
        format!(
            "decoding its xz stream takes more than {} MiB: recode it with `xz -dc FILE | xz -6 >NEW`",
            XZ_MEMORY_MAX >> 20
        )
    })
}
