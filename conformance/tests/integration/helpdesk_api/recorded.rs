//! A desk is recorded the same however often.

use super::service::{self, NORTH, NORTH_TOO, sound};
use super::trial::{OTHERS, description};
use crate::support::Project;

#[tokio::test]
async fn a_desk_is_recorded_the_same_whatever_came_before() {
    let (project, server, description) = (Project::new(), service::open(sound).await, description());
    let url = format!("{}/desk/v2", server.uri());
    let own = ["record", "--url", &url, "--contract", &description, "--dir", "records", "--api-key"];
    let first = project.run_outside_ci(&[&own[..], &[NORTH, "--run-tag", "qxqxqx"], &OTHERS].concat()).await;
    assert_eq!(first.code, 0, "{first:#?}");
    assert!(first.out.contains("0 not recorded") && first.out.contains("0 left behind"), "{first:#?}");
    let again = ["--check", "--no-pending", "--workers", "4", "--run-tag", "z"];
    let keys = format!("{NORTH},{NORTH_TOO}");
    let second = project.run_outside_ci(&[&own[..], &[&keys], &OTHERS, &again].concat()).await;
    assert_eq!(second.code, 0, "{second:#?}");
    for (path, text) in project.records("records", ".snap") {
        assert!(!text.contains(NORTH) && !text.contains("qxqxqx"), "{}: {text}", path.display());
    }
}
