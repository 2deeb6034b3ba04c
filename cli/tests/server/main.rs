//! The server as strangers, officers and accidents meet it: the real program, over the network.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;
mod crash;
mod ending;
mod hostile;
mod http;
mod idle;
mod office;
mod privacy;
mod served;
mod signing;
