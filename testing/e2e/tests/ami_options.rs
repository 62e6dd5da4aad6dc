//! Options of AMIs: the simulator gets what was asked for, and impossible options are refused before anything is made.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use awssim::Config;
use awssim::config::Key;
use e2e::release::{ACCOUNTS, Release, small_disk, soon};
use e2e::text;
use serde_json::Value;

const PLAIN: &[&str] = &["--no-boot", "--unencrypted"];
const HERE: &str = "dev/us-east-1";

fn release(config: Config) -> Release {
    let release = Release::start(config);
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/options/1", text(&path), "--arch", "x86_64"]);
    release
}

/// Publishes, which might fail; returns the exit code, the document and the standard error.
fn tried(release: &Release, more: &[&[&str]]) -> (i32, Value, String) {
    let arguments = release.arguments("disk/options/1", &[HERE], &more.concat());
    release.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Asserts that publishing is refused with a code before it makes anything; returns its output.
fn refused(release: &Release, code: i32, more: &[&[&str]]) -> String {
    let before = release.left();
    for rehearsal in [&["--dry-run"][..], &[]] {
        let (found, document, said) = tried(release, &[&more.concat(), rehearsal]);
        assert_eq!(found, code, "{said}\n{document}");
    }
    assert_eq!(release.left(), before);
    let (_, document, said) = tried(release, more);
    format!("{said}{document}")
}

fn of_dev(
    encryption_by_default: bool,
    change: impl FnOnce(&mut awssim::config::Account),
) -> Config {
    let mut config = soon(encryption_by_default);
    change(config.accounts.get_mut(ACCOUNTS[0]).unwrap());
    config
}

#[test]
fn what_is_asked_for_reaches_the_ami() {
    let release = release(of_dev(false, |_| {}));
    let variables = release.rig.path("variables");
    std::fs::write(&variables, "QU1aTlVFRkk=\n").unwrap();
    let disk = ["--volume-size", "40GiB", "--iops", "16000", "--throughput", "1000"];
    let kind = ["--boot-mode", "uefi", "--tpm", "on", "--imds", "optional"];
    let root = ["--root-device", "/dev/sda1", "--initialization-rate", "200"];
    let rest = ["--uefi-data", text(&variables), "--watermark", "{stream} approved"];
    let told = ["--share", ACCOUNTS[1], "--ssm-parameter", "/x/{stream}", "--ssm-type", "text"];
    let all = [PLAIN, &disk, &kind, &root, &rest, &told].concat();
    let published = release.publish("disk/options/1", &[HERE], &all);
    let id = published["results"][0]["AmiId"].as_str().unwrap();
    {
        let world = release.sim.world();
        let place = &world.places[ACCOUNTS[0]]["us-east-1"];
        let ami = &place.amis[id];
        assert_eq!((ami.size, ami.iops, ami.throughput), (40, Some(16_000), Some(1000)));
        assert_eq!(ami.initialization_rate, Some(200));
        assert_eq!((ami.boot_mode.as_deref(), ami.tpm.as_deref()), (Some("uefi"), Some("v2.0")));
        assert_eq!((ami.imds.as_deref(), ami.root_device.as_str()), (None, "/dev/sda1"));
        assert_eq!(ami.uefi_data.as_deref(), Some("QU1aTlVFRkk="));
        let watermark = format!("{}:disk/options approved", ACCOUNTS[0]);
        assert!(ami.watermarks.contains(&watermark), "{:?}", ami.watermarks);
        assert!(ami.shared_with.contains(ACCOUNTS[1]) && !ami.is_public);
        assert!(place.snapshots[&ami.snapshot].shared_with.contains(ACCOUNTS[1]));
        let parameter = &place.parameters["/x/disk/options"];
        assert_eq!((parameter.value.as_str(), parameter.data_type.as_str()), (id, "text"));
    }
    // The same options find the AMI again; different ones are refused, and nothing is made.
    let again = release.publish("disk/options/1", &[HERE], &all);
    assert_eq!(again["results"][0]["WasThere"], true);
    let other = |from: &'static str, to: &'static str| -> Vec<&str> {
        all.iter().map(|word| if *word == from { to } else { word }).collect()
    };
    for (more, words) in [
        (other("optional", "required"), "IMDS v2 is optional"),
        (other("40GiB", "50GiB"), "volume size is 40 GiB"),
        (other("1000", "500"), "throughput is 1000"),
        (other("/dev/sda1", "/dev/xvda"), "root device is /dev/sda1"),
    ] {
        let said = refused(&release, 4, &[&more]);
        assert!(said.contains("is taken by ami-") && said.contains(words), "{said}");
    }
    std::fs::write(&variables, "\n").unwrap();
    let said = refused(&release, 2, &[PLAIN, &["--uefi-data", text(&variables)]]);
    assert!(said.contains("it is empty"), "{said}");
    // The data type of a parameter cannot change.
    let own = ["--ami-name", "another", "--ssm-parameter", "/x/{stream}"];
    let said = refused(&release, 4, &[PLAIN, &own]);
    assert!(said.contains("data type text") && said.contains("--ssm-type text"), "{said}");
    for run in [again, published] {
        release.run(&["runs", "undo", run["run"].as_str().unwrap(), "--yes"]);
    }
    assert_eq!(release.left(), [] as [String; 0]);
    // Sets the parameter soon after its deletion. During this time AWS would delete a new value too.
    let again = release.publish("disk/options/1", &[HERE], &[PLAIN, &own].concat());
    let world = release.sim.world();
    let parameter = &world.places[ACCOUNTS[0]]["us-east-1"].parameters["/x/disk/options"];
    assert_eq!(again["results"][0]["AmiId"], parameter.value);
}

#[test]
fn amis_are_public_only_where_nothing_forbids_it() {
    let public = ["--public", "--yes"];
    let release_of = |encrypts, blocks| {
        release(of_dev(encrypts, |account| account.blocks_public_access = blocks))
    };
    let open = release_of(false, false);
    for more in [
        &["--no-boot", "--public", "--yes"][..],
        &["--no-boot", "--unencrypted", "--public"],
        &["--no-boot", "--unencrypted", "--public", "--yes", "--watermark", "approved"],
    ] {
        assert_eq!(tried(&open, &[more]).0, 2, "{more:?}");
    }
    let published = open.publish("disk/options/1", &[HERE], &[PLAIN, &public].concat());
    let id = published["results"][0]["AmiId"].as_str().unwrap();
    assert!(open.sim.world().places[ACCOUNTS[0]]["us-east-1"].amis[id].is_public);
    drop(open);
    let said = refused(&release_of(false, true), 4, &[PLAIN, &public]);
    assert!(said.contains("disable-image-block-public-access"), "{said}");
    let said = refused(&release_of(true, false), 4, &[PLAIN, &public]);
    assert!(said.contains("encrypts by default"), "{said}");
    // A private key must not ship with a public image.
    let secret = release_of(false, false);
    let tree = secret.rig.path("tree");
    e2e::release::small_tree(&tree);
    std::fs::create_dir_all(tree.join("etc/ssh")).unwrap();
    std::fs::write(tree.join("etc/ssh/ssh_host_rsa_key"), "key").unwrap();
    secret.json(&["image", "add", "secret/tree/1", text(&tree)]);
    let arguments = secret.arguments("secret/tree/1", &[HERE], &[PLAIN, &public].concat());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, _, said) = secret.run(&arguments);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("/etc/ssh/ssh_host_rsa_key") && said.contains("host-key"), "{said}");
}

#[test]
fn keys_are_found_by_any_name_and_looked_at_first() {
    let key = |name: &str| Key {
        arn: format!("arn:aws:kms:us-east-1:{}:key/{name}", ACCOUNTS[0]),
        alias: Some(format!("alias/{name}")),
        ..Key::default()
    };
    let keys = vec![
        key("good"),
        Key { state: "PendingDeletion".to_owned(), ..key("going") },
        Key { spec: "RSA_2048".to_owned(), ..key("pair") },
        Key { is_denied: true, ..key("denied") },
    ];
    let release = release(of_dev(true, |account| account.keys = keys));
    let with = |name: &str| format!("arn:aws:kms:us-east-1:{}:key/{name}", ACCOUNTS[0]);
    for (name, words) in [
        ("alias/none", "there is no key alias/none"),
        ("alias/going", "PendingDeletion"),
        ("alias/pair", "not symmetric"),
        ("alias/denied", "kms:DescribeKey"),
        ("arn:aws:kms:eu-central-1:111111111111:key/x", "belongs to eu-central-1"),
    ] {
        let said = refused(&release, 4, &[&["--no-boot", "--kms-key", name]]);
        assert!(said.contains(words), "{name}: {said}");
    }
    // A key that is given by its ARN needs no `kms:DescribeKey`. But without this permission the dry run cannot know
    // whether the key can be used.
    let denied = with("denied");
    let (code, document, said) =
        tried(&release, &[&["--no-boot", "--kms-key", &denied, "--dry-run"]]);
    assert_eq!(code, 0, "{said}");
    let unknown = document["targets"][0]["unknown"].to_string();
    assert!(unknown.contains("kms:DescribeKey is denied"), "{unknown}");
    let (code, document, _) = tried(&release, &[&["--no-boot", "--kms-key", &denied]]);
    let error = document["results"][0]["Error"].as_str().unwrap();
    assert!(code == 4 && error.contains("let the publishing role use the KMS key"), "{error}");
    let run = document["run"].as_str().unwrap();
    release.json(&["runs", "undo", run, "--yes"]);
    // Snapshots that are encrypted with AWS's own key cannot be shared. Here the key is given by its alias.
    let share = ["--no-boot", "--kms-key", "alias/aws/ebs", "--share", ACCOUNTS[1]];
    let said = refused(&release, 4, &[&share]);
    assert!(said.contains("cannot be shared"), "{said}");
    let shared = ["--no-boot", "--kms-key", "alias/good", "--share", ACCOUNTS[1]];
    let published = release.publish("disk/options/1", &[HERE], &shared);
    let snapshot = published["results"][0]["SnapshotId"].as_str().unwrap();
    let world = release.sim.world();
    let found = &world.places[ACCOUNTS[0]]["us-east-1"].snapshots[snapshot];
    assert_eq!(found.key.as_deref(), Some(with("good").as_str()));
    drop(world);
    // The same disk, encrypted with another key, would be another AMI. So it cannot have the same name.
    let said = refused(&release, 4, &[&["--no-boot"]]);
    assert!(said.contains("key/good, not encrypted with alias/aws/ebs"), "{said}");
}

#[test]
fn long_lists_of_sharees_go_in_parts_and_never_to_the_owner() {
    let own = format!("arn:aws:kms:us-east-1:{}:key/own", ACCOUNTS[0]);
    let keys = vec![Key { arn: own.clone(), ..Key::default() }];
    let release = release(of_dev(true, |account| account.keys = keys));
    // The account's default key is a customer's key. Snapshots that it encrypts can be shared.
    release.sim.world().place(ACCOUNTS[0], "us-east-1").default_key = Some(own.clone());
    let accounts: Vec<String> =
        (0..600u64).map(|n| format!("{:012}", 300_000_000_000 + n)).collect();
    let mut more = vec!["--no-boot"];
    for account in accounts.iter().map(String::as_str).chain([ACCOUNTS[0]]) {
        more.extend(["--share", account]);
    }
    let published = release.publish("disk/options/1", &[HERE], &more);
    let id = published["results"][0]["AmiId"].as_str().unwrap();
    let calls =
        |name: &str| release.sim.faults().counts()[&format!("{}/us-east-1/{name}", ACCOUNTS[0])];
    assert_eq!((calls("ModifyImageAttribute"), calls("ModifySnapshotAttribute")), (2, 2));
    let world = release.sim.world();
    let place = &world.places[ACCOUNTS[0]]["us-east-1"];
    let ami = &place.amis[id];
    let snapshot = &place.snapshots[&ami.snapshot];
    assert_eq!((ami.shared_with.len(), snapshot.shared_with.len()), (600, 600));
    assert!(!ami.shared_with.contains(ACCOUNTS[0]));
    assert_eq!(snapshot.key, Some(own));
}

#[test]
fn without_encryption_is_without_the_configurations_key_too() {
    let release = release(of_dev(false, |_| {}));
    release.configure(&format!(
        "[aws.accounts.dev.kms_keys]\nus-east-1 = 'arn:aws:kms:us-east-1:{}:key/none'\n",
        ACCOUNTS[0]
    ));
    let said = refused(&release, 4, &[&["--no-boot"]]);
    assert!(said.contains("there is no key arn:aws:kms:us-east-1"), "{said}");
    let published = release.publish("disk/options/1", &[HERE], PLAIN);
    let snapshot = published["results"][0]["SnapshotId"].as_str().unwrap();
    let world = release.sim.world();
    assert_eq!(world.places[ACCOUNTS[0]]["us-east-1"].snapshots[snapshot].key, None);
}

#[test]
fn a_region_that_knows_less_is_asked_before_anything_is_made() {
    let mut config = of_dev(false, |_| {});
    config.without_arm_tpm = vec!["us-east-1".to_owned()];
    let release = Release::start(config);
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/options/1", text(&path), "--arch", "arm64"]);
    let said = refused(&release, 4, &[PLAIN, &["--tpm", "on"]]);
    assert!(said.contains("--tpm off registers AMIs without a TPM"), "{said}");
    let published = release.publish("disk/options/1", &[HERE], PLAIN);
    let id = published["results"][0]["AmiId"].as_str().unwrap();
    let world = release.sim.world();
    assert_eq!(world.places[ACCOUNTS[0]]["us-east-1"].amis[id].tpm, None);
}
