//! Publishes an image as AMIs in two regions: `publish_two_regions IMAGE REGION REGION`.
//!
//! ```text
//! publish_two_regions base/debian-12/1 eu-central-1 us-east-1
//! ```
//!
//! The run's id is printed first: whatever happens to this process, `resume_run` continues that run.

mod common;

use common::{ACCOUNT, Outcome, arguments, client, print, targets};
use publisher::aws::{AwsOrder, AwsPublisher};

fn main() -> Outcome {
    let [image, one, two] = arguments("publish_two_regions IMAGE REGION REGION")?;
    let (client, runtime) = client()?;
    let targets = targets()?;
    let wanted = targets.selectors(&[one, two].map(|region| format!("{ACCOUNT}/{region}")))?;
    let resolved = runtime.block_on(targets.resolve(&wanted, &[]))?;
    let order = AwsOrder::new(image.parse()?);
    let publication = AwsPublisher::new(&client, targets)?.publish(&order, resolved)?;
    print(&publication)
}
