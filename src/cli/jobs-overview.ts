import type { JobsProgress } from "../experiments/run-jobs.js";
import { barStyle } from "./bar-style.js";
import type { OutputStream } from "./io.js";
import { formatDuration } from "./progress.js";

/**
 * Display of running jobs, on stderr. A terminal shows a bar over all of them and a line per running job,
 * redrawn in place. Otherwise, plain lines appear from time to time. Failures are printed as they happen.
 */
export interface JobsOverview {
  readonly update: (progress: JobsProgress) => void;
  readonly stop: () => void;
}

export interface JobsOverviewOptions {
  readonly label: string;
  readonly quiet: boolean;
  /** Minimum milliseconds between plain lines. */
  readonly interval?: number;
  /** Milliseconds since a fixed moment. Tests pass their own clock. */
  readonly clock?: () => number;
}

/** "12 of 152 runs, 3 of them stored before, 1 failed" */
export function jobsText({ total, done, stored, failures }: JobsProgress): string {
  return `${done} of ${total} runs, ${stored} of them stored before, ${failures.length} failed`;
}

/**
 * Estimates the seconds left from the runs that were not stored. Undefined before the first one has ended.
 * @param elapsed seconds so far
 */
export function secondsLeft(
  { total, done, stored, failures }: JobsProgress,
  elapsed: number,
): number | undefined {
  const ended = done - stored + failures.length;
  return ended === 0 ? undefined : (elapsed / ended) * (total - done - failures.length);
}

export async function startJobsOverview(
  stderr: OutputStream,
  options: JobsOverviewOptions,
): Promise<JobsOverview> {
  if (options.quiet) return { update: () => undefined, stop: () => undefined };
  return stderr.isTTY === true ? await startBars(stderr, options) : startLines(stderr, options);
}

async function startBars(
  stderr: OutputStream,
  { label, clock = () => performance.now() }: JobsOverviewOptions,
): Promise<JobsOverview> {
  // Loaded here so that commands without progress do not pay for it.
  const { default: cliProgress } = await import("cli-progress");
  const bars = new cliProgress.MultiBar({
    stream: stderr,
    format: `${label} {bar} {percentage}%  {note}  {time}`,
    ...barStyle,
    linewrap: false,
  });
  const started = clock();
  const since = new Map<string, number>();
  const lanes: { update: (payload: object) => void }[] = [];
  const whole = bars.create(1, 0, { note: "", time: "" });
  let last: JobsProgress | undefined;
  const draw = (progress: JobsProgress): void => {
    const elapsed = (clock() - started) / 1000;
    const left = secondsLeft(progress, elapsed);
    whole.setTotal(Math.max(1, progress.total));
    whole.update(progress.done + progress.failures.length, {
      note: jobsText(progress),
      time: `${formatDuration(elapsed)} elapsed, ${left === undefined ? "?" : formatDuration(left)} left`,
    });
    while (lanes.length < progress.running.length)
      lanes.push(bars.create(1, 0, { line: "" }, { format: "  {line}" }));
    lanes.forEach((lane, i) => {
      const name = progress.running[i];
      lane.update({
        line:
          name === undefined
            ? ""
            : `${formatDuration((clock() - (since.get(name) ?? clock())) / 1000).padStart(5)}  ${name}`,
      });
    });
  };
  const timer = setInterval(() => {
    if (last) draw(last); // update the times between the ends of two runs
  }, 500);
  return {
    update: (progress) => {
      for (const failure of progress.failures.slice(last?.failures.length ?? 0))
        bars.log(`${failureText(failure)}\n`);
      for (const name of [...since.keys()]) if (!progress.running.includes(name)) since.delete(name);
      for (const name of progress.running) if (!since.has(name)) since.set(name, clock());
      last = progress;
      draw(progress);
    },
    stop: () => {
      clearInterval(timer);
      bars.update(); // the last messages, above all failures, must not be lost
      bars.stop();
    },
  };
}

function startLines(
  stderr: OutputStream,
  { label, interval = 5000, clock = () => performance.now() }: JobsOverviewOptions,
): JobsOverview {
  const started = clock();
  let last = started;
  let failures = 0;
  return {
    update: (progress) => {
      for (const failure of progress.failures.slice(failures)) stderr.write(`${failureText(failure)}\n`);
      failures = progress.failures.length;
      const now = clock();
      if (now - last < interval) return;
      last = now;
      const elapsed = (now - started) / 1000;
      const left = secondsLeft(progress, elapsed);
      const running = progress.running.length === 0 ? "" : `; running: ${progress.running.join("; ")}`;
      stderr.write(
        `${label}  ${jobsText(progress)}, ${formatDuration(elapsed)} ` +
          `elapsed${left === undefined ? "" : `, about ${formatDuration(left)} left`}${running}\n`,
      );
    },
    stop: () => undefined,
  };
}

function failureText({ label, code, message }: JobsProgress["failures"][number]): string {
  return `failed: ${label} [${code}]: ${message}`;
}
