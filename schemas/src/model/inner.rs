//! What a contract holds.

use std::sync::Arc;

use super::operation::Operation;
use super::resource::Resource;
use crate::error::Problem;
use crate::infer::Statement;
use crate::schema::{Compiler, Schema};
use crate::source::Document;
use crate::vocabulary::Rules;

/// What a contract holds; shared by its copies.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) document: Arc<Document>,
    pub(super) title: String,
    pub(super) version: String,
    pub(super) server: String,
    pub(super) base_path: String,
    pub(super) rules: Rules,
    pub(super) operations: Vec<Operation>,
    pub(super) resources: Vec<Resource>,
    pub(super) error_schema: Option<Schema>,
    /// What was inferred.
    pub(super) inferred: Vec<Statement>,
    pub(super) compiler: Arc<Compiler>,
    /// What was skipped or is odd, in the order of the files.
    pub(super) problems: Vec<Problem>,
}
