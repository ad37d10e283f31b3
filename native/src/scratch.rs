//! Work space of a thread, reused between calls.
use std::cell::RefCell;

/// Rows packed for a tile, blocks of a matrix packed for the cache, rows of anything else.
#[derive(Clone, Copy)]
pub enum Slot {
    Left = 0,
    Right = 1,
    Row = 2,
}

/// A cache line, for the alignment of the space.
#[derive(Clone, Copy)]
#[repr(align(64))]
#[allow(dead_code)] // room, read through pointers
struct Line([f32; 16]);

thread_local! {
    static SPACES: RefCell<[Vec<Line>; 3]> = const { RefCell::new([Vec::new(), Vec::new(), Vec::new()]) };
}

/// Returns space for `floats` floats with undefined contents. Valid until the next request for the same slot
/// on this thread.
pub fn scratch(slot: Slot, floats: usize) -> *mut f32 {
    SPACES.with(|spaces| {
        let space = &mut spaces.borrow_mut()[slot as usize];
        // One more line, because kernels may read past the end of a row.
        let lines = floats.div_ceil(16) + 1;
        if space.len() < lines {
            *space = vec![Line([0.0; 16]); lines];
        }
        space.as_mut_ptr().cast()
    })
}
