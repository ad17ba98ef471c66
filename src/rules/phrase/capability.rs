//! What technologies can do, in words. The names in `assets/technologies.ron` are for rules; these are for people.

/// Capabilities whose names do not read as English, each with what follows "it".
const WORDS: &[(&str, &str)] = &[
    ("administers", "administers other systems"),
    ("analytics", "analyses large amounts of data"),
    ("caches-responses", "keeps answers to give them again"),
    ("called-by-model", "is called by an AI model"),
    ("calls-tools", "calls tools as an AI model decides"),
    ("client-queries", "answers queries that its clients make up"),
    ("custom-code", "runs code that somebody wrote for it"),
    ("deploys", "deploys software"),
    ("dev-relevant", "is used to develop and deliver software"),
    ("edge-filter", "filters requests at the edge"),
    ("executes-code", "runs code that it is given"),
    ("feeds-context", "feeds text to an AI model"),
    ("follows-prompts", "follows orders in text, as a language model does"),
    ("has-admin-interface", "has an interface for administrators"),
    ("high-value", "is of high value to an attacker"),
    ("holds-artifacts", "holds built software"),
    ("holds-code", "holds source code"),
    ("holds-models", "holds AI models"),
    ("human-client", "is a program in a person's hands, such as a browser"),
    ("identity-related", "is there for identities"),
    ("infers", "runs an AI model"),
    ("issues-tokens", "issues tokens for logins"),
    ("ldap-queries", "answers LDAP queries"),
    ("less-protected", "is usually less protected than others"),
    ("moves-things", "moves physical things"),
    ("parses-xml", "parses XML"),
    ("renders-html", "makes HTML pages"),
    ("resolves-names", "resolves names of hosts"),
    ("runs-scripts", "runs scripts of web pages"),
    ("sends-mail", "sends mail"),
    ("speaks-http", "speaks HTTP"),
    ("sql-queries", "answers SQL queries"),
    ("stores-secrets", "stores passwords and keys"),
    ("trains-models", "trains AI models"),
    ("untrusted-runtime", "runs on a machine that somebody else controls"),
];

/// What something with the capability is or does, behind "it".
pub(super) fn does(capability: &str) -> String {
    let plain = || capability.replace('-', " ");
    WORDS.iter().find(|(name, _)| *name == capability).map_or_else(plain, |(_, words)| (*words).to_owned())
}
