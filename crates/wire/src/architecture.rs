//! Processor architectures that EC2 offers, and the names that people use for them.

use std::fmt;
use std::str::FromStr;

/// A processor architecture of EC2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Architecture {
    /// 64-bit Intel and AMD: `x86_64` in EC2 and in Linux.
    X86_64,
    /// 64-bit Arm: `arm64` in EC2, `aarch64` in Linux.
    Arm64,
}

/// Error for a name that is no architecture of EC2; it holds the first 40 characters of the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an architecture of EC2: x86_64 (amd64) or arm64 (aarch64)")]
pub struct ArchitectureError(String);

impl Architecture {
    /// Returns EC2's name for the architecture.
    ///
    /// *Source:* EC2 API reference, `ArchitectureValues`.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Architecture {
    type Err = ArchitectureError;

    /// Accepts the names used by EC2, kernels (`uname -m`), Debian, Go, UEFI and Windows, in any case of letters.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "x86_64" | "x86-64" | "amd64" | "x64" => Ok(Self::X86_64),
            "arm64" | "aarch64" | "aa64" => Ok(Self::Arm64),
            _ => Err(ArchitectureError(text.chars().take(40).collect::<String>())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_understood_and_others_are_not() {
        for name in ["x86_64", "amd64", "AMD64", "x64", "x86-64"] {
            assert_eq!(name.parse(), Ok(Architecture::X86_64), "{name}");
        }
        for name in ["arm64", "aarch64", "ARM64"] {
            assert_eq!(name.parse(), Ok(Architecture::Arm64), "{name}");
        }
        for name in ["", "i386", "arm", "riscv64", "x86_64 ", "amd64/v2"] {
            let error = name.parse::<Architecture>().unwrap_err().to_string();
            assert!(error.contains(&format!("'{name}'")) && error.contains("arm64"), "{error}");
        }
    }
}
