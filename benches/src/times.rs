//! Collects the figures that the rounds of a benchmark measure.

/// The figures of each side, one per round; in seconds unless the side's name says otherwise.
#[derive(Debug, Default)]
pub struct Times {
    sides: Vec<(&'static str, Vec<f64>)>,
}

impl Times {
    /// Adds one round's figure of a side.
    pub fn add(&mut self, side: &'static str, figure: f64) {
        match self.sides.iter_mut().find(|(name, _)| *name == side) {
            Some((_, figures)) => figures.push(figure),
            None => self.sides.push((side, vec![figure])),
        }
    }

    fn of(&self, side: &str) -> &[f64] {
        let found = self.sides.iter().find(|(name, _)| *name == side);
        found.map_or(&[], |(_, figures)| figures)
    }

    /// Returns the median of a side; NaN if it has no figure.
    pub fn median(&self, side: &str) -> f64 {
        median(self.of(side).to_vec())
    }

    /// Returns the median of the ratio `ours / theirs` over the rounds; NaN if no round measured both sides.
    pub fn ratio(&self, ours: &str, theirs: &str) -> f64 {
        median(
            self.of(ours).iter().zip(self.of(theirs)).map(|(ours, theirs)| ours / theirs).collect(),
        )
    }

    /// Prints each side's median and range to standard output.
    #[expect(clippy::print_stdout, reason = "a table is what benchmarks are for")]
    pub fn print(&self) {
        println!("{:26} {:>9}  {:>17}", "side", "median", "range");
        for (side, figures) in &self.sides {
            let low = figures.iter().copied().fold(f64::MAX, f64::min);
            let high = figures.iter().copied().fold(0.0, f64::max);
            println!("{side:26} {:>9.3}  {low:>8.3}–{high:<8.3}", self.median(side));
        }
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_of_each_round() {
        let mut times = Times::default();
        for (ours, theirs) in [(1.0, 2.0), (9.0, 3.0), (4.0, 4.0)] {
            times.add("ours", ours);
            times.add("theirs", theirs);
        }
        assert!((times.ratio("ours", "theirs") - 1.0).abs() < 1e-9);
        assert!((times.median("ours") - 4.0).abs() < 1e-9);
        assert!(times.median("nothing").is_nan());
    }
}
