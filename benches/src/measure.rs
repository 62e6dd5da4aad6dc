//! Cost of one run of a command: wall time, processor time, peak memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// What one run of a command cost, measured from outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Wall time in seconds.
    pub wall: f64,
    /// Busy time of all processors of the machine in seconds, kernel threads included.
    pub cpu: f64,
    /// Peak memory of the command's first process in MiB, sampled; 0 if not measured.
    pub memory: f64,
}

/// Interval between samples of the memory.
const POLL: Duration = Duration::from_millis(10);

/// Runs a command to its end; returns its cost and standard output.
///
/// # Errors
/// The command is missing, or fails; the error then contains the command's standard error.
pub fn run(command: &mut Command) -> anyhow::Result<(Cost, String)> {
    let (cpu, started) = (busy()?, Instant::now());
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("{command:?}: is it installed?"))?;
    let status = format!("/proc/{}/status", child.id());
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let reading = std::thread::spawn(move || read_both(stdout, stderr));
    let mut memory: f64 = 0.0;
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        memory = memory.max(peak(&status));
        std::thread::park_timeout(POLL);
    };
    let wall = started.elapsed().as_secs_f64();
    let cpu = busy()? - cpu;
    let (out, err) = reading.join().unwrap_or_default();
    ensure!(ended.success(), "{command:?}: {ended}: {err}");
    Ok((Cost { wall, cpu, memory }, out))
}

fn read_both(
    out: Option<std::process::ChildStdout>,
    err: Option<std::process::ChildStderr>,
) -> (String, String) {
    let read_err = std::thread::spawn(move || read(err));
    (read(out), read_err.join().unwrap_or_default())
}

fn read(from: Option<impl std::io::Read>) -> String {
    let mut text = Vec::new();
    if let Some(mut from) = from {
        from.read_to_end(&mut text).ok();
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Reads a process's peak memory in MiB from its `/proc/PID/status`; 0 if it has ended.
fn peak(status: &str) -> f64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// Waits until the machine is idle, but at most 5 s, since other processes may keep it busy.
///
/// # Errors
/// `/proc/stat` cannot be read or parsed.
pub fn wait_until_idle() -> anyhow::Result<()> {
    const STEP: Duration = Duration::from_millis(250);
    const STEPS_MAX: u32 = 20;
    for _ in 0..STEPS_MAX {
        let before = busy()?;
        std::thread::park_timeout(STEP);
        if busy()? - before <= 0.01 {
            break;
        }
    }
    Ok(())
}

/// Pauses for 15 s. A virtual machine that was busy for seconds or freed gigabytes stays slower for a while, which
/// doubles the time of a short side (0.15 s instead of 0.08 s for a patch).
pub fn rest() {
    std::thread::park_timeout(Duration::from_secs(15));
}

/// Returns the seconds that all processors together were busy since boot.
///
/// # Errors
/// `/proc/stat` cannot be read or parsed.
pub fn busy() -> anyhow::Result<f64> {
    /// Ticks per second in `/proc/stat`; the same on every supported architecture.
    const TICKS: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().unwrap_or_default();
    let fields: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq
    let [user, nice, system, _, _, irq, softirq, ..] = fields[..] else {
        anyhow::bail!("/proc/stat is not understood");
    };
    Ok((user + nice + system + irq + softirq) / TICKS)
}
