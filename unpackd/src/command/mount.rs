//! `unpackd mount`: in the foreground, or in a process of its own that outlives the command.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context;
use clap::Args;
use imagefs::{ImageOrigin, MountContent, MountEnd, MountOptions, mount};
use tokio::runtime::Runtime;
use wire::name::ImageName;
use wire::units::parse_size;

use super::{OriginArgs, print_line, runtime, usage};
use crate::imaged::{ImagedSource, Origin, open_store};
use crate::volume_mount::{self, VolumeOrigin};

/// What a mount in the background says once it can be used, and nothing else does.
const READY: &str = "mounted";

/// Arguments of `unpackd mount`.
#[derive(Debug, Args)]
pub struct MountArgs {
    /// An empty folder.
    mountpoint: PathBuf,
    /// One image, STREAM/LEAF, instead of all.
    image: Option<ImageName>,
    #[command(flatten)]
    origin: OriginArgs,
    /// What is on a volume of unpackd's on this machine now, instead of images. It is not patched meanwhile.
    #[arg(long = "volume", id = "volume_id", value_name = "ID", conflicts_with_all = ["image", "store", "views"])]
    volume: Option<String>,
    /// The unpackd whose volume it is.
    #[arg(
        long,
        env = "IMPRINT_UNPACKD",
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:7401"
    )]
    unpackd: String,
    /// Where what is fetched is kept, for --imaged; one mount at a time.
    #[arg(long, value_name = "DIR", default_value = "/var/cache/imprint-mount")]
    cache: PathBuf,
    /// How much of it is kept.
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = parse_size)]
    cache_size: u64,
    /// How much memory the process may take.
    #[arg(long, value_name = "SIZE", default_value = "512MiB", value_parser = parse_size)]
    memory: u64,
    /// Show what differs between images, files by their digests, and records, too: .diff, .by-digest, .imprint.json.
    #[arg(long)]
    views: bool,
    /// Let other users look, too, as permissions in the images allow.
    #[arg(long)]
    allow_other: bool,
    /// Stay until the end of the mount: SIGTERM, or somebody unmounts it.
    #[arg(long)]
    foreground: bool,
    /// Where a mount in the background writes its log.
    #[arg(long, value_name = "FILE", default_value = "/var/log/imprint-mount.log")]
    log_file: PathBuf,
    /// Leave the terminal's session: what the command in the background is started with.
    #[arg(long, hide = true)]
    detached: bool,
}

/// Mounts, and returns once the mount has ended, or is there in the background.
pub(super) fn run(args: &MountArgs) -> anyhow::Result<u8> {
    if !args.foreground {
        return in_background(args);
    }
    if args.detached {
        sysio::leave_session()?;
    }
    let runtime = runtime()?;
    let options = MountOptions {
        image: args.image.clone(),
        views: args.views,
        allow_other: args.allow_other,
        memory_len_max: args.memory,
        cache_len_max: args.cache_size,
    };
    let mounted = mount(&args.mountpoint, content(args, &runtime)?, &options)?;
    let stop = mounted.stopper();
    runtime.spawn(async move {
        rpc::daemon::stop_requested().await;
        stop();
    });
    print_line(&format!("{READY} at {}", args.mountpoint.display())).ok();
    match mounted.wait() {
        MountEnd::Unmounted => tracing::info!("unmounted"),
        MountEnd::Requested => mounted.end()?,
    }
    Ok(0)
}

/// Opens what the mount shows.
fn content(args: &MountArgs, runtime: &Runtime) -> anyhow::Result<MountContent> {
    let Some(id) = &args.volume else {
        let origin = match args.origin.origin(&args.cache) {
            Origin::Store(path) => ImageOrigin::Store(open_store(&path)?),
            Origin::Imaged { address, tls_dir, cache } => {
                let server = ImagedSource::connect(&address, &tls_dir, runtime)?;
                ImageOrigin::Server { server: Box::new(server), cache }
            }
        };
        return Ok(MountContent::Images(origin));
    };
    let Some(tls_dir) = args.origin.tls_dir.clone() else {
        usage("--volume asks unpackd, which needs a folder of certificates: --tls-dir DIR");
    };
    let origin = VolumeOrigin { id: id.clone(), unpackd: args.unpackd.clone(), tls_dir };
    Ok(MountContent::Volume(Box::new(volume_mount::open(&origin, runtime)?)))
}

/// Adds what makes it stay to our arguments: behind the command's name, since `--` may stand in what follows.
fn in_foreground(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    let command = arguments.iter().position(|argument| argument == "mount");
    let behind = command.map_or(0, |command| command + 1);
    arguments.splice(behind..behind, ["--foreground", "--detached"].map(OsString::from));
    arguments
}

/// Starts ourselves once more, and waits until that mount can be used.
fn in_background(args: &MountArgs) -> anyhow::Result<u8> {
    let mut log = File::options()
        .create(true)
        .append(true)
        // Paths in images are nobody else's business, and daemons clear their umask.
        .mode(0o600)
        .read(true)
        .open(&args.log_file)
        .with_context(|| format!("open {} (--log-file names another)", args.log_file.display()))?;
    let begin = log.seek(SeekFrom::End(0))?;
    let program = std::env::current_exe().context("find this program")?;
    let mut child = Command::new(program)
        .args(in_foreground(std::env::args_os().skip(1)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log.try_clone()?)
        .spawn()
        .context("start the mount in the background")?;
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    if line.starts_with(READY) {
        print_line(&format!(
            "{} (log: {}; `umount {}` ends it)",
            line.trim_end(),
            args.log_file.display(),
            args.mountpoint.display()
        ))?;
        return Ok(0);
    }
    // It ended instead, with its reason in the log.
    let status = child.wait()?;
    let mut said = String::new();
    log.seek(SeekFrom::Start(begin))?;
    log.read_to_string(&mut said)?;
    std::io::stderr().write_all(said.as_bytes())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_it_stay_stands_before_positionals() {
        let given = ["-v", "mount", "--store", "data", "--", "-odd-folder"].map(OsString::from);
        let made = in_foreground(given.into_iter());
        let expected =
            ["-v", "mount", "--foreground", "--detached", "--store", "data", "--", "-odd-folder"];
        assert_eq!(made, expected);
    }
}
