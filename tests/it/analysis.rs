//! What the rules say about whole models, joined with the register.

mod bare;
mod coverage;
mod explain;
mod filter;
mod identity;
mod laws;
mod live;
mod register;
mod score;
mod whatif;
