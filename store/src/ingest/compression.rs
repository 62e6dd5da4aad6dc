//! Decompresses streams, with limits on memory.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use lz4_flex::frame::FrameDecoder;

/// A compression format of streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// gzip, with any number of members. Zeros may follow the last one.
    Gzip,
    /// zstd, with windows of up to 2 GiB.
    Zstd,
    /// xz, if decoding a stream takes at most 256 MiB of memory.
    Xz,
    /// bzip2, with any number of streams.
    Bzip2,
    /// lz4, with any number of frames.
    Lz4,
}

impl Compression {
    /// Returns the name of the format, which is also the name of its command-line tool.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
            Self::Lz4 => "lz4",
        }
    }

    /// Returns the suffixes to take off a file's name: the rest of the name shows the format
    /// inside.
    pub(super) fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Gzip => &[".gz", ".gzip"],
            Self::Zstd => &[".zst", ".zstd"],
            Self::Xz => &[".xz"],
            Self::Bzip2 => &[".bz2"],
            Self::Lz4 => &[".lz4"],
        }
    }
}

/// Base-2 logarithm of the limit on zstd windows: 2 GiB, which is the limit of the zstd library,
/// too (`zstd --long=31`). The decoder reserves a window's memory at once, but uses it only as
/// content fills it.
const ZSTD_WINDOW_LOG_MAX: u32 = 31;

/// Limit on memory for decoding an xz stream, in bytes: `xz -9` needs 65 MiB.
const XZ_MEMORY_MAX: u64 = 256 << 20;

/// Length of the read buffer for a compressed stream, in bytes.
const BUFFER_LEN: usize = 1 << 17;

/// Decompresses a stream; concatenated compressed streams become one.
///
/// # Errors
/// Errors of creating the decoder, such as a lack of memory.
pub(super) fn decoder<'a>(
    compression: Compression,
    source: impl Read + 'a,
) -> io::Result<Box<dyn Read + 'a>> {
    let source = io::BufReader::with_capacity(BUFFER_LEN, source);
    Ok(match compression {
        Compression::Gzip => Box::new(Gzip { member: Some(GzDecoder::new(source)) }),
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(source)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
            Box::new(Explained { source: decoder, explain: explain_zstd })
        }
        Compression::Xz => {
            let flags = liblzma::stream::CONCATENATED;
            let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY_MAX, flags)?;
            let decoder = liblzma::bufread::XzDecoder::new_stream(source, stream);
            Box::new(Explained { source: decoder, explain: explain_xz })
        }
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(source)),
        Compression::Lz4 => Box::new(Lz4(FrameDecoder::new(source))),
    })
}

/// Reads concatenated frames of lz4, because [`FrameDecoder`] itself stops after each frame.
struct Lz4<R: BufRead>(FrameDecoder<R>);

impl<R: BufRead> Read for Lz4<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let len = self.0.read(buffer)?;
            // Every turn consumes at least a frame's header, so the loop ends.
            if len > 0 || buffer.is_empty() || self.0.get_mut().fill_buf()?.is_empty() {
                return Ok(len);
            }
        }
    }
}

/// Reads the members of a gzip stream, one after another. Skips zeros after the last member, as
/// gzip does: tapes, and programs that write whole blocks, pad the stream with zeros.
struct Gzip<R> {
    /// `None` after the last member.
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

/// Error for an intact input that exceeds a limit of its decoder; the text tells the user what to
/// do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Limit(String);

/// A decoder that replaces its errors about limits with a [`Limit`].
struct Explained<R> {
    source: R,
    explain: fn(&io::Error) -> Option<String>,
}

impl<R: Read> Read for Explained<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer).map_err(|error| match (self.explain)(&error) {
            Some(text) => io::Error::other(Limit(text)),
            None => error,
        })
    }
}

fn explain_zstd(error: &io::Error) -> Option<String> {
    error.to_string().contains("too much memory").then(|| {
        format!(
            "its zstd window is longer than {} MiB, and so long that zstd itself does not read it: compress its content \
             anew, at most with `zstd --long=31`",
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
