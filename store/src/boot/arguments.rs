//! What an image itself tells its kernels: where a distribution's tools would take it from.
//!
//! ```text
//! /etc/kernel/cmdline, /usr/lib/kernel/cmdline    kernel-install(8)
//! /boot/loader/entries/*.conf                     options of the newest entry; grubenv's kernelopts
//! /etc/default/grub, /etc/default/grub.d/*.cfg    GRUB_CMDLINE_LINUX, GRUB_CMDLINE_LINUX_DEFAULT
//! ```
//!
//! The first of these that is there counts. What names the disk of the machine that built the image is
//! left out: volumes have a root of their own.

use std::collections::BTreeMap;

use wire::Manifest;
use wire::version;

use super::files::Files;
use super::{Head, TEXT_LEN_MAX};

/// Arguments by which the image's builder found its root; boot set-up gives its own.
const ROOT: [&str; 5] = ["root", "rootfstype", "ro", "rw", "BOOT_IMAGE"];

/// Further ones that name that machine's disk, or what only its loader knows.
const FOREIGN: [&str; 4] = ["resume", "resume_offset", "initrd", "rd.luks.uuid"];

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageArguments {
    /// Arguments in order, without those that name a root.
    pub arguments: Vec<String>,
    /// The file that they are from.
    pub source: String,
    /// What was left out, and why, for reports.
    pub left_out: Vec<String>,
}

/// Reads an image's own arguments for its kernels.
///
/// # Errors
/// Errors of reading the image's files.
pub fn of_image<E>(image: &Manifest, head: &Head<'_, E>) -> Result<ImageArguments, E> {
    let files = Files::new(image, head);
    for path in ["etc/kernel/cmdline", "usr/lib/kernel/cmdline"] {
        if let Some(text) = files.text(path, TEXT_LEN_MAX)? {
            let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            return Ok(sorted_out(&lines.join(" "), path));
        }
    }
    if let Some((options, path)) = entry(&files)? {
        return Ok(sorted_out(&options, &path));
    }
    let path = "etc/default/grub";
    let mut texts = Vec::from_iter(files.text(path, TEXT_LEN_MAX)?);
    texts.extend(files.texts("etc/default/grub.d", ".cfg", TEXT_LEN_MAX)?);
    let settings = Settings::read(texts.iter().map(String::as_str));
    let line =
        settings.value("GRUB_CMDLINE_LINUX") + " " + &settings.value("GRUB_CMDLINE_LINUX_DEFAULT");
    let mut found = sorted_out(&line, path);
    found.left_out.extend(settings.not_understood);
    Ok(found)
}

/// The options of the newest entry of /boot/loader, and its path.
fn entry<E>(files: &Files<'_, E>) -> Result<Option<(String, String)>, E> {
    const FOLDER: &str = "boot/loader/entries";
    /// More than any machine keeps.
    const ENTRIES_MAX: usize = 64;
    let names = files.names(FOLDER).into_iter().map(|(name, _)| name);
    let names = names.filter(|name| name.ends_with(".conf") && !name.contains("-0-rescue"));
    let mut newest: Option<(String, String, String)> = None;
    for name in names.take(ENTRIES_MAX) {
        let path = format!("{FOLDER}/{name}");
        let Some(text) = files.text(&path, TEXT_LEN_MAX)? else { continue };
        let key = |key: &str| -> Vec<&str> {
            let lines = text.lines().filter_map(|line| line.trim().split_once([' ', '\t']));
            lines.filter(|(name, _)| *name == key).map(|(_, value)| value.trim()).collect()
        };
        let version = key("version").first().map_or(name, |version| *version).to_owned();
        let is_newer = newest.as_ref().is_none_or(|(known, ..)| {
            version::compare(&version, known) == std::cmp::Ordering::Greater
        });
        if is_newer {
            newest = Some((version, key("options").join(" "), path));
        }
    }
    let Some((_, options, path)) = newest else { return Ok(None) };
    // A variable that GRUB keeps in a file of its own.
    let mut options = options.replace("$tuned_params", "");
    if options.contains("$kernelopts") {
        let mut kept = None;
        for path in ["boot/grub2/grubenv", "boot/grub/grubenv"] {
            kept = match kept {
                None => files.text(path, TEXT_LEN_MAX)?,
                some => some,
            };
        }
        let kept = kept.unwrap_or_default();
        let line = kept.lines().find_map(|line| line.strip_prefix("kernelopts="));
        options = options.replace("$kernelopts", line.unwrap_or_default());
    }
    Ok(Some((options, path)))
}

/// Takes apart a line, and leaves out what names a machine's disk.
fn sorted_out(line: &str, source: &str) -> ImageArguments {
    let mut found = ImageArguments { source: source.to_owned(), ..ImageArguments::default() };
    for argument in line.split_whitespace() {
        let key = argument.split('=').next().unwrap_or_default();
        // Which part of a filesystem is mounted is a matter of btrfs alone.
        let is_foreign = FOREIGN.contains(&key) || argument.starts_with("rootflags=subvol");
        if ROOT.contains(&key) {
            continue;
        }
        if is_foreign {
            found.left_out.push(format!(
                "kernel argument {argument} of /{source} is left out: it \
                                         names the disk of the machine that built the image"
            ));
        } else {
            found.arguments.push(argument.to_owned());
        }
    }
    found
}

/// Assignments of a shell's file, as far as they are plain: words, quotes, and other settings' values.
#[derive(Debug, Default)]
struct Settings {
    values: BTreeMap<String, String>,
    not_understood: Vec<String>,
}

impl Settings {
    fn read<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut settings = Self::default();
        for line in texts.flat_map(str::lines) {
            let line = line.trim();
            let line = line.strip_prefix("export ").unwrap_or(line);
            let Some((key, value)) = line.split_once('=') else { continue };
            let (key, is_more) = match key.strip_suffix('+') {
                Some(key) => (key, true),
                None => (key, false),
            };
            if !key.starts_with("GRUB_CMDLINE_LINUX") {
                continue;
            }
            match settings.word(value) {
                Some(value) if is_more => {
                    settings.values.entry(key.to_owned()).or_default().push_str(&value)
                }
                Some(value) => drop(settings.values.insert(key.to_owned(), value)),
                None => settings
                    .not_understood
                    .push(format!("{key} is left out: its value is no plain text: {value}")),
            }
        }
        settings
    }

    fn value(&self, key: &str) -> String {
        self.values.get(key).cloned().unwrap_or_default()
    }

    /// Reads one word of a shell's: quotes are taken off, other settings put in. `None` for whatever would
    /// have to be run.
    fn word(&self, text: &str) -> Option<String> {
        /// A value that grows by its own on every line ends here.
        const LEN_MAX: usize = TEXT_LEN_MAX as usize;
        let mut word = String::new();
        let mut quote = None;
        let mut rest = text.chars().peekable();
        while let Some(next) = rest.next() {
            match (next, quote) {
                (c, Some(open)) if c == open => quote = None,
                (c @ ('"' | '\''), None) => quote = Some(c),
                (c, None) if c.is_whitespace() || c == '#' || c == ';' => break,
                ('`', Some('"') | None) => return None,
                ('\\', Some('"') | None) => word.push(rest.next()?),
                ('$', Some('"') | None) => {
                    let is_braced = rest.next_if_eq(&'{').is_some();
                    let mut name = String::new();
                    while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                        name.push(c);
                    }
                    if name.is_empty() || is_braced && rest.next() != Some('}') {
                        return None;
                    }
                    word.push_str(&self.value(&name));
                }
                (c, _) => word.push(c),
            }
            if word.len() > LEN_MAX {
                return None;
            }
        }
        quote.is_none().then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_a_shell_would() {
        let settings = Settings::read(
            [
                "# GRUB_CMDLINE_LINUX=no\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=\"a=1 b\" # more\n",
                "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX c\"\nexport GRUB_CMDLINE_LINUX+=' d'\n",
                "GRUB_CMDLINE_LINUX_DEFAULT='quiet'\\ splash\n",
            ]
            .into_iter(),
        );
        assert_eq!(settings.value("GRUB_CMDLINE_LINUX"), "a=1 b c d");
        assert_eq!(settings.value("GRUB_CMDLINE_LINUX_DEFAULT"), "quiet splash");
        for text in ["`id`", "\"$(id)\"", "\"open", "${a:-b}", "\"$\""] {
            let line = format!("GRUB_CMDLINE_LINUX={text}\n");
            let settings = Settings::read([line.as_str()].into_iter());
            assert_eq!((settings.values.len(), settings.not_understood.len()), (0, 1), "{text}");
        }
        // One that doubles each time ends.
        let twice = "GRUB_CMDLINE_LINUX=xx$GRUB_CMDLINE_LINUX$GRUB_CMDLINE_LINUX\n".repeat(64);
        assert!(
            Settings::read([twice.as_str()].into_iter()).value("GRUB_CMDLINE_LINUX").len()
                < 1 << 17
        );
    }

    #[test]
    fn what_names_the_builders_disk_is_left_out() {
        let line =
            "root=UUID=1 ro rootflags=subvol=@ resume=UUID=2 quiet console=ttyS0 rootflags=pquota";
        let found = sorted_out(line, "etc/kernel/cmdline");
        assert_eq!(found.arguments, ["quiet", "console=ttyS0", "rootflags=pquota"]);
        assert_eq!(found.left_out.len(), 2, "{found:?}");
    }
}
