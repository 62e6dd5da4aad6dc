//! Continues a run whose publisher was killed: `resume_run RUN`.
//!
//! ```text
//! resume_run 1764400000000-0000abcd
//! ```
//!
//! This program may run on another machine, since imaged keeps the run's record. It takes the stream over from the dead
//! publisher.

mod common;

use std::path::Path;

use common::{Outcome, arguments, client, print, targets};
use publisher::aws::AwsPublisher;

fn main() -> Outcome {
    let [run] = arguments("resume_run RUN")?;
    let (client, _runtime) = client()?;
    let publisher = AwsPublisher::new(&client, targets()?)?;
    let publication = publisher.resume(&run, true, Path::new("/var/tmp"))?;
    print(&publication)
}
