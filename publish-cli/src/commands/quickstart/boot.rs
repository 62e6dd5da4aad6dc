//! Boots a disk image in qemu, and shows its console to the user.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};

/// Limit on the time to boot. Debian takes half a minute, or several minutes on a busy machine.
const TIME_MAX: Duration = Duration::from_secs(300);

/// Console text that shows a finished boot.
const UP: &str = "login:";

/// Boots a machine from the image, shows its serial console, and stops it at the login prompt. qemu's `-snapshot`
/// leaves the image unchanged.
pub(super) fn watch(image: &Path) -> anyhow::Result<()> {
    let mut machine = Command::new("qemu-system-x86_64")
        // Emulate the CPU: /dev/kvm may exist without working.
        .args(["-machine", "q35,accel=tcg", "-m", "1024", "-smp", "1"])
        .args(["-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot", "-snapshot"])
        .args(["-drive", &format!("file={},format=raw,if=none,id=disk", image.display())])
        .args(["-device", "nvme,drive=disk,serial=imprint"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start qemu-system-x86_64: install the package qemu-system-x86")?;
    let mut console = machine.stdout.take().context("the machine has no console")?;
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
    let mut seen = String::new();
    let result = loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(bytes) = receiver.recv_timeout(left) else {
            break Err(anyhow!("the machine did not come up within {} s", TIME_MAX.as_secs()));
        };
        std::io::stderr().write_all(&bytes).ok();
        seen.push_str(&String::from_utf8_lossy(&bytes));
        if seen.contains(UP) {
            break Ok(());
        }
    };
    machine.kill().ok();
    machine.wait()?;
    std::io::stderr().write_all(b"\n").ok();
    result
}
