//! The exposition that Prometheus reads.
//!
//! Gauges are taken when somebody asks, so that none can be out of date; counters live in the daemon.

use std::sync::atomic::AtomicU64;

pub use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The media type of an exposition. *Source:* the OpenMetrics specification, 1.0.0.
pub const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Labels and their values.
pub type Labels = Vec<(&'static str, String)>;

/// One exposition, as it is put together.
#[derive(Debug)]
pub struct Exposition {
    registry: Registry,
}

impl Exposition {
    /// Begins with the version of what runs.
    pub fn new(version: &str) -> Self {
        let mut exposition = Self { registry: Registry::with_prefix("imprint") };
        let labels = vec![("version", version.to_owned())];
        exposition.gauges("build_info", "What runs, as labels; always 1", [(labels, 1)]);
        exposition
    }

    /// Adds a gauge.
    pub fn gauge(&mut self, name: &str, help: &str, value: u64) {
        let gauge = Gauge::<i64>::default();
        gauge.set(value.try_into().unwrap_or(i64::MAX));
        self.registry.register(name, help, gauge);
    }

    /// Adds a gauge that has a value for each set of labels.
    pub fn gauges(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels, u64)>,
    ) {
        let family = Family::<Labels, Gauge>::default();
        for (labels, value) in values {
            family.get_or_create(&labels).set(value.try_into().unwrap_or(i64::MAX));
        }
        self.registry.register(name, help, family);
    }

    /// Adds a counter of the daemon's; `_total` comes behind its name.
    pub fn counter(&mut self, name: &str, help: &str, counter: &Counter) {
        self.registry.register(name, help, counter.clone());
    }

    /// Adds a daemon's counter that has a value for each set of labels.
    pub fn counters(&mut self, name: &str, help: &str, counters: &Counters) {
        self.registry.register(name, help, counters.clone());
    }

    /// Adds a counter whose value is kept elsewhere; `_total` comes behind its name.
    pub fn total(&mut self, name: &str, help: &str, value: u64) {
        let counter = Counter::<u64>::default();
        counter.inc_by(value);
        self.registry.register(name, help, counter);
    }

    /// Adds counters whose values are kept elsewhere, by the values of one label.
    pub fn totals(
        &mut self,
        name: &str,
        help: &str,
        label: &'static str,
        values: &[(&'static str, u64)],
    ) {
        let counters = Counters::default();
        for (of, value) in values {
            counters.get_or_create(&vec![(label, (*of).to_owned())]).inc_by(*value);
        }
        self.registry.register(name, help, counters);
    }

    /// Adds a daemon's seconds.
    pub fn seconds(&mut self, name: &str, help: &str, seconds: &Seconds) {
        self.registry.register(name, help, seconds.clone());
    }

    /// Writes it.
    ///
    /// # Errors
    /// None that is known: it is written to memory.
    pub fn write(&self) -> Result<String, String> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)
            .map_err(|error| error.to_string())?;
        Ok(text)
    }
}

/// Counters by labels.
pub type Counters = Family<Labels, Counter>;

/// Makes counters that stand at zero for each value of a label.
pub fn zeros(label: &'static str, values: &[&str]) -> Counters {
    let counters = Counters::default();
    for value in values {
        drop(counters.get_or_create(&vec![(label, (*value).to_owned())]));
    }
    counters
}

/// Seconds by labels, in fractions.
pub type Seconds = Family<Labels, Counter<f64, AtomicU64>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_with_their_names_and_labels() {
        let mut exposition = Exposition::new("1.2");
        exposition.gauge("images", "Images", 3);
        let counters = Counters::default();
        counters.get_or_create(&vec![("result", "a \"b\"\n".to_owned())]).inc_by(5);
        exposition.counters("uploads", "Uploads", &counters);
        let text = exposition.write().unwrap();
        for line in [
            "imprint_build_info{version=\"1.2\"} 1",
            "# TYPE imprint_images gauge",
            "imprint_images 3",
            "imprint_uploads_total{result=\"a \\\"b\\\"\\n\"} 5",
            "# EOF",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
