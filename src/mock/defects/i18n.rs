//! Defects of the area `i18n`.
//! Knows no other area.

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[];
