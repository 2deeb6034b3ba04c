//! What was measured: how many, how fast, how slow at worst, and what failed.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// What one task saw, to be added up.
#[derive(Debug, Default)]
pub struct Samples {
    /// How long each request that succeeded took.
    pub latencies: Vec<Duration>,
    /// Bytes of the bodies that came with them.
    pub bytes: u64,
    /// Requests that failed, by status, or `connection`.
    pub errors: BTreeMap<String, u64>,
    /// What the first failure said.
    pub first_error: Option<String>,
}

impl Samples {
    /// Counts a failure.
    pub fn failed(&mut self, status: &str, said: impl FnOnce() -> String) {
        *self.errors.entry(status.to_owned()).or_default() += 1;
        self.first_error.get_or_insert_with(said);
    }

    /// Takes in what another task saw.
    pub fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.bytes += other.bytes;
        for (status, count) in other.errors {
            *self.errors.entry(status).or_default() += count;
        }
        if let Some(said) = other.first_error {
            self.first_error.get_or_insert(said);
        }
    }

    /// The figures of `seconds` of measuring, in which each request stood for `weight` things.
    pub fn summary(mut self, seconds: f64, weight: u64) -> Summary {
        self.latencies.sort_unstable();
        let count = self.latencies.len() as u64;
        Summary {
            requests: count,
            seconds,
            requests_per_second: count as f64 / seconds,
            things_per_second: (count * weight) as f64 / seconds,
            bytes_per_answer: self.bytes.checked_div(count).unwrap_or_default(),
            p50_ms: milliseconds(percentile(&self.latencies, 50.0)),
            p90_ms: milliseconds(percentile(&self.latencies, 90.0)),
            p99_ms: milliseconds(percentile(&self.latencies, 99.0)),
            max_ms: milliseconds(self.latencies.last().copied().unwrap_or_default()),
            errors: self.errors,
            first_error: self.first_error,
        }
    }
}

/// The figures of one measurement. Latencies are those of the requests that succeeded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Requests that succeeded.
    pub requests: u64,
    /// From the first request counted to the last answer.
    pub seconds: f64,
    /// Successes a second.
    pub requests_per_second: f64,
    /// The same in statements, where a request carries several.
    pub things_per_second: f64,
    /// The mean length of a body.
    pub bytes_per_answer: u64,
    /// Median.
    pub p50_ms: f64,
    /// 90th percentile.
    pub p90_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
    /// The slowest.
    pub max_ms: f64,
    /// Failures by status.
    pub errors: BTreeMap<String, u64>,
    /// What the first failure said.
    pub first_error: Option<String>,
}

impl Summary {
    /// The failures in one line.
    pub fn errors(&self) -> String {
        if self.errors.is_empty() {
            return "none".into();
        }
        let counts: Vec<String> = self
            .errors
            .iter()
            .map(|(status, count)| format!("{count} x {status}"))
            .collect();
        let said = self.first_error.as_deref().unwrap_or_default();
        format!("{}; the first: {said}", counts.join(", "))
    }
}

/// The nearest-rank percentile of `sorted`: the smallest value that at least `percent` of all values do
/// not exceed. Zero where there are none.
pub fn percentile(sorted: &[Duration], percent: f64) -> Duration {
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    let at = rank.clamp(1, sorted.len().max(1)) - 1;
    sorted.get(at).copied().unwrap_or_default()
}

/// Prints named measurements side by side.
pub fn print_table(columns: &[(&str, &Summary)]) {
    type Cell = fn(&Summary) -> String;
    let rows: [(&str, Cell); 9] = [
        ("requests", |s| s.requests.to_string()),
        ("seconds", |s| format!("{:.2}", s.seconds)),
        ("requests a second", |s| {
            format!("{:.0}", s.requests_per_second)
        }),
        ("things a second", |s| format!("{:.0}", s.things_per_second)),
        ("bytes an answer", |s| s.bytes_per_answer.to_string()),
        ("p50, ms", |s| format!("{:.3}", s.p50_ms)),
        ("p90, ms", |s| format!("{:.3}", s.p90_ms)),
        ("p99, ms", |s| format!("{:.3}", s.p99_ms)),
        ("max, ms", |s| format!("{:.3}", s.max_ms)),
    ];
    print!("{:20}", "");
    for (name, _) in columns {
        print!("{name:>16}");
    }
    println!();
    for (name, cell) in rows {
        print!("{name:20}");
        for (_, summary) in columns {
            print!("{:>16}", cell(summary));
        }
        println!();
    }
    for (name, summary) in columns {
        println!("errors of {name}: {}", summary.errors());
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(values: impl IntoIterator<Item = u64>) -> Vec<Duration> {
        values.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn percentiles_are_values_that_were_seen() {
        let hundred = millis(1..=100);
        for (percent, expected) in [(0.0, 1), (1.0, 1), (50.0, 50), (99.0, 99), (100.0, 100)] {
            let found = percentile(&hundred, percent);
            assert_eq!(found, Duration::from_millis(expected), "{percent}");
        }
        // 50 % of four values are two of them; 51 % need the third.
        let four = millis([10, 20, 30, 40]);
        assert_eq!(percentile(&four, 50.0), Duration::from_millis(20));
        assert_eq!(percentile(&four, 51.0), Duration::from_millis(30));
        assert_eq!(percentile(&four, 99.0), Duration::from_millis(40));
    }

    #[test]
    fn percentiles_of_one_and_of_nothing() {
        assert_eq!(percentile(&millis([7]), 99.0), Duration::from_millis(7));
        assert_eq!(percentile(&[], 50.0), Duration::ZERO);
    }

    #[test]
    fn tasks_add_up() {
        let mut all = Samples {
            latencies: millis([30, 10]),
            bytes: 200,
            ..Samples::default()
        };
        let mut other = Samples {
            latencies: millis([20]),
            bytes: 100,
            ..Samples::default()
        };
        other.failed("409", || "a repeat".into());
        other.failed("409", || "another".into());
        all.failed("503", || "too busy".into());
        all.add(other);
        let summary = all.summary(2.0, 100);
        assert_eq!(summary.requests, 3);
        assert_eq!(summary.requests_per_second, 1.5);
        assert_eq!(summary.things_per_second, 150.0);
        assert_eq!(summary.bytes_per_answer, 100);
        assert_eq!((summary.p50_ms, summary.max_ms), (20.0, 30.0));
        assert_eq!(summary.errors(), "2 x 409, 1 x 503; the first: too busy");
    }

    #[test]
    fn nothing_measured_is_no_division_by_zero() {
        let summary = Samples::default().summary(1.0, 1);
        assert_eq!((summary.requests, summary.bytes_per_answer), (0, 0));
        assert_eq!(summary.errors(), "none");
    }
}
