//! STRIDE knowledge as data: rules, the vocabulary they read, the mitigations they name, and what it all says about a
//! model. It records nothing and decides nothing: joining outcomes with the register is `analysis`.

mod builtin;
mod catalogue;
pub mod check;
mod closing;
pub mod engine;
pub mod eval;
pub mod fill;
mod knowledge;
pub mod language;
mod mutate;
pub mod phrase;
pub mod prove;
pub mod risk;
mod rubric;
pub mod said;
pub mod silence;
pub mod sketch;
pub mod team;
pub mod truth;

pub use catalogue::{Catalogue, about};
pub use closing::Spot;
pub use knowledge::{Effort, Knowledge, MitigationRecord};
pub use rubric::{Rubric, Rubrics, USUAL};
