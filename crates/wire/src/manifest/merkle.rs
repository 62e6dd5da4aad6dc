//! Digests of directories: two are equal exactly if the subtrees are equal.
//!
//! A directory's digest is the hash of its entries: for each entry the name, the inode's record and parts, the inode's
//! own digest, and, for an inode with several links, the path of its first link. This path shows whether the grouping
//! of hard links changed, even if names, contents and counts are equal. Paths are hashed as chains
//! (`hash(parent's chain ‖ name)`), so that the cost stays linear at any depth of the tree.

use std::collections::HashMap;

use super::view::Manifest;
use crate::digest::Digest;

/// Computes the digest of every directory, as (inode, digest), children before parents.
pub(super) fn digests(manifest: &Manifest) -> Vec<(u32, Digest)> {
    let path_chains = path_chains(manifest);
    let mut found: Vec<(u32, Digest)> = Vec::new();
    let mut by_inode: HashMap<u32, Digest> = HashMap::new();
    // Breadth-first order has parents before children, so the reverse order has children first.
    for index in (0..manifest.inode_count()).rev() {
        if manifest.inode(index).is_directory() {
            let digest = digest_of(manifest, index, &by_inode, &path_chains);
            by_inode.insert(index, digest);
            found.push((index, digest));
        }
    }
    found
}

fn digest_of(
    manifest: &Manifest,
    directory: u32,
    below: &HashMap<u32, Digest>,
    path_chains: &HashMap<u32, Digest>,
) -> Digest {
    let mut hasher = manifest.algorithm().hasher();
    hasher.update(b"imprint directory 1\n");
    for node in manifest.children(directory) {
        let inode = manifest.node_inode(node);
        hash_name(&mut hasher, manifest.name(node));
        hasher.update(inode.record_bytes());
        hasher.update(inode.xattr_bytes());
        hasher.update(inode.hole_bytes());
        hasher.update(inode.target());
        let digest = below.get(&inode.index()).copied().or_else(|| {
            // A directory's digest in the manifest's bytes may still be zeros or wrong; only its digest in `below`
            // counts.
            if inode.is_directory() { None } else { inode.digest() }
        });
        if let Some(digest) = digest {
            hasher.update(digest.hash());
        }
        if inode.link_count() > 1 {
            let first = inode.first_node();
            if let Some(chain) = path_chains.get(&manifest.parent(first)) {
                hasher.update(chain.hash());
            }
            hash_name(&mut hasher, manifest.name(first));
        }
    }
    hasher.finish()
}

fn hash_name(hasher: &mut crate::digest::Hasher, name: &[u8]) {
    hasher.update(&(name.len() as u16).to_le_bytes());
    hasher.update(name);
}

/// Returns a hash of each directory's path; empty if no inode has several links.
fn path_chains(manifest: &Manifest) -> HashMap<u32, Digest> {
    let mut chains = HashMap::new();
    if manifest.node_count() == manifest.inode_count() as usize {
        return chains;
    }
    for index in 0..manifest.inode_count() {
        let inode = manifest.inode(index);
        if !inode.is_directory() {
            continue;
        }
        let mut hasher = manifest.algorithm().hasher();
        if let Some(parent) = chains.get(&manifest.parent(inode.first_node())) {
            hasher.update(Digest::hash(parent));
        }
        hash_name(&mut hasher, manifest.name(inode.first_node()));
        chains.insert(index, hasher.finish());
    }
    chains
}
