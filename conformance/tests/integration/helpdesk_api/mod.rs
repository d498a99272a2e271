//! An implementation of another API than the built-in one, and what is reported when it is wrong in one way.
//!
//! `openapi.yaml` describes a ticket desk; [`service`] is written from that description alone and shares nothing with the
//! mock server.

mod answer;
mod ask;
mod check;
mod once;
mod pages;
mod recorded;
mod service;
mod sound;
mod store;
mod trial;
mod write;
mod wrong;
mod wrongs_of_access;
mod wrongs_of_bodies;
mod wrongs_of_lists;
mod wrongs_of_rows;
mod wrongs_of_service;
