//! The catalog over its life: adding, removing, expiry, its log, crashes and backups.

#![allow(clippy::disallowed_methods, reason = "tests use files freely")]

use super::*;
use wire::digest::Algorithm;

fn record(name: &str, manifest: &str, created_at_ms: i64) -> ImageRecord {
    ImageRecord {
        name: name.to_owned(),
        manifest: manifest.to_owned(),
        created_at_ms,
        ..ImageRecord::default()
    }
}

fn open(path: &Path) -> Catalog {
    let store = Store::open_or_create(&path.join("store"), Algorithm::Sha256).unwrap();
    Catalog::open(&path.join("catalog.redb"), Arc::new(store)).unwrap()
}

#[test]
fn images_are_immutable_and_names_are_used_once() {
    let folder = testkit::scratch();
    let catalog = open(folder.path());
    let name: ImageName = "a/b/1".parse().unwrap();
    assert!(catalog.add(&name, &record("a/b/1", "m1", 1)).unwrap());
    assert!(!catalog.add(&name, &record("a/b/1", "m1", 2)).unwrap());
    let other = catalog.add(&name, &record("a/b/1", "m2", 3));
    assert!(matches!(other, Err(CatalogError::Store(StoreError::ImageExists { .. }))));
    catalog.remove(&name).unwrap();
    assert!(matches!(catalog.get(&name), Err(CatalogError::Missing(_))));
    let again = catalog.add(&name, &record("a/b/1", "m1", 4));
    assert!(matches!(again, Err(CatalogError::Removed(_))));
}

#[test]
fn the_latest_image_is_of_the_stream_itself() {
    let folder = testkit::scratch();
    let catalog = open(folder.path());
    for (name, time) in [("s/1", 5), ("s/2", 9), ("s/3", 7), ("s/below/1", 20), ("st/1", 30)] {
        catalog.add(&name.parse().unwrap(), &record(name, "m", time)).unwrap();
    }
    assert_eq!(catalog.latest(&"s".parse().unwrap()).unwrap().name, "s/2");
    assert_eq!(catalog.list(Some(&"s".parse().unwrap())).unwrap().len(), 4);
    assert_eq!(catalog.list(None).unwrap().len(), 5);
    assert!(catalog.latest(&"none".parse().unwrap()).is_err());
}

#[test]
fn what_a_crash_left_undone_is_finished() {
    let folder = testkit::scratch();
    let names: Vec<ImageName> = ["s/1", "s/2"].iter().map(|name| name.parse().unwrap()).collect();
    {
        let catalog = open(folder.path());
        // The crash came after step 2 of adding.
        catalog.store.put_image(&names[0], &record("s/1", "m", 1)).unwrap();
        // The crash came after step 1 of removing.
        catalog.add(&names[1], &record("s/2", "m", 2)).unwrap();
        catalog.remove(&names[1]).unwrap();
        catalog.store.put_image(&names[1], &record("s/2", "m", 2)).unwrap();
    }
    let catalog = open(folder.path());
    assert_eq!(catalog.get(&names[0]).unwrap().manifest, "m");
    assert!(catalog.store.image(&names[1]).is_err());
    drop(catalog);
    // A lost catalog is rebuilt from the image files.
    std::fs::remove_file(folder.path().join("catalog.redb")).unwrap();
    assert_eq!(open(folder.path()).list(None).unwrap().len(), 1);
}

/// Returns what changed after a position, as `+name` or `-name`, and the position after it.
fn changed(catalog: &Catalog, after: Option<Position>) -> (Vec<String>, Position) {
    let found = catalog.changes_after(after, 100).unwrap();
    let text = |change: &CatalogChange| match change {
        CatalogChange::Image(record) => format!("+{}", record.name),
        CatalogChange::Removed { name, manifest } => format!("-{name} {manifest}"),
    };
    (found.changes.iter().map(text).collect(), found.position)
}

#[test]
fn the_log_tells_what_changed_and_each_name_once() {
    let folder = testkit::scratch();
    let catalog = open(folder.path());
    let name = |leaf: &str| format!("s/{leaf}").parse::<ImageName>().unwrap();
    let (none, begin) = changed(&catalog, None);
    assert!(none.is_empty());
    for leaf in ["1", "2", "3"] {
        catalog.add(&name(leaf), &record(&format!("s/{leaf}"), "m", 1)).unwrap();
    }
    catalog.change(&name("1"), |record| record.expires_at_ms = 7).unwrap();
    catalog.remove(&name("2")).unwrap();
    let (all, head) = changed(&catalog, Some(begin));
    assert_eq!(all, ["+s/3", "+s/1", "-s/2 m"]);
    assert_eq!(changed(&catalog, None).0, all);
    assert_eq!(changed(&catalog, Some(head)), (Vec::new(), head));
    // A page ends where the next begins, also after a restart.
    let page = catalog.changes_after(Some(begin), 2).unwrap();
    assert_eq!(page.changes.len(), 2);
    drop(catalog);
    let catalog = open(folder.path());
    assert_eq!(changed(&catalog, Some(page.position)), (vec!["-s/2 m".to_owned()], head));
    catalog.add(&name("4"), &record("s/4", "m", 1)).unwrap();
    assert_eq!(changed(&catalog, Some(head)).0, ["+s/4"]);
}

#[test]
fn a_catalog_that_went_back_in_time_is_noticed() {
    let folder = testkit::scratch();
    let database = folder.path().join("catalog.redb");
    let backup = folder.path().join("backup.redb");
    let add = |catalog: &Catalog, leaf: u32| {
        let name = format!("s/{leaf}");
        catalog.add(&name.parse().unwrap(), &record(&name, "m", 1)).unwrap();
    };
    let catalog = open(folder.path());
    add(&catalog, 1);
    let early = changed(&catalog, None).1;
    drop(catalog);
    std::fs::copy(&database, &backup).unwrap();
    let catalog = open(folder.path());
    add(&catalog, 2);
    let late = changed(&catalog, None).1;
    drop(catalog);
    std::fs::copy(&backup, &database).unwrap();
    let catalog = open(folder.path());
    // The image file of s/2 is still there, so the catalog takes it up again; more changes follow.
    add(&catalog, 3);
    add(&catalog, 4);
    let error = catalog.changes_after(Some(late), 100).unwrap_err();
    assert!(matches!(error, CatalogError::OtherHistory), "{error}");
    assert_eq!(changed(&catalog, Some(early)).0, ["+s/2", "+s/3", "+s/4"]);
    let of_another = Position { history: [7; 16], sequence: 1 };
    assert!(catalog.changes_after(Some(of_another), 100).is_err());
    let ahead = Position { sequence: 99, ..early };
    assert!(catalog.changes_after(Some(ahead), 100).is_err());
}

#[test]
fn a_catalog_from_before_the_log_is_logged_whole() {
    let folder = testkit::scratch();
    let catalog = open(folder.path());
    for leaf in ["1", "2"] {
        let name = format!("s/{leaf}");
        catalog.add(&name.parse().unwrap(), &record(&name, "m", 1)).unwrap();
    }
    catalog.remove(&"s/1".parse().unwrap()).unwrap();
    log::forget(&catalog.database);
    drop(catalog);
    assert_eq!(changed(&open(folder.path()), None).0, ["+s/2", "-s/1 m"]);
}

#[test]
fn expired_images_go() {
    let folder = testkit::scratch();
    let catalog = open(folder.path());
    for name in ["s/1", "s/2", "s/3"] {
        catalog.add(&name.parse().unwrap(), &record(name, "m", 1)).unwrap();
    }
    catalog.change(&"s/1".parse().unwrap(), |record| record.expires_at_ms = 100).unwrap();
    catalog.change(&"s/2".parse().unwrap(), |record| record.expires_at_ms = 101).unwrap();
    assert_eq!(catalog.remove_expired(100, |_| true).unwrap(), 1);
    assert_eq!(catalog.list(None).unwrap().len(), 2);
}
