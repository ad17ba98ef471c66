//! STRIDE knowledge as data: rules, the vocabulary they read, the mitigations they name, and what it all says about a
//! model. It records nothing and decides nothing: joining outcomes with the register is `analysis`.

pub mod language;
pub mod load;
