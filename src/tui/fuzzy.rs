//! Finding rows by typing parts of their words. It ranks; it does not highlight.

/// How well a text fits what was typed, greater is better; `None` when it does not. Every word typed must be found:
/// as a beginning of a word, else inside one, else as letters in order.
pub(crate) fn score(typed: &str, text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let typed = typed.to_lowercase();
    typed.split_whitespace().map(|word| score_word(word, &text)).sum()
}

fn score_word(word: &str, text: &str) -> Option<u32> {
    if let Some(at) = text.find(word) {
        let starts = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let early = 20_u32.saturating_sub(u32::try_from(at).unwrap_or(20));
        return Some(if starts { 100 + early } else { 50 + early });
    }
    // Several of a thing find the one.
    if let Some(one) = word.strip_suffix('s').filter(|one| one.len() > 2 && text.contains(one)) {
        return score_word(one, text);
    }
    let mut rest = text.chars();
    let in_order = word.chars().all(|c| rest.any(|t| t == c));
    in_order.then_some(1)
}

/// The rows that fit, best first; equally good ones keep their order.
pub(crate) fn rank<'a>(typed: &str, rows: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut found: Vec<(u32, usize)> = rows.enumerate().filter_map(|(n, row)| Some((score(typed, row)?, n))).collect();
    found.sort_by_key(|(score, n)| (std::cmp::Reverse(*score), *n));
    let best = found.first().map_or(0, |(s, _)| *s);
    found.into_iter().filter(|(s, _)| best < 50 || *s > 1).map(|(_, n)| n).collect()
}
