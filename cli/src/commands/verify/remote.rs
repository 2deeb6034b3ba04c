//! Checking the ledgers of a server: everything that it gives is fetched, and audited as a bundle is.

use minutebook_client::{Address, Copy};

use super::super::Context;
use super::{Args, Checked, Trust, audit};
use crate::failure::Failure;
use crate::remote::{Remote, client};

/// Checks the ledger that is named, or every ledger of the server at `address`.
///
/// # Errors
/// Where the server cannot be reached, or a ledger's checkpoint is not signed with the key.
pub fn run(address: &str, args: &Args, context: &Context) -> Result<Vec<Checked>, Failure> {
    let (base, named) = Address::parse_ledger(address)?;
    let names = match context.ledger.clone().or(named) {
        Some(name) => vec![name],
        None => {
            let ledgers = client(base.clone(), context)?.ledgers()?;
            ledgers.into_iter().map(|one| one.name).collect()
        }
    };
    if names.len() > 1 && (context.vkey.is_some() || args.sign_in.key.is_some()) {
        return Err(Failure::usage(
            format!("{address} has several ledgers, each with keys of its own"),
            "name the one that the key belongs to with --ledger",
        ));
    }
    names
        .into_iter()
        .map(|name| {
            let one = Context {
                ledger: Some(name),
                ..context.clone()
            };
            ledger(base.as_str(), args, &one)
        })
        .collect()
}

fn ledger(server: &str, args: &Args, context: &Context) -> Result<Checked, Failure> {
    let remote = Remote::reading(server, &args.sign_in, context)?;
    let (vkey, trust) = match &context.vkey {
        Some(vkey) => (vkey.clone(), Trust::Given),
        None => (remote.ledger.about()?.vkey, Trust::OfTheCopy),
    };
    let copy = Copy::open(remote.ledger.clone(), &vkey)?;
    let name = remote.ledger.name().to_owned();
    Ok(audit(name, &copy, vkey, trust, context))
}
