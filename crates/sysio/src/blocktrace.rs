//! Exact record of the writes to a device, from the kernel's own trace of block requests.
//!
//! A tracefs instance of our own, filtered to one device, records `block_rq_issue`. Nothing is sampled. If the kernel
//! had to drop events, it reports that, and the answer is "unknown" instead of a wrong number.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;

const SECTOR_LEN: u64 = 512;

/// Trace buffer in KiB per processor for large writes. One event takes about 80 bytes, and the kernel issues
/// requests of 4 KiB (scattered metadata) to more than 512 KiB (data).
const BUFFER_KIB: u64 = 8192;

/// If at most this many bytes are expected, the trace keeps the kernel's default buffer of 1.4 MiB per processor,
/// because a change of the buffer takes 10 ms.
const SMALL_LEN: u64 = 128 << 20;

static NEXT_INSTANCE: AtomicU32 = AtomicU32::new(0);

/// A running trace of writes to one device. Dropping this value removes the trace from the kernel.
#[derive(Debug)]
pub struct WriteTrace {
    instance: PathBuf,
    /// `true` as soon as the kernel has dropped an event of this trace; never `false` again.
    has_lost: bool,
    /// The process that removes the tracefs instance after this value is dropped; `None` if the process could not be
    /// started.
    remover: Option<Child>,
}

impl WriteTrace {
    /// Starts recording writes to a device; `expected_bytes` decides the size of the trace buffer.
    ///
    /// # Errors
    /// `NotFound` or `PermissionDenied` if tracefs is not mounted, or not accessible to us.
    pub fn start(device: &Path, expected_bytes: u64) -> io::Result<Self> {
        let (major, minor) = crate::block::device_number(device)?;
        let number = NEXT_INSTANCE.fetch_add(1, Ordering::Relaxed);
        let instances = tracefs()?.join("instances");
        remove_left_behind(&instances);
        let instance = instances.join(format!("{PREFIX}{}-{number}", std::process::id()));
        std::fs::create_dir(&instance)?;
        let remover = remover(&instance).ok();
        let trace = Self { instance, has_lost: false, remover };
        if expected_bytes > SMALL_LEN {
            trace.set("buffer_size_kb", &BUFFER_KIB.to_string())?;
        }
        // The event carries the kernel's own dev_t: 12 bits of major, 20 of minor.
        trace.set(
            "events/block/block_rq_issue/filter",
            &format!("dev == {}", major << 20 | minor),
        )?;
        trace.set("events/block/block_rq_issue/enable", "1")?;
        Ok(trace)
    }

    fn set(&self, file: &str, value: &str) -> io::Result<()> {
        use std::io::Write;
        std::fs::File::options()
            .write(true)
            .open(self.instance.join(file))?
            .write_all(value.as_bytes())
    }

    /// Returns the byte ranges written or discarded since the start or the last call, as
    /// (offset, length) in no particular order; `None` if the kernel has lost events.
    ///
    /// # Errors
    /// As reading tracefs.
    pub fn take(&mut self) -> io::Result<Option<Vec<(u64, u64)>>> {
        for entry in std::fs::read_dir(self.instance.join("per_cpu"))? {
            let stats = std::fs::read_to_string(entry?.path().join("stats"))?;
            self.has_lost |= lost_events(&stats);
        }
        let text = std::fs::read_to_string(self.instance.join("trace"))?;
        // Writing to the file `trace` empties the trace.
        self.set("trace", "0")?;
        Ok((!self.has_lost).then(|| written_ranges(&text)))
    }
}

/// Processes that remove tracefs instances. A process stays here until we have collected its exit status.
static REMOVING: Mutex<Vec<Child>> = Mutex::new(Vec::new());

impl Drop for WriteTrace {
    fn drop(&mut self) {
        let Some(mut remover) = self.remover.take() else {
            return drop(std::fs::remove_dir(&self.instance));
        };
        drop(remover.stdin.take());
        let mut removing = REMOVING.lock();
        removing.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
        removing.push(remover);
    }
}

/// Prefix of the names of our tracefs instances; the process id and a number follow.
const PREFIX: &str = "imprint-";

/// Removes the tracefs instances of processes that no longer exist.
fn remove_left_behind(instances: &Path) {
    for entry in std::fs::read_dir(instances).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next());
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            drop(std::fs::remove_dir(entry.path()));
        }
    }
}

/// Starts a process that removes a tracefs instance as soon as the process's standard input closes. The input also
/// closes when we are killed. The kernel takes 40 ms to remove an instance, which is a third of the time of a small
/// patch. So we do not wait for the removal.
fn remover(instance: &Path) -> io::Result<Child> {
    Command::new("sh")
        .args(["-c", "read -r _; rmdir \"$0\""])
        .arg(instance)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Returns the folder of tracefs; mounts tracefs if that is needed.
fn tracefs() -> io::Result<PathBuf> {
    let place = Path::new("/sys/kernel/tracing");
    if !place.join("instances").exists() {
        rustix::mount::mount(
            c"tracefs",
            place,
            c"tracefs",
            rustix::mount::MountFlags::empty(),
            None,
        )?;
    }
    Ok(place.to_owned())
}

fn lost_events(stats: &str) -> bool {
    stats.lines().any(|line| {
        let (name, value) = line.split_once(':').unwrap_or((line, "0"));
        matches!(name, "overrun" | "commit overrun" | "dropped events")
            && value.trim().parse() != Ok(0)
    })
}

/// Returns the byte ranges of the writes in a trace. A line of the trace ends, for example, with
/// `block_rq_issue: 7,0 WS 4096 () 2048 + 8 none,0,0 [task]`.
fn written_ranges(text: &str) -> Vec<(u64, u64)> {
    let mut ranges = Vec::new();
    for line in text.lines() {
        let Some((_, event)) = line.split_once("block_rq_issue: ") else {
            continue;
        };
        let mut words = event.split_whitespace();
        // Counts any request except a read, because many kernels have no letter for zeroing and show it as N.
        let is_write = words.nth(1).is_some_and(|kind| !kind.contains('R'));
        let Some((before, after)) = event.split_once(" + ") else {
            continue;
        };
        let sector = before.split_whitespace().next_back().and_then(|word| word.parse().ok());
        let count = after.split_whitespace().next().and_then(|word| word.parse().ok());
        if let (true, Some(sector), Some(count)) = (is_write, sector, count) {
            let (sector, count): (u64, u64) = (sector, count);
            if count > 0 {
                ranges.push((sector * SECTOR_LEN, count * SECTOR_LEN));
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trace_lines_become_blocks() {
        let text = "\
# tracer: nop
 kworker/1:2-90 [001] ..... 12.5: block_rq_issue: 7,0 WS 4096 () 2048 + 8 none,0,0 [kworker/1:2]
 x-1 [000] ..... 12.6: block_rq_issue: 7,0 R 4096 () 0 + 8 none,0,0 [x]
 x-1 [000] ..... 12.6: block_rq_issue: 7,0 NS 8192 () 16 + 16 none,0,0 [x]
 x-1 [000] ..... 12.7: block_rq_issue: 7,0 FF 0 () 0 + 0 none,0,0 [x]
 x-1 [000] ..... 12.8: block_rq_issue: 7,0 W 1048576 () 1016 + 2048 none,0,0 [x]
";
        assert_eq!(written_ranges(text), [(1 << 20, 4096), (8192, 8192), (1016 * 512, 1 << 20)]);
    }

    #[test]
    fn lost_events_are_noticed() {
        assert!(!lost_events("entries: 5\noverrun: 0\ncommit overrun: 0\ndropped events: 0\n"));
        assert!(lost_events("entries: 5\noverrun: 1\n"));
    }
}
