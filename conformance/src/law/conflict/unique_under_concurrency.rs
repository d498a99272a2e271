//! Of concurrent creates with one value exactly one wins.

use schemas::Standing;
use serde_json::Map;

use super::rules::unique_rules;
use crate::contract::{Api, Aspect, Expected, Operation, Refusal, Resource};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, page_request};

pub(crate) static LAW: Law = Law {
    id: "unique-under-concurrency",
    family: Family::Conflict,
    says: "of concurrent creates with one value exactly one wins",
    why: "A check before the insert, without a constraint behind it, lets two through. Readers go first, so that all have a connection.",
    ..Law::by_cases(cases)
};

/// Creates sent at the same time.
const CONCURRENT: usize = 4;
/// How often they are: a gap between a check and an insert is not always met.
const RACES: usize = 2;

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in unique_rules(api) {
        let Some(standing) = rule.unique.concurrent else { continue };
        let standing = standing.weakest(rule.unique.standing);
        let race = Race {
            resource: rule.resource.clone(),
            create: rule.create.clone(),
            field: rule.field.to_owned(),
            refusal: rule.refusal().at_most(standing),
            standing,
        };
        let run = async move |cx: &mut CaseContext| race.run(cx).await;
        let case = Case::new(&LAW, rule.create, run).sends((1 + RACES) * CONCURRENT);
        let case = case.creates(RACES, rule.resource);
        let case = case.variant(rule.field).standing(standing).place(rule.place);
        cases.push(case.needs(api.makers(rule.resource)));
    }
    cases
}

struct Race {
    resource: Resource,
    create: Operation,
    field: String,
    refusal: Refusal,
    standing: Standing,
}

impl Race {
    async fn run(&self, cx: &mut CaseContext) -> CaseResult {
        self.warm_up(cx).await?;
        for _ in 0..RACES {
            let mark = cx.story.mark();
            self.race(cx).await?;
            if !cx.story.is_clean_since(mark) {
                break;
            }
        }
        Ok(())
    }

    /// Opens the connections, here and behind the target, that a race needs: a create that has to wait for one loses.
    async fn warm_up(&self, cx: &mut CaseContext) -> CaseResult {
        let Some(list) = self.resource.lists.first() else { return Ok(()) };
        let request = page_request(cx.request_to(list)?, Some(1), None);
        cx.send_all(vec![request; CONCURRENT]).await.map(|_| ())
    }

    async fn race(&self, cx: &mut CaseContext) -> CaseResult {
        let field = &self.field;
        let value = cx
            .value(&self.create, field)
            .ok_or_else(|| CaseError::NotJudged(format!("no value of {field}")))?;
        let mut requests = Vec::new();
        for _ in 0..CONCURRENT {
            let fields = Map::from_iter([(field.clone(), value.clone())]);
            requests.push(cx.create_request(&self.resource, None, fields)?);
        }
        let answers = cx.send_all(requests).await?;
        let winners = answers.iter().filter(|answer| answer.is_success()).count();
        let last = answers.last().map_or(0, |answer| answer.step);
        if answers.iter().any(|answer| answer.is_server_error()) {
            return Ok(());
        }
        if winners != 1 {
            let message =
                format!("of {CONCURRENT} concurrent creates with one {field}, {winners} were accepted");
            let expected = Expected::words("exactly one success");
            cx.breach(last, Aspect::Other("winners"), message, expected).standing(self.standing);
            return Ok(());
        }
        let what = format!("a concurrent create with a taken {field}");
        for answer in answers.iter().filter(|answer| !answer.is_success()) {
            if !cx.refused(answer, &self.refusal, &what) {
                break;
            }
        }
        Ok(())
    }
}
