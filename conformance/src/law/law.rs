//! What a law is.

use std::fmt;

use schemas::Standing;

use super::case::Case;
use crate::contract::{Api, Aspect};
use crate::judge::AnswerCheck;

/// What laws are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    Auth,
    Input,
    Conflict,
    Shape,
    State,
    Pages,
    Idempotency,
    Rate,
    Route,
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auth => "auth",
            Self::Input => "input",
            Self::Conflict => "conflict",
            Self::Shape => "shape",
            Self::State => "state",
            Self::Pages => "pages",
            Self::Idempotency => "idempotency",
            Self::Rate => "rate",
            Self::Route => "route",
        })
    }
}

/// Where the contract makes a statement, and how sure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) standing: Standing,
    /// A JSON pointer into the contract.
    pub(crate) place: String,
}

impl Statement {
    /// A statement at a place.
    pub(crate) fn new(standing: Standing, place: impl Into<String>) -> Self {
        Self { standing, place: place.into() }
    }
}

/// How a law is judged.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// By cases that send requests of their own: all of them, for a contract.
    Cases(fn(&Api) -> Vec<Case>),
    /// The same, where the seed decides which they are.
    SeededCases(fn(&Api, u64) -> Vec<Case>),
    /// On every answer that any case gets.
    EveryAnswer {
        /// When it has its turn among the laws on one answer.
        turn: AnswerTurn,
        /// Where the contract states it, if at all.
        stated: fn(&Api) -> Option<Statement>,
        /// Judges one answer.
        check: fn(&mut AnswerCheck<'_>),
    },
}

/// The order in which the laws on every answer are judged: what comes first is what a reader should see first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AnswerTurn {
    /// Whether the server works at all.
    Failure,
    /// What must not be in any answer.
    Leaks,
    /// The envelope of errors.
    Envelope,
    /// The content type.
    ContentType,
    /// The other headers.
    Headers,
    /// The body.
    Body,
    /// Parts of the body that must agree with each other.
    Agreement,
    /// What the answer says of the rate limit.
    RateLimit,
}

/// The part that a law plays where breaches are merged into findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// No special part.
    Plain,
    /// That plain valid requests are accepted: an operation that does not do even that breaks other laws with it.
    ValidRequest,
    /// That the server does not fail: nothing that follows a failure in the same story means much.
    ServerError,
    /// That every request is answered: like a failure of the server.
    Answered,
    /// That failures do not come and go.
    Stable,
    /// That rows do not vanish.
    Kept,
    /// That secrets stay inside: an answer that is wrong otherwise leaks all the same.
    Leak,
    /// That bodies fit their schemas.
    ResponseSchema,
    /// That one wrong part of a request is refused: what is accepted however wrong it is is one fault.
    Refusal,
    /// That a random sequence agrees with a model: it meets again what other laws say more plainly.
    Model,
}

impl Role {
    /// Whether a breach is that the server failed: nothing else that the answer shows means much.
    pub(crate) fn is_failure(self) -> bool {
        matches!(self, Self::ServerError | Self::Answered)
    }
}

/// Which findings are looked at first as the cause of others; the causes before what they bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precedence {
    /// The operation or the server does not work.
    Operation,
    /// Every answer is wrong.
    Answers,
    /// A rule that many laws build on does not hold.
    Foundation,
    /// A rule that some laws build on does not hold.
    Rule,
    /// Anything else.
    Detail,
}

/// Another law, and when a breach of this law explains a breach of that one: fixing the first may fix the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Explains {
    /// The id of the other law.
    pub(crate) law: &'static str,
    pub(crate) when: When,
}

/// When a breach explains another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum When {
    /// Both are on operations of one resource.
    SameResource,
    /// Wherever they are.
    Anywhere,
    /// Both are on one operation, and the other is that something wrong was accepted: it is not looked at.
    AcceptedThere,
    /// The same, where this breach has an aspect and both are about one property.
    AcceptedFor(Aspect),
}

impl Explains {
    /// Explains a law on operations of the same resource.
    pub(crate) const fn on_resource(law: &'static str) -> Self {
        Self { law, when: When::SameResource }
    }

    /// Explains a law everywhere.
    pub(crate) const fn anywhere(law: &'static str) -> Self {
        Self { law, when: When::Anywhere }
    }
}

/// One checkable statement. Each stands in a file of its own, with everything that belongs to it.
pub(crate) struct Law {
    /// Its stable name.
    pub(crate) id: &'static str,
    pub(crate) family: Family,
    /// What it says: a sentence without a full stop.
    pub(crate) says: &'static str,
    /// Why it matters and how it is judged.
    pub(crate) why: &'static str,
    pub(crate) check: Check,
    /// One operation's answer tells most about the others': further operations can wait.
    pub(crate) alike: bool,
    pub(crate) role: Role,
    pub(crate) precedence: Precedence,
    /// The laws whose breaches a breach of this one explains.
    pub(crate) explains: &'static [Explains],
}

impl Law {
    /// A law that is judged by cases. Use it as the rest of a literal that names the other fields.
    pub(crate) const fn by_cases(cases: fn(&Api) -> Vec<Case>) -> Self {
        Self::by(Check::Cases(cases))
    }

    /// A law that is judged by cases which follow from the seed. Use it as the rest of a literal that names the other fields.
    pub(crate) const fn by_seeded_cases(cases: fn(&Api, u64) -> Vec<Case>) -> Self {
        Self::by(Check::SeededCases(cases))
    }

    /// A law on every answer. Use it as the rest of a literal that names the other fields.
    pub(crate) const fn on_every_answer(
        turn: AnswerTurn,
        stated: fn(&Api) -> Option<Statement>,
        check: fn(&mut AnswerCheck<'_>),
    ) -> Self {
        Self::by(Check::EveryAnswer { turn, stated, check })
    }

    const fn by(check: Check) -> Self {
        Self {
            id: "",
            family: Family::Shape,
            says: "",
            why: "",
            check,
            alike: false,
            role: Role::Plain,
            precedence: Precedence::Detail,
            explains: &[],
        }
    }

    /// Every case of it on a contract; none for a law on every answer.
    pub(crate) fn cases(&self, api: &Api, seed: u64) -> Vec<Case> {
        match self.check {
            Check::Cases(cases) => cases(api),
            Check::SeededCases(cases) => cases(api, seed),
            Check::EveryAnswer { .. } => Vec::new(),
        }
    }

    /// Where a law on every answer is stated; `None` also for a law that is judged by cases.
    pub(crate) fn stated(&self, api: &Api) -> Option<Statement> {
        match self.check {
            Check::Cases(_) | Check::SeededCases(_) => None,
            Check::EveryAnswer { stated, .. } => stated(api),
        }
    }

    /// Whether every answer is held to it.
    pub(crate) fn is_on_every_answer(&self) -> bool {
        matches!(self.check, Check::EveryAnswer { .. })
    }
}

impl fmt::Debug for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}
