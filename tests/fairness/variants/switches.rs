//! Capabilities that a server does not have, alone and in pairs.
//! Takes away only what RFC 7644 lets a server leave out.

use scimspec::mock::Feature;

use super::Variant;

pub fn all() -> Vec<Variant> {
    let mut all = vec![Variant::new("mock").passes(400)];
    for (place, (name, feature)) in Feature::ALL.iter().enumerate() {
        all.push(Variant::new(&format!("without/{name}")).set(|s| s.without.extend([*feature])));
        for (other_name, other) in Feature::ALL.iter().skip(place + 1) {
            let name = format!("without/{name}+{other_name}");
            all.push(Variant::new(&name).set(|s| s.without.extend([*feature, *other])).rare());
        }
    }
    let everything = Feature::ALL.iter().map(|(_, feature)| *feature);
    all.push(Variant::new("without/everything").set(|s| s.without.extend(everything)));
    all
}
