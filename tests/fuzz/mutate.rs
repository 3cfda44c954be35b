//! Changes of seeds, the same ones in every run.
//! Knows no check.

/// Pieces that mean something to some target.
const WORDS: [&[u8]; 44] = [
    b" and ",
    b" or ",
    b"not (",
    b"(",
    b")",
    b"[",
    b"]",
    b"[type eq \"work\"]",
    b".value",
    b" eq ",
    b" ne ",
    b" co ",
    b" gt ",
    b" pr",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\0",
    b"\xff",
    "é".as_bytes(),
    b"null",
    b"true",
    b"{}",
    b"[]",
    b",",
    b":",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"0.1",
    b"emails",
    b"members",
    b"urn:ietf:params:scim:schemas:core:2.0:User",
    b"{\"op\":\"remove\",\"path\":\"emails\"}",
    b"\"value\":",
    b"\"op\":\"add\"",
    b"\"primary\":true",
    b"bulkId:1",
    b"$ref",
    b"%00",
    b"\n%%\n",
    b"DELETE /Users/ada\n\n",
    b"If-Match: *\n",
    b"meta.lastModified",
];

/// Gives changed seeds without end.
pub struct Mutator<'a> {
    seeds: &'a [Vec<u8>],
    state: u64,
}

impl<'a> Mutator<'a> {
    pub fn new(seeds: &'a [Vec<u8>]) -> Self {
        Self { seeds, state: 2644 }
    }

    /// SplitMix64.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where there is none.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.random() % end.max(1) as u64).unwrap_or_default()
    }

    fn seed(&mut self) -> &'a [u8] {
        let at = self.below(self.seeds.len());
        self.seeds.get(at).map_or(&[], Vec::as_slice)
    }

    /// Two places, the first not behind the second.
    fn range(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let (one, other) = (self.below(bytes.len() + 1), self.below(bytes.len() + 1));
        one.min(other)..one.max(other)
    }

    /// A seed with one to four changes.
    pub fn next(&mut self) -> Vec<u8> {
        let mut bytes = self.seed().to_vec();
        for _ in 0..=self.below(4) {
            self.change(&mut bytes);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        match self.below(7) {
            0 => {
                let (bit, at) = (self.below(8), self.below(bytes.len()));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            1 => {
                let short = self.range(bytes);
                let end = short.end.min(short.start + 40);
                bytes.drain(short.start..end);
            }
            2 => {
                let part = self.range(bytes);
                let copy = bytes[part].to_vec();
                bytes.splice(at..at, copy);
            }
            3 => {
                let other = self.seed();
                let part = self.range(other);
                bytes.splice(at..at, other[part].to_vec());
            }
            4 => bytes.truncate(at),
            _ => {
                let word = WORDS[self.below(WORDS.len())];
                bytes.splice(at..at, word.to_vec());
            }
        }
    }
}
