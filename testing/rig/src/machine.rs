//! Virtual machines: boots a disk image in qemu and reads its serial console.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::error::{RigError, last_lines};
use crate::processes::Processes;

/// An error contains at most this many lines of the console: the last ones.
const LINES_MAX: usize = 40;

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

    /// Prepares a qemu command with the options for the machine and its processor. The processor is emulated, because a
    /// /dev/kvm that exists might still not work.
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

    /// Returns the paths of two files: the firmware's code and its initial variables. `None` if the firmware is part of
    /// qemu.
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

/// A running machine. Dropping this value kills its qemu.
#[derive(Debug)]
pub struct Machine {
    qemu: Child,
    processes: Arc<Processes>,
    console: Receiver<Vec<u8>>,
}

impl Machine {
    /// Boots a disk image, which stays unchanged. The firmware's variables are kept in the folder `scratch`.
    ///
    /// # Errors
    /// If qemu cannot be started, or the firmware is not installed.
    pub fn boot(
        processes: &Arc<Processes>,
        disk: &Path,
        firmware: Firmware,
        scratch: &Path,
    ) -> Result<Self, RigError> {
        let mut command = firmware.machine();
        // The machine has one processor. With two emulated ones on a busy host, a kernel that patches its own code
        // sometimes makes one processor wait for the other for ever.
        command
            .args(["-m", "1024", "-smp", "1", "-nodefaults"])
            .args(["-display", "none", "-serial", "stdio", "-no-reboot", "-snapshot"])
            .args(["-drive", &format!("file={},format=raw,if=none,id=disk", disk.display())])
            .args(["-device", "nvme,drive=disk,serial=imprint"]);
        if let Some([code, variables_at_first]) = firmware.flash() {
            let variables = scratch.join("variables.fd");
            std::fs::copy(variables_at_first, &variables)
                .map_err(RigError::io(Path::new(variables_at_first)))?;
            let flash = "if=pflash,format=raw,file=";
            let code = format!("{flash}{code},readonly=on");
            command.args(["-drive", &code, "-drive", &format!("{flash}{}", variables.display())]);
        }
        // qemu stays in this process's own group. If a test takes too long and its group is killed, its machines end
        // too.
        let mut qemu = processes.spawn(command.stdout(Stdio::piped()))?;
        let (sender, console) = channel();
        let output = qemu.stdout.take();
        std::thread::spawn(move || {
            let (mut output, mut bytes) = (output?, [0; 4096]);
            while let Ok(len @ 1..) = output.read(&mut bytes) {
                sender.send(bytes[..len].to_vec()).ok()?;
            }
            Some(())
        });
        Ok(Self { qemu, processes: Arc::clone(processes), console })
    }

    /// Waits until the console has printed `words`. Returns the console's text since the previous call. `show` gets the
    /// output as it arrives.
    ///
    /// # Errors
    /// If the words do not appear within `time_max`, or qemu ends before. The error contains the end of the text.
    pub fn wait_for(
        &self,
        words: &str,
        time_max: Duration,
        mut show: impl FnMut(&[u8]),
    ) -> Result<String, RigError> {
        let deadline = Instant::now() + time_max;
        let mut said = String::new();
        while !said.contains(words) {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.console.recv_timeout(left) else {
                let (words, said) = (words.to_owned(), last_lines(&said, LINES_MAX));
                return Err(RigError::NotUp { words, time_max, said });
            };
            show(&bytes);
            said.push_str(&String::from_utf8_lossy(&bytes));
        }
        Ok(said)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.qemu.kill().ok();
        self.qemu.wait().ok();
        self.processes.forget(&self.qemu);
    }
}
