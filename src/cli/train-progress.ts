import { fixed } from "../report/numbers.js";
import type { TrainEvent } from "../train/events.js";
import type { CommandContext } from "./context.js";
import type { Progress } from "./progress.js";

/**
 * Shows the events of one training run on a progress bar that may cover several runs.
 * @param before finished runs, in units of the bar
 * @param share units of the bar that this run fills
 * @param alone true if the bar covers only this run, so that the run's own estimate of the time left applies
 * @param label name of the run, if there are several
 */
export function followTraining(
  context: CommandContext,
  progress: Progress,
  before: number,
  share: number,
  alone: boolean,
  label = "",
): (event: TrainEvent) => void {
  const prefix = label === "" ? "" : `${label}: `;
  let note = prefix;
  let done = 0;
  return (event) => {
    if (event.kind === "step") {
      done = event.progress;
      progress.update(before + share * done, note, alone ? event.secondsLeft : undefined);
    }
    if (event.kind === "epoch") {
      const { epoch, valid, train } = event.record;
      note =
        `${prefix}epoch ${epoch}, loss ${fixed(train.task ?? train.total)}, validation ` + fixed(valid.loss);
      progress.update(before + share * done, note, alone ? event.secondsLeft : undefined);
    }
    if (event.kind === "recovery") {
      context.warn(
        `${event.reason} at step ${event.step} of epoch ${event.epoch}; restored the last good ` +
          `state, learning rate now ${event.learningRateFactor} of the original (${event.attemptsLeft} ` +
          "attempts left)",
      );
    }
    if (event.kind === "done") progress.update(before + share, note, alone ? 0 : undefined);
  };
}
