//! Numbers and checksums of xfs: big-endian, CRC-32C.

pub(super) const BLOCK_LEN: u64 = 4096;

pub(super) fn u16_be(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_be_bytes([b[0], b[1]]))
}

pub(super) fn u32_be(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_be(bytes, at)) << 16 | u32::from(u16_be(bytes, at + 2))
}

pub(super) fn u64_be(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_be(bytes, at)) << 32 | u64::from(u32_be(bytes, at + 4))
}

/// Computes the CRC32C of `bytes` and stores it in them, in the four bytes at `at`.
pub(super) fn write_checksum(bytes: &mut [u8], at: usize) {
    bytes[at..at + 4].fill(0);
    let sum = crc32c::crc32c(bytes);
    bytes[at..at + 4].copy_from_slice(&sum.to_le_bytes());
}

/// Returns whether the four bytes at `at` are the CRC32C of `bytes` with zeros in their place.
pub(super) fn has_checksum(bytes: &[u8], at: usize) -> bool {
    let Some((before, stored)) = bytes.split_at_checked(at) else { return false };
    let Some((stored, behind)) = stored.split_at_checked(4) else { return false };
    let sum = crc32c::crc32c_append(crc32c::crc32c(before), &[0; 4]);
    crc32c::crc32c_append(sum, behind).to_le_bytes() == stored
}
