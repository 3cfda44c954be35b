//! The servers around a mock service, over real sockets.

mod limits;
mod load;
mod record;
mod seed;
mod shell;
mod stop;
mod support;
mod tls;
mod wire;
