//! Tests of deep paths, of symlinks, and of names that are not text.

use super::*;

#[test]
fn deep_paths_are_opened_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let root = Dir::open(folder.path()).unwrap();
    let name = [b'd'; 200];
    let mut path = Vec::new();
    let mut current = root.reopen().unwrap();
    for _ in 0..50 {
        current.create_dir(&name, 0o755).unwrap();
        current = current.open_beneath(&name).unwrap();
        path.extend_from_slice(&name);
        path.push(b'/');
    }
    path.pop();
    assert!(path.len() > 2 * PIECE_LEN_MAX);
    let found = root.open_beneath(&path).unwrap().stat_self().unwrap();
    assert_eq!(found.ino, current.stat_self().unwrap().ino);
}

#[test]
fn symlinks_and_ways_out_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = Dir::open(folder.path()).unwrap();
    root.create_symlink(b"out", b"/").unwrap();
    root.create_dir(b"in", 0o755).unwrap();
    for path in [&b"out"[..], b"..", b"in/..", b"in/../..", b"/", b"out/etc"] {
        let opened = root.open_beneath(path);
        // The kernel may open `in/..`, which stays beneath the root.
        assert!(opened.is_err() || path == b"in/..", "{path:?}");
    }
    assert!(root.open_file(b"out").is_err());
}

#[test]
fn names_are_bytes_and_attributes_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let root = Dir::open(folder.path()).unwrap();
    let name = b"\xff name\n";
    root.create_file(name, 0o640).unwrap();
    root.set_mtime(name, (-5, 7)).unwrap();
    assert_eq!(root.names().unwrap(), [name.to_vec()]);
    let stat = root.stat(name).unwrap();
    assert_eq!((stat.mtime, stat.is_regular()), ((-5, 7), true));
    root.set_xattr(name, b"user.a", &[9; 3000]).unwrap();
    assert_eq!(root.xattrs(name).unwrap(), [(b"user.a".to_vec(), vec![9; 3000])]);
    root.remove_xattr(name, b"user.a").unwrap();
    root.remove_xattr(name, b"user.a").unwrap();
    assert_eq!(root.xattrs(name).unwrap(), []);
}
