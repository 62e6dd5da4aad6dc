//! Processor architectures of machines, kernels and UEFI programs.

/// A processor architecture whose kernels and boot loaders Imprint recognises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arch {
    /// 64-bit x86, which boots with BIOS or UEFI.
    X86_64,
    /// 64-bit ARM, which boots with UEFI only.
    Arm64,
}

impl Arch {
    /// Returns the name that image records use.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    /// Returns GRUB's name for UEFI on this processor, which is also the name of a folder of
    /// modules.
    pub fn efi_platform(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-efi",
            Self::Arm64 => "arm64-efi",
        }
    }

    /// Returns UEFI's abbreviation in file names, as in `bootx64.efi`.
    pub fn efi_suffix(self) -> &'static str {
        match self {
            Self::X86_64 => "x64",
            Self::Arm64 => "aa64",
        }
    }

    /// Returns whether `head` is the beginning of a UEFI program for this processor. *Source:*
    /// PE/COFF.
    pub fn runs(self, head: &[u8]) -> bool {
        let word = |at: usize| Some(u16::from_le_bytes([*head.get(at)?, *head.get(at + 1)?]));
        let header = word(0x3c).map_or(0, usize::from);
        let machine = match self {
            Self::X86_64 => 0x8664,
            Self::Arm64 => 0xaa64,
        };
        head.starts_with(b"MZ")
            && head.get(header..header + 4) == Some(&b"PE\0\0"[..])
            && word(header + 4) == Some(machine)
    }
}
