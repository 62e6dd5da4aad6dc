//! Mount options of ext4, and settings of its allocator.

use std::path::Path;

use crate::Purpose;

/// Mount options for a patch. The allocator takes the first fit near the last allocation, which
/// keeps new data together.
const PATCH_OPTIONS: [(&str, &str); 1] = [("mb_optimize_scan", "0")];

/// Mount options for the first fill. It bypasses the journal, which stays empty, and so takes a
/// sixth less time.
const FILL_OPTIONS: [(&str, &str); 2] = [("mb_optimize_scan", "0"), ("noload", "")];

/// Settings of the allocator in `/sys/fs/ext4/<device>`. They decide which blocks patches dirty,
/// never the content, so a setting that fails is skipped.
const TUNING: [(&str, &str); 4] = [
    ("mb_max_to_scan", "1"),
    ("mb_min_to_scan", "1"),
    ("mb_stream_req", "4096"),
    ("mb_group_prealloc", "4096"),
];

/// Returns the mount options for a purpose, as name and value. An option with an empty value is a
/// flag.
pub(super) fn options(purpose: Purpose) -> &'static [(&'static str, &'static str)] {
    match purpose {
        Purpose::Read | Purpose::Run => &[("noload", "")],
        Purpose::Patch => &PATCH_OPTIONS,
        Purpose::Fill => &FILL_OPTIONS,
    }
}

/// Sets the allocator of a mounted filesystem to the layout's values; skips settings that the
/// kernel lacks.
pub(super) fn tune(device: &Path) {
    let Some(name) = device.file_name() else {
        return;
    };
    let folder = Path::new("/sys/fs/ext4").join(name);
    for (key, value) in TUNING {
        let path = folder.join(key);
        // Files of sysfs are written in place; the kernel may lack some of them.
        let written = std::fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, value.as_bytes()));
        if let Err(error) = written {
            tracing::debug!("allocator setting {} is left as it is: {error}", path.display());
        }
    }
}
