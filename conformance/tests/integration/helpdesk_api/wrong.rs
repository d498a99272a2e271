//! One wrong answer, one finding.

use futures_util::{StreamExt as _, stream};

use super::service::Manner;
use super::trial::{OTHERS, trial};
use super::{wrongs_of_access, wrongs_of_bodies, wrongs_of_lists, wrongs_of_rows, wrongs_of_service};

/// A service that is wrong in one way, and what is reported of it.
pub(super) struct Wrong {
    says: &'static str,
    severity: &'static str,
    law: &'static str,
    manner: Manner,
}

/// What breaks a documented statement.
pub(super) const fn violation(law: &'static str, says: &'static str, manner: Manner) -> Wrong {
    Wrong { says, severity: "violation", law, manner }
}

/// What breaks an inferred one.
pub(super) const fn warning(law: &'static str, says: &'static str, manner: Manner) -> Wrong {
    Wrong { says, severity: "warning", law, manner }
}

/// What differs from an assumed one.
pub(super) const fn note(law: &'static str, says: &'static str, manner: Manner) -> Wrong {
    Wrong { says, severity: "note", law, manner }
}

impl Wrong {
    /// What is answered otherwise than it should be.
    async fn miss(&self) -> Option<String> {
        let told = trial(self.manner, &[OTHERS.as_slice(), &["--no-generated"]].concat()).await;
        let expected = vec![format!("{}[{}]", self.severity, self.law)];
        let code = i32::from(self.severity == "violation");
        let found = told.findings();
        (found != expected || told.ended.code != code || told.report["leftovers"] != 0).then(|| {
            let ended = told.ended;
            format!(
                "{}: {expected:?} exit {code} expected, {found:?} exit {}\n{}{}",
                self.says, ended.code, ended.out, ended.err
            )
        })
    }
}

async fn each_is_told_once(wrongs: &[Wrong]) {
    let missed: Vec<String> = stream::iter(wrongs)
        .map(Wrong::miss)
        .buffer_unordered(2)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), wrongs.len(), missed.join("\n\n"));
}

#[tokio::test]
async fn one_wrong_answer_about_access_is_one_finding() {
    each_is_told_once(wrongs_of_access::WRONGS).await;
}

#[tokio::test]
async fn one_wrong_answer_about_bodies_is_one_finding() {
    each_is_told_once(wrongs_of_bodies::WRONGS).await;
}

#[tokio::test]
async fn one_wrong_answer_about_rows_is_one_finding() {
    each_is_told_once(wrongs_of_rows::WRONGS).await;
}

#[tokio::test]
async fn one_wrong_answer_about_lists_is_one_finding() {
    each_is_told_once(wrongs_of_lists::WRONGS).await;
}

#[tokio::test]
async fn one_wrong_answer_about_service_is_one_finding() {
    each_is_told_once(wrongs_of_service::WRONGS).await;
}
