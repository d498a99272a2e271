//! Requests that count once.

use super::answer::Answer;
use super::ask::Ask;
use super::store::World;

const LONGEST: usize = 24;

/// What a request is answered that may have been made before: successes are kept, by desk, path and key.
pub(super) fn once(
    world: &mut World,
    desk: &'static str,
    ask: &Ask,
    act: impl FnOnce(&mut World) -> Answer,
) -> Answer {
    let Some(key) = ask.once.clone().filter(|_| ask.method == "POST") else { return act(world) };
    if key.len() > LONGEST {
        return Answer::fault(422, "too_much", None);
    }
    let name = (ask.path.join("/"), key);
    if let Some((body, answer)) = world.desk(desk).once.get(&name) {
        return if *body == ask.body { answer.clone() } else { Answer::fault(409, "key_spent", None) };
    }
    let answer = act(world);
    if answer.is_success() {
        world.desk(desk).once.insert(name, (ask.body.clone(), answer.clone()));
    }
    answer
}
