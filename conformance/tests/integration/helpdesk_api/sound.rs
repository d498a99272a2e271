//! A sound desk holds.

use super::answer::Answer;
use super::ask::Ask;
use super::service::{NORTH, NORTH_TOO, sound};
use super::store::World;
use super::trial::{OTHERS, Told, trial};

fn holds(told: &Told) {
    assert_eq!(told.findings(), Vec::<String>::new(), "{}", told.ended.out);
    assert_eq!(told.ended.code, 0, "{:#?}", told.ended);
    assert_eq!(told.report["leftovers"], 0, "{}", told.ended.out);
}

#[tokio::test]
async fn a_sound_desk_holds_whatever_the_seed() {
    for seed in ["1", "2", "3"] {
        let told =
            trial(sound, &[OTHERS.as_slice(), &["--seed", seed, "--max-requests", "3000"]].concat()).await;
        holds(&told);
        eprintln!("{}\n{:#?}", told.ended.out, told.not_judged());
    }
}

/// Counts letters in UTF-16 units, as programs in JavaScript do.
fn in_units(world: &mut World, ask: Ask) -> Answer {
    let bounds = [("title", 60), ("subject", 80), ("label", 40), ("text", 2_000)];
    let too_long = bounds.into_iter().find(|(name, most)| {
        ask.field(name).as_str().is_some_and(|text| text.encode_utf16().count() > *most)
    });
    match too_long {
        Some((name, most)) => sound(world, ask.with(name, "x".repeat(most + 1))),
        None => sound(world, ask),
    }
}

#[tokio::test]
async fn a_desk_that_counts_letters_in_utf_16_units_holds_whatever_the_seed() {
    for seed in ["1", "2", "3", "4"] {
        holds(&trial(in_units, &["--seed", seed, "--max-requests", "3000"]).await);
    }
}

/// Fails on subjects of some lengths, which are no bounds.
fn failing_on_long_subjects(world: &mut World, ask: Ask) -> Answer {
    let length = ask.field("subject").as_str().map_or(0, |text| text.chars().count());
    if ask.method == "POST" && (50..80).contains(&length) {
        return Answer::fault(500, "failed", None);
    }
    sound(world, ask)
}

#[tokio::test]
async fn a_server_error_on_a_generated_body_is_shrunk_to_the_property_that_matters() {
    let told = trial(failing_on_long_subjects, &["--seed", "1", "--max-requests", "3000"]).await;
    let findings = told.report["findings"].as_array().expect("a list");
    let failure = findings.iter().find(|one| one["law"] == "no-server-error").expect("is found");
    assert_eq!(failure["severity"], "violation");
    let message = failure["message"].as_str().expect("a text");
    assert!(message.ends_with("answered 500 to a subject of 50 characters"), "{message}");
}

#[tokio::test]
async fn a_sound_desk_holds_without_the_keys_of_others_and_to_many_at_once() {
    holds(&trial(sound, &[]).await);
    let many = ["--workers", "4", "--api-key", NORTH_TOO];
    holds(&trial(sound, &[OTHERS.as_slice(), &many].concat()).await);
}

#[tokio::test]
async fn a_key_of_the_same_desk_is_not_another_one() {
    let told = trial(sound, &["--other-key", NORTH_TOO]).await;
    assert_eq!(told.ended.code, 2, "{:#?}", told.ended);
    assert!(
        told.ended.err.contains("opens the same workspace") && !told.ended.err.contains(NORTH),
        "{:#?}",
        told.ended
    );
}
