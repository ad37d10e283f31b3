/**
 * States of a helper thread. The main thread asks an idle thread, and withdraws the request if the work is
 * done before the thread wakes up.
 */
export const states = { starting: 0, idle: 1, asked: 2, busy: 3, failed: 4, ended: 5 } as const;

/** Places in the array of shared integers. Those that threads wait for are a cache line apart. */
export const places = {
  /** Number of the next part that no thread has taken. */
  next: 0,
  /** The call, in the order of {@link CallHeader}. */
  header: 16,
  /** State of thread 1; each following thread is one line further. */
  state: 32,
  line: 16,
  /** In the array of shared numbers: the change of each number of a call, and the work space of thread 0. */
  steps: 40,
  work: 80,
} as const;

/**
 * Call that threads share: index of the kernel, index of the kernel that sets its settings (-1: none), number
 * of numbers that the settings take, number of all numbers, place of the number of units, place of the
 * address of work space (-1: none), units, units per block, parts.
 */
export type CallHeader = readonly [
  kernel: number,
  settings: number,
  settingsCount: number,
  count: number,
  unitsAt: number,
  workAt: number,
  units: number,
  block: number,
  parts: number,
];

export type Kernel = (...values: number[]) => unknown;

/** Message that starts a helper thread. */
export interface HelperStart {
  /** Compiled module of the kernels. */
  readonly module: unknown;
  readonly memory: unknown;
  readonly control: Int32Array;
  /** The numbers of the call, then what {@link places} says. */
  readonly numbers: Float64Array;
  /** Names of the kernels in the order of their indices. */
  readonly names: readonly string[];
  /** Number of the thread; the main thread is 0. */
  readonly thread: number;
  /** Address of the room of the thread's instance. */
  readonly room: number;
  /** Milliseconds without work after which the thread ends. */
  readonly idleMs: number;
  readonly states: Readonly<Record<keyof typeof states, number>>;
  readonly places: typeof places;
}
