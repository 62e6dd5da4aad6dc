//! A real browser without a screen. The browser needs a script of its own to take pictures, so these tests cannot
//! disable scripts in the browser. Scripts of the pages are forbidden by the pages' own policy.

use std::path::Path;
use std::process::Command;

/// Prepares a command for Debian's Chromium; the caller adds the action and the address.
fn chromium(scratch: &Path) -> Command {
    let mut command = Command::new("chromium");
    command
        // Chromium refuses to run as root with its sandbox. The tests can do without it, because the pages are our own.
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .args(["--no-first-run", "--disable-background-networking", "--hide-scrollbars"])
        .arg(format!("--user-data-dir={}", scratch.join("browser").display()))
        .env("HOME", scratch);
    command
}

/// Opens a page in the browser. Returns the document tree that the browser builds, as HTML.
///
/// # Panics
/// If the browser fails.
pub fn document(url: &str, scratch: &Path) -> String {
    testkit::image::run(chromium(scratch).args(["--dump-dom", url]))
}

/// Takes a picture of a page as PNG, `width` × `height` pixels.
///
/// # Panics
/// If the browser fails.
pub fn picture(url: &str, (width, height): (u32, u32), to: &Path, scratch: &Path) {
    let size = format!("--window-size={width},{height}");
    let to = format!("--screenshot={}", to.display());
    testkit::image::run(chromium(scratch).args([&size, &to, url]));
}
