//! Tests both I/O engines: for random pairs of trees, each engine patches one tree into the other, and a second patch
//! writes nothing.
//!
//! `IMPRINT_RANDOM_TREES` sets the number of pairs: 12 in CI.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::process::Command;

use common::{Bench, OPTIONS, assert_same, patch};
use diskfs::Layout;
use patch::FreedPolicy;
use patch::engine::EngineChoice;
use testkit::image::run;
use testkit::random::{Random, change};
use unpackd::oneshot::ApplyOptions;

#[test]
fn privileged_engines_lead_to_the_same_tree() {
    if !testkit::is_privileged("privileged_engines_lead_to_the_same_tree") {
        return;
    }
    let pairs = std::env::var("IMPRINT_RANDOM_TREES").map_or(12, |text| text.parse().unwrap());
    for seed in 0..pairs {
        eprintln!("seed {seed}");
        pair(seed);
    }
}

fn pair(seed: u64) {
    let bench = Bench::new();
    let mut random = Random::new(seed);
    let sources = [bench.path("a"), bench.path("b")];
    std::fs::create_dir(&sources[0]).unwrap();
    change(&sources[0], &mut random, 60).unwrap();
    run(Command::new("cp").arg("-a").arg(&sources[0]).arg(&sources[1]));
    change(&sources[1], &mut random, 5 + (seed as usize % 40)).unwrap();
    for (source, name) in sources.iter().zip(["random/tree/a", "random/tree/b"]) {
        bench.add(source, name);
    }
    for (engine, freed) in
        [(EngineChoice::Uring, FreedPolicy::Scrub), (EngineChoice::Threads, FreedPolicy::Keep)]
    {
        let options = ApplyOptions { engine, freed, layout: Layout::None, ..OPTIONS };
        let volume = bench.volume(&format!("volume-{}", freed.name()), 113 << 20);
        for name in ["random/tree/a", "random/tree/b", "random/tree/a"] {
            let image = bench.open(name);
            let source = &sources[usize::from(name.ends_with('b'))];
            patch(&image, &volume, options);
            assert_same(&bench, source, &volume, 0);
            // A repeated patch changes nothing and trusts the ledger.
            let before = std::fs::metadata(&volume).unwrap().modified().unwrap();
            let again = patch(&image, &volume, options);
            assert_eq!(again.evidence, "counters");
            assert_eq!(again.dirty_blocks_512k.unwrap_or_default().total, 0);
            assert_eq!(std::fs::metadata(&volume).unwrap().modified().unwrap(), before);
        }
    }
}
