//! What a request passes before it acts: its key, its allowance, its preferences, its idempotency key.

mod authenticator;
mod credential;
mod idempotency;
mod preference;
mod rate;

pub(crate) use authenticator::{Admitted, Authenticator, Caller, Credentials};
pub(crate) use idempotency::{Claim, ClaimResult, IdempotencyStore};
pub(crate) use preference::Preference;
pub use rate::RateLimitMode;
pub(crate) use rate::{Allowance, RateLimiter};
