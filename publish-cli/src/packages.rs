//! Packages of an image, as its package managers' databases say: dpkg's and rpm's.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// Where dpkg keeps its list; in images without dpkg itself a file for each package.
pub const DPKG_STATUS: &str = "var/lib/dpkg/status";
/// The folder of those files.
pub const DPKG_STATUS_DIR: &str = "var/lib/dpkg/status.d";

/// Where rpm keeps its database, from distribution to distribution.
pub const RPM_DATABASES: [&str; 2] =
    ["var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite"];

/// The longest database that is read: Debian's has 1 MB for 1,000 packages, rpm's some 100 MB for 2,000.
pub const DATABASE_LEN_MAX: u64 = 1 << 30;

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its architecture.
    pub arch: String,
    /// Its version, with epoch and release.
    pub version: String,
    /// Whose it is: `dpkg`, `rpm`.
    pub manager: &'static str,
}

/// Reads dpkg's list: those that are installed, in order of names.
pub fn dpkg(status: &str) -> Vec<Package> {
    let mut packages = Vec::new();
    for paragraph in status.split("\n\n") {
        let field = |name: &str| {
            let mut lines = paragraph.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
        };
        // Files of single packages say nothing of a state.
        let is_installed = field("Status").is_none_or(|status| status.ends_with(" installed"));
        if let (Some(name), Some(version), true) =
            (field("Package"), field("Version"), is_installed)
        {
            let text = str::to_owned;
            let arch = field("Architecture").unwrap_or_default();
            let (name, version, arch) = (text(name), text(version), text(arch));
            packages.push(Package { name, arch, version, manager: "dpkg" });
        }
    }
    packages.sort();
    packages
}

/// Reads a copy of rpm's database, in order of names. Keys of the vendor that stand there as packages are left out.
///
/// # Errors
/// What is wrong with it.
pub fn rpm(database: &Path) -> Result<Vec<Package>, String> {
    let failed = |error: rusqlite::Error| format!("rpm's database: {error}");
    // A copy of ours: what its write-ahead log holds is put into it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags).map_err(failed)?;
    // It is an image's: what its schema says is done with no function that does more than compute.
    connection.pragma_update(None, "trusted_schema", false).map_err(failed)?;
    connection.pragma_update(None, "cell_size_check", true).map_err(failed)?;
    let mut statement = connection.prepare("SELECT blob FROM Packages").map_err(failed)?;
    let blobs = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(failed)?;
    let mut packages = Vec::new();
    for blob in blobs {
        let blob = blob.map_err(failed)?;
        let package = rpm_header(&blob).ok_or("rpm's database: a damaged header")?;
        packages.extend((package.name != "gpg-pubkey").then_some(package));
    }
    packages.sort();
    Ok(packages)
}

/// Reads a header of rpm: a count of entries and a length, the entries (tag, type, offset, count: big-endian
/// numbers of 4 bytes), and their data.
fn rpm_header(blob: &[u8]) -> Option<Package> {
    const ENTRY_LEN: usize = 16;
    let number = |bytes: &[u8], at: usize| {
        Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk::<4>()?) as usize)
    };
    let count = number(blob, 0)?;
    let entries = blob.get(8..8usize.checked_add(count.checked_mul(ENTRY_LEN)?)?)?;
    let data = &blob[8 + entries.len()..];
    let offset = |tag: usize| {
        let mut entries = entries.chunks_exact(ENTRY_LEN);
        entries.find(|entry| number(entry, 0) == Some(tag)).and_then(|entry| number(entry, 8))
    };
    let text = |tag: usize| {
        let bytes = data.get(offset(tag)?..)?.split(|byte| *byte == 0).next()?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    let (name, version, release, epoch, arch) = (1000, 1001, 1002, 1003, 1022);
    let epoch = match offset(epoch) {
        Some(at) => format!("{}:", number(data, at)?),
        None => String::new(),
    };
    Some(Package {
        name: text(name)?,
        arch: text(arch).unwrap_or_default(),
        version: format!("{epoch}{}-{}", text(version)?, text(release)?),
        manager: "rpm",
    })
}

/// What differs between the packages of two images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Those that came.
    pub added: Vec<Package>,
    /// Those that went.
    pub removed: Vec<Package>,
    /// Those of another version: the one before, and the one after.
    pub changed: Vec<(Package, Package)>,
}

impl Changes {
    /// Compares by name and architecture. Of a package that is there in several versions, as kernels are with
    /// rpm, each version is one of its own.
    pub fn between(old: &[Package], new: &[Package]) -> Self {
        let by_name = |packages: &[Package]| {
            let mut found: BTreeMap<(String, String), Vec<Package>> = BTreeMap::new();
            for package in packages {
                let key = (package.name.clone(), package.arch.clone());
                found.entry(key).or_default().push(package.clone());
            }
            found
        };
        let (old, mut new) = (by_name(old), by_name(new));
        let mut changes = Self::default();
        for (key, before) in old {
            let after = new.remove(&key).unwrap_or_default();
            match (&before[..], &after[..]) {
                ([a], [b]) if a != b => changes.changed.push((a.clone(), b.clone())),
                _ => {
                    let gone = before.iter().filter(|package| !after.contains(package));
                    changes.removed.extend(gone.cloned());
                    let came = after.iter().filter(|package| !before.contains(package));
                    changes.added.extend(came.cloned());
                }
            }
        }
        changes.added.extend(new.into_values().flatten());
        changes.added.sort();
        changes
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str) -> Package {
        let (name, version) = (name.to_owned(), version.to_owned());
        Package { name, arch: "amd64".to_owned(), version, manager: "dpkg" }
    }

    #[test]
    fn dpkg_lists_what_is_installed() {
        let status = "Package: zlib\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:1.2\n\
                      Description: a\n library\n\nPackage: gone\nStatus: deinstall ok config-files\n\
                      Architecture: amd64\nVersion: 1\n\nPackage: base\nArchitecture: amd64\nVersion: 2\n";
        assert_eq!(dpkg(status), [package("base", "2"), package("zlib", "1:1.2")]);
        assert_eq!(dpkg(""), []);
    }

    #[test]
    fn versions_that_changed_are_told_apart_from_what_came_and_went() {
        let old = [package("a", "1"), package("b", "1"), package("k", "1"), package("k", "2")];
        let new = [package("a", "2"), package("c", "1"), package("k", "2"), package("k", "3")];
        let changes = Changes::between(&old, &new);
        assert_eq!(changes.changed, [(package("a", "1"), package("a", "2"))]);
        assert_eq!(changes.added, [package("c", "1"), package("k", "3")]);
        assert_eq!(changes.removed, [package("b", "1"), package("k", "1")]);
        assert!(Changes::between(&old, &old).is_empty());
    }

    #[test]
    fn damaged_headers_are_no_packages() {
        let mut header = vec![0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 3, 0xe8, 0, 0, 0, 6, 0, 0, 0, 0];
        header.extend_from_slice(&[0, 0, 0, 1, b'a', 0]);
        for len in 0..header.len() {
            assert_eq!(rpm_header(&header[..len]), None);
        }
        assert_eq!(rpm_header(&[0xff; 64]), None);
    }
}
