//! A real browser without a screen. It takes its pictures with a script of its own, so scripts cannot be turned
//! off in it; the pages' own policy forbids them.

use std::path::Path;
use std::process::Command;

/// Debian's Chromium, ready to be told what to do with a page.
fn chromium(scratch: &Path) -> Command {
    let mut command = Command::new("chromium");
    command
        // It refuses to run as root with its sandbox; the pages are our own.
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .args(["--no-first-run", "--disable-background-networking", "--hide-scrollbars"])
        .arg(format!("--user-data-dir={}", scratch.join("browser").display()))
        .env("HOME", scratch);
    command
}

/// Returns what a page became in the browser, as markup.
///
/// # Panics
/// When the browser fails.
pub fn document(url: &str, scratch: &Path) -> String {
    testkit::image::run(chromium(scratch).args(["--dump-dom", url]))
}

/// Takes a picture of a page, so wide and so high, as PNG.
///
/// # Panics
/// When the browser fails.
pub fn picture(url: &str, (width, height): (u32, u32), to: &Path, scratch: &Path) {
    let size = format!("--window-size={width},{height}");
    let to = format!("--screenshot={}", to.display());
    testkit::image::run(chromium(scratch).args([&size, &to, url]));
}
