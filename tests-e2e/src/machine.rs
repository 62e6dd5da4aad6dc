//! Virtual machines: a disk image, booted in qemu, and what it says on its serial console.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Without hardware support a Debian takes half a minute, on a busy machine several.
const TIME_MAX: Duration = Duration::from_secs(240);

/// What starts a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firmware {
    /// SeaBIOS.
    Bios,
    /// OVMF.
    Uefi,
}

/// Boots a disk image, which stays as it is, until its console says `until`, and returns all that it
/// said.
///
/// # Panics
/// With the end of what it said, if that does not come in time.
pub fn boot(disk: &Path, firmware: Firmware, scratch: &Path, until: &str) -> String {
    let mut command = Command::new("qemu-system-x86_64");
    command
        .args(["-machine", "q35,accel=tcg", "-m", "1024", "-smp", "2", "-nodefaults"])
        .args(["-display", "none", "-serial", "stdio", "-no-reboot", "-snapshot"])
        .args(["-drive", &format!("file={},format=raw,if=none,id=disk", disk.display())])
        .args(["-device", "nvme,drive=disk,serial=imprint"]);
    if firmware == Firmware::Uefi {
        let variables = scratch.join("variables.fd");
        std::fs::copy("/usr/share/OVMF/OVMF_VARS_4M.fd", &variables).expect("the package ovmf");
        let flash = "if=pflash,format=raw,file=";
        let code = format!("{flash}/usr/share/OVMF/OVMF_CODE_4M.fd,readonly=on");
        command.args(["-drive", &code, "-drive", &format!("{flash}{}", variables.display())]);
    }
    let machine = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut machine = machine.expect("the package qemu-system-x86");
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
    while !said.contains(until) {
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(bytes) = receiver.recv_timeout(left) else { break };
        said.push_str(&String::from_utf8_lossy(&bytes));
    }
    machine.kill().ok();
    machine.wait().ok();
    let tail: Vec<&str> = said.lines().rev().take(40).collect();
    let tail: Vec<&str> = tail.into_iter().rev().collect();
    assert!(said.contains(until), "{firmware:?}: no '{until}' after:\n{}", tail.join("\n"));
    said
}
