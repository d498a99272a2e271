//! A sound desk holds.

use super::service::{NORTH, NORTH_TOO, sound};
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
