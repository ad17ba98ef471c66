//! What a reviewer and a CI job need, as they see it.

mod gate;
