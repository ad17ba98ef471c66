//! Deployment files as a diagram: what runs, and what speaks to what as far as the files show it. Read are
//! docker-compose files (the Compose Specification) and Kubernetes manifests, with Istio's and the Gateway API's
//! objects for what comes in and goes out. Text comes in and a value goes out; comparing it with a model is for others.

mod compose;
mod draft;
mod image;
mod interpolate;
mod kubernetes;
mod ports;
mod recognise;
mod speech;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::diagnostic::{At, Diagnostic, InFile};
use crate::exchange::Loss;

use draft::Draft;
pub use draft::{MOST_LINKS, MOST_OBJECTS};
pub use image::holds_data;
pub use recognise::CODES;
pub use yaml::{DEEPEST, LARGEST, MOST_VALUES};

/// A file to read.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// What people know it by.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
    /// Whether somebody asked for this very file. One that merely lies in a folder may be of another kind; it is listed.
    pub is_named: bool,
}

/// Everything that deployment files say, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// What runs, what lets others in, and what is spoken to outside.
    pub parts: Vec<Part>,
    /// Who speaks to whom, and how that is known. Two parts may have several.
    pub links: Vec<Link>,
    /// What was not understood, or says nothing that is compared.
    pub losses: Vec<Loss>,
    /// How many files say something, by system.
    pub files: Vec<(Orchestrator, usize)>,
}

/// Which program the files are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Orchestrator {
    /// docker-compose.
    Compose,
    /// Kubernetes.
    Kubernetes,
}

impl Orchestrator {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Compose, Self::Kubernetes];

    /// The name in running text.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Kubernetes => "Kubernetes",
        }
    }

    /// The word before the colon in `deployed: ["compose:web"]`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Kubernetes => "kubernetes",
        }
    }
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A service of a compose file.
    Container,
    /// Something with a pod template; its kind, such as `Deployment` or `CronJob`.
    Workload(String),
    /// A Kubernetes Service that no workload of the files stands behind.
    Service,
    /// An Ingress or Gateway: no program of its own, but a way in.
    Door(String),
    /// A host that is spoken to and that nothing of the files is.
    Outside,
}

impl PartKind {
    /// What it is called.
    pub fn word(&self) -> &str {
        match self {
            Self::Container => "container",
            Self::Workload(kind) | Self::Door(kind) => kind,
            Self::Service => "Service",
            Self::Outside => "host outside",
        }
    }

    /// Whether it is a program, or stands for one.
    pub const fn runs(&self) -> bool {
        matches!(self, Self::Container | Self::Workload(_) | Self::Service)
    }
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Spot {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A part. Its texts are those of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whose it is.
    pub system: Orchestrator,
    /// Its namespace, where the file says one.
    pub space: Option<String>,
    /// Its name; of what is outside, the host.
    pub name: String,
    /// What it is.
    pub kind: PartKind,
    /// Images of its containers, the first one first; variables that nothing sets stand as they are.
    pub images: Vec<String>,
    /// How it is reached from outside.
    pub doors: Vec<Door>,
    /// Where it stands.
    pub at: Spot,
}

impl Part {
    /// Whether its image is a database's, a cache's or a queue's, or its name says that it is a database.
    pub fn holds_data(&self) -> bool {
        self.images.first().is_some_and(|image| holds_data(image))
            || ["db", "database"].iter().any(|end| self.name.to_lowercase().ends_with(end))
    }
}

/// A way in from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// What opens it, such as `port 8080:80` or `LoadBalancer web, port 80`.
    pub what: String,
    /// Where it stands.
    pub at: Spot,
}

/// How it is known that one part speaks to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It waits for the other one.
    DependsOn,
    /// A field that joins the two, by its name: `links`, `network_mode` and the like.
    Field(&'static str),
    /// An environment variable names the other's host.
    Variable(String),
    /// An argument or command does.
    Argument,
    /// A configuration that it is given does, by its name.
    Config(String),
    /// A way in leads there.
    Route,
    /// A NetworkPolicy lets it, by its name.
    Policy(String),
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DependsOn => f.write_str("depends_on"),
            Self::Field(name) => f.write_str(name),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::Argument => f.write_str("an argument"),
            Self::Config(name) => write!(f, "configuration {name}"),
            Self::Route => f.write_str("a route"),
            Self::Policy(name) => write!(f, "network policy {name}"),
        }
    }
}

/// Who speaks to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who begins, as a place in `parts`.
    pub from: usize,
    /// Who is spoken to.
    pub to: usize,
    /// How it is known.
    pub how: How,
    /// Where it stands.
    pub at: Spot,
}

impl Deployment {
    /// How a model names a part so that no other part is meant: its name, with as much before it as that needs.
    pub fn name_of(&self, part: &Part) -> String {
        let same = |other: &&Part| other.name == part.name && other.kind.runs() == part.kind.runs();
        let alike: Vec<&Part> = self.parts.iter().filter(same).collect();
        let of_system = alike.iter().filter(|other| other.system == part.system).count();
        let system = if of_system < alike.len() { format!("{}:", part.system.word()) } else { String::new() };
        let space = part.space.as_ref().filter(|_| of_system > 1);
        format!("{system}{}{}", space.map(|space| format!("{space}/")).unwrap_or_default(), part.name)
    }
}

/// Reads deployment files together: what one names another may have. Nothing is half read: with an error in one file
/// there is no answer.
pub fn read(files: &[Text<'_>]) -> Result<Deployment, Vec<InFile>> {
    let mut draft = Draft::default();
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    let (mut project, mut cluster) = (compose::Project::default(), kubernetes::Cluster::default());
    for file in files {
        let refused = |diagnostic| InFile { diagnostic, name: file.name.to_owned(), text: file.text.into() };
        let found = match recognise::recognise(file, &mut draft) {
            Ok(found) => found,
            Err(diagnostic) => {
                wrong.push(refused(diagnostic));
                continue;
            }
        };
        for system in found.iter().map(|(system, _)| *system).collect::<BTreeSet<_>>() {
            *counts.entry(system).or_insert(0) += 1;
        }
        for (system, root) in found {
            match system {
                Orchestrator::Compose => project.add(file.name, &root, &mut draft),
                Orchestrator::Kubernetes => cluster.add(file.name, &root, &mut draft),
            }
        }
        if draft.is_full() {
            wrong.push(refused(too_many()));
            return Err(wrong);
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    project.finish(&mut draft);
    cluster.finish(&mut draft);
    if draft.is_full() {
        let name = files.first().map_or("", |file| file.name);
        return Err(vec![InFile::unread(name, too_many())]);
    }
    Ok(draft.done(counts.into_iter().collect()))
}

fn too_many() -> Diagnostic {
    let message = format!("there are more than {MOST_OBJECTS} objects and hosts, or more than {MOST_LINKS} links");
    Diagnostic::error("deployment-too-large", At::File, message).help("name fewer files at once")
}
