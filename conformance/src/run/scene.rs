//! What a probe acts in: it sends, remembers, and holds answers to the contract.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;

use schemas::{Action, Standing};
use serde_json::{Map, Value};
use tokio::sync::OwnedMutexGuard;

use super::acts::Acts;
use super::row::Row;
use super::stage::Stage;
use super::step::Step;
use crate::atlas::{Atlas, Kin, Op, Slot};
use crate::generate::{Extent, Namer, Valid};
use crate::judge::{Acceptance, Breach, Expect, Refusal, observe};
use crate::probe::{Call, Halt, Received, Session};

/// How a probe ends: by itself, or because it cannot go on.
pub(crate) type Outcome = Result<(), Stop>;

/// Why a probe cannot go on.
#[derive(Debug, Clone)]
pub(crate) enum Stop {
    /// Something it builds on is not there.
    NotJudged(String),
    /// No answer can be had.
    Halt(Halt),
}

/// A call and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) call: Call,
    pub(crate) answer: Received,
    /// Which step of the probe it is.
    pub(crate) step: usize,
}

impl Deref for Exchange {
    type Target = Received;

    fn deref(&self) -> &Received {
        &self.answer
    }
}

/// What a probe acts in.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) session: Rc<Session>,
    pub(crate) stage: Rc<RefCell<Stage>>,
    /// What cases share with each other.
    pub(crate) acts: Rc<Acts>,
    /// Which try of the case this is; only the first one looks at what others did.
    pub(crate) attempt: u32,
    /// Steps that another case sent.
    pub(crate) borrowed: usize,
    /// Turns with rows that are lent, given back when the case ends.
    pub(crate) holding: Vec<(String, OwnedMutexGuard<()>)>,
    pub(crate) names: Namer,
    /// The case's key, from which its random values follow.
    pub(crate) key: String,
    /// The law the probe is for.
    pub(crate) law: &'static str,
    /// The operation the probe is for.
    pub(crate) operation: String,
    /// The pointer that breaches of its own point to.
    pub(crate) place: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) breaches: Vec<Breach>,
    /// Passive laws that answers of this scene were held to, with the operation.
    pub(crate) judged: Vec<(&'static str, String)>,
}

/// What scenes of a run share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Props {
    /// Rows that are there for all.
    pub(crate) stage: Rc<RefCell<Stage>>,
    /// What one did and others look at.
    pub(crate) acts: Rc<Acts>,
}

impl Scene {
    /// One in which nothing has happened; its texts follow from the run's mark, the key and the attempt.
    pub(crate) fn new(session: &Rc<Session>, props: &Props, mark: &str, key: &str, attempt: u32) -> Self {
        Self {
            session: Rc::clone(session),
            stage: Rc::clone(&props.stage),
            acts: Rc::clone(&props.acts),
            attempt,
            borrowed: 0,
            holding: Vec::new(),
            names: Namer::new(mark, key, attempt),
            key: key.to_owned(),
            law: "",
            operation: String::new(),
            place: String::new(),
            steps: Vec::new(),
            breaches: Vec::new(),
            judged: Vec::new(),
        }
    }

    pub(crate) fn atlas(&self) -> &Atlas {
        &self.session.atlas
    }

    /// A whole valid call of an operation: shared rows in its path, the least body it takes.
    pub(crate) fn aim(&self, op: &Op) -> Result<Call, Stop> {
        let call = self.aim_at(op)?;
        match (op.action(), &op.body) {
            (_, None) => Ok(call),
            (Action::Update, Some(_)) => Ok(call.json(self.change(op)?.0)),
            (_, Some(_)) => Ok(call.json(self.body(op, Extent::Minimal)?.0)),
        }
    }

    /// A call of an operation with shared rows in its path and no body.
    pub(crate) fn aim_at(&self, op: &Op) -> Result<Call, Stop> {
        let mut call = Call::of(op);
        if op.has_slot(Slot::Parent)
            && let Some(parent) = self.atlas().parent_of(op)
        {
            call = call.parent(&self.base(parent)?.id);
        }
        if op.has_slot(Slot::Own)
            && let Some(kin) = self.atlas().kin_of(op)
        {
            let row = if op.action() == Action::Delete { self.spare(kin)? } else { self.base(kin)? };
            call = call.own(&row.id);
        }
        if op.has_slot(Slot::Free) {
            return Err(Stop::NotJudged(format!(
                "the contract does not say what the path of {} names",
                op.id
            )));
        }
        Ok(call)
    }

    /// The shared row of a resource.
    pub(crate) fn base(&self, kin: &Kin) -> Result<Rc<Row>, Stop> {
        self.stage.borrow().base(&kin.name).ok_or_else(|| self.no_row(kin))
    }

    /// The shared row that a deletion may hit.
    pub(crate) fn spare(&self, kin: &Kin) -> Result<Rc<Row>, Stop> {
        self.stage.borrow().spare(&kin.name).ok_or_else(|| self.no_row(kin))
    }

    fn no_row(&self, kin: &Kin) -> Stop {
        let stage = self.stage.borrow();
        let why = stage.trouble(&kin.name).unwrap_or("none was made");
        Stop::NotJudged(format!("there is no {} to work with: {why}", kin.name))
    }

    /// A valid body of an operation, and how sure it is that all of it may be sent.
    pub(crate) fn body(&self, op: &Op, extent: Extent) -> Result<(Map<String, Value>, Standing), Stop> {
        let stage = self.stage.borrow();
        let row = |resource: &str| stage.base(resource).map(|row| row.id.clone());
        let valid = Valid { atlas: self.atlas(), op, names: &self.names, row: &row };
        valid
            .body(stage.least(&op.id, extent))
            .ok_or_else(|| Stop::NotJudged(format!("no valid body of {} can be made", op.id)))
    }

    /// A fresh valid value of one property of an operation's body.
    pub(crate) fn value(&self, op: &Op, property: &str) -> Option<Value> {
        let stage = self.stage.borrow();
        let row = |resource: &str| stage.base(resource).map(|row| row.id.clone());
        let valid = Valid { atlas: self.atlas(), op, names: &self.names, row: &row };
        valid.value(&op.body.as_ref()?.schema.property(property)?)
    }

    /// The smallest change an update can make, and how sure it is that it may: one plain property.
    pub(crate) fn change(&self, op: &Op) -> Result<(Map<String, Value>, Standing), Stop> {
        let name = plain_property(self.atlas(), op).ok_or_else(|| {
            Stop::NotJudged(format!("{} takes no property that can simply be changed", op.id))
        })?;
        let value = self
            .value(op, &name.0)
            .ok_or_else(|| Stop::NotJudged(format!("no value of {} can be made", name.0)))?;
        Ok((Map::from_iter([(name.0, value)]), name.1))
    }

    /// Sends a call, remembers it, and holds the answer to every passive law.
    pub(crate) async fn send(&mut self, call: Call) -> Result<Exchange, Stop> {
        let answered = self.session.send(&call).await.map_err(Stop::Halt)?;
        for throttled in &answered.throttled {
            self.remember(&call, throttled);
        }
        let step = self.remember(&call, &answered.received);
        Ok(Exchange { call, answer: answered.received, step })
    }

    /// Sends calls at the same time.
    pub(crate) async fn send_all(&mut self, calls: Vec<Call>) -> Result<Vec<Exchange>, Stop> {
        let session = Rc::clone(&self.session);
        // They are to meet: none may wait for the allowance of another.
        session.ready(calls.len()).await.map_err(Stop::Halt)?;
        let sent = futures_util::future::join_all(calls.iter().map(|call| session.send(call))).await;
        let mut exchanges = Vec::new();
        for (call, answered) in calls.into_iter().zip(sent) {
            let answered = answered.map_err(Stop::Halt)?;
            for throttled in &answered.throttled {
                self.remember(&call, throttled);
            }
            let step = self.remember(&call, &answered.received);
            exchanges.push(Exchange { call, answer: answered.received, step });
        }
        Ok(exchanges)
    }

    fn remember(&mut self, call: &Call, received: &Received) -> usize {
        let step = self.steps.len();
        let passive = observe(&self.session.atlas, &self.session.keys, call, received, step);
        let operation = call.op.as_ref().map_or_else(|| self.operation.clone(), |op| op.id.clone());
        for law in passive.judged {
            if !self.judged.iter().any(|(known, on)| *known == law && *on == operation) {
                self.judged.push((law, operation.clone()));
            }
        }
        // What is no operation is known by the one it stands beside: a path with a row in it is another in every run.
        self.breaches.extend(passive.breaches.into_iter().map(|breach| match &call.op {
            Some(_) => breach,
            None => Breach { operation: operation.clone(), ..breach },
        }));
        let remembered = Step::new(self.atlas(), call.clone(), received);
        self.steps.push(remembered);
        step
    }

    /// The steps and breaches so far; the story begins anew.
    pub(crate) fn take_story(&mut self) -> (Vec<Step>, Vec<Breach>) {
        (std::mem::take(&mut self.steps), std::mem::take(&mut self.breaches))
    }

    /// Waits, so that a clock moves on.
    pub(crate) async fn rest(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// Notes what a step should have been answered, for the report.
    pub(crate) fn expecting(&mut self, step: usize, expect: Expect) {
        if let Some(step) = self.steps.get_mut(step) {
            step.expect.get_or_insert(expect);
        }
    }

    /// Holds an answer to an expected refusal; `what` names the request, as in "a create with a taken slug".
    pub(crate) fn refused(&mut self, exchange: &Exchange, refusal: &Refusal, what: &str) -> bool {
        let pointers = self.atlas().rules().errors.as_ref().map(|errors| errors.pointers.clone());
        self.expecting(exchange.step, refusal.expect());
        let Some(deviation) = refusal.deviation(&exchange.answer, pointers.as_ref()) else {
            return !exchange.is_server_error();
        };
        self.broke(
            exchange.step,
            deviation.class,
            deviation.standing,
            &refusal.place,
            format!("{what} {}", deviation.what),
            refusal.expect(),
        );
        if let Some(last) = self.breaches.last_mut() {
            last.subject = refusal.blamed().map(str::to_owned);
            last.told = deviation.told;
        }
        false
    }

    /// Holds an answer to an expected success.
    pub(crate) fn accepted(&mut self, exchange: &Exchange, acceptance: &Acceptance, what: &str) -> bool {
        self.expecting(exchange.step, acceptance.expect());
        let Some(deviation) = acceptance.deviation(&exchange.answer) else {
            return exchange.is_success();
        };
        self.broke(
            exchange.step,
            deviation.class,
            deviation.standing,
            &acceptance.place,
            format!("{what} {}", deviation.what),
            acceptance.expect(),
        );
        let pointers = self.atlas().rules().errors.as_ref().map(|errors| errors.pointers.field.clone());
        let blamed = pointers.and_then(|field| exchange.at(&field)?.as_str().map(str::to_owned));
        if let Some(last) = self.breaches.last_mut() {
            last.subject = blamed;
            last.told = deviation.told;
        }
        false
    }

    /// Holds an answer to an expected success that another law asks for.
    pub(crate) fn accepted_under(
        &mut self,
        law: &'static str,
        exchange: &Exchange,
        acceptance: &Acceptance,
        what: &str,
    ) -> bool {
        let own = std::mem::replace(&mut self.law, law);
        let fine = self.accepted(exchange, acceptance, what);
        self.law = own;
        let operation = self.operation.clone();
        if !self.judged.iter().any(|(known, on)| *known == law && *on == operation) {
            self.judged.push((law, operation));
        }
        fine
    }

    /// Tells that an answer breaks the law this probe is for.
    pub(crate) fn broke(
        &mut self,
        step: usize,
        class: &str,
        standing: Standing,
        place: &str,
        message: String,
        expect: Expect,
    ) {
        if let Some(step) = self.steps.get_mut(step) {
            step.expect = Some(expect.clone());
        }
        self.breaches.push(Breach {
            law: self.law,
            operation: self.operation.clone(),
            class: class.to_owned(),
            subject: None,
            told: None,
            standing,
            place: place.to_owned(),
            message,
            expect,
            step,
        });
    }

    /// The same, about one property of the answer.
    pub(crate) fn broke_at(
        &mut self,
        step: usize,
        subject: &str,
        standing: Standing,
        message: String,
        expect: Expect,
    ) {
        let place = self.place.clone();
        self.broke(step, "value", standing, &place, message, expect);
        if let Some(last) = self.breaches.last_mut() {
            last.subject = Some(subject.to_owned());
        }
    }

    /// Goes on only after a success; whether it should have been one is another law's matter.
    pub(crate) fn must(&mut self, exchange: &Exchange) -> Outcome {
        if exchange.is_success() {
            let status = exchange.status;
            self.expecting(exchange.step, Expect::status(status));
            return Ok(());
        }
        let name = exchange.call.op.as_ref().map_or_else(|| exchange.call.method.clone(), |op| op.id.clone());
        Err(Stop::NotJudged(format!("{name} answered {} on the way", exchange.status)))
    }

    /// Makes a row of the least body, under the shared owner.
    pub(crate) async fn make(&mut self, kin: &Kin) -> Result<Row, Stop> {
        self.make_with(kin, None, Map::new()).await
    }

    /// Makes a row under an owner of its own, the shared one where none is given, with some properties set.
    pub(crate) async fn make_with(
        &mut self,
        kin: &Kin,
        parent: Option<&Row>,
        fields: Map<String, Value>,
    ) -> Result<Row, Stop> {
        let call = self.making(kin, parent, fields)?;
        let exchange = self.send(call).await?;
        self.must(&exchange)?;
        self.row_of(kin, &exchange)
    }

    /// The call that makes a row.
    pub(crate) fn making(
        &self,
        kin: &Kin,
        parent: Option<&Row>,
        fields: Map<String, Value>,
    ) -> Result<Call, Stop> {
        let op =
            kin.create.as_ref().ok_or_else(|| Stop::NotJudged(format!("nothing makes {}", kin.one())))?;
        let mut call = self.aim_at(op)?;
        let mut body = self.body(op, Extent::Minimal)?.0;
        if let Some(parent) = parent {
            call = call.parent(&parent.id);
            for property in op.body.iter().flat_map(|body| body.schema.properties()) {
                if crate::atlas::reference(&property).is_some_and(|name| name == parent.kin.name) {
                    body.insert(property.name.clone(), Value::String(parent.id.clone()));
                }
            }
        }
        body.extend(fields);
        Ok(call.json(body))
    }

    /// The row that a create answered.
    pub(crate) fn row_of(&self, kin: &Kin, exchange: &Exchange) -> Result<Row, Stop> {
        let value = exchange.json.clone().unwrap_or_default();
        let id = kin
            .id_of(&value)
            .ok_or_else(|| Stop::NotJudged(format!("the new {} has no {}", kin.name, kin.identity.id)))?;
        let parent =
            kin.parent.as_ref().and_then(|parent| value.get(&parent.field)?.as_str().map(str::to_owned));
        Ok(Row {
            kin: kin.clone(),
            display: kin.display_of(&value),
            id,
            value,
            parent,
            made: self
                .steps
                .get(exchange.step)
                .cloned()
                .unwrap_or_else(|| Step::new(self.atlas(), exchange.call.clone(), &exchange.answer)),
        })
    }

    /// Reads a row by one of its ids.
    pub(crate) async fn read(&mut self, kin: &Kin, id: &str) -> Result<Exchange, Stop> {
        let op = kin.read.as_ref().ok_or_else(|| Stop::NotJudged(format!("nothing reads {}", kin.one())))?;
        self.send(Call::of(op).own(id)).await
    }

    /// What the pages of a list say of some rows: which of them are there, and how often.
    pub(crate) async fn find(&mut self, list: Call, wanted: &[&Row]) -> Result<Found, Stop> {
        crate::law::walk(self, list, wanted).await
    }
}

/// What a walk over a list found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Ids of wanted rows, in the order they came, repeats included.
    pub(crate) ids: Vec<String>,
    /// The wanted rows.
    pub(crate) rows: Vec<Value>,
    /// The step whose answer ended the walk.
    pub(crate) step: usize,
    /// The walk saw the end of the list, or rows older than all that were wanted.
    pub(crate) whole: bool,
}

/// A property an update can simply change: a plain text before anything else, the surer the better.
pub(crate) fn plain_property(atlas: &Atlas, op: &Op) -> Option<(String, Standing)> {
    let body = op.body.as_ref()?;
    let kin = atlas.kin_of(op);
    let rules = |name: &str| kin.and_then(|kin| kin.fields.get(name)).map(|field| &field.rules);
    let mut candidates: Vec<((Standing, u8), String)> = body
        .schema
        .properties()
        .into_iter()
        .filter(|property| {
            crate::atlas::reference(property).is_none()
                && rules(&property.name).is_none_or(|rules| {
                    rules.unique.is_none()
                        && rules.derived.is_none()
                        && rules.exclusive.is_none()
                        && rules.server_set.is_none()
                })
        })
        .map(|property| {
            let text = property.schema.admits_type("string")
                && property.schema.keyword("format").is_none()
                && property.schema.keyword("enum").is_none();
            let rank = match (text, property.is_nullable()) {
                (true, false) => 0,
                (true, true) => 1,
                (false, _) => 2,
            };
            ((crate::generate::presence(&property), rank), property.name)
        })
        .collect();
    candidates.sort_by_key(|(rank, _)| *rank);
    let ((standing, _), name) = candidates.into_iter().next()?;
    Some((name, standing))
}
