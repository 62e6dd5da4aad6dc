//! Compresses and decompresses objects. Each worker reuses one zstd context.

use wire::digest::Digest;
use wire::object::{Encoded, Frame, FrameList, Kind, frames, push_frame};
use wire::units::{FRAME_LEN_MAX, OBJECT_WHOLE_LEN_MAX};

use crate::error::StoreError;

/// The zstd level of ingest; `docs/performance.md` has the cost of other levels.
pub const LEVEL: i32 = 2;

/// If compression saves less than 1/16 of a frame, the frame is stored raw: reading without
/// decompression is worth more than those bytes.
const WORTH_IT: usize = 16;

/// Compresses content into objects. Each thread needs its own encoder, because an encoder holds a
/// zstd context and a frame buffer.
pub struct Encoder {
    context: zstd::bulk::Compressor<'static>,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Encoder")
    }
}

impl Encoder {
    /// Allocates a zstd context at [`LEVEL`].
    ///
    /// # Errors
    /// [`StoreError::Io`] where zstd has no memory for a context.
    pub fn new() -> Result<Self, StoreError> {
        let context = zstd::bulk::Compressor::new(LEVEL)
            .map_err(StoreError::io("prepare compression for", "objects"))?;
        Ok(Self { context, buffer: vec![0; FRAME_LEN_MAX] })
    }

    /// Encodes content of 1 to [`OBJECT_WHOLE_LEN_MAX`] bytes. The caller has computed its digest.
    ///
    /// # Panics
    /// If the content is empty, or longer than that: callers cut long content into frames first.
    pub fn encode(&mut self, digest: Digest, content: &[u8]) -> Encoded {
        assert!(
            (1..=OBJECT_WHOLE_LEN_MAX).contains(&content.len()),
            "a data object of {} bytes",
            content.len()
        );
        let mut payload = Vec::with_capacity(content.len() / 2 + 64);
        for piece in content.chunks(FRAME_LEN_MAX) {
            match self.compress(piece) {
                Some(len) => push_frame(&mut payload, piece.len(), false, &self.buffer[..len]),
                None => push_frame(&mut payload, piece.len(), true, piece),
            }
        }
        Encoded { digest, kind: Kind::Data, content_len: content.len() as u64, payload }
    }

    /// Compresses a frame into the buffer; `None` if compression saves too little.
    fn compress(&mut self, piece: &[u8]) -> Option<usize> {
        let limit = piece.len() - piece.len() / WORTH_IT;
        // Compression fails only if the result exceeds the limit.
        self.context.compress_to_buffer(piece, &mut self.buffer[..limit]).ok()
    }
}

/// Encodes a list of frames, uncompressed; `digest` must be that of the frames' joint content.
pub fn encode_list(digest: Digest, list: &FrameList) -> Encoded {
    let content_len = list.content_len();
    Encoded { digest, kind: Kind::FrameList, content_len, payload: list.encode() }
}

/// Decompresses objects, and checks the checksum of every frame.
pub struct Decoder {
    context: zstd::bulk::Decompressor<'static>,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decoder")
    }
}

impl Decoder {
    /// Allocates a zstd context.
    ///
    /// # Errors
    /// [`StoreError::Io`] where zstd has no memory for a context.
    pub fn new() -> Result<Self, StoreError> {
        let context = zstd::bulk::Decompressor::new()
            .map_err(StoreError::io("prepare decompression of", "objects"))?;
        Ok(Self { context })
    }

    /// Decodes a data object into `content`, which is replaced. Checks the frames' checksums but
    /// not the digest.
    ///
    /// # Errors
    /// The problem with the payload, as text. The caller adds the object's digest to it.
    pub fn decode(
        &mut self,
        payload: &[u8],
        content_len: u64,
        content: &mut Vec<u8>,
    ) -> Result<(), String> {
        // Never allocate more than an object may hold, whatever length the caller passes.
        if content_len > OBJECT_WHOLE_LEN_MAX as u64 {
            return Err(format!("{content_len} bytes of content are more than an object holds"));
        }
        content.resize(content_len as usize, 0);
        self.decode_into(payload, content)
    }

    /// Decodes a data object into a buffer of exactly its content's length. Checks the frames'
    /// checksums but not the digest.
    ///
    /// # Errors
    /// As [`Decoder::decode`].
    pub fn decode_into(&mut self, payload: &[u8], content: &mut [u8]) -> Result<(), String> {
        let mut rest = &mut content[..];
        for frame in frames(payload, rest.len() as u64).map_err(|error| error.to_string())? {
            // The frames add up to the buffer's length, so each has room.
            let (place, after) = rest.split_at_mut(frame.content_len);
            rest = after;
            self.decode_frame(&frame, place)?;
        }
        Ok(())
    }

    /// Decodes one frame into a buffer of exactly its content's length.
    ///
    /// # Errors
    /// As [`Decoder::decode`]; also if the buffer has another length.
    pub fn decode_frame(&mut self, frame: &Frame<'_>, place: &mut [u8]) -> Result<(), String> {
        if place.len() != frame.content_len {
            return Err(format!(
                "a frame has {} bytes instead of {}",
                frame.content_len,
                place.len()
            ));
        }
        if frame.is_raw {
            place.copy_from_slice(frame.stored);
            return Ok(());
        }
        let len = self
            .context
            .decompress_to_buffer(frame.stored, place)
            .map_err(|error| format!("a frame does not decompress: {error}"))?;
        if len != frame.content_len {
            return Err(format!("a frame has {len} bytes instead of {}", frame.content_len));
        }
        Ok(())
    }

    /// Decodes a data object of the store. Checks the checksums of its frames, but not its digest.
    ///
    /// # Errors
    /// [`StoreError::DamagedObject`].
    pub fn decode_stored(
        &mut self,
        object: &Encoded,
        content: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        let damaged = |problem| StoreError::DamagedObject { digest: object.digest, problem };
        self.decode(&object.payload, object.content_len, content).map_err(damaged)
    }

    /// Decodes a data object from an untrusted sender, and checks its digest.
    ///
    /// # Errors
    /// [`StoreError::DamagedObject`] and [`StoreError::WrongContent`].
    pub fn decode_received(
        &mut self,
        object: &Encoded,
        content: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        self.decode(&object.payload, object.content_len, content).map_err(|problem| {
            StoreError::DamagedObject {
                digest: object.digest,
                problem: format!("{problem}, as received"),
            }
        })?;
        let found = object.digest.algorithm().digest(content);
        if found != object.digest {
            return Err(StoreError::WrongContent { expected: object.digest, found });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::digest::Algorithm;

    fn round_trip(content: &[u8]) -> Encoded {
        let digest = Algorithm::Sha256.digest(content);
        let encoded = Encoder::new().unwrap().encode(digest, content);
        let mut decoded = Vec::new();
        Decoder::new().unwrap().decode_received(&encoded, &mut decoded).unwrap();
        assert_eq!(decoded, content);
        encoded
    }

    #[test]
    fn content_round_trips_and_noise_is_stored_raw() {
        for len in [1, 100, FRAME_LEN_MAX, FRAME_LEN_MAX + 1, OBJECT_WHOLE_LEN_MAX] {
            let text = round_trip(&b"imprint ".repeat(len / 8 + 1)[..len]);
            assert!(len < 1000 || text.payload.len() < len / 10);
            let mut state = 1u64;
            let noise: Vec<u8> = (0..len)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 56) as u8
                })
                .collect();
            assert!(round_trip(&noise).payload.len() >= len);
        }
    }

    #[test]
    fn diff_zstd_frames_are_readable_by_the_zstd_tool() {
        let content = b"imprint ".repeat(1000);
        let encoded = round_trip(&content);
        let stored = frames(&encoded.payload, content.len() as u64).unwrap()[0].stored;
        let mut child = std::process::Command::new("zstd")
            .args(["-dc"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), stored).unwrap();
        assert_eq!(child.wait_with_output().unwrap().stdout, content);
    }
}
