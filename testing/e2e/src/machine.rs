//! Boots virtual machines that report on the console what they booted.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rig::{Firmware, Machine};

/// Time limit of a boot. Without hardware virtualization Debian takes half a minute. On a busy machine it takes several
/// minutes.
const TIME_MAX: Duration = Duration::from_secs(240);

/// Last words of the report on the console. The unit that [`add_report`] adds prints the report.
const UP: &str = "imprint-is-up";

/// Adds a systemd unit to a tree. The unit reports the image, the running kernel and the mounts on the console. The login
/// prompt waits for it: a getty hangs up everybody who writes to its console.
///
/// # Panics
/// If the tree has no systemd.
pub fn add_report(tree: &Path, image: &str, firmware: Firmware) {
    let systemd = tree.join("etc/systemd/system");
    let unit = r#"[Unit]
Description=Report of a test
RequiresMountsFor=/boot/efi
Before=serial-getty@CONSOLE.service
[Service]
Type=oneshot
StandardOutput=tty
TTYPath=/dev/CONSOLE
ExecStart=/bin/sh -c 'echo; echo image=$(cat /etc/imprint-image) kernel=$(uname -r) root=$(findmnt -no FSTYPE /) esp=$(ls /boot/efi/EFI/BOOT | tr "\n" ,); findmnt --verify; echo imprint-is""-up'
[Install]
WantedBy=multi-user.target
"#;
    let unit = unit.replace("CONSOLE", firmware.console());
    std::fs::write(systemd.join("report.service"), unit).expect("a unit");
    let wants = systemd.join("multi-user.target.wants");
    std::fs::create_dir_all(&wants).expect("a folder");
    symlink("/etc/systemd/system/report.service", wants.join("report.service")).expect("a link");
    std::fs::write(tree.join("etc/imprint-image"), image).expect("a file");
}

/// Asserts that `findmnt --verify` in the machine's report found no error.
///
/// # Panics
/// If `findmnt` found an error. The message contains the console's text.
pub fn assert_mounts_are_sound(said: &str) {
    let is_sound = ["0 parse errors, 0 errors", "no errors or warnings detected"];
    assert!(is_sound.iter().any(|words| said.contains(words)), "{said}");
}

/// Boots a disk image and waits for its report; returns the console's text. The image stays unchanged.
///
/// # Panics
/// If the report does not come in time. The message contains the end of the console's text.
pub fn boot(disk: &Path, firmware: Firmware, scratch: &Path) -> String {
    let machine = Machine::boot(&Arc::default(), disk, firmware, scratch);
    let said = machine.and_then(|machine| machine.wait_for(UP, TIME_MAX, |_| {}));
    said.unwrap_or_else(|error| panic!("{firmware:?}: {error}"))
}
