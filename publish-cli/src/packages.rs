//! Packages of an image, read from dpkg's and rpm's databases.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// Path of dpkg's package list.
pub const DPKG_STATUS: &str = "var/lib/dpkg/status";
/// Folder with one status file per package, in images without dpkg itself.
pub const DPKG_STATUS_DIR: &str = "var/lib/dpkg/status.d";

/// Paths of rpm's database, which depend on the distribution.
pub const RPM_DATABASES: [&str; 2] =
    ["var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite"];

/// Size limit of a database in bytes. Debian's takes 1 MB per 1,000 packages, rpm's about 100 MB for 2,000.
pub const DATABASE_LEN_MAX: u64 = 1 << 30;

/// An installed package. The order is by name, then architecture, then version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Package {
    /// Name of the package, without architecture and version.
    pub name: String,
    /// Architecture, as the package manager spells it (`amd64`, `x86_64`, `noarch`); empty if unknown.
    pub arch: String,
    /// Version of the package, with epoch and release.
    pub version: String,
    /// Package manager: `dpkg` or `rpm`.
    pub manager: &'static str,
}

/// Parses dpkg's list and returns the installed packages, sorted by name.
pub fn dpkg(status: &str) -> Vec<Package> {
    let mut packages = Vec::new();
    for paragraph in status.split("\n\n") {
        let field = |name: &str| {
            let mut lines = paragraph.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
        };
        // Status files of single packages have no `Status` field.
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

/// Reads a copy of rpm's database and returns the packages, sorted by name. Vendor keys (`gpg-pubkey`) are left out.
///
/// # Errors
/// The database cannot be opened or is damaged; the text says which.
pub fn rpm(database: &Path) -> Result<Vec<Package>, String> {
    let failed = |error: rusqlite::Error| format!("rpm's database cannot be read: {error}");
    // Opened for writing, because SQLite merges the write-ahead log into this private copy.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags).map_err(failed)?;
    // The database is untrusted: forbid its schema to call functions with side effects.
    connection.pragma_update(None, "trusted_schema", false).map_err(failed)?;
    connection.pragma_update(None, "cell_size_check", true).map_err(failed)?;
    let mut statement = connection.prepare("SELECT blob FROM Packages").map_err(failed)?;
    let blobs = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(failed)?;
    let mut packages = Vec::new();
    for blob in blobs {
        let blob = blob.map_err(failed)?;
        let package = rpm_header(&blob).ok_or("rpm's database has a damaged header")?;
        packages.extend((package.name != "gpg-pubkey").then_some(package));
    }
    packages.sort();
    Ok(packages)
}

/// Parses an rpm header: the number of entries and the data length, the entries (tag, type, offset, count), and their
/// data. All numbers are 4 bytes, big-endian.
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

/// Differences between the packages of two images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Packages that only the new image has.
    pub added: Vec<Package>,
    /// Packages that only the old image has.
    pub removed: Vec<Package>,
    /// Pairs (old, new) of packages whose version changed.
    pub changed: Vec<(Package, Package)>,
}

impl Changes {
    /// Compares packages by name and architecture. If several versions of a package are installed, as rpm allows for
    /// kernels, each version counts as a package of its own.
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

    /// True if both images have the same packages in the same versions.
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
