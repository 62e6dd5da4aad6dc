//! One run of one side: wall time, processor time, peak memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// What a run cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Seconds.
    pub wall: f64,
    /// Seconds of all processors, the kernel's own threads included.
    pub cpu: f64,
    /// Peak memory of the first process, in MiB.
    pub memory: f64,
}

/// How often memory is looked at.
const POLL: Duration = Duration::from_millis(10);

/// Runs a command to its end and returns what it cost and printed.
///
/// # Errors
/// A command that is not there, or fails, with what it said.
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

/// The highest memory of a process so far, in MiB.
fn peak(status: &str) -> f64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// Waits until the machine has nothing to do, for a while at most: it may not be ours alone.
///
/// # Errors
/// A `/proc` that is not understood.
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

/// Pauses until the host has forgotten what was before: a virtual machine that was busy for seconds, or
/// freed gigabytes, is slower for a while, which doubles what a short side takes (0.15 instead of
/// 0.08 s for a patch).
pub fn rest() {
    std::thread::park_timeout(Duration::from_secs(15));
}

/// Returns the seconds that all processors were busy since boot.
///
/// # Errors
/// A `/proc` that is not understood.
pub fn busy() -> anyhow::Result<f64> {
    /// The kernel's clock of `/proc/stat`, on every architecture that we know.
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
