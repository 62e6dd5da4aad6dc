//! A run for tests.

use wire::run::{AmiOptions, ParameterKind, Problem, PublishOptions, Run, Step, Tags, TargetRun};
use wire::target::Target;

/// Makes a run whose targets ended with these exit codes.
pub(crate) fn run(codes: &[u8]) -> Run {
    let target = |code: &u8| {
        let target = Target { account: "a".parse().unwrap(), region: "us-east-1".parse().unwrap() };
        let error = Problem { message: String::new(), exit_code: *code };
        TargetRun {
            step: Step::Done,
            error: (*code != 0).then_some(error),
            ..TargetRun::new(target)
        }
    };
    Run {
        id: "r".to_owned(),
        by: "me@here".to_owned(),
        stream: "s".to_owned(),
        image: "s/1".to_owned(),
        manifest: String::new(),
        map: String::new(),
        size_gib: 1,
        options: PublishOptions {
            ami_name: "n".to_owned(),
            architecture: "x86_64".to_owned(),
            boot_mode: "uefi".to_owned(),
            no_boot: false,
            tags: Tags::new(),
            kms_key: None,
            may_be_plain: false,
            share: Vec::new(),
            public: false,
            watermark: None,
            deprecate_at: None,
            protect: false,
            parameter: None,
            parameter_kind: ParameterKind::Ami,
            ami: AmiOptions::default(),
            prove_all: false,
        },
        targets: codes.iter().map(target).collect(),
        attestation: None,
    }
}
