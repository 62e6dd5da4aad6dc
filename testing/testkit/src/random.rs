//! Changes trees at random. Equal seeds make equal changes to equal trees.

use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::hostile::noise;

/// A pseudo-random generator; equal seeds give equal numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Makes a generator from any seed, also from 0. *Source:* splitmix64.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number from 0 to `limit` − 1.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.below(among.len() as u64) as usize)
    }
}

/// Makes up to `count` random changes to a tree.
///
/// # Errors
/// Errors of the system calls.
pub fn change(root: &Path, random: &mut Random, count: usize) -> io::Result<()> {
    for _ in 0..count {
        let mut paths = Vec::new();
        gather(root, &mut paths)?;
        let is_dir = |path: &PathBuf| path.is_dir() && !path.is_symlink();
        let mut directories: Vec<PathBuf> = paths.iter().filter(|p| is_dir(p)).cloned().collect();
        directories.push(root.to_owned());
        let others: Vec<PathBuf> = paths.iter().filter(|p| !is_dir(p)).cloned().collect();
        let parent = random.pick(&directories).cloned().unwrap_or_else(|| root.to_owned());
        let name = parent.join(format!("n{}", random.below(12)));
        let is_free = std::fs::symlink_metadata(&name).is_err();
        match random.below(16) {
            0..=1 if is_free => std::fs::create_dir(&name)?,
            2..=6 if is_free => write(&name, random)?,
            7 if is_free => symlink("t".repeat(random.below(200) as usize + 1), &name)?,
            8 if is_free => {
                if let Some(source) = random.pick(&others) {
                    std::fs::hard_link(source, &name)?;
                }
            }
            9 if is_free => {
                if let Some(source) = random.pick(&others) {
                    std::fs::rename(source, &name)?;
                }
            }
            10 => {
                if let Some(path) = random.pick(&paths) {
                    remove(path)?;
                }
            }
            11 => rewrite_a_page(&others, random)?,
            12 => {
                if let Some(path) = random.pick(&others) {
                    // Replaces a file by a directory.
                    let path = path.clone();
                    remove(&path)?;
                    std::fs::create_dir(&path)?;
                }
            }
            13 => {
                if let Some(path) = random.pick(&paths).filter(|path| !path.is_symlink()) {
                    let mode = [0o644, 0o600, 0o755, 0o4755, 0o2711, 0o1777];
                    let mode = mode[random.below(6) as usize];
                    std::fs::set_permissions(path, PermissionsExt::from_mode(mode))?;
                }
            }
            14 => {
                if let Some(path) = random.pick(&paths) {
                    let owner = Some(random.below(3) as u32 * 1000);
                    std::os::unix::fs::lchown(path, owner, owner)?;
                }
            }
            _ => {
                if let Some(path) = random.pick(&paths).filter(|path| !path.is_symlink()) {
                    let value = noise(random.below(300) as usize, random.below(1000));
                    let flags = rustix::fs::XattrFlags::empty();
                    rustix::fs::setxattr(path, "user.random", &value, flags)?;
                }
            }
        }
    }
    Ok(())
}

fn write(path: &Path, random: &mut Random) -> io::Result<()> {
    let len = match random.below(8) {
        0 => 0,
        1..=4 => random.below(5000),
        5..=6 => random.below(300_000),
        _ => random.below(2_500_000),
    };
    // There are only 30 seeds, so that some files get equal content.
    std::fs::write(path, noise(len as usize, random.below(30)))?;
    if random.below(6) == 0 {
        let file = std::fs::File::options().write(true).open(path)?;
        file.set_len(len.next_multiple_of(4096) + 4096 * random.below(20))?;
        std::os::unix::fs::FileExt::write_all_at(&file, b"behind a hole", 1 << 20)?;
    }
    Ok(())
}

fn rewrite_a_page(files: &[PathBuf], random: &mut Random) -> io::Result<()> {
    let Some(path) = random.pick(files).filter(|path| path.is_file() && !path.is_symlink()) else {
        return Ok(());
    };
    let file = std::fs::File::options().write(true).open(path)?;
    let len = file.metadata()?.len();
    let page = noise(100, random.below(1000));
    std::os::unix::fs::FileExt::write_all_at(&file, &page, random.below(len))
}

fn remove(path: &Path) -> io::Result<()> {
    if path.is_dir() && !path.is_symlink() {
        std::fs::remove_dir_all(path)
    } else {
        std::fs::remove_file(path)
    }
}

/// Lists all paths below a directory, in a fixed order.
fn gather(root: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(root)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        found.push(path.clone());
        if path.is_dir() && !path.is_symlink() {
            gather(&path, found)?;
        }
    }
    Ok(())
}
