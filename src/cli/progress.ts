import { barStyle } from "./bar-style.js";
import type { OutputStream } from "./io.js";

/**
 * Progress display of long work, on stderr. A terminal shows a bar with the time left; otherwise plain lines
 * appear from time to time.
 */
export interface Progress {
  /**
   * @param done finished units of the total
   * @param note text shown next to the bar, e.g. "loss 0.93"
   * @param secondsLeft estimate that is better than the one from the elapsed time
   */
  readonly update: (done: number, note?: string, secondsLeft?: number) => void;
  readonly stop: () => void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  readonly quiet: boolean;
  /** Minimum milliseconds between plain lines. */
  readonly interval?: number;
  /** Milliseconds since a fixed moment. Tests pass their own clock. */
  readonly clock?: () => number;
}

/** Formats seconds as 0:07, 12:34 or 1:02:03. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

export async function startProgress(stderr: OutputStream, options: ProgressOptions): Promise<Progress> {
  if (options.quiet) return { update: () => undefined, stop: () => undefined };
  return stderr.isTTY === true ? await startBar(stderr, options) : startLines(stderr, options);
}

async function startBar(stderr: OutputStream, { label, total }: ProgressOptions): Promise<Progress> {
  // Loaded here so that commands without progress do not pay for it.
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar({
    stream: stderr,
    format: `${label} {bar} {percentage}%  {note}  {elapsed} elapsed, {left} left`,
    ...barStyle,
  });
  const started = performance.now();
  const payload = (done: number, note: string, secondsLeft?: number): object => {
    const { elapsed, left } = timing(started, performance.now(), done, total, secondsLeft);
    return { note, elapsed: formatDuration(elapsed), left: left === undefined ? "?" : formatDuration(left) };
  };
  bar.start(total, 0, payload(0, ""));
  return {
    update: (done, note = "", secondsLeft) => {
      bar.update(Math.min(done, total), payload(done, note, secondsLeft));
    },
    stop: () => {
      bar.stop();
    },
  };
}

function startLines(
  stderr: OutputStream,
  { label, total, interval = 5000, clock = () => performance.now() }: ProgressOptions,
): Progress {
  const started = clock();
  let last = started;
  return {
    update: (done, note = "", secondsLeft) => {
      const now = clock();
      if (now - last < interval) return;
      last = now;
      const { elapsed, left } = timing(started, now, done, total, secondsLeft);
      const time = left === undefined ? "" : `, about ${formatDuration(left)} left`;
      stderr.write(
        `${label}  ${Math.round((100 * done) / total)}%  ${note}  ${formatDuration(elapsed)} ` +
          `elapsed${time}\n`,
      );
    },
    stop: () => undefined,
  };
}

/** Estimates the elapsed seconds and the seconds left. The latter are undefined at the start. */
function timing(
  started: number,
  now: number,
  done: number,
  total: number,
  secondsLeft: number | undefined,
): { elapsed: number; left: number | undefined } {
  const elapsed = (now - started) / 1000;
  return {
    elapsed,
    left:
      secondsLeft ?? (done > 0 && elapsed > 0.5 ? (elapsed / done) * Math.max(0, total - done) : undefined),
  };
}
