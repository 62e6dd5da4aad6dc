//! What the parser accepts, and which options decide about colours and progress.

use clap::CommandFactory;

use super::*;

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn bad_arguments_are_usage_errors() {
    for words in [
        &["image", "show", "../etc/passwd"][..],
        &["image", "show", "nostream"],
        &["image", "add", "a/b"],
        &["image", "tag", "a/b", "=x"],
        &["image", "wait", "a/b", "--timeout", "5"],
        &["unpacker", "add-volume"],
        &["unpacker", "add-volume", "--device", "/dev/x", "--file", "/y"],
        &["unpacker", "unpack", "a/b", "--verify", "maybe"],
    ] {
        let words = ["publish-cli"].iter().chain(words);
        let error = Cli::try_parse_from(words).expect_err("a usage error");
        assert_eq!(error.exit_code(), 2, "{error}");
    }
}

#[test]
fn colours_are_known_before_arguments_are_parsed() {
    let of = |words: &[&str]| When::of_colours(words.iter().map(OsString::from));
    assert_eq!(of(&["publish-cli", "--color", "always", "image"]), When::Always);
    assert_eq!(of(&["publish-cli", "image", "--color=never"]), When::Never);
    assert_eq!(of(&["publish-cli", "--color"]), When::Auto);
    assert_eq!(of(&["publish-cli", "--color", "sometimes"]), When::Auto);
    assert!(When::Always.is_coloured(false) && !When::Never.is_coloured(true));
    assert!(!When::Auto.is_coloured(false));
}

#[test]
fn quiet_hides_progress_unless_it_is_always_wanted() {
    let shown = |when: When| [false, true].map(|is_quiet| when.shows_progress(is_quiet));
    assert_eq!(shown(When::Auto), [true, false]);
    assert_eq!(shown(When::Always), [true, true]);
    assert_eq!(shown(When::Never), [false, false]);
}
