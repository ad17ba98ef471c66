//! Reading the RON data files of this room into their types. It checks the text, not what it says.

use ron::Options;
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

/// Reads a RON text in which `Some` and the inner parentheses of one-field variants may be left out. The message has
/// line and column.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let extensions = Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES;
    Options::default().with_default_extension(extensions).from_str(text).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::rules::language::Rule;

    #[test]
    fn a_rule_reads() {
        let rule: Result<Rule, _> = read(include_str!("../../assets/rules/core/core.d.no-rate-limit.ron"));
        assert_eq!(rule.map(|r| r.id), Ok("core.d.no-rate-limit".to_owned()));
    }
}
