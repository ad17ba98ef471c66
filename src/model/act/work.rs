//! Mitigations: adding work, changing it, tying threats to it and taking it away with every mention of it.

use crate::model::{Edit, Entry, Id, Mitigation, Place, ThreatKey, ThreatModel};

/// Adds a mitigation; its id is made from its title.
pub fn add_mitigation(model: &ThreatModel, mitigation: Mitigation) -> (Id, Edit) {
    let taken = |id: &str| model.mitigations.keys().any(|known| known.as_str() == id);
    let id = Id::slug(&mitigation.title, "mitigation", taken);
    (id.clone(), Edit::put(Entry::Mitigation(id, mitigation)))
}

/// Changes mitigations; those that stay as they are are left out.
pub fn change_mitigations(model: &ThreatModel, ids: &[Id], change: impl Fn(&mut Mitigation)) -> Edit {
    let changed = ids.iter().filter_map(|id| {
        let before = model.mitigations.get(id)?;
        let mut after = before.clone();
        change(&mut after);
        (after != *before).then(|| Edit::put(Entry::Mitigation(id.clone(), after)))
    });
    Edit::All(changed.collect())
}

/// Takes a mitigation away, and out of the threats that name it.
pub fn delete_mitigation(model: &ThreatModel, id: &Id) -> Edit {
    let naming = model.threats.iter().filter(|(_, threat)| threat.mitigations.contains(id));
    let without = naming.map(|(key, threat)| {
        let mut threat = threat.clone();
        threat.mitigations.retain(|other| other != id);
        Edit::put(Entry::Threat(key.clone(), threat))
    });
    Edit::All(without.chain([Edit::Remove(Place::Mitigation(id.clone()))]).collect())
}

/// The threats of the register that name a mitigation as what closes them.
pub fn threats_naming<'m>(model: &'m ThreatModel, id: &'m Id) -> impl Iterator<Item = &'m ThreatKey> {
    model.threats.iter().filter(move |(_, threat)| threat.mitigations.contains(id)).map(|(key, _)| key)
}
