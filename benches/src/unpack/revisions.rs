//! Patches one volume through many revisions, to see whether patches dirty more blocks as the volume ages.
//!
//! Each revision adds one Debian package to the previous tree and removes the package that the previous revision added.

use std::path::Path;

use anyhow::ensure;
use serde_json::json;

use crate::chart::lines;
use crate::medium::{Kind, Medium};
use crate::report::{print, progress};
use crate::sides::{Bench, differing_blocks};
use crate::trees;

/// Packages of a few MiB each, in the order of installation.
const PACKAGES: &str = "tmux htop curl wget jq sqlite3 redis-server memcached haproxy tcpdump strace \
    screen zsh mc lynx mutt apache2 php-cli ruby lua5.4 tcl8.6 gawk subversion mercurial socat nmap \
    iperf3 lftp w3m irssi vim-nox joe nano rsync unbound dnsmasq postgresql-client mariadb-client \
    ldap-utils openvpn wireguard-tools pv chrony monit ncdu stunnel4 tinyproxy varnish \
    lighttpd bind9-dnsutils nginx-light byobu";

/// Patches a volume through `count` revisions; writes the dirty blocks of each to a JSON file and a chart.
pub(crate) fn run(bench: &Bench, count: u32, out: &Path) -> anyhow::Result<()> {
    let folder = out.join("revisions");
    let medium = Medium::new(Kind::Memory, Path::new("/dev/shm"))?;
    let volume = medium.volume("aged")?;
    let ledger = volume.backing().with_extension("ledger");
    bench.ours(&volume.path(), &ledger, 1, &["--freed", "keep"])?;
    let (mut ours, mut data, mut floor) = (Vec::new(), Vec::new(), Vec::new());
    let mut tree = bench.working_tree()?;
    let mut installed: Option<&str> = None;
    let mut packages = PACKAGES.split_whitespace().cycle();
    for number in 1..=count {
        let package = loop {
            let package = packages.next().unwrap_or_default();
            match trees::replace(&tree, installed.unwrap_or_default(), package) {
                Ok(()) => break package,
                Err(error) => {
                    // Some packages cannot be removed again in a chroot.
                    progress(&format!("{package} is left out: {error}"));
                    tree = bench.working_tree()?;
                    installed = None;
                }
            }
        };
        installed = Some(package);
        let revision = 100 + number as usize;
        bench.add(&tree, revision)?;
        let before = medium.volume("before")?;
        std::process::Command::new("cp")
            .arg("--sparse=always")
            .args([volume.backing(), before.backing()])
            .status()?;
        let (_, report) = bench.ours(&volume.path(), &ledger, revision, &["--freed", "keep"])?;
        let dirty = &report["dirty_blocks_512k"];
        let total = dirty["total"].as_f64().unwrap_or(f64::NAN);
        let differing = differing_blocks(before.backing(), volume.backing())?;
        ensure!(differing as f64 <= total, "{differing} blocks differ, {total} were counted");
        let content = report["bytes_written"].as_f64().unwrap_or(0.0) / 524_288.0;
        progress(&format!("revision {number}, {package}: {dirty}, content alone {content:.0}"));
        ours.push(total);
        data.push(dirty["data"].as_f64().unwrap_or(f64::NAN));
        floor.push(content.ceil());
    }
    let json = json!({ "total": ours, "data": data, "floor": floor });
    std::fs::create_dir_all(&folder)?;
    std::fs::write(out.join("revisions.json"), json.to_string())?;
    let series = [
        ("all dirty blocks", "#1a7f64", ours.clone()),
        ("of which data", "#bf8700", data),
        ("content alone", "#8c959f", floor),
    ];
    let title = format!("Dirty blocks of {count} revisions, one after another");
    std::fs::write(out.join("revisions.svg"), lines(&title, "blocks of 512 KiB", &series))?;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let ten = ours.len().min(10);
    let (first, last) = (mean(&ours[..ten]), mean(&ours[ours.len() - ten..]));
    print(&format!("first {ten}: {first:.1} blocks, last {ten}: {last:.1}: {:.2}", last / first));
    Ok(())
}
