//! One call of a kernel: its arguments, and the split of its work over threads.
use crate::kernel::Held;
use crate::levels::Level;
use crate::pool;

/// Largest number of arguments of a call.
pub const CAPACITY: usize = 32;

/// Arguments written by JavaScript: addresses in bytes from the start of the memory, sizes in elements, flags
/// as 0 and 1.
pub struct Args {
    pub base: *mut u8,
    pub values: *const f64,
    /// State set by earlier calls of this thread.
    pub held: *const Held,
}

// The memory outlives the call, and the parts of a kernel write to separate ranges.
unsafe impl Sync for Args {}

impl Args {
    #[inline(always)]
    pub fn number(&self, i: usize) -> f64 {
        debug_assert!(i < CAPACITY);
        unsafe { *self.values.add(i) }
    }

    #[inline(always)]
    pub fn size(&self, i: usize) -> usize {
        self.number(i) as usize
    }

    #[inline(always)]
    pub fn int(&self, i: usize) -> i32 {
        self.number(i) as i32
    }

    /// Rounds to float32, as WebAssembly does with its arguments.
    #[inline(always)]
    pub fn float(&self, i: usize) -> f32 {
        self.number(i) as f32
    }

    #[inline(always)]
    pub fn flag(&self, i: usize) -> bool {
        self.number(i) != 0.0
    }

    #[inline(always)]
    pub fn floats(&self, i: usize) -> *mut f32 {
        unsafe { self.base.add(self.size(i)).cast() }
    }

    #[inline(always)]
    pub fn ints(&self, i: usize) -> *mut i32 {
        unsafe { self.base.add(self.size(i)).cast() }
    }

    #[inline(always)]
    pub fn held(&self) -> &Held {
        unsafe { &*self.held }
    }

    /// Address 0 means "not given".
    #[inline(always)]
    pub fn optional(&self, i: usize) -> Option<*mut f32> {
        (self.size(i) != 0).then(|| self.floats(i))
    }
}

/// Computes the units `from .. to` of a kernel's output.
pub type Block = unsafe fn(&Args, usize, usize);

pub struct Call {
    pub args: Args,
    pub level: &'static Level,
    pub threads: usize,
}

impl Call {
    /// Runs `block` over `units` of output, on several threads if the work is large enough. Results do not
    /// depend on the number of threads: one thread computes a unit, in the same order. `cost`: estimated
    /// nanoseconds of one unit on one thread.
    pub fn split(&self, units: usize, cost: f64, block: Block) {
        let parts = pool::parts(units, cost * units as f64, self.threads);
        if parts <= 1 {
            if units > 0 {
                unsafe { block(&self.args, 0, units) }
            }
            return;
        }
        let args = &self.args;
        pool::run(self.threads, parts, &|part| {
            let (from, to) = (part * units / parts, (part + 1) * units / parts);
            unsafe { block(args, from, to) }
        });
    }

    /// Runs `block` on this thread.
    pub fn alone(&self, units: usize, block: Block) {
        if units > 0 {
            unsafe { block(&self.args, 0, units) }
        }
    }
}
