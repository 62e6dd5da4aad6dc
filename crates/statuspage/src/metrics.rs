//! The exposition that Prometheus reads.
//!
//! The daemon takes the values of gauges when Prometheus asks, so that none is out of date. It keeps counters between
//! two such requests.

use std::sync::atomic::AtomicU64;

pub use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The media type of an exposition. *Source:* the OpenMetrics specification, 1.0.0.
pub const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Pairs of a label's name and value.
pub type Labels = Vec<(&'static str, String)>;

/// The metrics of one answer to Prometheus. The daemon adds them one after the other.
#[derive(Debug)]
pub struct Exposition {
    registry: Registry,
}

impl Exposition {
    /// Begins an exposition with `imprint_build_info`, which carries the daemon's version.
    pub fn new(version: &str) -> Self {
        let mut exposition = Self { registry: Registry::with_prefix("imprint") };
        let labels = vec![("version", version.to_owned())];
        exposition.gauges("build_info", "What runs, as labels; always 1", [(labels, 1)]);
        exposition
    }

    /// Adds a gauge without labels, whose name is `imprint_` followed by `name`.
    pub fn gauge(&mut self, name: &str, help: &str, value: u64) {
        let gauge = Gauge::<i64>::default();
        gauge.set(value.try_into().unwrap_or(i64::MAX));
        self.registry.register(name, help, gauge);
    }

    /// Adds a gauge with one value for each set of labels.
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

    /// Adds a counter that lives in the daemon; the encoder appends `_total` to its name.
    pub fn counter(&mut self, name: &str, help: &str, counter: &Counter) {
        self.registry.register(name, help, counter.clone());
    }

    /// Adds a counter that lives in the daemon and has one value for each set of labels.
    pub fn counters(&mut self, name: &str, help: &str, counters: &Counters) {
        self.registry.register(name, help, counters.clone());
    }

    /// Adds a counter whose value is kept elsewhere; the encoder appends `_total` to its name.
    pub fn total(&mut self, name: &str, help: &str, value: u64) {
        let counter = Counter::<u64>::default();
        counter.inc_by(value);
        self.registry.register(name, help, counter);
    }

    /// Adds a counter whose values are kept elsewhere, one for each value of `label`.
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

    /// Adds a counter of seconds that lives in the daemon.
    pub fn seconds(&mut self, name: &str, help: &str, seconds: &Seconds) {
        self.registry.register(name, help, seconds.clone());
    }

    /// Encodes the exposition as OpenMetrics text.
    ///
    /// # Errors
    /// No error is known, because the text is written to memory.
    pub fn write(&self) -> Result<String, String> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)
            .map_err(|error| error.to_string())?;
        Ok(text)
    }
}

/// A counter with one value for each set of labels.
pub type Counters = Family<Labels, Counter>;

/// Makes a counter that exports 0 for each value of a label from the start.
pub fn zeros(label: &'static str, values: &[&str]) -> Counters {
    let counters = Counters::default();
    for value in values {
        drop(counters.get_or_create(&vec![(label, (*value).to_owned())]));
    }
    counters
}

/// A counter of fractional seconds with one value for each set of labels.
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
