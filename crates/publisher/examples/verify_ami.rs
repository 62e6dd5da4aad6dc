//! Reads an AMI's blocks back and prints the image that it contains: `verify_ami AMI REGION`.
//!
//! ```text
//! verify_ami ami-0123456789abcdef0 eu-central-1
//! ```

mod common;

use std::io::Write;

use common::{ACCOUNT, Outcome, arguments, client, targets};
use publisher::aws::AwsPublisher;

fn main() -> Outcome {
    let [ami, region] = arguments("verify_ami AMI REGION")?;
    let (client, runtime) = client()?;
    let targets = targets()?;
    let selectors = targets.selectors(&[format!("{ACCOUNT}/{region}")])?;
    let resolved = runtime.block_on(targets.resolve(&selectors, &[]))?;
    let publisher = AwsPublisher::new(&client, targets)?;
    let found = publisher.verify(&ami, &resolved, true, None)?;
    if let Some((block, why)) = found.read.wrong {
        return Err(format!("{ami} is not as it was published: block {block} {why}").into());
    }
    let images = found.images.join(", ");
    writeln!(std::io::stdout(), "{ami} is {images}: {} blocks read", found.read.read)?;
    Ok(())
}
