//! `unpackd mount`: mounts in the foreground, or in a background process that outlives the command.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context;
use clap::Args;
use imagefs::{ImageOrigin, MountContent, MountEnd, MountOptions, mount};
use rpc::exit;
use tokio::runtime::Runtime;
use wire::name::ImageName;
use wire::units::parse_size;

use super::{OriginArgs, print_line, runtime, usage};
use crate::imaged::{ImagedSource, Origin, open_store};
use crate::volume_mount::{self, VolumeOrigin};

/// The background process reports a usable mount with one line on standard output, which begins with this word.
const READY: &str = "mounted";

/// Arguments of `unpackd mount`.
#[derive(Debug, Args)]
pub struct MountArgs {
    /// Mount point: an empty folder.
    mountpoint: PathBuf,
    /// One image, STREAM/LEAF, in place of all.
    image: Option<ImageName>,
    #[command(flatten)]
    origin: OriginArgs,
    /// Id of a volume of the local unpackd, to show in place of images; nobody can patch the volume during the mount.
    #[arg(long = "volume", id = "volume_id", value_name = "ID", conflicts_with_all = ["image", "store", "views"])]
    volume: Option<String>,
    /// The unpackd that has the volume.
    #[arg(
        long,
        env = "IMPRINT_UNPACKD",
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:7401"
    )]
    unpackd: String,
    /// Store that keeps fetched objects, for --imaged; only one mount at a time can use it.
    #[arg(long, value_name = "DIR", default_value = "/var/cache/imprint-mount")]
    cache: PathBuf,
    /// Size limit of that store.
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = parse_size)]
    cache_size: u64,
    /// Memory limit of the process.
    #[arg(long, value_name = "SIZE", default_value = "512MiB", value_parser = parse_size)]
    memory: u64,
    /// Also show differences between images in .diff, files by digest in .by-digest, and an image's record in
    /// .imprint.json.
    #[arg(long)]
    views: bool,
    /// Let other users read the mount too, as permissions in the images allow.
    #[arg(long)]
    allow_other: bool,
    /// Stay until the mount ends: by SIGTERM, or when somebody unmounts it.
    #[arg(long)]
    foreground: bool,
    /// File to which a background mount appends its log; if the file is new, only its owner can read it.
    #[arg(long, value_name = "FILE", default_value = "/var/log/imprint-mount.log")]
    log_file: PathBuf,
    /// Leave the terminal's session; the command starts its background process with this flag.
    #[arg(long, hide = true)]
    detached: bool,
}

/// Mounts. Returns at the end of a foreground mount, or as soon as a background mount is usable.
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
    Ok(exit::DONE)
}

/// Opens the images or the volume that the mount shows.
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

/// Adds the flags of the background process directly after the word `mount`: after a `--`, they would not be flags.
fn in_foreground(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    let command = arguments.iter().position(|argument| argument == "mount");
    let behind = command.map_or(0, |command| command + 1);
    arguments.splice(behind..behind, ["--foreground", "--detached"].map(OsString::from));
    arguments
}

/// Starts this program again as the background process, and waits until its mount is usable.
fn in_background(args: &MountArgs) -> anyhow::Result<u8> {
    let mut log = File::options()
        .create(true)
        .append(true)
        // The log contains paths in images, so other users must not read it. The umask does not ensure that, because
        // daemons clear it.
        .mode(0o600)
        .read(true)
        .open(&args.log_file)
        .with_context(|| {
            format!(
                "cannot open the log {} (--log-file names another one)",
                args.log_file.display()
            )
        })?;
    let begin = log.seek(SeekFrom::End(0))?;
    let program = std::env::current_exe().context("cannot find the file of this program")?;
    let mut child = Command::new(program)
        .args(in_foreground(std::env::args_os().skip(1)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log.try_clone()?)
        .spawn()
        .context("cannot start the mount in the background")?;
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
        return Ok(exit::DONE);
    }
    // The background process ended without a mount; its log says why.
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
