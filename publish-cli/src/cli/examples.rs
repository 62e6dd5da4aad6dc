//! Adds an example to the help of each command that has none of its own.

use clap::CommandFactory;

use super::Cli;

/// Command paths, each with the arguments of its examples.
const EXAMPLES: &[(&[&str], &[&str])] = &[
    (&["image", "list"], &["", "base/debian-12 --json"]),
    (&["image", "show"], &["base/debian-12/1"]),
    (&["image", "latest"], &["base/debian-12"]),
    (&["image", "wait"], &["base/debian-12/2 --timeout 30m"]),
    (&["image", "tag"], &["base/debian-12/1 team=base reviewed=yes"]),
    (&["image", "expire"], &["base/debian-12/1 30d", "base/debian-12/2 never"]),
    (&["image", "rm"], &["base/debian-12/1 --dry-run", "base/debian-12/1 --yes"]),
    (&["image", "diff"], &["base/debian-12/1 base/debian-12/2 --text"]),
    (&["image", "history"], &["base/debian-12 /etc/passwd"]),
    (&["image", "packages"], &["base/debian-12/1"]),
    (&["image", "cat"], &["base/debian-12/1 /etc/os-release"]),
    (&["image", "verify"], &["base/debian-12/1"]),
    (&["unpacker", "status"], &[""]),
    (&["unpacker", "remove-volume"], &["file-02758f786fde --yes"]),
    (&["unpacker", "associate"], &["base/debian-12 file-02758f786fde"]),
    (&["unpacker", "forget"], &["base/debian-12 --yes"]),
    (&["unpacker", "prepare"], &["base/debian-12 --ttl 30m"]),
    (&["unpacker", "unpack"], &["base/debian-12/2 --dry-run", "base/debian-12/2 --wait 5m"]),
    (&["unpacker", "capture"], &["base/debian-12"]),
    (&["unpacker", "release"], &["base/debian-12"]),
    (&["unpacker", "verify"], &["base/debian-12"]),
    (&["runs", "list"], &["base/debian-12"]),
    (&["runs", "show"], &["1795914542994-00003136"]),
    (&["runs", "resume"], &["1795914542994-00003136 --results results.json"]),
    (&["runs", "undo"], &["1795914542994-00003136 --yes"]),
    (&["targets", "list"], &["", "--target 'prod/*'"]),
    (&["amis", "list"], &["base/debian-12 --target 'prod/*'"]),
    (&["amis", "verify"], &["ami-0123456789abcdef0 --target prod/eu-central-1 --prove sampled"]),
    (&["doctor"], &[""]),
    (&["completions"], &["bash >/etc/bash_completion.d/publish-cli"]),
    (&["man"], &["/usr/local/share/man/man1"]),
];

/// Returns the whole command line with its examples.
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    for (path, examples) in EXAMPLES {
        let line =
            |rest: &&str| format!("  publish-cli {} {rest}", path.join(" ")).trim_end().to_owned();
        let lines: Vec<String> = examples.iter().map(line).collect();
        let head = if lines.len() == 1 { "Example" } else { "Examples" };
        let found = path.iter().try_fold(&mut command, |at, name| at.find_subcommand_mut(name));
        if let Some(found) = found {
            *found = std::mem::take(found).after_help(format!("{head}:\n{}", lines.join("\n")));
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<(String, String)>) {
        let mut subcommands = command.get_subcommands().peekable();
        if subcommands.peek().is_none() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            found.push((path.to_owned(), help));
        }
        for subcommand in subcommands {
            leaves(subcommand, &format!("{path} {}", subcommand.get_name()), found);
        }
    }

    #[test]
    fn every_command_has_examples_that_can_be_parsed() {
        let mut found = Vec::new();
        leaves(&command(), "publish-cli", &mut found);
        assert!(found.len() > 30, "{found:?}");
        for (path, help) in found {
            let lines = help.lines().filter_map(|line| line.split("publish-cli ").nth(1));
            let lines: Vec<&str> = lines.collect();
            assert!(!lines.is_empty(), "{path}: no example");
            for line in lines {
                // Parse only the arguments before a redirection or a pipe; the shell handles the rest.
                let words = line.split([' ']).take_while(|word| !word.starts_with(['>', '|']));
                let words = words.map(|word| word.trim_matches('\''));
                let parsed =
                    command().try_get_matches_from(std::iter::once("publish-cli").chain(words));
                assert!(parsed.is_ok(), "{path}: {line}: {}", parsed.unwrap_err());
            }
        }
    }
}
