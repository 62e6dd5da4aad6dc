//! Little-endian integers at an offset in a byte slice, for decoders that have checked its length.

/// Reads the `u16` at offset `at`.
///
/// # Panics
/// If the slice is too short; decoders check lengths first.
#[inline]
pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let mut word = [0; 2];
    word.copy_from_slice(&bytes[at..at + 2]);
    u16::from_le_bytes(word)
}

/// Reads the `u32` at offset `at`.
///
/// # Panics
/// If the slice is too short; decoders check lengths first.
#[inline]
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

/// Reads the `u64` at offset `at`.
///
/// # Panics
/// If the slice is too short; decoders check lengths first.
#[inline]
pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}
