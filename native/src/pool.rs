//! Thread pool. Idle threads wait; the parts of one call at a time are shared between them.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, TryLockError};

/// Nanoseconds of work below which a call stays on one thread: several times the cost of waking a sleeping
/// thread and waiting for it. `bench/kernels/threads.js` shows where threads begin to pay off on a machine.
const WORTH: f64 = 100_000.0;
/// Number of parts per thread. If another process delays a thread, the others take over its parts.
const PARTS: usize = 4;

type Task<'a> = dyn Fn(usize) + Sync + 'a;

/// Task of a running call. The pointer is valid while `active` workers may use it, because `run` waits for
/// them.
#[derive(Clone, Copy)]
struct Job {
    task: *const Task<'static>,
    parts: usize,
}

unsafe impl Send for Job {}

struct State {
    job: Option<Job>,
    /// Number of the call, so that each worker joins it once.
    call: u64,
    /// Number of workers that may still join the call.
    places: usize,
    /// Number of workers that are running.
    active: usize,
    workers: usize,
}

struct Pool {
    state: Mutex<State>,
    wake: Condvar,
    done: Condvar,
    next: AtomicUsize,
    failed: AtomicBool,
    /// Locked by the call that uses the workers.
    owner: Mutex<()>,
}

fn pool() -> &'static Pool {
    static POOL: OnceLock<Pool> = OnceLock::new();
    POOL.get_or_init(|| Pool {
        state: Mutex::new(State { job: None, call: 0, places: 0, active: 0, workers: 0 }),
        wake: Condvar::new(),
        done: Condvar::new(),
        next: AtomicUsize::new(0),
        failed: AtomicBool::new(false),
        owner: Mutex::new(()),
    })
}

fn lock(pool: &Pool) -> MutexGuard<'_, State> {
    pool.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Number of parts of a call of `units` units and `nanoseconds` of work. With 1 part, it stays on one thread.
pub fn parts(units: usize, nanoseconds: f64, threads: usize) -> usize {
    if threads < 2 || nanoseconds < WORTH {
        return 1;
    }
    let most = (nanoseconds / (WORTH / 4.0)) as usize;
    units.min(most).min(threads * PARTS)
}

/// Calls `task` for each part on up to `threads` threads, this one included. Where another thread has the
/// workers, this one does all parts itself.
///
/// # Panics
/// If a part panicked, after all threads have stopped.
pub fn run(threads: usize, parts: usize, task: &Task<'_>) {
    let pool = pool();
    let owner = match pool.owner.try_lock() {
        Ok(guard) => guard,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => {
            (0..parts).for_each(task);
            return;
        }
    };
    let helpers = (threads - 1).min(parts - 1);
    // The borrow ends before `run` returns, because `run` waits until no worker is active and removes the
    // job.
    let task = unsafe { std::mem::transmute::<*const Task<'_>, *const Task<'static>>(task) };
    let job = Job { task, parts };
    pool.next.store(0, Ordering::Relaxed);
    pool.failed.store(false, Ordering::Relaxed);
    {
        let mut state = lock(pool);
        while state.workers < helpers && spawn() {
            state.workers += 1;
        }
        state.job = Some(job);
        state.call += 1;
        state.places = helpers;
    }
    for _ in 0..helpers {
        pool.wake.notify_one();
    }
    work(pool, job);
    let mut state = lock(pool);
    state.job = None;
    state.places = 0;
    while state.active > 0 {
        state = pool.done.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
    }
    drop(state);
    drop(owner);
    if pool.failed.load(Ordering::Relaxed) {
        panic!("a thread of a kernel failed");
    }
}

fn spawn() -> bool {
    std::thread::Builder::new().name("euar-kernel".into()).spawn(|| wait_for_work(pool())).is_ok()
}

fn wait_for_work(pool: &'static Pool) {
    let mut seen = 0;
    let mut state = lock(pool);
    loop {
        match state.job {
            Some(job) if state.places > 0 && state.call != seen => {
                seen = state.call;
                state.places -= 1;
                state.active += 1;
                drop(state);
                work(pool, job);
                state = lock(pool);
                state.active -= 1;
                if state.active == 0 {
                    pool.done.notify_one();
                }
            }
            _ => state = pool.wake.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner()),
        }
    }
}

/// Runs parts until none is left.
fn work(pool: &Pool, job: Job) {
    let task = unsafe { &*job.task };
    loop {
        let part = pool.next.fetch_add(1, Ordering::Relaxed);
        if part >= job.parts {
            return;
        }
        if catch_unwind(AssertUnwindSafe(|| task(part))).is_err() {
            pool.failed.store(true, Ordering::Relaxed);
        }
    }
}
