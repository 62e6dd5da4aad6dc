//! Decodes the first bytes of a kernel: its processor and release.

use std::io::Read as _;

use super::arch::Arch;

/// Bytes that are read from a file's beginning to recognise a kernel: x86 kernels begin with up to
/// 64 sectors of set-up code, which hold the release.
pub(super) const HEAD_LEN: u64 = 64 * 1024;

/// Recognises a kernel by its beginning. Returns its processor, and its release if the beginning
/// holds it. *Source:* Linux, Documentation/arch/x86/boot.rst,
/// Documentation/arch/arm64/booting.rst.
pub(super) fn kernel(head: &[u8], len: u64) -> Result<(Arch, Option<String>), String> {
    if head.starts_with(&[0x1f, 0x8b]) {
        // GRUB unpacks gzip while it reads.
        let mut inside = Vec::new();
        let unpacked = flate2::read::GzDecoder::new(head).take(HEAD_LEN);
        // `head` holds only the beginning of the stream, so an early end is no error.
        std::io::BufReader::new(unpacked).read_to_end(&mut inside).ok();
        if !inside.starts_with(&[0x1f, 0x8b]) {
            // The unpacked length is unknown, so the check for a cut-off kernel must pass.
            return kernel(&inside, u64::MAX);
        }
    }
    let word = |at: usize| Some(u16::from_le_bytes([*head.get(at)?, *head.get(at + 1)?]));
    if head.get(0x1fe..0x200) == Some(&[0x55, 0xaa]) && head.get(0x202..0x206) == Some(b"HdrS") {
        // Since version 2.12 of the boot protocol, the header says whether the kernel has 64 bits.
        if word(0x206).is_some_and(|protocol| protocol >= 0x20c)
            && word(0x236).is_none_or(|flags| flags & 1 == 0)
        {
            return Err("is a kernel for 32-bit machines".to_owned());
        }
        let (sectors, low, high) = (head.get(0x1f1), word(0x1f4), word(0x1f6));
        if let (Some(sectors), Some(low), Some(high)) = (sectors, low, high) {
            let set_up = if *sectors == 0 { 5 } else { u64::from(*sectors) + 1 };
            let rest = (u64::from(high) << 16 | u64::from(low)) * 16;
            if rest > 0 && len < set_up * 512 + rest {
                return Err(format!("was cut off: it has {len} bytes of {}", set_up * 512 + rest));
            }
        }
        return Ok((Arch::X86_64, release_of(head, word(0x20e))));
    }
    if head.get(0x38..0x3c) == Some(b"ARM\x64") || Arch::Arm64.runs(head) {
        return Ok((Arch::Arm64, None));
    }
    if head.starts_with(b"MZ") {
        return Err("is a program for UEFI, and no kernel that GRUB can start".to_owned());
    }
    Err("does not begin as a kernel does".to_owned())
}

/// Returns the first word of the version text that an x86 kernel's header points to.
fn release_of(head: &[u8], at: Option<u16>) -> Option<String> {
    const RELEASE_LEN_MAX: usize = 64;
    let at = at.filter(|at| *at != 0)?;
    let text = head.get(0x200 + usize::from(at)..)?;
    let len = text.iter().take(RELEASE_LEN_MAX + 1).position(|byte| b" \0".contains(byte))?;
    let text = std::str::from_utf8(&text[..len]).ok()?;
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_that_was_cut_off_is_not_one() {
        let mut head = vec![0; 4096];
        head[0x1f1] = 3;
        head[0x1f4..0x1f8].copy_from_slice(&1000_u32.to_le_bytes());
        head[0x1fe..0x206].copy_from_slice(b"\x55\xaaj\0HdrS");
        head[0x206..0x208].copy_from_slice(&0x20f_u16.to_le_bytes());
        head[0x236] = 1;
        let whole = 4 * 512 + 1000 * 16;
        assert_eq!(kernel(&head, whole), Ok((Arch::X86_64, None)));
        assert!(kernel(&head, whole - 1).unwrap_err().contains("cut off"));
    }
}
