//! A team's own rules on the screen: what the team changed is said with its reason, and what it asks can be answered.

use insta::assert_snapshot;
use sconce::model::Date;
use sconce::tui::Theme;
use sconce::tui::state::{Look, State};
use sconce::workbench::{Sitting, Workbench, knowledge_of};

use super::{draw, picture, press};

#[test]
fn what_the_team_changed_is_said_and_its_question_can_be_answered() {
    let sandbox = crate::cli::team::team();
    let path = sandbox.path("shop.tm.ron");
    let sitting = Sitting { who: "ana".to_owned(), today: Date::constant(2026, 11, 23) };
    let bench = Workbench::open(&path, knowledge_of(&path).unwrap(), sitting).unwrap();
    let look = Look { theme: Theme::Mono, ..Look::default() };
    let mut state = State::new(bench, (100, 30), look);
    press(&mut state, "2");
    assert_snapshot!("team_threat", picture(&draw(&state)));
    press(&mut state, "1 Q end");
    assert_snapshot!("team_question", picture(&draw(&state)));
    let raised = |state: &State| state.bench.analysis().threats.iter().any(|t| t.key.rule() == "acme.d.no-on-call");
    assert!(!raised(&state));
    press(&mut state, "enter 'absent' enter");
    assert!(raised(&state), "{}", picture(&draw(&state)));
}
