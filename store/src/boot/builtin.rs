//! Checks the drivers that are built into a kernel: without an initial RAM disk, the kernel must
//! find its root with these drivers alone.

use super::files::{Files, MODULES};
use diskfs::Filesystem;

/// Limit on the length of a `modules.builtin` that is read, in bytes: Debian's has 15 KB.
const BUILTIN_LEN_MAX: u64 = 1 << 20;

/// Returns the reason why a kernel without an initial RAM disk cannot reach its root, in words that
/// follow the kernel's path. Returns `None` if the kernel has all the drivers built in that it
/// needs to reach its root.
pub(super) fn not_built_in<E>(
    files: &Files<'_, E>,
    releases: &[&str],
    filesystem: Filesystem,
) -> Result<Option<String>, E> {
    let lists = releases
        .iter()
        .flat_map(|release| MODULES.map(|folder| format!("{folder}/{release}/modules.builtin")));
    let mut list = None;
    for path in lists {
        list = match list {
            None => files.text(&path, BUILTIN_LEN_MAX)?,
            some => some,
        };
    }
    let Some(list) = list else {
        let problem = "has no initial RAM disk, and no modules.builtin says that it needs none";
        return Ok(Some(problem.to_owned()));
    };
    let lacks = |driver: &&str| !list.lines().any(|line| has_driver_name(line, driver));
    let missing = ["nvme", filesystem.name()].into_iter().find(lacks);
    Ok(missing
        .map(|driver| format!("has no initial RAM disk, and its driver {driver} is not built in")))
}

/// Returns whether `path` is the module file of `driver`, compressed or not.
pub(crate) fn has_driver_name(path: &str, driver: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let end = name.strip_prefix(driver).and_then(|rest| rest.strip_prefix(".ko"));
    end.is_some_and(|end| ["", ".xz", ".zst", ".gz"].contains(&end))
}
