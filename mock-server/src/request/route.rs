//! From method and path to an operation.

use schemas::{Contract, Method};

use super::parameters::decode_path;

/// A path of the contract.
#[derive(Debug)]
struct Item {
    /// Positions in the contract's operations, by method.
    operations: Vec<(Method, usize)>,
    names: Vec<String>,
}

/// What stands at a path.
#[derive(Debug)]
pub(crate) enum Found {
    /// An operation, by its position in the contract, with its path parameters, decoded. HEAD finds a GET.
    Operation { index: usize, path: Vec<(String, String)> },
    /// The path takes other methods: `GET, HEAD`.
    OtherMethods(String),
    /// No path of the contract.
    Nothing,
}

/// Finds operations.
#[derive(Debug)]
pub(crate) struct Router {
    base: String,
    paths: matchit::Router<usize>,
    items: Vec<Item>,
}

impl Router {
    /// A router for every path of the contract, below its base path. A path that matches the same requests as another is an
    /// error with its reason.
    pub(crate) fn new(contract: &Contract) -> Result<Self, String> {
        let mut router =
            Self { base: contract.base_path().to_owned(), paths: matchit::Router::new(), items: Vec::new() };
        let mut known: Vec<(String, usize)> = Vec::new();
        for (index, operation) in contract.operations().iter().enumerate() {
            let path = operation.path.as_str();
            let item = if let Some((_, item)) = known.iter().find(|(other, _)| other == path) {
                *item
            } else {
                let item = router.items.len();
                let names: Vec<String> = operation.path.parameters().map(str::to_owned).collect();
                router.paths.insert(positional(path), item).map_err(|error| {
                    format!("the path {path} cannot be served beside the others: {error}")
                })?;
                router.items.push(Item { operations: Vec::new(), names });
                known.push((path.to_owned(), item));
                item
            };
            if let Some(item) = router.items.get_mut(item) {
                item.operations.push((operation.method, index));
            }
        }
        Ok(router)
    }

    /// What stands at a path as the wire carries it.
    pub(crate) fn find(&self, method: &str, path: &str) -> Found {
        let Some(relative) =
            path.strip_prefix(&self.base).filter(|rest| rest.starts_with('/') || rest.is_empty())
        else {
            return Found::Nothing;
        };
        let relative = if relative.is_empty() { "/" } else { relative };
        let Ok(matched) = self.paths.at(relative) else {
            return Found::Nothing;
        };
        let Some(item) = self.items.get(*matched.value) else {
            return Found::Nothing;
        };
        let find = |wanted: Method| {
            item.operations.iter().find(|(known, _)| *known == wanted).map(|(_, index)| *index)
        };
        let wanted = Method::parse(method);
        let read = || find(Method::Get).filter(|_| wanted == Some(Method::Head));
        let Some(index) = wanted.and_then(find).or_else(read) else {
            return Found::OtherMethods(allow(item));
        };
        let values = matched.params.iter().map(|(_, value)| decode_path(value));
        Found::Operation { index, path: item.names.iter().cloned().zip(values).collect() }
    }

    /// The path below which everything is served.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }
}

fn allow(item: &Item) -> String {
    let mut methods: Vec<&str> = item.operations.iter().map(|(method, _)| method.as_str()).collect();
    if methods.contains(&"GET") && !methods.contains(&"HEAD") {
        methods.push("HEAD");
    }
    if !methods.contains(&"OPTIONS") {
        methods.push("OPTIONS");
    }
    methods.join(", ")
}

/// Parameters named by position: two paths may call the same one differently.
fn positional(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    let mut count = 0;
    while let Some((before, after)) = rest.split_once('{') {
        let (_, tail) = after.split_once('}').unwrap_or((after, ""));
        result.push_str(before);
        result.extend(["{p", &count.to_string(), "}"]);
        count += 1;
        rest = tail;
    }
    result.push_str(rest);
    result
}
