//! Likelihood and impact of a raised threat, as the rule and the rubric say. Decisions do not count here.

use super::Knowledge;
use super::engine::Raised;
use super::eval::{Ctx, Evaluator};
use super::language::{Impact, Lane, Need, Rule};
use super::rubric::{Rubric, Rubrics};
use crate::model::{Severity, SubjectKind, Thing};

/// How bad a threat is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// How likely now, controls counted, 1-4.
    pub likelihood: u8,
    /// How much harm, 1-4.
    pub impact: u8,
    /// The severity of the two.
    pub severity: Severity,
    /// The severity without any control and without whatever makes it less likely.
    pub inherent: Severity,
    /// Whether the class of the data was unknown.
    pub assumed: bool,
}

/// A step of the reckoning, put into words by whoever wants to read it.
type Step<'s> = dyn Fn(&Knowledge) -> String + 's;

/// Rates a threat by the rubric that its model names.
pub fn rate<'a>(evaluator: &mut Evaluator<'a>, rubrics: &Rubrics, raised: &Raised<'a>) -> Rating {
    reckon(evaluator, pinned(evaluator, rubrics), raised, &mut |_| ())
}

/// The steps of the reckoning, as sentences.
pub fn steps<'a>(evaluator: &mut Evaluator<'a>, knowledge: &Knowledge, raised: &Raised<'a>) -> Vec<String> {
    let mut steps = Vec::new();
    let rubric = pinned(evaluator, &knowledge.rubric);
    reckon(evaluator, rubric, raised, &mut |step| steps.push(step(knowledge)));
    steps
}

fn pinned<'r>(evaluator: &Evaluator<'_>, rubrics: &'r Rubrics) -> &'r Rubric {
    rubrics.of(evaluator.index.model.system.rubric.as_deref())
}

/// Likelihood and impact that a rule starts from at a subject, before anything makes them more or less: what an
/// undecided rule weighs.
pub fn expected(evaluator: &Evaluator<'_>, rubrics: &Rubrics, rule: &Rule, at: Ctx) -> (u8, u8) {
    let impact = base(evaluator, pinned(evaluator, rubrics), rule, at).0;
    (rule.risk.likelihood, impact)
}

/// The severity of a likelihood and an impact by the rubric that the model names.
pub fn severity(evaluator: &Evaluator<'_>, rubrics: &Rubrics, likelihood: u8, impact: u8) -> Severity {
    pinned(evaluator, rubrics).severity(likelihood, impact)
}

/// The impact that a rule starts from, and whether the class of the data had to be assumed for it.
fn base(evaluator: &Evaluator<'_>, rubric: &Rubric, rule: &Rule, at: Ctx) -> (u8, bool) {
    match &rule.risk.impact {
        Impact::Fixed(impact) => (*impact, false),
        Impact::FromData { of, at_least } => {
            let (impact, assumed) = impact_of_data(evaluator, rubric, of, at);
            (impact.max(*at_least), assumed && impact > *at_least)
        }
    }
}

/// Rates a threat and tells every step to somebody who may want to know it.
fn reckon<'a>(
    evaluator: &mut Evaluator<'a>,
    rubric: &Rubric,
    raised: &Raised<'a>,
    tell: &mut dyn FnMut(&Step<'_>),
) -> Rating {
    let risk = &raised.rule.risk;
    let (base, assumed) = base(evaluator, rubric, raised.rule, raised.ctx());
    tell(&|_| format!("the rule starts at likelihood {} and impact {base}", risk.likelihood));
    if assumed {
        tell(&|_| format!("the class of the data is not stated, so impact {} is assumed", rubric.unknown_data()));
    }
    let (mut up, mut down, mut impact_up, mut impact_down) = (0_u8, 0_u8, 0_u8, 0_u8);
    for adjust in &risk.adjust {
        if evaluator.eval(&adjust.when, raised.ctx()).is_true() {
            for (what, by) in [("likelihood", adjust.likelihood), ("impact", adjust.impact)] {
                if by != 0 {
                    tell(&|knowledge| {
                        format!("{what} {by:+}, because {}", super::phrase::phrase(&adjust.when, knowledge))
                    });
                }
            }
            up = up.saturating_add(adjust.likelihood.max(0).unsigned_abs());
            down = down.saturating_add(adjust.likelihood.min(0).unsigned_abs());
            impact_up = impact_up.saturating_add(adjust.impact.max(0).unsigned_abs());
            impact_down = impact_down.saturating_add(adjust.impact.min(0).unsigned_abs());
        }
    }
    let most = rubric.max_step();
    let step = |base: u8, up: u8, down: u8| (base + up.min(most)).saturating_sub(down.min(most)).clamp(1, 4);
    let impact = step(base, impact_up, impact_down);
    let mut likelihood = step(risk.likelihood, up, down);
    let worst = step(risk.likelihood, up, 0);
    if raised.mitigated {
        likelihood = likelihood.min(rubric.mitigated_likelihood());
        tell(&|_| format!("likelihood {likelihood}, because the control is there"));
    } else if raised.partly {
        likelihood = likelihood.saturating_sub(rubric.partial_step()).max(1);
        tell(&|_| format!("likelihood -{}, because the control is there in part", rubric.partial_step()));
    }
    let rated = |likelihood: u8| match raised.rule.lane {
        Lane::Threat => rubric.severity(likelihood, impact),
        _ => Severity::Low,
    };
    let (severity, inherent) = (rated(likelihood), rated(worst));
    tell(&|_| format!("{} make {}", labelled(rubric, likelihood, impact), named(rubric, likelihood, impact, severity)));
    if worst > likelihood {
        let make = named(rubric, worst, impact, inherent);
        tell(&|_| format!("without what makes it less: {} make {make}", labelled(rubric, worst, impact)));
    }
    Rating { likelihood, impact, severity, inherent, assumed }
}

/// A likelihood and an impact, each with the rubric's word for it.
fn labelled(rubric: &Rubric, likelihood: u8, impact: u8) -> String {
    let [likely, harm] = rubric.labels(likelihood, impact);
    format!("likelihood {likelihood} ({likely}) and impact {impact} ({harm})")
}

/// A severity, with the rubric's own word where that is another one.
fn named(rubric: &Rubric, likelihood: u8, impact: u8, severity: Severity) -> String {
    let word = rubric.word(likelihood, impact);
    if severity != rubric.severity(likelihood, impact) {
        format!("{severity}, as hygiene always is")
    } else if word == severity.name() {
        severity.to_string()
    } else {
        format!("{severity}, which the {} rubric calls {word}", rubric.name())
    }
}

/// The greatest impact of the data involved, and whether a class that is not stated could make it greater.
fn impact_of_data(evaluator: &Evaluator<'_>, rubric: &Rubric, needs: &[Need], at: Ctx) -> (u8, bool) {
    let Ctx { nr, each } = at;
    let is_asset = |nr: &usize| evaluator.index.kind(*nr) == SubjectKind::Asset;
    let (assets, complete) = match each.filter(is_asset).or(Some(nr).filter(is_asset)) {
        Some(asset) => (std::rc::Rc::from([asset]), true),
        None => evaluator.handled(nr),
    };
    let mut known: Option<u8> = None;
    let mut open = !complete;
    for asset in assets.iter().copied() {
        let Some(Thing::Asset(asset)) = evaluator.index.thing(asset) else { continue };
        for need in needs {
            match rubric.impact_of(*need, asset.confidentiality, [asset.integrity, asset.availability]) {
                Some(impact) => known = Some(known.unwrap_or(0).max(impact)),
                None => open = true,
            }
        }
    }
    match known {
        Some(known) if !open || known >= rubric.unknown_data() => (known, false),
        Some(known) => (known.max(rubric.unknown_data()), true),
        None if open => (rubric.unknown_data(), true),
        None => (1, false),
    }
}
