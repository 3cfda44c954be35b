//! Defects of the area `errors`.
//! Knows no other area.

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[];
