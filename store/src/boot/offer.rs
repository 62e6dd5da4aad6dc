//! Chooses the kernels of the boot menu, and their order.
//!
//! Of several copies of a kernel, one is offered: distributions keep a copy in /boot and another in
//! the folder of the kernel's modules. Another kernel of the same release with its own initial RAM
//! disk, such as Fedora's rescue kernel, becomes a further entry. It never becomes the default: the
//! kernel whose name is the release comes before it.

use wire::digest::Digest;
use wire::version;

use super::PassedOver;

/// A kernel and its initial RAM disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// Release, from the kernel's own header or else from its name.
    pub version: String,
    /// Path from the root with all links resolved, without the leading slash.
    pub path: String,
    /// Path of the initial RAM disk; `None` if the kernel needs none.
    pub initrd: Option<String>,
}

/// Limit on kernels in the menu: more than any distribution keeps.
const KERNELS_MAX: usize = 16;

/// A kernel that can be started, and what decides whether the menu offers it.
#[derive(Debug)]
pub(super) struct Offer {
    pub kernel: Kernel,
    /// Path at which the kernel was found, links unresolved.
    pub path: String,
    /// Version in the file's or its folder's name.
    pub name: String,
    /// Whether the file's name alone marks it as a kernel.
    pub is_named: bool,
    /// Digest of the content: tells a copy from another kernel of the same release.
    pub digest: Option<Digest>,
}

/// Chooses the kernels to offer, newest first. If a kernel is left out because another one of the
/// same release is offered, adds it to `passed_over`; mere copies are left out silently.
pub(super) fn choose(mut offers: Vec<Offer>, passed_over: &mut Vec<PassedOver>) -> Vec<Kernel> {
    // Kernels whose name is their release come first; otherwise the order of discovery stays.
    offers.sort_by_key(|offer| offer.name != offer.kernel.version);
    let mut chosen: Vec<(String, Offer)> = Vec::new();
    for mut offer in offers {
        if chosen.iter().any(|(_, known)| known.kernel.path == offer.kernel.path) {
            continue;
        }
        let release = offer.kernel.version.clone();
        let Some((_, same)) = chosen.iter().find(|(known, _)| *known == release) else {
            chosen.push((release, offer));
            continue;
        };
        let has_own_disk = same.kernel.initrd != offer.kernel.initrd;
        let is_free = !chosen.iter().any(|(_, known)| known.kernel.version == offer.name);
        if has_own_disk && is_free && !offer.name.is_empty() {
            offer.kernel.version.clone_from(&offer.name);
            chosen.push((release, offer));
        } else if offer.digest != same.digest && offer.is_named {
            let problem = format!(
                "is another kernel of release {release}, and the boot menu offers /{} for it",
                same.path
            );
            passed_over.push(PassedOver { path: offer.path, problem });
        }
    }
    chosen.sort_by(|(a, _), (b, _)| version::compare(b, a));
    chosen.truncate(KERNELS_MAX);
    chosen.into_iter().map(|(_, offer)| offer.kernel).collect()
}
