//! Injected faults: errors, outages, lost replies; and counts of calls.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A fault to inject. `call`, `account` and `region` select the calls that the fault hits; a field that is not set
/// matches every call.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Name of the call, such as `RegisterImage`.
    pub call: Option<String>,
    /// Number of the calling account; a call without a signature names no account.
    pub account: Option<String>,
    /// Region that the call goes to, such as `eu-central-1`.
    pub region: Option<String>,
    /// Code of the error to answer with. If this is `None` and `cut` is false, the call does its work and answers.
    pub code: Option<String>,
    /// HTTP status of the error; 400 by default.
    pub status: Option<u16>,
    /// Detailed reason code, for errors of the EBS direct APIs.
    pub reason: Option<String>,
    /// Message of the error; it has a default.
    pub message: Option<String>,
    /// Milliseconds that the error asks the caller to wait.
    pub retry_after_ms: Option<u64>,
    /// Milliseconds of delay before the call's work.
    pub delay_ms: u64,
    /// Milliseconds of delay between the call's work and its answer.
    pub hold_ms: u64,
    /// Closes the connection instead of answering.
    pub cut: bool,
    /// Does the call's work before the error or the cut; otherwise the work is not done.
    pub after: bool,
    /// Number of matching calls that pass before the first one that fails.
    pub skip: u64,
    /// Hits only every n-th call of the simulator, where n is this number. Calls that the fault does not match count,
    /// too.
    pub every: Option<u64>,
    /// Number of calls to hit before the fault ends; `None` is unlimited.
    pub times: Option<u64>,
}

/// The active faults and the counts of calls.
#[derive(Debug, Default)]
pub struct Faults {
    wanted: Vec<Fault>,
    counts: BTreeMap<String, u64>,
    calls: u64,
}

impl Faults {
    /// Adds a fault; if several match a call, the oldest hits it.
    pub fn add(&mut self, fault: Fault) {
        self.wanted.push(fault);
    }

    /// Removes all faults; keeps the counts.
    pub fn clear(&mut self) {
        self.wanted.clear();
    }

    /// Returns the numbers of calls by `account/region/call`.
    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// Counts a call and returns the fault that hits it, if any.
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

    /// Returns whether the last counted call is unlucky. The share `part` of all calls, from 0 to 1, is unlucky; the
    /// unlucky calls are spread evenly.
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
