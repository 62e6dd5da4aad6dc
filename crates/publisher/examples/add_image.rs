//! Adds an image, with progress: `add_image NAME SOURCE ARCH`.
//!
//! ```text
//! add_image base/debian-12/1 ./rootfs x86_64
//! ```
//!
//! The source may be a directory, a tar, a container image's layout or a disk image. A second run sends nothing.

mod common;

use std::io::Write;

use common::{Outcome, arguments, client};
use publisher::Addition;

fn main() -> Outcome {
    let [name, source, arch] = arguments("add_image NAME SOURCE ARCH")?;
    let (client, _runtime) = client()?;
    let architecture = Some(arch.parse()?);
    let addition = Addition { architecture, ..Addition::new(name.parse()?, source) };
    let added = publisher::add::add(&client, &addition)?;
    let new = if added.is_new { "new" } else { "there already" };
    writeln!(
        std::io::stdout(),
        "{name} {} {new}, {} bytes sent",
        added.manifest,
        added.sent_bytes
    )?;
    Ok(())
}
