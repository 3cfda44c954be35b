//! Defects of the area `attribute-characteristics`.
//! Knows no other area.

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[];
