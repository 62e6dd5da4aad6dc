//! Makes boot loaders, and writes the changed pages of the area before the root partition.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use diskfs::Medium;
use diskfs::partition::{BIOS_BOOT, EFI_SYSTEM, ROOT_NUMBER};
use parking_lot::Mutex;
use store::boot::{Binary, Efi, Modules, PrebuiltLoader};
use sysio::mount::PrivateMount;
use sysio::sandbox::{self, Limits, Outcome};
use wire::Manifest;
use wire::blockmap::BlockIndex;
use wire::digest::{Algorithm, Digest};
use wire::units::PAGE_LEN;

use super::bios::{self, Bios, CODE};
use super::esp::{self, Contents};
use super::{BootError, BootPlan, BootTarget, Ids, ReadHead};

/// Limits of `grub-mkimage`, which needs 0.2 s and 20 MB of memory. Its output has 100 KB to 3 MB.
const LIMITS: Limits =
    Limits { time: Duration::from_secs(20), output_len: 8 << 20, memory: 512 << 20, processes: 4 };

/// Lets only one sandbox run at a time: all sandboxes run as the same user, and the limit of
/// processes counts all processes of this user.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The reason why an image has no boot loaders.
#[derive(Debug)]
pub struct InstallFailure {
    /// A clause, such as `it has no grub-mkimage`.
    pub problem: String,
    /// Whether a retry can help, because the machine was perhaps too busy.
    pub may_pass: bool,
}

impl From<String> for InstallFailure {
    fn from(problem: String) -> Self {
        Self { problem, may_pass: false }
    }
}

/// Longest boot loader in an image, in bytes: shim has 1 MB, GRUB 4 MB.
const BINARY_LEN_MAX: u64 = 8 << 20;

/// The parts of a volume that boot set-up writes outside of the root partition, with their bytes.
#[derive(Debug)]
pub struct LoaderArea {
    parts: [(Range<u64>, Vec<u8>); 3],
}

impl LoaderArea {
    /// Byte ranges of the parts on the volume.
    const PARTS: [Range<u64>; 3] = [CODE.start as u64..CODE.end as u64, BIOS_BOOT, EFI_SYSTEM];

    fn new(bios: Option<Bios>, esp: Option<Vec<u8>>) -> Self {
        let [code, core] = match bios {
            Some(Bios { code, core }) => [Some(code), Some(core)],
            None => [None, None],
        };
        // A missing part becomes zeros, so that nothing of an earlier revision stays.
        let whole = |part: usize, bytes: Option<Vec<u8>>| {
            let place = Self::PARTS[part].clone();
            let len = (place.end - place.start) as usize;
            (place, bytes.unwrap_or_else(|| vec![0; len]))
        };
        Self { parts: [whole(0, code), whole(1, core), whole(2, esp)] }
    }

    /// Returns an area of zeros, with nothing to boot.
    pub fn empty() -> Self {
        Self::new(None, None)
    }

    /// Returns the digest of the bytes that a volume holds in this area now.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn digest_on(volume: &Medium) -> Result<Digest, BootError> {
        let mut hasher = Algorithm::Sha256.hasher();
        for part in Self::PARTS {
            hasher.update(&volume.read(part.start, (part.end - part.start) as usize)?);
        }
        Ok(hasher.finish())
    }

    /// Returns the digest of this area, comparable with [`LoaderArea::digest_on`].
    pub fn digest(&self) -> Digest {
        let mut hasher = Algorithm::Sha256.hasher();
        for (_, bytes) in &self.parts {
            hasher.update(bytes);
        }
        hasher.finish()
    }

    /// Writes the pages that differ from those on the volume; returns how many snapshot blocks the
    /// written pages touch.
    ///
    /// # Durability
    /// None until the device is synced.
    ///
    /// # Errors
    /// Errors of reading and writing.
    pub fn write(&self, volume: &Medium) -> Result<u64, BootError> {
        let mut touched = BTreeSet::new();
        for (place, bytes) in &self.parts {
            let there = volume.read(place.start, bytes.len())?;
            let page = PAGE_LEN as usize;
            let pages = bytes.chunks(page).zip(there.chunks(page));
            for (at, (wanted, there)) in (place.start..).step_by(page).zip(pages) {
                if wanted != there {
                    volume.write(at, wanted)?;
                    touched.insert(BlockIndex::at(at));
                }
            }
        }
        Ok(touched.len() as u64)
    }
}

/// Mounts the patched root, so that the image's own programs on it can run.
pub type MountToRun<'a, E> = dyn Fn() -> Result<PrivateMount, E> + 'a;

/// Makes an image's boot loaders. If they need the image's own tool, runs the tool on the patched
/// root. The inner error is the reason why the image gets no loaders.
///
/// # Errors
/// Errors of reading, of mounting, and of the sandbox.
pub fn install<E: From<BootError>>(
    image: &Manifest,
    boot: &BootPlan,
    target: BootTarget<'_>,
    mount: &MountToRun<'_, E>,
    read: &ReadHead<'_, E>,
) -> Result<Result<LoaderArea, InstallFailure>, E> {
    let maker = Maker { image, boot, target, mount, read };
    let bios = match maker.bios()? {
        Ok(bios) => bios,
        Err(problem) => return Ok(Err(problem)),
    };
    Ok(maker.esp()?.map(|esp| LoaderArea::new(bios, esp)))
}

struct Maker<'a, E> {
    image: &'a Manifest,
    boot: &'a BootPlan,
    target: BootTarget<'a>,
    mount: &'a MountToRun<'a, E>,
    read: &'a ReadHead<'a, E>,
}

impl<E: From<BootError>> Maker<'_, E> {
    fn bios(&self) -> Result<Result<Option<Bios>, InstallFailure>, E> {
        let Some(store::boot::Bios { first, core }) = &self.boot.loaders.bios else {
            return Ok(Ok(None));
        };
        let core = match self.core("i386-pc", core)? {
            Ok(core) => core,
            Err(problem) => return Ok(Err(problem)),
        };
        let first = self.binary(first)?;
        Ok(bios::place(&first, &core).map(Some).map_err(InstallFailure::from))
    }

    fn esp(&self) -> Result<Result<Option<Vec<u8>>, InstallFailure>, E> {
        let loaders = &self.boot.loaders;
        let contents = match &loaders.efi {
            None => return Ok(Ok(None)),
            Some(Efi::Made(modules)) => match self.core(loaders.arch.efi_platform(), modules)? {
                Ok(grub) => Contents { grub, shim: None, mok: None },
                Err(problem) => return Ok(Err(problem)),
            },
            Some(Efi::Prebuilt(prebuilt)) => {
                let PrebuiltLoader { grub, shim, mok } = &**prebuilt;
                Contents {
                    grub: self.binary(grub)?,
                    shim: shim.as_ref().map(|binary| self.binary(binary)).transpose()?,
                    mok: mok.as_ref().map(|binary| self.binary(binary)).transpose()?,
                }
            }
        };
        let all = [Some(&contents.grub), contents.shim.as_ref(), contents.mok.as_ref()];
        if !all.into_iter().flatten().all(|binary| loaders.arch.runs(binary)) {
            let arch = loaders.arch.name();
            return Ok(Err(format!("its boot loader for UEFI is no program for {arch}").into()));
        }
        let made = esp::make(loaders, &Ids::of(self.target.identity), &contents);
        Ok(made.map(Some).map_err(InstallFailure::from))
    }

    /// Reads a binary of the image. Returns no bytes if it is too long or missing; later checks
    /// refuse an empty binary.
    fn binary(&self, binary: &Binary) -> Result<Vec<u8>, E> {
        let node = self.image.lookup(binary.path.as_bytes());
        match node.map(|node| self.image.node_inode(node)) {
            Some(inode) if inode.size() <= BINARY_LEN_MAX => (self.read)(inode, inode.size()),
            _ => Ok(Vec::new()),
        }
    }

    /// Runs the image's `grub-mkimage`. The core image looks for its configuration on the root
    /// partition of the disk it was started from.
    fn core(
        &self,
        platform: &str,
        modules: &Modules,
    ) -> Result<Result<Vec<u8>, InstallFailure>, E> {
        let Some(tool) = &self.boot.loaders.mkimage else {
            return Ok(Err("it has no grub-mkimage".to_owned().into()));
        };
        let prefix = format!("(,gpt{ROOT_NUMBER})/{}", self.boot.loaders.prefix);
        let folder = format!("/{}", modules.folder);
        let mut arguments: Vec<String> =
            ["-O", platform, "-d", &folder, "-p", &prefix].map(str::to_owned).to_vec();
        arguments.extend(modules.names.iter().cloned());
        let mount = (self.mount)()?;
        let program = format!("/{}", tool.path);
        let _one = ONE_AT_A_TIME.lock();
        let mut may_pass = false;
        let problem = match sandbox::run(mount, &program, &arguments, LIMITS) {
            Ok(Outcome::Done(core)) => return Ok(Ok(core)),
            Ok(Outcome::Failed(words)) => format!("failed: {words}"),
            Ok(Outcome::TimedOut) => {
                may_pass = true;
                format!("did not end within {} s", LIMITS.time.as_secs())
            }
            Ok(Outcome::TooLong) => format!("made more than {} MiB", LIMITS.output_len >> 20),
            Err(error) if is_of_program(&error) => format!("could not be run: {error}"),
            Err(source) => {
                let path = tool.path.as_str().into();
                return Err(BootError::Io { action: "run", path, source }.into());
            }
        };
        let problem = format!("its {program} {problem}");
        Ok(Err(InstallFailure { problem, may_pass }))
    }
}

/// Returns whether an error means that the image's program cannot run: it is missing, not
/// executable, or not for this machine.
fn is_of_program(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    /// `ENOEXEC`, for which std has no kind.
    const NO_PROGRAM: i32 = 8;
    matches!(error.kind(), NotFound | PermissionDenied) || error.raw_os_error() == Some(NO_PROGRAM)
}
