//! What a ledger keeps of boot set-up.

use prost::Message as _;
use wire::digest::{Algorithm, Digest};
use wire::proto::{StoredBoot, StoredFile};

use super::{BootPlan, GeneratedEntry};

/// BootPlan set-up as it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootRecord {
    /// Files that were added to the image.
    pub generated: Vec<GeneratedEntry>,
    /// What was written before the root partition.
    pub loaders: InstalledLoaders,
}

/// BootPlan loaders that are on a volume, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledLoaders {
    /// What they were made from; `None` where it did not come to that.
    pub inputs: Option<Digest>,
    /// A digest of what they are on the volume.
    pub area: Digest,
    /// How machines may boot it ("legacy-bios", "uefi" or "uefi-preferred"), or why they cannot.
    pub mode: Result<String, String>,
}

impl InstalledLoaders {
    /// Returns whether doing it again would lead to the same.
    pub fn is_as(&self, boot: &Result<BootPlan, String>) -> bool {
        match boot {
            Ok(boot) => self.inputs == Some(boot.inputs),
            Err(problem) => self.inputs.is_none() && self.mode.as_ref() == Err(problem),
        }
    }
}

impl BootRecord {
    /// Encodes it.
    pub fn encode(&self) -> Vec<u8> {
        let stored = |file: &GeneratedEntry| StoredFile {
            path: file.path.clone(),
            content: file.content.as_ref().map(|content| content.to_vec().into()),
        };
        let mut message = StoredBoot {
            generated: self.generated.iter().map(stored).collect(),
            ..StoredBoot::default()
        };
        let InstalledLoaders { inputs, area, mode } = &self.loaders;
        message.inputs = inputs.map(|inputs| inputs.hash().to_vec().into());
        message.area = area.hash().to_vec().into();
        match mode {
            Ok(mode) => message.mode.clone_from(mode),
            Err(problem) => message.problem.clone_from(problem),
        }
        message.encode_to_vec()
    }

    /// Decodes it.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let message = StoredBoot::decode(bytes).map_err(|error| error.to_string())?;
        let digest =
            |hash: &[u8]| Digest::new(Algorithm::Sha256, hash).map_err(|error| error.to_string());
        let generated = message.generated.into_iter().map(|file| GeneratedEntry {
            path: file.path,
            content: file.content.map(|content| content[..].into()),
        });
        let loaders = InstalledLoaders {
            inputs: message.inputs.as_deref().map(digest).transpose()?,
            area: digest(&message.area)?,
            mode: if message.mode.is_empty() { Err(message.problem) } else { Ok(message.mode) },
        };
        Ok(Self { generated: generated.collect(), loaders })
    }
}
