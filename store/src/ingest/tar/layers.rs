//! Remembers which layer set each name, and applies members that hide names of lower layers.
//!
//! ```text
//! dir/.wh.NAME        hides dir/NAME of the layers below
//! dir/.wh..wh..opq    hides all names in dir that the layers below have
//! ```
//!
//! A member hides nothing of its own layer, in whatever order the members come. *Source:* OCI image
//! specification, "Image Layer Filesystem Changeset".

use std::collections::{HashMap, HashSet};

use wire::manifest::Content;

use super::Builder;
use super::member::Member;
use crate::error::StoreError;

const PREFIX: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";
/// Prefix of names that aufs, the origin of whiteouts, uses for itself. *Source:* aufs(5).
const RESERVED: &[u8] = b".wh..wh.";

/// The current layer, and for each name of each directory the last layer that set it.
#[derive(Debug, Default)]
pub(super) struct Layers {
    current: u32,
    set_by: HashMap<(usize, Vec<u8>), u32>,
    /// Directories in which the current layer has hidden all names of lower layers. Such names
    /// cannot come back within the layer, so hiding a directory again costs no search.
    emptied: HashSet<usize>,
}

impl Layers {
    /// Starts the next layer. Forgets which directories were emptied, because the next layer can
    /// empty them again.
    pub(super) fn begin(&mut self) {
        self.current += 1;
        self.emptied.clear();
    }
}

impl Builder<'_> {
    /// Records that the current layer set a name.
    pub(super) fn note(&mut self, directory: usize, name: &[u8]) {
        if let Some(layers) = &mut self.layers {
            layers.set_by.insert((directory, name.to_vec()), layers.current);
        }
    }

    /// Applies a whiteout; returns false if the member is not a whiteout.
    pub(super) fn hide(&mut self, member: &Member, path: &[u8]) -> Result<bool, StoreError> {
        if self.layers.is_none() {
            return Ok(false);
        }
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
        let Some(hidden) = name.strip_prefix(PREFIX) else {
            return Ok(false);
        };
        // Only an existing directory has something to hide.
        let directory = match self.place(path) {
            Ok((place, _)) => place.is_there().then(|| place.directory()),
            Err(_) => None,
        };
        match (hidden, directory) {
            (b"" | b"." | b"..", _) => {
                return Err(member.refuse("it is a whiteout, but names nothing to hide"));
            }
            (_, None) => {}
            (_, Some(directory)) if name == OPAQUE => self.empty(directory),
            _ if name.starts_with(RESERVED) => {}
            (hidden, Some(directory)) => self.hide_below(directory, hidden),
        }
        Ok(true)
    }

    pub(super) fn names(&self, directory: usize) -> Vec<Vec<u8>> {
        match &self.tree.inodes[directory].content {
            Content::Directory(children) => children.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn count_names(&self, directory: usize) -> usize {
        match &self.tree.inodes[directory].content {
            Content::Directory(children) => children.len(),
            _ => 0,
        }
    }

    /// Removes everything that lower layers have in a directory.
    fn empty(&mut self, directory: usize) {
        let is_first = |layers: &mut Layers| layers.emptied.insert(directory);
        if self.is_directory(directory) && self.layers.as_mut().is_some_and(is_first) {
            for name in self.names(directory) {
                self.hide_below(directory, &name);
            }
        }
    }

    /// Removes a name of lower layers and everything below it; a directory stays if the current
    /// layer has names in it. Recursion is bounded: paths have at most
    /// [`DEPTH_MAX`](wire::manifest::DEPTH_MAX) components.
    pub(super) fn hide_below(&mut self, directory: usize, name: &[u8]) {
        let Some(index) = self.child(directory, name) else { return };
        self.empty(index);
        let Some(layers) = &mut self.layers else { return };
        let key = (directory, name.to_vec());
        let is_below = layers.set_by.get(&key).is_none_or(|layer| *layer < layers.current);
        if is_below && self.count_names(index) == 0 {
            if let Some(layers) = &mut self.layers {
                layers.set_by.remove(&key);
            }
            if let Content::Directory(children) = &mut self.tree.inodes[directory].content {
                children.remove(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Layered;
    use crate::error::StoreError;
    use crate::finding::Findings;
    use crate::ingest::{Exclude, HashOnly, Options, Progress, workers};
    use wire::digest::Algorithm;
    use wire::manifest::Tree;

    /// Makes a tar of names: `a/` is a directory, `a>b` makes `b` a hard link to `a`.
    fn layer(names: &[&str]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for name in names {
            let mut header = tar::Header::new_ustar();
            header.set_size(0);
            header.set_mode(0o644);
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(0);
            let (target, name) = name.split_once('>').unwrap_or(("", name));
            if !target.is_empty() {
                header.set_entry_type(tar::EntryType::Link);
                builder.append_link(&mut header, name, target).unwrap();
                continue;
            }
            if name.ends_with('/') {
                header.set_entry_type(tar::EntryType::Directory);
            }
            builder.append_data(&mut header, name, &[][..]).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn lay(layers: &[&[&str]]) -> Result<Tree, StoreError> {
        let progress = Progress::default();
        let options = Options {
            algorithm: Algorithm::Sha256,
            exclude: Exclude::default(),
            cache: None,
            progress: &progress,
        };
        let mut findings = Findings::default();
        let result = workers::run(&options, &HashOnly, |workers| {
            let mut tree = Layered::new(workers, &mut findings);
            for names in layers {
                let layer = layer(names);
                let source: Box<dyn std::io::Read + '_> = Box::new(&layer[..]);
                tree.lay(super::super::PlainTar { source, is_compressed: false }, &options)?;
            }
            Ok(tree.into_tree())
        });
        result.map(|read| read.tree)
    }

    fn paths(layers: &[&[&str]]) -> Vec<String> {
        let manifest = lay(layers).unwrap().pruned().encode(Algorithm::Sha256).unwrap();
        let path = |node| String::from_utf8(manifest.path(node)).unwrap();
        let mut paths: Vec<String> = manifest.nodes().skip(1).map(path).collect();
        paths.sort();
        paths
    }

    #[test]
    fn a_layer_hides_what_is_below_and_nothing_of_its_own() {
        let base: &[&str] = &["d/", "d/a", "d/b", "d/e/", "d/e/f", "g"];
        assert_eq!(paths(&[base, &["d/.wh.a", ".wh.g"]]), ["d", "d/b", "d/e", "d/e/f"]);
        assert_eq!(paths(&[base, &[".wh.d"]]), ["g"]);
        // The whiteout may come before or after its layer's own names.
        assert_eq!(paths(&[base, &[".wh.d", "d/", "d/new"]]), ["d", "d/new", "g"]);
        assert_eq!(paths(&[base, &["d/", "d/new", ".wh.d"]]), ["d", "d/new", "g"]);
        assert_eq!(paths(&[base, &["d/a", "d/.wh.a"]]), ["d", "d/a", "d/b", "d/e", "d/e/f", "g"]);
        let opaque: &[&str] = &["d/e/new", "d/.wh..wh..opq"];
        assert_eq!(paths(&[base, opaque]), ["d", "d/e", "d/e/new", "g"]);
        // A later layer may hide names of this layer, and a whiteout may name something that does
        // not exist.
        assert_eq!(
            paths(&[base, &["d/new"], &["d/.wh.new", ".wh.nothing", "no/.wh.x"]]),
            base_sorted()
        );
        assert_eq!(paths(&[base, &[".wh..wh.plnk", ".wh..wh.aufs"]]), base_sorted());
    }

    fn base_sorted() -> [&'static str; 6] {
        ["d", "d/a", "d/b", "d/e", "d/e/f", "g"]
    }

    #[test]
    fn hiding_the_same_again_takes_no_time() {
        // 2000 names and 20 000 members that hide them: a search of all names each time would take
        // minutes.
        let names: Vec<String> = (0..2000).map(|n| format!("d/{n}")).collect();
        for hidden in ["d/.wh..wh..opq", ".wh.d"] {
            let mut top: Vec<&str> = vec!["d/"];
            top.extend(names.iter().map(String::as_str));
            top.extend([hidden; 20_000]);
            let begin = std::time::Instant::now();
            assert_eq!(paths(&[&["d/", "d/old"], &top]).len(), 2001, "{hidden}");
            assert!(begin.elapsed().as_secs() < 10, "{hidden}: {:?}", begin.elapsed());
        }
    }

    #[test]
    fn kinds_change_between_layers_and_links_reach_below() {
        assert_eq!(paths(&[&["d/", "d/a"], &["d"]]), ["d"]);
        assert_eq!(paths(&[&["d"], &["d/", "d/a"]]), ["d", "d/a"]);
        assert_eq!(paths(&[&["a"], &["a>b"], &[".wh.a"]]), ["b"]);
        assert_eq!(paths(&[&["d/a", "d"]]), ["d"], "the later one wins");
        assert!(lay(&[&["a"], &[".wh."]]).is_err());
        assert!(lay(&[&["a"], &[".wh..."]]).is_err());
    }
}
