//! The self-test as a command; all of it runs in CI, one fault of each family here.

use crate::support::Project;

#[tokio::test]
async fn planted_faults_of_every_family_are_found() {
    let faults = [
        "get-open",
        "null-name",
        "slug-not-unique",
        "bare-errors",
        "write-forgotten",
        "cursor-ignored",
        "no-idempotency",
        "no-rate-headers",
        "catch-all",
    ];
    let mut arguments = vec!["self-test"];
    for fault in faults {
        arguments.extend(["--fault", fault]);
    }
    let ended = Project::new().run(&arguments).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.out.contains("9 faults found, 0 missed; 1 readings clean, 0 false alarms"), "{ended:#?}");
}

#[tokio::test]
async fn allowed_readings_draw_no_finding() {
    let readings = [
        "limit-clamped",
        "replay-with-200",
        "slug-derived",
        "bare-405",
        "unknown-keys-refused",
        "null-on-update-refused",
    ];
    let mut arguments = vec!["self-test"];
    for reading in readings {
        arguments.extend(["--fault", reading]);
    }
    let ended = Project::new().run(&arguments).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.out.contains("0 faults found, 0 missed; 7 readings clean, 0 false alarms"), "{ended:#?}");
}
