//! A request and its response, as a case sees them.

use std::ops::Deref;
use std::rc::Rc;

use crate::http::{Request, Response};

/// A request and its response; reads as the response.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) request: Request,
    /// Shared, for it may be large.
    pub(crate) response: Rc<Response>,
    /// Which step of the case it is.
    pub(crate) step: usize,
}

impl Deref for Exchange {
    type Target = Response;

    fn deref(&self) -> &Response {
        &self.response
    }
}
