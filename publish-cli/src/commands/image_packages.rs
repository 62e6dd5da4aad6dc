//! `publish-cli image packages`, and the package lists for `image diff`.

use std::io::Write;

use publisher::content::FetchedContent;
use rpc::exit;
use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::{Inode, NodeId};
use wire::name::ImageName;

use crate::context::Context;
use crate::document::PackagesDocument;
use crate::packages::{
    DATABASE_LEN_MAX, DPKG_STATUS, DPKG_STATUS_DIR, Package, RPM_DATABASES, dpkg, rpm,
};

pub(super) fn run(context: &Context, name: &ImageName) -> anyhow::Result<u8> {
    let mut fetched = FetchedContent::new(context.client()?, None)?;
    let manifest = fetched.manifest(context.client()?, name)?;
    let packages = of(context, &mut fetched, name, &manifest)?;
    let document = PackagesDocument { name: name.as_str(), packages: &packages };
    context.output.document(&document, || {
        let line = |package: &Package| {
            format!("{:<40} {:<32} {}", package.name, package.version, package.arch)
        };
        packages.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(exit::DONE)
}

/// Reads the packages of an image; empty if it has neither a dpkg nor an rpm database.
pub(super) fn of(
    context: &Context,
    fetched: &mut FetchedContent,
    name: &ImageName,
    manifest: &Manifest,
) -> anyhow::Result<Vec<Package>> {
    let mut packages = Vec::new();
    for node in dpkg_files(manifest) {
        if let Some(bytes) = content(context, fetched, name, manifest.node_inode(node))? {
            packages.extend(dpkg(&String::from_utf8_lossy(&bytes)));
        }
    }
    for path in RPM_DATABASES {
        let Some(node) = manifest.lookup(path.as_bytes()) else { continue };
        let Some(bytes) = content(context, fetched, name, manifest.node_inode(node))? else {
            continue;
        };
        let folder = tempfile::tempdir()?;
        let database = folder.path().join("rpmdb.sqlite");
        std::fs::File::create_new(&database)?.write_all(&bytes)?;
        // The write-ahead log holds changes that are not yet in the database.
        let log = format!("{path}-wal");
        if let Some(node) = manifest.lookup(log.as_bytes())
            && let Some(bytes) = content(context, fetched, name, manifest.node_inode(node))?
        {
            let log = folder.path().join("rpmdb.sqlite-wal");
            std::fs::File::create_new(log)?.write_all(&bytes)?;
        }
        match rpm(&database) {
            Ok(found) => packages.extend(found),
            Err(problem) => context
                .output
                .note(&format!("{name}: the packages of /{path} are not listed: {problem}")),
        }
        // An image has one database; the other paths, if they exist, are links to it.
        break;
    }
    packages.sort();
    packages.dedup();
    Ok(packages)
}

/// Finds dpkg's package list, and its status files of single packages.
fn dpkg_files(manifest: &Manifest) -> Vec<NodeId> {
    let mut files: Vec<NodeId> = manifest.lookup(DPKG_STATUS.as_bytes()).into_iter().collect();
    if let Some(node) = manifest.lookup(DPKG_STATUS_DIR.as_bytes()) {
        let children = manifest.children(manifest.node_inode(node).index());
        // The folder also has a list of checksums for each status file.
        let is_list = |node: &NodeId| !manifest.path(*node).ends_with(b".md5sums");
        files.extend(children.filter(is_list));
    }
    files
}

/// Fetches a file's content, with zeros in its holes. `None` if it is not a regular file, has no content, or is longer
/// than [`DATABASE_LEN_MAX`].
fn content(
    context: &Context,
    fetched: &mut FetchedContent,
    name: &ImageName,
    inode: Inode<'_>,
) -> anyhow::Result<Option<Vec<u8>>> {
    let digest: Option<Digest> = inode.is_regular().then(|| inode.digest()).flatten();
    let Some(digest) = digest.filter(|_| inode.size() <= DATABASE_LEN_MAX) else {
        return Ok(None);
    };
    let store = fetched.objects(context.client()?, name, &[digest])?;
    let mut bytes = vec![0; usize::try_from(inode.size())?];
    let mut scatter = wire::manifest::tree::Scatter::new(inode.size(), &inode.holes());
    let data = store.load_content(&digest, DATABASE_LEN_MAX)?;
    scatter.place(&data, |offset, part| {
        let at = offset as usize;
        if let Some(place) = bytes.get_mut(at..at + part.len()) {
            place.copy_from_slice(part);
        }
        Ok::<(), store::StoreError>(())
    })?;
    Ok(Some(bytes))
}
