//! Boot set-up as the ledger keeps it.

use prost::Message as _;
use wire::digest::{Algorithm, Digest};
use wire::proto::{StoredBoot, StoredFile};

use super::{BootPlan, GeneratedEntry};

/// The boot set-up of a volume, as it was last done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootRecord {
    /// Files and folders that were added to the image's tree.
    pub generated: Vec<GeneratedEntry>,
    /// State of the area before the root partition.
    pub loaders: InstalledLoaders,
}

/// The boot loaders on a volume, or the reason why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledLoaders {
    /// Digest of the loaders' inputs; `None` if no loaders could be planned, or if the next patch
    /// shall try again to make them.
    pub inputs: Option<Digest>,
    /// Digest of the area that was written ([`LoaderArea::digest`](crate::LoaderArea::digest)).
    pub area: Digest,
    /// EC2's boot mode ("legacy-bios", "uefi" or "uefi-preferred"), or the reason why the volume
    /// cannot boot.
    pub mode: Result<String, String>,
}

impl InstalledLoaders {
    /// Returns whether carrying out the plan `boot` would give the same loaders, or fail for the
    /// same reason.
    pub fn is_as(&self, boot: &Result<BootPlan, String>) -> bool {
        match boot {
            Ok(boot) => self.inputs == Some(boot.inputs),
            Err(problem) => self.inputs.is_none() && self.mode.as_ref() == Err(problem),
        }
    }
}

impl BootRecord {
    /// Encodes the record as a `StoredBoot` message, the last part of a ledger.
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

    /// Decodes what [`BootRecord::encode`] writes.
    ///
    /// # Errors
    /// The problem with the bytes, in words.
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
