//! Finds the programs of Imprint.

use std::path::PathBuf;

/// Returns the path of one of Imprint's programs. Looks first in the folder of this process's own program, and then in
/// the folder above: tests and examples lie one folder below the programs. If neither folder has the program, returns
/// the bare name, so that the system looks for it in `PATH`.
pub fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    let mut near = here.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    near.find(|path| path.exists()).unwrap_or_else(|| PathBuf::from(name))
}
