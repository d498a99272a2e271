//! Filling the page in.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};

use super::view;
use crate::findings::Report;
use crate::shown::letters;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The report as one HTML page without anything outside of it. It is whole without scripts; one filters the tables.
pub fn html(report: &Report) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    if let Ok(syntax) = syntax {
        environment.set_syntax(syntax);
    }
    let view = view::of(report);
    let values = context! { view => Value::from(Serde(&view)), style => STYLE, script => SCRIPT };
    // The template is part of the program and its values are plain: a test renders all of it.
    let page = environment
        .render_named_str("page.html", PAGE, values)
        .unwrap_or_else(|error| format!("<!doctype html><title>conformance</title><p>{error}"));
    letters(&page).into_owned()
}
