//! Unsigned events, one an append, from many tasks at once, into a running UmaDB: what a ledger's signed
//! submissions are compared with. Each task waits for its acknowledgement before it appends again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use umadb_client::UmaDbClient;
use umadb_dcb::{DcbEvent, DcbEventStoreAsync as _};
use uuid::Uuid;

// The same arithmetic and the same table as for our own server; not all of it is used here.
#[allow(dead_code)]
#[path = "../../src/measure.rs"]
mod measure;

use measure::{Samples, print_table};

/// Append to a running UmaDB, and measure
#[derive(Debug, Parser)]
struct Args {
    /// The server
    #[arg(long, default_value = "http://127.0.0.1:50051")]
    url: String,
    /// Appends at any moment
    #[arg(long, default_value_t = 64)]
    tasks: usize,
    /// gRPC connections that they share; one for each task where it is left out
    #[arg(long)]
    connections: Option<usize>,
    /// How long to measure
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// How long to append before that
    #[arg(long, default_value_t = 1.0)]
    warm_up: f64,
    /// Bytes of an event's data
    #[arg(long, default_value_t = 1024)]
    bytes: usize,
    /// Tags of an event, which the server keeps an index of; those of a task are its own
    #[arg(long, default_value_t = 1)]
    tags: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let args = Args::parse();
    let connections = args.connections.unwrap_or(args.tasks).max(1);
    let mut clients = Vec::new();
    for _ in 0..connections {
        let client = UmaDbClient::new(args.url.clone()).connect_async().await?;
        clients.push(Arc::new(client));
    }
    let from = Instant::now() + Duration::from_secs_f64(args.warm_up);
    let until = from + Duration::from_secs_f64(args.seconds);
    let tasks: Vec<_> = (0..args.tasks)
        .map(|task| {
            let client = clients[task % connections].clone();
            let data = vec![b'x'; args.bytes];
            let tags: Vec<String> = (0..args.tags).map(|tag| format!("t{tag}:{task}")).collect();
            tokio::spawn(async move {
                let mut samples = Samples::default();
                loop {
                    let event = DcbEvent::default()
                        .event_type("ActionProgressReported")
                        .tags(tags.clone())
                        .data(data.clone())
                        .uuid(Uuid::new_v4());
                    let begun = Instant::now();
                    if begun >= until {
                        return samples;
                    }
                    let result = client.append(vec![event], None, None).await;
                    if begun >= from {
                        match result {
                            Ok(_) => samples.latencies.push(begun.elapsed()),
                            Err(error) => samples.failed("append", || error.to_string()),
                        }
                    }
                }
            })
        })
        .collect();
    let mut all = Samples::default();
    for task in tasks {
        all.add(task.await?);
    }
    let summary = all.summary(from.elapsed().as_secs_f64(), 1);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        print_table(&[("UmaDB", &summary)]);
    }
    Ok(())
}
