//! Thread pool. Idle threads wait; the parts of one call at a time are shared between them.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, TryLockError};
use std::time::{Duration, Instant};

/// Nanoseconds of work below which a call stays on one thread: several times the cost of waking a sleeping
/// thread and waiting for it. `bench/kernels/threads.js` shows where threads begin to pay off on a machine.
const WORTH: f64 = 100_000.0;
/// Number of parts per thread. If another process delays a thread, the others take over its parts.
const PARTS: usize = 4;
/// Longest time that a thread looks for its next work before it sleeps, and that a call looks for the end of
/// the last parts. Waking a sleeping thread takes about as long. A step makes its calls one after the other,
/// so most of them come within this time.
const LOOK: Duration = Duration::from_micros(60);

type Task<'a> = dyn Fn(usize) + Sync + 'a;

/// Task of a running call. The pointer is valid while `active` workers may use it, because `run` waits for
/// them.
#[derive(Clone, Copy)]
struct Job {
    task: *const Task<'static>,
    /// One per part: whether a thread has taken it.
    taken: *const [AtomicBool],
    threads: usize,
}

unsafe impl Send for Job {}

struct State {
    job: Option<Job>,
    /// Number of the call, so that each worker joins it once.
    call: u64,
    /// Number of workers that may still join the call.
    places: usize,
    /// Number of workers that sleep.
    asleep: usize,
    workers: usize,
}

struct Pool {
    state: Mutex<State>,
    wake: Condvar,
    done: Condvar,
    /// Number of the latest call, as in `state`, for threads that look for work.
    latest: AtomicU64,
    /// Number of workers that are running. Changes only with `state` locked.
    active: AtomicUsize,
    failed: AtomicBool,
    /// Locked by the call that uses the workers.
    owner: Mutex<()>,
}

fn pool() -> &'static Pool {
    static POOL: OnceLock<Pool> = OnceLock::new();
    POOL.get_or_init(|| Pool {
        state: Mutex::new(State { job: None, call: 0, places: 0, asleep: 0, workers: 0 }),
        wake: Condvar::new(),
        done: Condvar::new(),
        latest: AtomicU64::new(0),
        active: AtomicUsize::new(0),
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
    let taken: Vec<AtomicBool> = (0..parts).map(|_| AtomicBool::new(false)).collect();
    let job = Job { task, taken: &raw const *taken, threads };
    pool.failed.store(false, Ordering::Relaxed);
    let asleep = {
        let mut state = lock(pool);
        while state.workers < helpers && spawn(state.workers + 1) {
            state.workers += 1;
        }
        state.job = Some(job);
        state.call += 1;
        state.places = helpers;
        pool.latest.store(state.call, Ordering::Relaxed);
        state.asleep
    };
    for _ in 0..helpers.min(asleep) {
        pool.wake.notify_one();
    }
    work(pool, job, 0);
    let mut state = lock(pool);
    state.job = None;
    state.places = 0;
    drop(state);
    look(|| pool.active.load(Ordering::Relaxed) == 0);
    let mut state = lock(pool);
    while pool.active.load(Ordering::Relaxed) > 0 {
        state = pool.done.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
    }
    drop(state);
    drop(owner);
    if pool.failed.load(Ordering::Relaxed) {
        panic!("a thread of a kernel failed");
    }
}

fn spawn(thread: usize) -> bool {
    let name = format!("euar-kernel-{thread}");
    std::thread::Builder::new().name(name).spawn(move || wait_for_work(pool(), thread)).is_ok()
}

fn wait_for_work(pool: &'static Pool, thread: usize) {
    let mut seen = 0;
    let mut looked = true;
    let mut state = lock(pool);
    loop {
        match state.job {
            Some(job) if state.places > 0 && state.call != seen => {
                seen = state.call;
                state.places -= 1;
                pool.active.fetch_add(1, Ordering::Relaxed);
                drop(state);
                work(pool, job, thread);
                state = lock(pool);
                if pool.active.fetch_sub(1, Ordering::Relaxed) == 1 {
                    pool.done.notify_one();
                }
                looked = false;
            }
            _ if !looked => {
                let last = state.call;
                drop(state);
                look(|| pool.latest.load(Ordering::Relaxed) != last);
                looked = true;
                state = lock(pool);
            }
            _ => {
                state.asleep += 1;
                state = pool.wake.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
                state.asleep -= 1;
                looked = false;
            }
        }
    }
}

/// Looks for at most `LOOK` until the condition holds.
fn look(found: impl Fn() -> bool) {
    let start = Instant::now();
    while !found() && start.elapsed() < LOOK {
        spin_loop();
    }
}

/// Runs parts until none is left. Each thread begins with its own share of the parts, so that it meets the
/// same rows from call to call, which are then in its cache.
fn work(pool: &Pool, job: Job, thread: usize) {
    let (task, taken) = unsafe { (&*job.task, &*job.taken) };
    let parts = taken.len();
    let first = thread % job.threads * parts / job.threads;
    for i in 0..parts {
        let part = (first + i) % parts;
        if taken[part].swap(true, Ordering::Relaxed) {
            continue;
        }
        if catch_unwind(AssertUnwindSafe(|| task(part))).is_err() {
            pool.failed.store(true, Ordering::Relaxed);
        }
    }
}
