//! Between tree and model: one table of fields per record, by which both reading and writing go, so that nothing can
//! be read that is not written. It checks shapes and words; what they mean together is for `validate`.

mod reader;
mod record;
mod records;
mod scalar;
mod shelf;
mod special;

pub(crate) use reader::{Reader, suggest};
pub(crate) use record::{FieldWriter, Record, Value, line};
pub(crate) use records::model;
pub(crate) use shelf::{Notes, Out};
