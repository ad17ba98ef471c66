//! Skipping over what cannot be read, to where reading can go on. It reports nothing.

use super::Parser;

impl Parser<'_> {
    /// Skips to the comma or closing bracket that ends a broken item.
    pub(super) fn skip_item(&mut self) {
        while let Some(c) = self.s.peek() {
            match c {
                b',' | b')' | b']' | b'}' => return,
                b'(' | b'[' | b'{' => {
                    self.s.at += 1;
                    self.skip_brackets();
                }
                _ => self.skip_one(c),
            }
        }
    }

    /// Skips to behind the bracket that closes the one just taken, however deep it goes.
    pub(super) fn skip_brackets(&mut self) {
        let mut depth = 1usize;
        while let (Some(c), true) = (self.s.peek(), depth > 0) {
            match c {
                b'(' | b'[' | b'{' => (depth, self.s.at) = (depth + 1, self.s.at + 1),
                b')' | b']' | b'}' => (depth, self.s.at) = (depth - 1, self.s.at + 1),
                _ => self.skip_one(c),
            }
        }
    }

    fn skip_one(&mut self, c: u8) {
        if c == b'"' {
            let start = self.s.at;
            if self.string().is_none() && self.s.at == start {
                self.s.at += 1;
            }
        } else if c == b'/' && matches!(self.s.source.as_bytes().get(self.s.at + 1), Some(b'/' | b'*')) {
            self.s.trivia();
        } else {
            self.s.at += self.s.rest().chars().next().map_or(1, char::len_utf8);
        }
    }
}
