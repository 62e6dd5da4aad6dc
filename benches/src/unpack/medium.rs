//! The media on which the benchmark's volumes lie.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::sync::Arc;

use testkit::disk::Disk;

use crate::ebs::Gp3;

/// Length of each volume; its file is sparse.
pub(crate) const VOLUME_LEN: u64 = 4 << 30;

/// A medium on which volumes lie: a value of `--medium`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file in `--work-dir`, which is in memory by default.
    Memory,
    /// A file below `target`, on the disk of the current directory.
    Disk,
    /// A file in `--work-dir`, with the limits of a gp3 volume.
    Ebs,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Ebs => "ebs",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Memory, Self::Disk, Self::Ebs]
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| format!("'{text}' is none of memory, disk and ebs"))
    }
}

/// A folder for volumes of one kind, removed on drop.
pub(crate) struct Medium {
    pub kind: Kind,
    folder: tempfile::TempDir,
}

/// One volume, unmounted and deleted on drop.
pub(crate) struct Volume {
    backing: PathBuf,
    disk: Option<Disk>,
    mount: PathBuf,
}

impl Medium {
    pub(crate) fn new(kind: Kind, work_dir: &Path) -> anyhow::Result<Self> {
        let place = if kind == Kind::Disk { Path::new("target") } else { work_dir };
        let folder = tempfile::Builder::new().prefix("volumes-").tempdir_in(place)?;
        Ok(Self { kind, folder })
    }

    /// Makes an empty volume; if the medium is EBS, the volume is emulated.
    pub(crate) fn volume(&self, name: &str) -> anyhow::Result<Volume> {
        let backing = self.folder.path().join(format!("{name}.img"));
        std::fs::File::create(&backing)?.set_len(VOLUME_LEN)?;
        let mount = self.folder.path().join(format!("{name}.mnt"));
        std::fs::create_dir_all(&mount)?;
        let disk = (self.kind == Kind::Ebs).then(|| {
            let disk = Disk::mount(&backing, &self.folder.path().join(format!("{name}.disk")), 64);
            disk.set_policy(Arc::new(Gp3::new()));
            disk
        });
        Ok(Volume { backing, disk, mount })
    }
}

impl Volume {
    /// Returns the path of the volume as users open it: through the emulation, if there is one.
    pub(crate) fn path(&self) -> PathBuf {
        self.disk.as_ref().map_or_else(|| self.backing.clone(), Disk::path)
    }

    /// Returns the file with the volume's bytes; accesses to it bypass any emulation.
    pub(crate) fn backing(&self) -> &Path {
        &self.backing
    }

    /// Returns an empty folder for mounting the volume; dropping the volume unmounts it.
    pub(crate) fn mount(&self) -> &Path {
        &self.mount
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        // A failed side may have left the volume mounted.
        Command::new("umount").args(["-q", "-d"]).arg(&self.mount).status().ok();
        drop(self.disk.take());
        std::fs::remove_file(&self.backing).ok();
        std::fs::remove_file(self.backing.with_extension("ledger")).ok();
    }
}
