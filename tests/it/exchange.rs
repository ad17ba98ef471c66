//! Tests of the room `exchange`: pictures of small files, samples of real ones, laws, and hostile cells.

mod corpus;
pub(crate) mod deployment;
mod deployment_hostile;
mod hostile;
mod law;
mod lists;
mod picture;
mod samples;
mod threat_dragon;
