//! Whole simulations against services in this process.
