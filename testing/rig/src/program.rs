//! Where the programs of Imprint are.

use std::path::PathBuf;

/// Returns a program of Imprint by its name. Programs beside this process's own come first, then those in the folder
/// above (tests and examples lie in a folder below the programs). If neither has it, the name is returned as it is, for
/// `PATH` to decide.
pub fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    let mut near = here.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    near.find(|path| path.exists()).unwrap_or_else(|| PathBuf::from(name))
}
