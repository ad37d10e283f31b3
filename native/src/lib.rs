//! Native kernels of euar. They use the memory of the WebAssembly backend, take the same arguments as its
//! kernels (kernels/index.ts) and give the same bits.
mod blocks;
mod call;
mod constants;
mod kernel;
mod kernels;
mod levels;
mod peak;
mod pool;
mod scratch;
mod vector;

use call::{Args, CAPACITY, Call};
use kernel::held;
use kernels::KERNELS;
use levels::{Level, available};
use napi::bindgen_prelude::{ArrayBuffer, Error, Float64Array, Result};
use napi_derive::napi;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// Number of arguments before those of the kernel: start of the memory, index of the level, number of
/// threads.
const HEAD: usize = 3;

thread_local! {
    /// Array with the arguments of the calls of this JavaScript thread.
    static NUMBERS: Cell<*const f64> = const { Cell::new(std::ptr::null()) };
}

fn levels() -> &'static [&'static Level] {
    static LEVELS: OnceLock<Vec<&'static Level>> = OnceLock::new();
    LEVELS.get_or_init(available)
}

/// A kernel for JavaScript. Its position in the list is its index.
#[napi(object)]
pub struct KernelEntry {
    pub name: String,
    pub arity: u32,
}

/// An instruction set of this processor.
#[napi(object)]
pub struct LevelEntry {
    pub name: String,
    /// True if multiply and add are fused with one rounding: the fast arithmetic, with other bits.
    pub fused: bool,
}

/// Version of the package, which must equal that of euar.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

#[napi]
pub fn kernel_table() -> Vec<KernelEntry> {
    KERNELS.iter().map(|kernel| KernelEntry { name: kernel.name.into(), arity: kernel.arity }).collect()
}

/// From the plainest to the best.
#[napi]
pub fn instruction_sets() -> Vec<LevelEntry> {
    levels().iter().map(|level| LevelEntry { name: level.name.into(), fused: level.fused }).collect()
}

/// Number of cores available to this process.
#[napi]
pub fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32)
}

/// Runs `rounds` rounds of multiply and add in registers with an instruction set. Returns the number of
/// operations.
#[napi]
pub fn run_peak(level: u32, rounds: u32) -> Result<f64> {
    let Some(level) = levels().get(level as usize) else {
        return Err(Error::from_reason("this processor has no such instruction set"));
    };
    let (operations, sum) = unsafe { (level.peak)(rounds as usize) };
    std::hint::black_box(sum);
    Ok(operations)
}

/// Sets the array that passes the arguments of this thread's calls. The caller keeps it alive.
#[napi]
pub fn use_numbers(numbers: Float64Array) -> Result<()> {
    if numbers.len() < HEAD + CAPACITY {
        return Err(Error::from_reason("the array of numbers is too short"));
    }
    NUMBERS.set(numbers.as_ptr());
    Ok(())
}

/// Start address of a memory. Call it again after the memory grew.
#[napi]
pub fn address_of(memory: ArrayBuffer) -> f64 {
    memory.as_ptr() as usize as f64
}

/// Runs kernel number `kernel` with the arguments in the array.
#[napi]
pub fn call(kernel: u32) -> Result<f64> {
    let values = NUMBERS.get();
    let Some(kernel) = KERNELS.get(kernel as usize) else {
        return Err(Error::from_reason("there is no such kernel"));
    };
    if values.is_null() {
        return Err(Error::from_reason("this thread has no array of numbers"));
    }
    let head = |i: usize| unsafe { *values.add(i) };
    let Some(level) = levels().get(head(1) as usize) else {
        return Err(Error::from_reason("this processor has no such instruction set"));
    };
    let held = held();
    let call = Call {
        args: Args {
            base: head(0) as usize as *mut u8,
            values: unsafe { values.add(HEAD) },
            held: &held,
        },
        level,
        threads: head(2) as usize,
    };
    catch_unwind(AssertUnwindSafe(|| (kernel.run)(&call)))
        .map_err(|_| Error::from_reason(format!("the native kernel {} failed", kernel.name)))
}
