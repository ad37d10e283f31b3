//! Type of a kernel, and the state that calls keep.
use crate::call::Call;
use crate::kernels::{adam, attention_sample};
use std::cell::RefCell;

/// A kernel: its name, its number of arguments and its function.
pub struct Kernel {
    pub name: &'static str,
    pub arity: u32,
    pub run: fn(&Call) -> f64,
}

/// State that a call keeps for later calls of its thread.
#[derive(Clone, Copy, Default)]
pub struct Held {
    pub adam: adam::AdamSettings,
    pub attention: attention_sample::AttentionCall,
}

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
}

pub fn hold(change: impl FnOnce(&mut Held)) {
    HELD.with_borrow_mut(change)
}

pub fn held() -> Held {
    HELD.with_borrow(|held| *held)
}
