//! Overlay documents (OpenAPI Overlay 1.0 and 1.1): what is added to a description, and taken out of it, from another file.

mod action;
mod apply;
mod file;
mod read;

pub(crate) use file::Overlay;
