//! How soon faults are found: planted faults against requests.

use serde::Serialize;

use super::trial::{Kind, SelfTest};

/// Requests that the area is taken over: a usual budget.
const WITHIN: usize = 600;
/// Requests at which the table tells how many faults are found.
const MARKS: [usize; 8] = [50, 100, 150, 200, 300, 600, 1_000, 1_500];

/// How many planted faults are found within how many requests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// Faults that were planted.
    pub faults: usize,
    /// Requests that the area is taken over.
    pub within: usize,
    /// The share of faults that is found by then, averaged over these requests: 1 where each is found by the first.
    pub area: f64,
    /// Where it rises, in order of requests.
    pub points: Vec<CurvePoint>,
}

/// How many faults are found within so many requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CurvePoint {
    /// Requests.
    pub requests: usize,
    /// Faults that are found by then.
    pub found: usize,
}

impl Curve {
    /// The curve of a test. What a note finds is left out: nobody promised it, and it is tried last.
    pub fn of(test: &SelfTest) -> Self {
        let faults = test.outcomes.iter().filter(|outcome| outcome.kind == Kind::Fault && !outcome.note);
        let all = faults.clone().count();
        Self::new(all, faults.filter(|outcome| outcome.right).map(|outcome| outcome.requests).collect())
    }

    fn new(faults: usize, mut requests: Vec<usize>) -> Self {
        requests.sort_unstable();
        let mut points: Vec<CurvePoint> = Vec::new();
        for (index, requests) in requests.iter().copied().enumerate() {
            match points.last_mut().filter(|point| point.requests == requests) {
                Some(point) => point.found = index + 1,
                None => points.push(CurvePoint { requests, found: index + 1 }),
            }
        }
        let gained: usize = requests.iter().map(|requests| WITHIN.saturating_sub(*requests)).sum();
        let area = ratio(gained, WITHIN * faults.max(1));
        Self { faults, within: WITHIN, area, points }
    }

    /// How many faults are found within so many requests.
    pub fn found_within(&self, requests: usize) -> usize {
        let by_then = self.points.iter().take_while(|point| point.requests <= requests);
        by_then.last().map_or(0, |point| point.found)
    }

    /// What is found within some budgets, from small to large.
    pub fn marks(&self) -> impl Iterator<Item = CurvePoint> {
        MARKS.into_iter().map(|requests| CurvePoint { requests, found: self.found_within(requests) })
    }
}

fn ratio(one: usize, other: usize) -> f64 {
    let number = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    number(one) / number(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_what_is_found_and_how_soon() {
        let close = |requests: Vec<usize>, area: f64| {
            let curve = Curve::new(2, requests);
            assert!((curve.area - area).abs() < 1e-9, "{curve:?}");
        };
        close(vec![0, 0], 1.0);
        close(vec![300, 300], 0.5);
        close(vec![0], 0.5);
        close(vec![600, 2_000], 0.0);
        close(vec![], 0.0);
    }

    #[test]
    fn points_stand_where_faults_are_found() {
        let curve = Curve::new(4, vec![30, 10, 30]);
        let points: Vec<_> = curve.points.iter().map(|point| (point.requests, point.found)).collect();
        assert_eq!(points, [(10, 1), (30, 3)]);
        assert_eq!((curve.found_within(9), curve.found_within(29), curve.found_within(30)), (0, 1, 3));
    }
}
