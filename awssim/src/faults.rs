//! Errors on demand, outages, lost replies; counts of calls.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Something that shall go wrong. What it does not name, it is about all of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// The call.
    pub call: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The error's code; without one the call does what it shall, after the delay.
    pub code: Option<String>,
    /// The error's HTTP status.
    pub status: Option<u16>,
    /// Its closer word, of the EBS direct APIs.
    pub reason: Option<String>,
    /// Its words for people.
    pub message: Option<String>,
    /// Milliseconds that AWS asks to wait.
    pub retry_after_ms: Option<u64>,
    /// Milliseconds until the work is begun.
    pub delay_ms: u64,
    /// Milliseconds from the work to the answer.
    pub hold_ms: u64,
    /// Whether the connection is cut instead of an answer.
    pub cut: bool,
    /// Whether the work is done nevertheless.
    pub after: bool,
    /// How many calls pass before it.
    pub skip: u64,
    /// It is for one call of so many only.
    pub every: Option<u64>,
    /// How many calls it is for; none is for all.
    pub times: Option<u64>,
}

/// What is to go wrong, and what was called.
#[derive(Debug, Default)]
pub struct Faults {
    wanted: Vec<Fault>,
    counts: BTreeMap<String, u64>,
    calls: u64,
}

impl Faults {
    /// Adds one.
    pub fn add(&mut self, fault: Fault) {
        self.wanted.push(fault);
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.wanted.clear();
    }

    /// Counts of calls, by `account/region/call`.
    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// Takes note of a call, and returns what goes wrong with it, if anything.
    pub fn of_call(&mut self, account: &str, region: &str, call: &str) -> Option<Fault> {
        *self.counts.entry(format!("{account}/{region}/{call}")).or_default() += 1;
        self.calls += 1;
        let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|w| w == found);
        let mut found = None;
        for fault in &mut self.wanted {
            let matches = is(&fault.call, call)
                && is(&fault.account, account)
                && is(&fault.region, region)
                && fault.times != Some(0);
            match matches {
                true if fault.skip > 0 => fault.skip -= 1,
                true if fault.every.is_some_and(|every| !self.calls.is_multiple_of(every)) => {}
                true => {
                    found = Some(fault);
                    break;
                }
                false => {}
            }
        }
        let found = found?;
        if let Some(times) = &mut found.times {
            *times -= 1;
        }
        Some(found.clone())
    }

    /// Whether a part of all calls takes this one: evenly spread, the same each time.
    pub fn is_unlucky(&self, part: f64) -> bool {
        let number = self.calls as f64;
        (number * part).floor() > ((number - 1.0) * part).floor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_for_so_many_calls() {
        let mut faults = Faults::default();
        let call = Some("RegisterImage".to_owned());
        faults.add(Fault { call, skip: 1, times: Some(2), ..Fault::default() });
        let hit: Vec<bool> =
            (0..5).map(|_| faults.of_call("a", "r", "RegisterImage").is_some()).collect();
        assert_eq!(hit, [false, true, true, false, false]);
        assert!(faults.of_call("a", "r", "CreateTags").is_none());
        assert_eq!(faults.counts()["a/r/RegisterImage"], 5);
    }

    #[test]
    fn a_part_of_calls_is_unlucky() {
        let mut faults = Faults::default();
        let unlucky = (0..1000).filter(|_| {
            faults.of_call("a", "r", "x");
            faults.is_unlucky(0.05)
        });
        assert_eq!(unlucky.count(), 50);
    }
}
