//! Tables, JSON and charts of the results.

use benches::measure::Cost;
use serde_json::{Value, json};

use crate::chart::{Bar, bars};
use crate::medium::Kind;

/// Each mark has the medium, the name of Imprint's side, the name of the other side, the compared figure, and a limit:
/// the highest allowed ratio of Imprint's figure to the other side's.
const MARKS: [(Kind, &str, &str, Figure, f64); 14] = [
    (Kind::Memory, "fresh: ours", "fresh: tar --zstd -xp", Figure::Wall, 0.60),
    (Kind::Memory, "fresh: ours", "fresh: tar --zstd -xp", Figure::Cpu, 0.60),
    (Kind::Memory, "fresh: ours", "fresh: rsync -aHAX", Figure::Wall, 0.50),
    (Kind::Memory, "fresh: ours", "fresh: ostree checkout (bare)", Figure::Wall, 0.85),
    (Kind::Memory, "fresh: ours", "fresh: ostree checkout (archive)", Figure::Wall, 0.45),
    (Kind::Memory, "update: ours", "update: rsync --checksum --delete", Figure::Wall, 0.10),
    (Kind::Memory, "update: ours", "update: rsync --delete", Figure::Wall, 0.25),
    (
        Kind::Memory,
        "update: ours, rung superblock",
        "update: rsync --checksum --delete",
        Figure::Wall,
        0.18,
    ),
    (
        Kind::Memory,
        "update: ours, rung hash",
        "update: rsync --checksum --delete",
        Figure::Wall,
        0.50,
    ),
    (Kind::Memory, "verify: ours", "verify: openssl dgst -sha256", Figure::Wall, 1.2),
    (Kind::Memory, "update: ours", "update: rsync --checksum --delete", Figure::Blocks, 1.0),
    (
        Kind::Memory,
        "update: ours, xfs",
        "update: rsync --checksum --delete, xfs",
        Figure::Blocks,
        0.85,
    ),
    (Kind::Ebs, "update: ours, rung hash", "update: rsync --checksum --delete", Figure::Wall, 0.3),
    (Kind::Memory, "fresh: ours, uring", "fresh: ours, threads", Figure::Wall, 1.1),
];

/// The figure that a mark compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Wall,
    Cpu,
    Blocks,
}

impl Figure {
    fn name(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Cpu => "cpu",
            Self::Blocks => "dirty blocks",
        }
    }
}

/// All runs of one side on one medium.
#[derive(Debug, Default)]
struct Side {
    kind: &'static str,
    name: String,
    costs: Vec<Cost>,
    blocks: Vec<f64>,
    causes: Value,
}

/// Costs and dirty blocks of all sides on all media, in the order in which they first ran.
#[derive(Debug, Default)]
pub(crate) struct Results {
    sides: Vec<Side>,
}

/// Returns the median, lowest and highest value; NaN if there is none.
fn spread(values: &[f64]) -> (f64, f64, f64) {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let of = |at: usize| values.get(at).copied().unwrap_or(f64::NAN);
    (of(values.len() / 2), of(0), of(values.len().wrapping_sub(1)))
}

impl Results {
    fn side(&mut self, kind: Kind, name: &str) -> Option<&mut Side> {
        let is_it = |side: &Side| side.kind == kind.name() && side.name == name;
        if !self.sides.iter().any(is_it) {
            let name = name.to_owned();
            self.sides.push(Side { kind: kind.name(), name, ..Side::default() });
        }
        self.sides.iter_mut().find(|side| is_it(side))
    }

    pub(crate) fn add(&mut self, kind: Kind, name: &str, cost: Cost) {
        progress(&format!("  {name}: {:.3} s, {:.2} s of cpu", cost.wall, cost.cpu));
        if let Some(side) = self.side(kind, name) {
            side.costs.push(cost);
        }
    }

    pub(crate) fn blocks(&mut self, kind: Kind, name: &str, blocks: u64) {
        if let Some(side) = self.side(kind, name) {
            side.blocks.push(blocks as f64);
        }
    }

    /// Adds the total from unpackd's report on dirty blocks. Keeps the report, which lists the causes, instead of the
    /// previous one.
    pub(crate) fn dirty(&mut self, kind: Kind, name: &str, report: &Value) {
        if let (Some(total), Some(side)) = (report["total"].as_u64(), self.side(kind, name)) {
            side.blocks.push(total as f64);
            side.causes = report.clone();
        }
    }

    fn values(&self, kind: Kind, name: &str, what: Figure) -> Vec<f64> {
        let side = self.sides.iter().find(|side| side.kind == kind.name() && side.name == name);
        side.map_or(Vec::new(), |side| match what {
            Figure::Wall => side.costs.iter().map(|cost| cost.wall).collect(),
            Figure::Cpu => side.costs.iter().map(|cost| cost.cpu).collect(),
            Figure::Blocks => side.blocks.clone(),
        })
    }

    /// Returns the median of the ratio `ours / theirs` over the rounds; `None` if a side did not run.
    fn ratio(&self, kind: Kind, ours: &str, theirs: &str, what: Figure) -> Option<f64> {
        let (ours, theirs) = (self.values(kind, ours, what), self.values(kind, theirs, what));
        let ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a / b).collect();
        (!ratios.is_empty()).then(|| spread(&ratios).0)
    }

    pub(crate) fn table(&self) -> String {
        let mut text = format!(
            "{:8} {:42} {:>8} {:>15} {:>8} {:>8} {:>7}\n",
            "medium", "side", "wall s", "range", "cpu s", "MiB", "blocks"
        );
        for side in &self.sides {
            let (wall, low, high) = spread(&side.costs.iter().map(|c| c.wall).collect::<Vec<_>>());
            let (cpu, ..) = spread(&side.costs.iter().map(|c| c.cpu).collect::<Vec<_>>());
            let (.., memory) = spread(&side.costs.iter().map(|c| c.memory).collect::<Vec<_>>());
            let blocks = match spread(&side.blocks).0 {
                blocks if blocks.is_nan() => String::new(),
                blocks => blocks.to_string(),
            };
            text += &format!(
                "{:8} {:42} {wall:>8.3} {:>15} {cpu:>8.2} {memory:>8.0} {blocks:>7}\n",
                side.kind,
                side.name,
                format!("{low:.3}–{high:.3}")
            );
        }
        text += "\n";
        for (kind, ours, theirs, what, limit) in MARKS {
            if let Some(ratio) = self.ratio(kind, ours, theirs, what) {
                let verdict = if ratio <= limit { "met" } else { "MISSED" };
                text += &format!(
                    "{} {ours} / {theirs}, {}: {ratio:.2} (at most {limit}: {verdict})\n",
                    kind.name(),
                    what.name()
                );
            }
        }
        text
    }

    pub(crate) fn json(&self) -> Value {
        let sides: Vec<Value> = self
            .sides
            .iter()
            .map(|side| {
                json!({
                    "medium": side.kind,
                    "side": side.name,
                    "wall_s": side.costs.iter().map(|cost| cost.wall).collect::<Vec<_>>(),
                    "cpu_s": side.costs.iter().map(|cost| cost.cpu).collect::<Vec<_>>(),
                    "memory_mib": side.costs.iter().map(|cost| cost.memory).collect::<Vec<_>>(),
                    "dirty_blocks_512k": side.blocks,
                    "causes": side.causes,
                })
            })
            .collect();
        let marks: Vec<Value> = MARKS
            .iter()
            .filter_map(|(kind, ours, theirs, what, limit)| {
                let ratio = self.ratio(*kind, ours, theirs, *what)?;
                Some(json!({
                    "medium": kind.name(), "ours": ours, "theirs": theirs,
                    "what": what.name(), "ratio": ratio, "at_most": limit,
                }))
            })
            .collect();
        json!({ "sides": sides, "marks": marks })
    }

    /// Returns charts of filling and patching for each medium, as pairs of file name and SVG.
    pub(crate) fn charts(&self) -> Vec<(String, String)> {
        let mut charts = Vec::new();
        for kind in [Kind::Memory, Kind::Disk, Kind::Ebs] {
            for (prefix, title) in [
                ("fresh: ", "Filling a fresh volume"),
                ("update: ", "Patching a volume to the next revision"),
            ] {
                let of_chart =
                    |side: &&Side| side.kind == kind.name() && side.name.starts_with(prefix);
                let mut found: Vec<Bar> = self
                    .sides
                    .iter()
                    .filter(of_chart)
                    .map(|side| {
                        let name = side.name.trim_start_matches(prefix).to_owned();
                        let walls: Vec<f64> = side.costs.iter().map(|cost| cost.wall).collect();
                        let (value, low, high) = spread(&walls);
                        Bar { is_ours: name.starts_with("ours"), name, value, low, high }
                    })
                    .collect();
                if found.is_empty() {
                    continue;
                }
                found.sort_by(|a, b| a.value.total_cmp(&b.value));
                let word = prefix.trim_end_matches(": ");
                let title = format!("{title} ({})", kind.name());
                charts
                    .push((format!("{word}-{}.svg", kind.name()), bars(&title, "seconds", &found)));
            }
        }
        charts
    }
}

/// Prints a line of progress to standard error.
#[expect(clippy::print_stderr, reason = "progress of a program that runs for minutes")]
pub(crate) fn progress(line: &str) {
    eprintln!("{line}");
}

/// Prints results to standard output.
#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
pub(crate) fn print(text: &str) {
    println!("{text}");
}
