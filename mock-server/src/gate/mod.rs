//! What a request passes before it acts: its key, its allowance, its preferences, its idempotency key.

mod credentials;
mod idempotency;
mod preference;
mod rate;

pub(crate) use credentials::{Admitted, Caller, Gatekeeper, Turned};
pub(crate) use idempotency::{Begun, Claim, Idempotency};
pub(crate) use preference::Preference;
pub use rate::RateLimitMode;
pub(crate) use rate::{Allowance, RateLimiter};
