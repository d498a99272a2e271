//! One kind of change.

use super::verdict::{Hurts, Verdict};

/// One kind of change: what it is, what it means, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable, kebab-case.
    pub id: &'static str,
    /// What it belongs to: the file of its cases.
    pub area: &'static str,
    /// What it means where the statement was documented.
    pub verdict: Verdict,
    /// Who feels it.
    pub hurts: Hurts,
    /// What happened, half a sentence.
    pub says: &'static str,
    /// Why it means that, from the client's side.
    pub why: &'static str,
    /// The name under which other tools know it.
    pub also_known_as: Option<&'static str>,
    /// The rules of which one is found when the two sides are swapped.
    pub reverse: &'static [&'static str],
}

/// States the rules of an area: a static each, and the list of all.
macro_rules! rules {
    (area $area:literal; $(
        $name:ident = $id:literal, $verdict:ident, $hurts:ident, $says:literal, $why:literal
        $(, known $known:literal)?, reverse [$($reverse:literal),*];
    )*) => {
        $(
            #[doc = $says]
            pub(in crate::review) static $name: $crate::review::rule::Rule = $crate::review::rule::Rule {
                id: $id,
                area: $area,
                verdict: $crate::review::verdict::Verdict::$verdict,
                hurts: $crate::review::verdict::Hurts::$hurts,
                says: $says,
                why: $why,
                also_known_as: rules!(@known $($known)?),
                reverse: &[$($reverse),*],
            };
        )*
        /// Every rule of the area.
        pub(super) static ALL: &[&$crate::review::rule::Rule] = &[$(&$name),*];
    };
    (@known) => { None };
    (@known $known:literal) => { Some($known) };
}
pub(super) use rules;
