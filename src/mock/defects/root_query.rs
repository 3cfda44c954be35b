//! Defects of the area `root-query`.
//! Knows no other area.

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[];
