//! What a reviewer and a CI job see of a model's history.

mod diff;
