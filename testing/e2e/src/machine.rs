//! Virtual machines: boots a disk image in qemu and reads its serial console.

use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Time limit of a boot. Without hardware support Debian takes half a minute, on a busy machine several minutes.
const TIME_MAX: Duration = Duration::from_secs(240);

/// A virtual machine's firmware and processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firmware {
    /// SeaBIOS, x86_64.
    Bios,
    /// OVMF, x86_64.
    Uefi,
    /// AAVMF, arm64.
    UefiArm64,
}

impl Firmware {
    /// Returns the serial console that the machine's kernel writes to.
    pub fn console(self) -> &'static str {
        match self {
            Self::Bios | Self::Uefi => "ttyS0",
            Self::UefiArm64 => "ttyAMA0",
        }
    }

    fn machine(self) -> Command {
        let (program, machine) = match self {
            Self::Bios | Self::Uefi => ("qemu-system-x86_64", "q35,accel=tcg"),
            Self::UefiArm64 => ("qemu-system-aarch64", "virt,accel=tcg"),
        };
        let mut command = Command::new(program);
        command.args(["-machine", machine]);
        if self == Self::UefiArm64 {
            command.args(["-cpu", "cortex-a72"]);
        }
        command
    }

    /// Returns the files of the firmware's code and initial variables; `None` if qemu contains the firmware.
    fn flash(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Bios => None,
            Self::Uefi => {
                Some(["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"])
            }
            Self::UefiArm64 => {
                Some(["/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"])
            }
        }
    }
}

/// Last words of the report that the unit of [`add_report`] prints.
const UP: &str = "imprint-is-up";

/// Adds a unit to a tree that reports the image, the running kernel and the mounts on the console.
///
/// # Panics
/// If the tree has no systemd.
pub fn add_report(tree: &Path, image: &str, firmware: Firmware) {
    let systemd = tree.join("etc/systemd/system");
    let unit = r#"[Unit]
Description=Report of a test
RequiresMountsFor=/boot/efi
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
/// If `findmnt` found an error, with the console's text.
pub fn assert_mounts_are_sound(said: &str) {
    let is_sound = ["0 parse errors, 0 errors", "no errors or warnings detected"];
    assert!(is_sound.iter().any(|words| said.contains(words)), "{said}");
}

/// Boots a disk image until it has made its report; returns the console's text. The image stays unchanged.
///
/// # Panics
/// If the report does not come in time, with the end of the console's text.
pub fn boot(disk: &Path, firmware: Firmware, scratch: &Path) -> String {
    let mut command = firmware.machine();
    // One processor: with two emulated ones on a busy machine, a kernel that patches itself sometimes waits for ever
    // for the other processor.
    command
        .args(["-m", "1024", "-smp", "1", "-nodefaults"])
        .args(["-display", "none", "-serial", "stdio", "-no-reboot", "-snapshot"])
        .args(["-drive", &format!("file={},format=raw,if=none,id=disk", disk.display())])
        .args(["-device", "nvme,drive=disk,serial=imprint"]);
    if let Some([code, variables_at_first]) = firmware.flash() {
        let variables = scratch.join("variables.fd");
        std::fs::copy(variables_at_first, &variables).expect("the firmware's package");
        let flash = "if=pflash,format=raw,file=";
        let code = format!("{flash}{code},readonly=on");
        command.args(["-drive", &code, "-drive", &format!("{flash}{}", variables.display())]);
    }
    let machine = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut machine = machine.expect("the packages of qemu-system");
    let mut console = machine.stdout.take().expect("a console");
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(len @ 1..) = console.read(&mut bytes) {
            if sender.send(bytes[..len].to_vec()).is_err() {
                break;
            }
        }
    });
    let deadline = Instant::now() + TIME_MAX;
    let mut said = String::new();
    while !said.contains(UP) {
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(bytes) = receiver.recv_timeout(left) else { break };
        said.push_str(&String::from_utf8_lossy(&bytes));
    }
    machine.kill().ok();
    machine.wait().ok();
    let tail: Vec<&str> = said.lines().rev().take(40).collect();
    let tail: Vec<&str> = tail.into_iter().rev().collect();
    assert!(said.contains(UP), "{firmware:?}: no '{UP}' after:\n{}", tail.join("\n"));
    said
}
