//! What a rule is about, for somebody who has never met it: sections of sentences, and its examples with what it says
//! about each. It is no threat (`super`) and draws nothing: whoever shows an example draws its model.

use serde_json::{Value, json};

use super::example::{ExamplePage, example};
use super::text::{by_team, harmless, section};
use super::{outline, references};
use crate::analysis::question;
use crate::analysis::row::categories;
use crate::diagnostic::inert::one_line;
use crate::model::SubjectKind;
use crate::rules::check::{each_kinds, kinds_inside};
use crate::rules::language::{Condition, Each, Impact, Lane, Need, Refs, Rule, Tier, Unknown};
use crate::rules::team::{Effect, Overridden};
use crate::rules::{Effort, Knowledge, MitigationRecord, fill, phrase};

/// What a rule is about.
#[derive(Clone, Debug, PartialEq)]
pub struct RulePage {
    /// The rule, with "the process" and the like in the place of names.
    pub rule: Rule,
    /// What it looks at and what it raises, in one line.
    pub about: String,
    /// Its conditions as sentences: when it applies, what it finds, what stands against it.
    pub conditions: Vec<(String, String)>,
    /// The same for reading: lines, with lists where there is more than a sentence can hold.
    pub decides: Vec<String>,
    /// What it does about facts that nobody knows, and which it may ask for: lines.
    pub asks: Vec<String>,
    /// How likely and how harmful it is, and what changes that: lines.
    pub risk: Vec<String>,
    /// Rules that stay silent where this one speaks: id and title.
    pub subsumes: Vec<(String, String)>,
    /// Mitigations of the catalogue.
    pub mitigations: Vec<MitigationRecord>,
    /// References, each with its list.
    pub references: Vec<String>,
    /// The file of a rule that is the team's own.
    pub file: Option<String>,
    /// What the team changed about it.
    pub by_team: Option<Effect>,
    /// Its examples; none where a rule was read without them.
    pub examples: Vec<ExamplePage>,
}

/// The page of a rule, without its examples; `None` when there is no such rule.
pub fn explain_rule(knowledge: &Knowledge, id: &str) -> Option<RulePage> {
    knowledge.rule(id).map(|rule| rule_page(knowledge, rule))
}

/// The page of a rule as it is given.
pub fn rule_page(knowledge: &Knowledge, rule: &Rule) -> RulePage {
    let finds = match rule.lane {
        Lane::Threat | Lane::Hint => "It finds a weakness when",
        Lane::Lint => "It finds a gap when",
        Lane::Question => "It asks when",
    };
    let asked = [
        ("It applies when", Some(&rule.applies)),
        (finds, Some(&rule.when)),
        ("It is mitigated when", rule.mitigated_by.as_ref()),
    ];
    let asked: Vec<_> = asked.into_iter().filter_map(|(when, c)| Some((when, c?))).collect();
    let asked = || asked.iter().filter(|(_, condition)| **condition != Condition::Always);
    let plain = |text: &String| fill::fill_plain(text, rule);
    let title = |id: &String| knowledge.rule(id).map(|other| (id.clone(), fill::fill_plain(&other.title, other)));
    RulePage {
        about: about(rule),
        conditions: asked()
            .map(|(when, condition)| ((*when).to_owned(), phrase::phrase(condition, knowledge)))
            .collect(),
        decides: asked()
            .flat_map(|(when, condition)| outline::lines(when, condition, knowledge))
            .chain(outsiders(asked().map(|(_, condition)| *condition)))
            .collect(),
        asks: asks(rule, knowledge),
        risk: risk(rule, knowledge),
        subsumes: rule.subsumes.iter().filter_map(title).collect(),
        mitigations: rule.mitigations.iter().filter_map(|id| knowledge.mitigations.get(id)).cloned().collect(),
        references: references(&rule.refs),
        file: knowledge.by_team.rules.get(&rule.id).cloned(),
        by_team: knowledge.by_team.overrides.get(&rule.id).map(Overridden::effect),
        examples: rule.examples.iter().map(|e| example(rule, knowledge, e)).collect(),
        rule: Rule {
            title: plain(&rule.title),
            why: plain(&rule.why),
            fix: plain(&rule.fix),
            verify: plain(&rule.verify),
            false_positives: plain(&rule.false_positives),
            examples: Vec::new(),
            ..rule.clone()
        },
    }
}

/// What outsiders are said to control, where a rule speaks of them.
fn outsiders<'c>(mut conditions: impl Iterator<Item = &'c Condition>) -> Option<String> {
    let mut is_there = false;
    conditions.by_ref().for_each(|condition| condition.walk(&mut |part| is_there |= *part == Condition::Untrusted));
    let told = "Outsiders control an external entity that is outside every boundary, and whatever is in a boundary with a \
                trust of 25 or less, such as the internet.";
    is_there.then(|| told.to_owned())
}

/// A kind of subjects in running text, as one of many.
fn each_of(kinds: &[SubjectKind]) -> String {
    phrase::listed(&kinds.iter().map(|kind| phrase::kind(*kind)).collect::<Vec<_>>())
}

fn about(rule: &Rule) -> String {
    let mut parts = vec![categories(&rule.stride, &rule.linddun)];
    parts.push(match rule.lane {
        Lane::Threat => String::new(),
        Lane::Hint => "a hint, always Low".to_owned(),
        Lane::Lint => "a gap in the model itself".to_owned(),
        Lane::Question => "a question".to_owned(),
    });
    let each = match rule.for_each {
        None => "",
        Some(Each::Carried) => ", for each asset that it carries",
        Some(Each::Stored) => ", for each asset that it stores",
        Some(Each::Handled) => ", for each asset that it handles",
        Some(Each::InFlow) => ", for each flow into it",
        Some(Each::OutFlow) => ", for each flow out of it",
        Some(Each::Path) => ", for each pair of ends",
    };
    parts.push(match rule.on[..] {
        [SubjectKind::System] => format!("looks at the whole system{each}"),
        ref kinds => format!("looks at every {}{each}", each_of(kinds)),
    });
    parts.extend((rule.tier == Tier::B).then(|| "tier B: only where a model names it".to_owned()));
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

/// The facts that a rule may wait for, in the order in which it reads them, as far as conditions name them; each with
/// the question that asks for it.
fn awaited(rule: &Rule, knowledge: &Knowledge) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for condition in [&rule.applies, &rule.when].into_iter().chain(&rule.mitigated_by) {
        walk(condition, &rule.on, each_kinds(rule), &mut |part, on| {
            let Some(fact) = read(part, rule.lane) else { return };
            // Of several kinds it is asked of processes before others, which is what is meant most often.
            let kinds = on.iter().filter(|kind| **kind == SubjectKind::Process).chain(on);
            let asked = kinds.copied().find_map(|kind| question::text(knowledge, fact, kind));
            let known = asked.map(|question| (fact.to_owned(), question)).filter(|pair| !found.contains(pair));
            found.extend(known);
        });
    }
    found
}

/// Visits a condition and everything inside it with the kinds of subjects that each part is asked of.
fn walk(
    condition: &Condition,
    on: &[SubjectKind],
    each: &[SubjectKind],
    visit: &mut impl FnMut(&Condition, &[SubjectKind]),
) {
    visit(condition, on);
    for (n, part) in condition.parts().into_iter().enumerate() {
        walk(part, kinds_inside(condition, n, on, each), each, visit);
    }
}

/// The fact or field without which a condition is unknown.
fn read(condition: &Condition, lane: Lane) -> Option<&str> {
    use Condition as C;
    match condition {
        C::Unknown(fact) if lane == Lane::Question => Some(fact),
        C::Said(..) | C::Known(_) | C::Unknown(_) | C::Verified(_) => None,
        C::Tech(_) | C::Can(_) => Some("tech"),
        C::Carries(_) | C::CarriesNone(_) => Some("carries"),
        C::Stores(_) => Some("stores"),
        C::Processes(_) => Some("processes"),
        C::Confidentiality(_) => Some("confidentiality"),
        C::Integrity(_) => Some("integrity"),
        C::Availability(_) => Some("availability"),
        C::AssetKind(_) => Some("kind"),
        other => other.fact(),
    }
}

fn asks(rule: &Rule, knowledge: &Knowledge) -> Vec<String> {
    let facts = awaited(rule, knowledge);
    match rule.unknown {
        _ if facts.is_empty() => return Vec::new(),
        Unknown::Ask => {}
        Unknown::Assume(true) => {
            return vec![
                "It asks nothing: what is not known counts as bad, and the threat says \"assumed\".".to_owned(),
            ];
        }
        Unknown::Assume(false) => return vec!["It asks nothing: what is not known counts as good.".to_owned()],
        Unknown::Skip => {
            return vec!["It asks nothing: while a fact that decides is not known, it is silent.".to_owned()];
        }
    }
    let one = |(fact, question): &(String, String)| format!("  - {fact}: {question}");
    let heading = match rule.lane {
        Lane::Question => "It asks for what nobody has said yet:",
        _ => "While one of these is not known and would decide, it asks for it:",
    };
    std::iter::once(heading.to_owned()).chain(facts.iter().map(one)).collect()
}

fn risk(rule: &Rule, knowledge: &Knowledge) -> Vec<String> {
    if matches!(rule.lane, Lane::Lint | Lane::Question) {
        return Vec::new();
    }
    let risk = &rule.risk;
    let fixed = if let Impact::Fixed(impact) = risk.impact { impact } else { 1 };
    let [likely, bad] = knowledge.rubric.of(None).meanings(risk.likelihood, fixed);
    let word = |n: u8, (word, meaning): (&str, &str)| format!("{n} of 4, {word} ({meaning})");
    // What the rubric says of a likelihood speaks of attackers in general; what this rule takes is told by `why`.
    let mut lines = vec![format!("Likelihood {} of 4, {}.", risk.likelihood, likely.0)];
    lines.push(match &risk.impact {
        Impact::Fixed(impact) => format!("Impact {}.", word(*impact, bad)),
        Impact::FromData { of, at_least } => {
            let needs: Vec<&str> = of.iter().map(|need| need_of(*need)).collect();
            let least = if *at_least > 1 { format!(", and at least {at_least} of 4") } else { String::new() };
            format!("Impact as great as the need of the data for {}{least}.", needs.join(" or "))
        }
    });
    for adjust in &risk.adjust {
        let steps = [("Likelihood", adjust.likelihood), ("Impact", adjust.impact)];
        let steps = steps.iter().filter(|(_, by)| *by != 0).map(|(what, by)| format!("{what} {by:+}"));
        let steps = steps.collect::<Vec<_>>().join(" and ").replace(" and I", " and i");
        lines.extend(outline::lines(&format!("{steps} when"), &adjust.when, knowledge));
    }
    if rule.lane == Lane::Hint {
        lines.push("Whatever comes of it, the severity is Low: this is good hygiene.".to_owned());
    }
    lines
}

const fn need_of(need: Need) -> &'static str {
    match need {
        Need::C => "confidentiality",
        Need::I => "integrity",
        Need::A => "availability",
    }
}

/// References by list and edition, each with the number or name that the list gives it.
pub fn by_edition(refs: &Refs) -> Vec<(&'static str, Vec<String>)> {
    let numbers = |all: &[u32]| all.iter().map(ToString::to_string).collect();
    let lists: [(&str, Vec<String>); 11] = [
        ("CWE 4.15", numbers(&refs.cwe)),
        ("CAPEC 3.9", numbers(&refs.capec)),
        ("OWASP", refs.owasp.clone()),
        ("ASVS 5.0.0", refs.asvs.clone()),
        ("ATT&CK 18.1", refs.attack.clone()),
        ("ATLAS 5.6.0", refs.atlas.clone()),
        ("EMB3D", refs.emb3d.clone()),
        ("MASVS", refs.masvs.clone()),
        ("LINDDUN", refs.linddun.clone()),
        ("SP 800-53 r5", refs.nist.clone()),
        ("Other", refs.other.clone()),
    ];
    lists.into_iter().filter(|(_, ids)| !ids.is_empty()).collect()
}

/// How much work a mitigation usually is.
pub(super) const fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Small => "usually hours of work",
        Effort::Medium => "usually days of work",
        Effort::Large => "usually weeks of work",
    }
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Its lines; of a list, indented with a dash.
    pub lines: Vec<String>,
}

impl RulePage {
    /// The parts of the page that are text, in order; parts without text are left out.
    pub fn sections(&self) -> Vec<Section> {
        let rule = &self.rule;
        let text = |text: &str| vec![one_line(text)].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
        let mut fix = text(&rule.fix);
        for record in &self.mitigations {
            fix.push(format!("  - {} ({}, {}): {}", record.title, record.id, effort(record.effort), record.how));
        }
        let references = by_edition(&rule.refs).into_iter().map(|(list, ids)| format!("{list}: {}", ids.join(", ")));
        let sections = [
            ("A rule of the team's own", self.file.iter().map(|file| format!("in {}", one_line(file))).collect()),
            ("What the team changed", by_team(self.by_team.as_ref())),
            ("What it finds", text(&rule.finds)),
            ("Why it matters", text(&rule.why)),
            ("How to close it", fix),
            ("How to check", text(&rule.verify)),
            ("How it decides", self.decides.clone()),
            ("When it asks", self.asks.clone()),
            ("When it may be wrong", text(&rule.false_positives)),
            ("How bad it is", self.risk.clone()),
            ("Rules that give way to it", self.subsumes.iter().map(|(id, t)| format!("{id}: {t}")).collect()),
            ("References", references.collect()),
        ];
        let sections = sections.into_iter().map(|(title, lines)| Section { title, lines });
        sections.filter(|section| !section.lines.is_empty()).collect()
    }

    /// The page for a terminal, without colours and examples.
    pub fn to_text(&self) -> String {
        let mut out = vec![format!("{}  {}", self.rule.id, self.rule.title), self.about.clone()];
        for part in self.sections() {
            section(&mut out, part.title, &part.lines);
        }
        harmless(&out)
    }

    /// The page as a JSON object.
    pub fn to_json(&self) -> Value {
        let rule = &self.rule;
        let mut page = json!({
            "rule": rule.id,
            "title": rule.title,
            "stride": rule.stride.iter().map(|s| s.letter().to_string()).collect::<Vec<_>>(),
            "linddun": rule.linddun.iter().map(|l| l.mark()).collect::<Vec<_>>(),
            "file": self.file,
            "by_team": self.by_team,
            "finds": rule.finds,
            "why": rule.why,
            "decides": self.conditions.iter().map(|(when, what)| json!({"when": when, "what": what})).collect::<Vec<_>>(),
            "asks": self.asks,
            "risk": self.risk,
            "subsumes": rule.subsumes,
            "fix": rule.fix,
            "verify": rule.verify,
            "false_positives": rule.false_positives,
            "mitigations": self.mitigations.iter().map(|m| json!({"id": m.id, "title": m.title})).collect::<Vec<_>>(),
            "references": self.references,
        });
        if !self.examples.is_empty() {
            page["examples"] = self.examples.iter().map(ExamplePage::to_json).collect();
        }
        page
    }
}
