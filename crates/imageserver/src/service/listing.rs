//! A page of the list of images.

use std::ops::ControlFlow;

use prost::Message;
use rpc::authority::Permit;
use wire::name::{ImageName, StreamName};
use wire::proto::{ImageRecord, ListImagesRequest};

use crate::catalog::{Catalog, CatalogError};

/// Images of a page, at most.
const PAGE_COUNT_MAX: usize = 1000;

/// Bytes of records after which a page ends: a record may have some hundred KiB of findings.
const PAGE_LEN_MAX: usize = 4 << 20;

/// Returns a page of the images that a caller may see, and the name after which the next page begins; empty at the end.
pub(super) fn page(
    catalog: &Catalog,
    permit: &Permit,
    stream: Option<&StreamName>,
    request: &ListImagesRequest,
) -> Result<(Vec<ImageRecord>, String), CatalogError> {
    let count_max = match request.count_max as usize {
        0 => PAGE_COUNT_MAX,
        count => count.min(PAGE_COUNT_MAX),
    };
    let (mut images, mut len, mut next) = (Vec::<ImageRecord>::new(), 0, String::new());
    catalog.visit(stream, &request.after, |mut record| {
        let name = record.name.parse::<ImageName>();
        if !name.is_ok_and(|name| permit.allows(&name.stream())) {
            return ControlFlow::Continue(());
        }
        if images.len() == count_max || len > PAGE_LEN_MAX {
            next = images.last().map(|last| last.name.clone()).unwrap_or_default();
            return ControlFlow::Break(());
        }
        // Thousands of OCI configurations or signatures would fill the pages; `get_image` returns them.
        (record.oci, record.signature) = (None, None);
        len += record.encoded_len();
        images.push(record);
        ControlFlow::Continue(())
    })?;
    Ok((images, next))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rpc::identity::Caller;
    use rpc::policy::Policy;
    use store::Store;
    use wire::digest::Algorithm;
    use wire::proto::LintFinding;

    use super::*;

    #[test]
    fn pages_have_every_image_that_the_caller_may_see_once() {
        let folder = testkit::scratch();
        let store = Store::open_or_create(&folder.path().join("store"), Algorithm::Sha256).unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.redb"), Arc::new(store)).unwrap();
        let policy = "[[grant]]\nidentity='r'\nroles=['read']\nstreams=['a','a/**','ab']\n";
        let policy = Arc::new(Policy::parse(policy).unwrap());
        let caller = Caller::of_certificate("r");
        let permit = Permit::new("imprint.v1.ImageService/ListImages", caller, &policy).unwrap();
        let add = |name: &str, finding: usize| {
            let findings =
                vec![LintFinding { path: "x".repeat(finding), ..LintFinding::default() }];
            let name: ImageName = name.parse().unwrap();
            let record = ImageRecord { name: name.to_string(), findings, ..ImageRecord::default() };
            catalog.add(&name, &record).unwrap();
        };
        for name in ["a/1", "a/2", "a/b/1", "a/c/1", "ab/1", "z/1"] {
            add(name, 0);
        }
        let list = |stream: Option<&str>, count_max: u32| {
            let stream = stream.map(|stream| stream.parse().unwrap());
            let (mut names, mut sizes, mut after) = (Vec::new(), Vec::new(), String::new());
            loop {
                let request = ListImagesRequest { after, count_max, ..Default::default() };
                let (images, next) = page(&catalog, &permit, stream.as_ref(), &request).unwrap();
                sizes.push(images.len());
                names.extend(images.into_iter().map(|image| image.name));
                after = next;
                if after.is_empty() {
                    return (names, sizes);
                }
            }
        };
        let all = ["a/1", "a/2", "a/b/1", "a/c/1", "ab/1"];
        assert_eq!(list(None, 0).0, all);
        let (names, sizes) = list(None, 2);
        assert_eq!(
            (names.as_slice(), sizes.as_slice()),
            (&all.map(str::to_owned)[..], &[2, 2, 1][..])
        );
        assert_eq!(
            list(Some("a"), 3),
            (all[..4].iter().map(|&name| name.to_owned()).collect(), vec![3, 1])
        );
        assert_eq!(list(Some("a"), u32::MAX).1, [4]);
        // A name before the stream begins at the stream.
        let request = ListImagesRequest { after: "a".to_owned(), ..Default::default() };
        let (images, _) = page(&catalog, &permit, Some(&"ab".parse().unwrap()), &request).unwrap();
        assert_eq!(images.len(), 1);
        // Long records end a page earlier.
        for leaf in 0..3 {
            add(&format!("ab/long-{leaf}"), PAGE_LEN_MAX);
        }
        assert_eq!(list(Some("ab"), 0).1, [2, 1, 1]);
    }
}
