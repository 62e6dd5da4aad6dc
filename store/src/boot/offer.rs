//! Which of the kernels that were found a menu offers, and in which order.
//!
//! Copies of a kernel are offered once: distributions keep one in /boot and one beside its modules. A kernel of the
//! same release with an initial RAM disk of its own, such as Fedora's rescue kernel, is an entry of its own, behind the
//! one whose name says the release: what only another name leads to is never the default.

use wire::digest::Digest;
use wire::version;

use super::PassedOver;
use super::kernel::Kernel;

/// Kernels that are offered in a menu: more than any distribution keeps.
const KERNELS_MAX: usize = 16;

/// A kernel that could be offered.
#[derive(Debug)]
pub(super) struct Offer {
    pub kernel: Kernel,
    /// The path under which it was found.
    pub path: String,
    /// The version that its name, or its folder's, says.
    pub name: String,
    /// Whether its name alone says that it is meant to be a kernel.
    pub is_named: bool,
    /// Of its content.
    pub digest: Option<Digest>,
}

/// Chooses what is offered, the newest first; says what is passed over.
pub(super) fn choose(mut offers: Vec<Offer>, passed_over: &mut Vec<PassedOver>) -> Vec<Kernel> {
    // The one whose name says its release comes first, then the order in which they were found.
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
                "is another kernel of the release {release}, and /{} is offered",
                same.path
            );
            passed_over.push(PassedOver { path: offer.path, problem });
        }
    }
    chosen.sort_by(|(a, _), (b, _)| version::compare(b, a));
    chosen.truncate(KERNELS_MAX);
    chosen.into_iter().map(|(_, offer)| offer.kernel).collect()
}
