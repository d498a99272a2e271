//! A create with a taken value is refused.

use super::rules::{body_of, unique_rules};
use crate::contract::Api;
use crate::law::support::TakenValue;
use crate::law::{Case, Explains, Family, Law, Precedence};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "unique-on-create",
    family: Family::Conflict,
    says: "a create with a taken value is refused, and the answer names it",
    why: "The same owner is used, for the scope may be as narrow as that.",
    precedence: Precedence::Foundation,
    explains: &[
        Explains::on_resource("unique-under-concurrency"),
        Explains::on_resource("unique-after-normalisation"),
        Explains::on_resource("unique-on-update"),
        Explains::on_resource("unique-own-value"),
        Explains::on_resource("unique-after-delete"),
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    unique_rules(api)
        .into_iter()
        .map(|rule| {
            let (resource, field, refusal) = (rule.resource.clone(), rule.field.to_owned(), rule.refusal());
            let what = format!("a create with a taken {field}{}", rule.scope());
            let standing = refusal.standing();
            let run = async move |cx: &mut CaseContext, taken: &TakenValue| {
                let first = taken.get(cx).await?;
                let request = cx.create_request(&resource, None, body_of(&first, &field))?;
                let second = cx.send(request).await?;
                cx.refused(&second, &refusal, &what);
                Ok(())
            };
            Case::given(&LAW, rule.create, rule.taken(api), run)
                .variant(rule.field)
                .standing(standing)
                .place(rule.place)
        })
        .collect()
}
