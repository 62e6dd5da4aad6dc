//! The minimal IAM policies that publishing needs.

use serde_json::{Value, json};

/// The partition and the keys to which [`publisher`] limits a policy.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Partition's name in ARNs, such as `aws`.
    pub partition: String,
    /// ARNs of the keys to encrypt with. If the list is empty, the policy allows every key, and each key's own policy
    /// decides.
    pub keys: Vec<String>,
}

/// A statement of a policy: actions allowed on the same resources.
struct Part {
    sid: &'static str,
    actions: &'static [&'static str],
    resources: Vec<String>,
    condition: Option<Value>,
}

/// Condition key of the tag that all objects made by Imprint have.
const OURS: &str = "aws:ResourceTag/imprint:run";

/// Calls that only read. A policy cannot limit these calls to single objects.
const READ: &[&str] = &[
    "ec2:DescribeImages",
    "ec2:DescribeRegions",
    "ec2:DescribeSnapshots",
    "ec2:GetEbsDefaultKmsKeyId",
    "ec2:GetEbsEncryptionByDefault",
    "ec2:GetImageBlockPublicAccessState",
];

/// Calls of the EBS direct APIs.
const SNAPSHOTS: &[&str] = &[
    "ebs:CompleteSnapshot",
    "ebs:GetSnapshotBlock",
    "ebs:ListSnapshotBlocks",
    "ebs:PutSnapshotBlock",
    "ebs:StartSnapshot",
];

/// Calls that finish an AMI, or undo it.
const IMAGES: &[&str] = &[
    "ec2:AttachImageWatermark",
    "ec2:DeregisterImage",
    "ec2:DisableImageDeregistrationProtection",
    "ec2:EnableImageDeprecation",
    "ec2:EnableImageDeregistrationProtection",
    "ec2:ModifyImageAttribute",
];

/// Calls that EBS makes in our name, with the key that encrypts a snapshot. *Source:* AWS's policy for the EBS direct
/// APIs with customer keys.
const KEYS: &[&str] = &[
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
];

/// Returns the statements of the policy that a publishing role or user needs.
///
/// *Source:* the actions, resources and condition keys of EC2, EBS, SSM and KMS in the service authorization reference;
/// AWS's own policy for the EBS direct APIs with customer keys.
fn parts(scope: &Scope) -> Vec<Part> {
    let of = |rest: &str| format!("arn:{}:{rest}", scope.partition);
    let snapshots = of("ec2:*::snapshot/*");
    let images = of("ec2:*::image/*");
    let is_ours = || Some(json!({"Null": {OURS: "false"}}));
    let keys = match &scope.keys[..] {
        [] => vec![of("kms:*:*:key/*")],
        keys => keys.to_vec(),
    };
    vec![
        Part { sid: "Look", actions: READ, resources: vec!["*".to_owned()], condition: None },
        Part {
            sid: "WriteAndReadSnapshots",
            actions: SNAPSHOTS,
            resources: vec![snapshots.clone()],
            condition: None,
        },
        // AWS has no condition key for tags that StartSnapshot sets.
        Part {
            sid: "TagSnapshots",
            actions: &["ec2:CreateTags"],
            resources: vec![snapshots.clone()],
            condition: None,
        },
        Part {
            sid: "TagImagesAtBirth",
            actions: &["ec2:CreateTags"],
            resources: vec![images.clone()],
            condition: Some(json!({"StringEquals": {"ec2:CreateAction": "RegisterImage"}})),
        },
        Part {
            sid: "Register",
            actions: &["ec2:RegisterImage"],
            resources: vec![snapshots.clone(), images.clone()],
            condition: None,
        },
        Part {
            sid: "FinishAndUndoImages",
            actions: IMAGES,
            resources: vec![images],
            condition: is_ours(),
        },
        Part {
            sid: "ShareAndUndoSnapshots",
            actions: &["ec2:DeleteSnapshot", "ec2:ModifySnapshotAttribute"],
            resources: vec![snapshots],
            condition: is_ours(),
        },
        Part {
            sid: "Parameters",
            actions: &["ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"],
            resources: vec![of("ssm:*:*:parameter/*")],
            condition: None,
        },
        Part { sid: "Encrypt", actions: KEYS, resources: keys, condition: None },
    ]
}

/// Returns the policy of the role or user that publishes in an account.
pub fn publisher(scope: &Scope) -> Value {
    let statement = |part: Part| {
        let mut statement = json!({
            "Sid": part.sid, "Effect": "Allow", "Action": part.actions, "Resource": part.resources,
        });
        if let Some(condition) = part.condition {
            statement["Condition"] = condition;
        }
        statement
    };
    document(parts(scope).into_iter().map(statement).collect())
}

/// Returns the policy of the identity that assumes these roles (ARNs).
pub fn caller(roles: &[String]) -> Value {
    document(vec![json!({
        "Sid": "AssumePublishingRoles", "Effect": "Allow", "Action": "sts:AssumeRole",
        "Resource": roles,
    })])
}

fn document(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_removed_or_shared_is_ours_alone() {
        let scope = Scope { partition: "aws-cn".to_owned(), keys: Vec::new() };
        let policy = publisher(&scope);
        for statement in policy["Statement"].as_array().unwrap() {
            let actions = statement["Action"].to_string();
            let is_dangerous = ["Delete", "Deregister", "Modify"]
                .iter()
                .any(|word| actions.contains(&format!("ec2:{word}")));
            let is_of_ours = statement["Condition"].to_string().contains(OURS);
            assert_eq!(is_dangerous, is_of_ours, "{statement}");
            assert!(!actions.contains('*'), "{statement}");
            let resources = statement["Resource"].to_string();
            assert!(resources == r#"["*"]"# || resources.contains("arn:aws-cn:"), "{statement}");
        }
    }
}
