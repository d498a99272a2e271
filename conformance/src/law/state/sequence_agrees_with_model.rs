//! Whatever the order of requests, answers agree with a simple model; a sequence that does not is shrunk to the fewest
//! steps that show what is wrong.

use proptest::strategy::{Strategy as _, ValueTree};

use super::model::ModelRow;
use super::transition::{STEPS, Transition, apply, transitions};
use crate::contract::{Api, Aspect, Resource};
use crate::generate::runner;
use crate::judge::Breach;
use crate::law::support::creatable;
use crate::law::{Case, Family, Law, Phase, Role};
use crate::scenario::{CaseContext, CaseError, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "sequence-agrees-with-model",
    family: Family::State,
    says: "whatever the order of creates, reads, updates, deletes and lists, answers agree with what was done before",
    why: "A simple model goes along with a generated sequence; a sequence that fails is shortened.",
    role: Role::Model,
    ..Law::by_cases(cases)
};

/// Sequences for each resource.
const SEQUENCES: usize = 3;
/// Shorter sequences that are tried once one fails.
const SHRINKING: usize = 24;

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        let Some(read) = &resource.read else { continue };
        for index in 0..SEQUENCES {
            // One has its turn with the other laws, the rest with what budget is left.
            let phase = if cases.is_empty() { Phase::Laws } else { Phase::Generated };
            let rows = resource.clone();
            let run = async move |cx: &mut CaseContext| shrink(cx, &rows).await;
            let case = Case::new(&LAW, create, run).variant(format!("sequence-{index}")).phase(phase).alone();
            let others = resource.update.iter().chain(&resource.delete).map(|op| op.id.clone());
            let case = case.sends(STEPS.end() + 4).needs(api.makers(resource));
            cases.push(case.needs([read.id.clone()]).needs(others));
        }
    }
    cases
}

/// Plays a sequence, and shorter ones while they show the same.
async fn shrink(cx: &mut CaseContext, resource: &Resource) -> CaseResult {
    let mut tree = transitions(cx.api(), resource)
        .new_tree(&mut runner(cx.state.seed, &cx.key))
        .map_err(|why| CaseError::NotJudged(format!("no sequence was made: {why}")))?;
    play(cx, resource, &tree.current()).await?;
    let mut smallest = cx.story.take();
    let Some(aspect) = aspect_of(&smallest.1, cx.law) else {
        cx.story.replace(smallest.0, smallest.1);
        return Ok(());
    };
    let mut tries = 0;
    let mut going = tree.simplify();
    while going && tries < SHRINKING {
        tries += 1;
        play(cx, resource, &tree.current()).await?;
        let shown = cx.story.take();
        going = if aspect_of(&shown.1, cx.law).as_ref() == Some(&aspect) {
            smallest = shown;
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    cx.story.replace(smallest.0, smallest.1);
    Ok(())
}

fn aspect_of(breaches: &[Breach], law: &str) -> Option<Aspect> {
    breaches.iter().find(|breach| breach.law == law).map(|breach| breach.aspect.clone())
}

/// Plays a sequence until it is through or something is wrong. It begins with a row, for without one there is nothing
/// to do.
async fn play(cx: &mut CaseContext, resource: &Resource, transitions: &[Transition]) -> CaseResult {
    let mut model: Vec<ModelRow> = Vec::new();
    for transition in std::iter::once(&Transition::Create).chain(transitions) {
        let mark = cx.story.mark();
        apply(cx, resource, transition, &mut model).await?;
        if !cx.story.is_clean_since(mark) {
            break;
        }
    }
    Ok(())
}
