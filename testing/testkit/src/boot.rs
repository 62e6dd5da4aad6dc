//! Imitations of kernels and EFI programs: only the headers by which tools recognize them.

/// Returns the beginning of a 64-bit x86 kernel that names its release.
///
/// *Source:* Linux, Documentation/arch/x86/boot.rst.
pub fn x86_kernel(release: &str) -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x1fe..0x200].copy_from_slice(&[0x55, 0xaa]);
    bytes[0x202..0x206].copy_from_slice(b"HdrS");
    bytes[0x206..0x208].copy_from_slice(&0x020f_u16.to_le_bytes());
    bytes[0x20e..0x210].copy_from_slice(&0x400_u16.to_le_bytes());
    bytes[0x236] = 1;
    let text = format!("{release} (builder@host) #1 SMP\0");
    bytes[0x600..0x600 + text.len()].copy_from_slice(text.as_bytes());
    bytes
}

/// Returns the beginning of an arm64 kernel.
///
/// *Source:* Linux, Documentation/arch/arm64/booting.rst.
pub fn arm64_kernel() -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    bytes[0x38..0x3c].copy_from_slice(b"ARM\x64");
    bytes
}

/// Returns the beginning of an EFI program for x86_64 that is no kernel. *Source:* PE/COFF.
pub fn x86_efi() -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x3c..0x40].copy_from_slice(&0x80_u32.to_le_bytes());
    bytes[0x80..0x84].copy_from_slice(b"PE\0\0");
    bytes[0x84..0x86].copy_from_slice(&0x8664_u16.to_le_bytes());
    bytes
}
