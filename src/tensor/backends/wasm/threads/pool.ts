import { defined } from "../../../../core/defined.js";
import { BackendError } from "../../../../core/errors.js";
import { runParts } from "./helper-thread.js";
import type { ThreadHost } from "./host.js";
import { type HelperStart, type Kernel, places, states } from "./protocol.js";

/** Properties of a pool that tests change. */
export interface PoolSettings {
  /** Nanoseconds of work that threads could have shared before the first ones start. */
  readonly startAfter: number;
  /** Milliseconds without work after which a thread ends. */
  readonly idleMs: number;
  /** Seconds without any progress of a thread after which it counts as lost. */
  readonly patience: number;
}

export const poolSettings: PoolSettings = { startAfter: 2e8, idleMs: 10_000, patience: 60 };

/** Kernels, memory, and the number of threads that share them. */
export interface PoolParts {
  readonly host: ThreadHost;
  readonly module: unknown;
  readonly memory: unknown;
  /** All kernels by name. */
  readonly kernels: Readonly<Record<string, Kernel>>;
  /** Number of threads, the calling one included. */
  readonly threads: number;
  /** Allocates the room of a thread's instance. */
  room(): number;
  /** Returns work space for one call of a helper thread. */
  work(thread: number, floats: number): number;
}

/** Call whose units of output the threads share. */
export interface SharedCall {
  readonly kernel: number;
  /** Index of the kernel that sets the settings, or -1. */
  readonly settings: number;
  readonly settingsCount: number;
  /** Numbers of the settings, then those of the kernel. */
  readonly values: readonly number[];
  /** Their change from one unit to the next. */
  readonly steps: readonly number[];
  readonly unitsAt: number;
  /** Place of the address of work space, or -1. */
  readonly workAt: number;
  readonly workFloats: number;
  readonly units: number;
  readonly block: number;
  readonly parts: number;
}

/** Helper threads of one backend. They start after enough work, and end when there is none. */
export class ThreadPool {
  /** Names of the kernels in the order of their indices. */
  readonly names: readonly string[];
  private readonly kernels: readonly Kernel[];
  private readonly control: Int32Array;
  private readonly numbers: Float64Array;
  private readonly rooms: number[] = [];
  /** Number of times that each thread was started. */
  private readonly starts: number[];
  private started = false;
  private sharable = 0;
  private failure: BackendError | undefined;

  constructor(
    private readonly parts: PoolParts,
    private readonly settings: PoolSettings = poolSettings,
  ) {
    const list = Object.entries(parts.kernels);
    this.names = list.map(([name]) => name);
    this.kernels = list.map(([, kernel]) => kernel);
    this.starts = Array.from({ length: parts.threads }, () => 0);
    const integers = places.state + places.line * parts.threads;
    this.control = new Int32Array(new SharedArrayBuffer(4 * integers));
    this.numbers = new Float64Array(new SharedArrayBuffer(8 * (places.work + parts.threads)));
  }

  /**
   * Returns the number of threads for a call with this amount of work, including the calling thread. Starts
   * the others after enough work.
   * @throws BackendError `backend.thread-lost` if a thread ended in the middle of a call
   */
  available(nanoseconds: number): number {
    if (this.failure) throw this.failure;
    if (!this.started) {
      this.sharable += nanoseconds;
      if (this.sharable < this.settings.startAfter) return 1;
      this.start();
    }
    let count = 1;
    for (let thread = 1; thread < this.parts.threads; thread++) {
      const state = Atomics.load(this.control, stateOf(thread));
      if (state === states.idle) count += 1;
      // threads end together; new ones start after enough new work
      else if (state === states.ended) this.started = false;
    }
    if (!this.started) this.sharable = 0;
    return count;
  }

  /**
   * Waits until all threads have started or failed to start. Only tests use it, because work does not wait
   * for threads.
   */
  waitForStart(): void {
    if (!this.started) this.start();
    for (let thread = 1; thread < this.parts.threads; thread++)
      Atomics.wait(this.control, stateOf(thread), states.starting, 10_000);
  }

  private start(): void {
    this.started = true;
    for (let thread = 1; thread < this.parts.threads; thread++) {
      const state = Atomics.load(this.control, stateOf(thread));
      const starts = defined(this.starts[thread]);
      if (starts > 0 && state !== states.ended) continue;
      this.starts[thread] = starts + 1;
      Atomics.store(this.control, stateOf(thread), states.starting);
      this.parts.host.start(this.startOf(thread), (reason) => {
        if (this.starts[thread] === starts + 1) this.ended(thread, reason);
      });
    }
  }

  private startOf(thread: number): HelperStart {
    const room = (this.rooms[thread] ??= this.parts.room());
    const { module, memory } = this.parts;
    const { control, numbers, names } = this;
    const { idleMs } = this.settings;
    return { module, memory, control, numbers, names, thread, room, idleMs, states, places };
  }

  /** If a thread cannot start, there is no error: the others do its work. */
  private ended(thread: number, reason: string): void {
    const state = Atomics.load(this.control, stateOf(thread));
    if (state !== states.starting && state !== states.ended) this.failure = lost(reason);
  }

  /**
   * Computes all parts of a call on up to `threads` threads.
   * @throws BackendError `backend.thread-lost`
   */
  run(call: SharedCall, threads: number): void {
    this.write(call);
    const asked: number[] = [];
    for (let thread = 1; thread < this.parts.threads && asked.length + 1 < threads; thread++) {
      if (call.workAt >= 0) this.numbers[places.work + thread] = this.parts.work(thread, call.workFloats);
      if (!this.change(thread, states.idle, states.asked)) continue;
      Atomics.notify(this.control, stateOf(thread));
      asked.push(thread);
    }
    try {
      runParts(this.kernels, this.control, this.numbers, 0, { places });
    } finally {
      for (const thread of asked) this.settle(thread);
    }
    if (this.failure) throw this.failure;
  }

  private write(call: SharedCall): void {
    const { kernel, settings, settingsCount, values, steps, unitsAt, workAt, units, block, parts } = call;
    this.numbers.set(values, 0);
    this.numbers.set(steps, places.steps);
    const header = [kernel, settings, settingsCount, values.length, unitsAt, workAt, units, block, parts];
    this.control.set(header, places.header);
    Atomics.store(this.control, places.next, 0);
  }

  private change(thread: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.control, stateOf(thread), from, to) === from;
  }

  /** Waits until a thread no longer uses the call. */
  private settle(thread: number): void {
    if (this.change(thread, states.asked, states.idle)) return;
    const place = stateOf(thread);
    // A suspended process wakes up with an expired time, which counts as one second here.
    for (let seconds = 0; Atomics.load(this.control, place) === states.busy; seconds++) {
      if (seconds >= this.settings.patience) {
        this.failure ??= lost(`it did not finish its part within ${this.settings.patience} seconds`);
        return;
      }
      Atomics.wait(this.control, place, states.busy, 1000);
    }
    if (Atomics.load(this.control, place) === states.failed) this.failure ??= lost("its kernel failed");
  }
}

function stateOf(thread: number): number {
  return places.state + places.line * (thread - 1);
}

function lost(reason: string): BackendError {
  return new BackendError("backend.thread-lost", `a thread of the wasm backend was lost: ${reason}`, {
    hint: "Start again. --threads 1 computes without other threads and gives the same bits.",
  });
}
