//! The laws of three-valued logic, over all of its values.

use sconce::rules::truth::Truth::{self, False, True, Unknown};

const ALL: [Truth; 3] = [False, Unknown, True];

#[test]
fn kleenes_laws_hold() {
    for a in ALL {
        assert_eq!(!!a, a);
        assert_eq!((a.and(True), a.or(False)), (a, a));
        assert_eq!((a.and(False), a.or(True)), (False, True));
        for b in ALL {
            assert_eq!((a.and(b), a.or(b)), (b.and(a), b.or(a)));
            assert_eq!(!a.and(b), (!a).or(!b));
            for c in ALL {
                assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
                assert_eq!(a.and(b.and(c)), a.and(b).and(c));
            }
        }
    }
    assert_eq!(Unknown.or(!Unknown), Unknown, "not even the excluded third");
}

/// Taking what is unknown one way or the other never contradicts an answer that was certain before.
#[test]
fn an_answer_never_contradicts() {
    let ways = |t: Truth| match t {
        Unknown => vec![False, True],
        known => vec![known],
    };
    for a in ALL {
        for b in ALL {
            for (x, y) in ways(a).into_iter().flat_map(|x| ways(b).into_iter().map(move |y| (x, y))) {
                for (before, after) in [(a.and(b), x.and(y)), (a.or(b), x.or(y))] {
                    assert!(before == Unknown || before == after, "{a:?} {b:?}");
                }
                let count = |p, q| Truth::at_least(2, [p, q, True].into_iter());
                assert!(count(a, b) == Unknown || count(a, b) == count(x, y));
            }
        }
    }
}
