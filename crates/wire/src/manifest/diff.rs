//! Comparison of two manifests: one linear merge that skips equal subtrees.

use super::view::{Inode, Manifest, NodeId, ROOT_NODE};

/// A difference at one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The path is only in the second manifest, as this node.
    Added(NodeId),
    /// The path is only in the first manifest, as this node.
    Removed(NodeId),
    /// The path is in both manifests, with different inodes.
    Changed {
        /// The node in the first manifest.
        old: NodeId,
        /// The node at the same path in the second manifest.
        new: NodeId,
        /// The fields in which the two inodes differ: at least one.
        fields: Fields,
    },
}

/// The fields in which two inodes at one path differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// File type. If it differs, `content` is not compared.
    pub kind: bool,
    /// Data, size, holes, symlink target or device number.
    pub content: bool,
    /// Permission bits, with suid, sgid and sticky.
    pub permissions: bool,
    /// Numeric id of the owner or of the group.
    pub owner: bool,
    /// Modification time, to the nanosecond.
    pub mtime: bool,
    /// Names or values of extended attributes, ACLs among them.
    pub xattrs: bool,
    /// Hard links to the inode: their number, or the first of their paths.
    pub links: bool,
}

impl Fields {
    /// Returns whether no field differs.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Returns the names of the differing fields, for reports.
    pub fn names(self) -> Vec<&'static str> {
        [
            (self.kind, "type"),
            (self.content, "content"),
            (self.permissions, "mode"),
            (self.owner, "owner"),
            (self.mtime, "mtime"),
            (self.xattrs, "xattrs"),
            (self.links, "links"),
        ]
        .into_iter()
        .filter_map(|(differs, name)| differs.then_some(name))
        .collect()
    }
}

/// Lists the paths at which two manifests differ: directories before their entries, names in
/// byte order. Equal manifests give an empty list without a walk.
pub fn diff(old: &Manifest, new: &Manifest) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut pending = vec![Pair(Some(ROOT_NODE), Some(ROOT_NODE))];
    while let Some(pair) = pending.pop() {
        let first_child = pending.len();
        match pair {
            Pair(Some(a), Some(b)) => {
                let fields = compare(old, a, new, b);
                if !fields.is_empty() {
                    changes.push(Change::Changed { old: a, new: b, fields });
                }
                let (a, b) = (old.node_inode(a), new.node_inode(b));
                if !(a.is_directory() && b.is_directory() && a.digest() == b.digest()) {
                    merge(old, a, new, b, &mut pending);
                }
            }
            Pair(Some(a), None) => {
                changes.push(Change::Removed(a));
                pending.extend(children(old, old.node_inode(a)).map(|c| Pair(Some(c), None)));
            }
            Pair(None, Some(b)) => {
                changes.push(Change::Added(b));
                pending.extend(children(new, new.node_inode(b)).map(|c| Pair(None, Some(c))));
            }
            Pair(None, None) => {}
        }
        pending[first_child..].reverse();
    }
    changes
}

/// The nodes at one path in the first and the second manifest.
struct Pair(Option<NodeId>, Option<NodeId>);

fn children(manifest: &Manifest, inode: Inode<'_>) -> impl Iterator<Item = NodeId> + use<> {
    manifest.children(inode.index())
}

fn merge(old: &Manifest, a: Inode<'_>, new: &Manifest, b: Inode<'_>, pairs: &mut Vec<Pair>) {
    let mut left = children(old, a).peekable();
    let mut right = children(new, b).peekable();
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(a), Some(b)) => old.name(*a).cmp(new.name(*b)),
        };
        pairs.push(match order {
            std::cmp::Ordering::Less => Pair(left.next(), None),
            std::cmp::Ordering::Greater => Pair(None, right.next()),
            std::cmp::Ordering::Equal => Pair(left.next(), right.next()),
        });
    }
}

/// Compares the inodes at one path, but not the entries of directories.
pub fn compare(old: &Manifest, a: NodeId, new: &Manifest, b: NodeId) -> Fields {
    let (x, y) = (old.node_inode(a), new.node_inode(b));
    let kind = x.kind() != y.kind();
    let content = if kind || x.is_directory() {
        false
    } else {
        x.size() != y.size()
            || x.target() != y.target()
            || x.hole_bytes() != y.hole_bytes()
            || x.digest() != y.digest()
    };
    let has_links = x.link_count() > 1 || y.link_count() > 1;
    Fields {
        kind,
        content,
        permissions: x.permissions() != y.permissions(),
        owner: (x.uid(), x.gid()) != (y.uid(), y.gid()),
        mtime: x.mtime() != y.mtime(),
        xattrs: x.xattr_bytes() != y.xattr_bytes(),
        links: has_links
            && (x.link_count() != y.link_count()
                || old.path(x.first_node()) != new.path(y.first_node())),
    }
}
