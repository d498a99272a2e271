//! The report as one page for people.

mod page;
mod view;

pub use page::html;
