//! Defects of the area `bulk`.
//! Knows no other area.

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[];
