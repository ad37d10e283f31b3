import type { Dataset } from "../data/dataset.js";
import { TrainError } from "../core/errors.js";
import { plateauAfter } from "../nn/optim/schedule.js";
import { decodeCheckpoint, encodeCheckpoint, type TrainingState } from "../runs/checkpoint.js";
import {
  type Divergence,
  divergenceError,
  RECOVERY_ATTEMPTS,
  RECOVERY_FACTOR,
  validationDivergence,
} from "./divergence.js";
import type { Predictor } from "../predict/predictor.js";
import { finishRun } from "./finish-run.js";
import { prepareRun, type PreparedRun } from "./prepare-run.js";
import { ProgressClock } from "./progress-clock.js";
import type { EpochRecord, TrainResult } from "../runs/results.js";
import { runFiles } from "../runs/run-files.js";
import { isBetter, LAST, scoreOf, selectionRule } from "./selection.js";
import { validationMetrics } from "../evaluate/task-metrics.js";
import type { TrainHooks, TrainRequest } from "./train-request.js";
import { type EpochOutcome, Trainer } from "./trainer.js";

/** Result of a finished training run, with the model ready to use. */
export interface TrainedRun extends TrainResult {
  readonly model: Predictor;
}

/** Seconds between checkpoints of a run that has a folder. */
const CHECKPOINT_EVERY = 30;

/**
 * Trains any registered model on any data set. This is the only training loop.
 *
 * Normalises features with statistics of the training split. Each epoch passes over the training samples in
 * an order keyed by (seed, epoch), then measures the validation split. Keeps the weights of the best epoch.
 * Reads the test split once, at the end. The same request on the same data gives the same bits, even if the
 * run was interrupted and resumed.
 *
 * If a loss or gradient is not finite, or the validation loss explodes (see divergence.ts), training returns
 * to the state before the epoch with 0.3 times the learning rate. This happens at most three times in a run.
 *
 * @throws ConfigError for options that are unknown, out of range or contradict each other
 * @throws TrainError "train.diverged" naming step and epoch
 * @throws TrainError "train.interrupted" if `hooks.signal` is aborted
 */
export async function train(
  request: TrainRequest,
  dataset: Dataset,
  hooks: TrainHooks = {},
): Promise<TrainedRun> {
  const run = await prepareRun(request, dataset);
  try {
    return await trainPrepared(run, request, hooks);
  } finally {
    run.folder?.close();
  }
}

async function trainPrepared(
  run: PreparedRun,
  request: TrainRequest,
  hooks: TrainHooks,
): Promise<TrainedRun> {
  const { config, model, splits, folder } = run;
  const trainer = new Trainer(model, config.train, splits.train, run.copies);
  if (request.resume && folder)
    trainer.restore(decodeCheckpoint(folder.readCheckpoint(), run.hash, folder.file("checkpoint")));
  else trainer.progress = { ...trainer.progress, initialLoss: initialLoss(trainer, run) };
  folder?.begin(config, run.hash, request.source, trainer.progress.history);

  const clock = new ProgressClock(trainer, config.train, hooks.onEvent);
  clock.start(config.model.name, model.parameters.count());
  await runEpochs(trainer, run, clock, hooks.signal);
  trainer.restoreBest();
  return finishRun(run, trainer, clock);
}

/**
 * Runs the remaining epochs. Recovery and checkpoints use one copy of the state, which each epoch overwrites,
 * because the state of an encoder is several times its size.
 */
async function runEpochs(
  trainer: Trainer,
  run: PreparedRun,
  clock: ProgressClock,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { folder } = run;
  let lastCheckpoint = performance.now();
  let lastGood: TrainingState | undefined;
  while (!isFinished(trainer, run)) {
    lastGood = trainer.snapshot(lastGood);
    const outcome = await trainer.runEpoch({ signal, onStep: clock.onStep });
    if (outcome.kind === "interrupted") throw interrupted(lastGood, run, clock.seconds());
    const record =
      outcome.kind === "done"
        ? validateEpoch(trainer, run, outcome)
        : { ...outcome, epoch: lastGood.progress.epoch + 1 };
    if ("reason" in record) {
      recover(trainer, lastGood, record, clock);
      continue;
    }
    acceptEpoch(trainer, run, record);
    folder?.appendHistory(record);
    clock.onEpoch(record);
    if (folder && performance.now() - lastCheckpoint > CHECKPOINT_EVERY * 1000 && !isFinished(trainer, run)) {
      lastGood = trainer.snapshot(lastGood);
      folder.write("checkpoint", encodeCheckpoint(withSeconds(lastGood, clock.seconds()), run.hash));
      lastCheckpoint = performance.now();
    }
  }
}

/**
 * Returns the validation loss of the initial weights. Also fails early if the selection metric does not
 * exist.
 */
function initialLoss(trainer: Trainer, run: PreparedRun): number {
  const { config, splits, model } = run;
  const outputs = trainer.evaluate(splits.valid);
  if (!Number.isFinite(outputs.taskLoss) || !outputs.prediction.every(Number.isFinite)) {
    throw new TrainError(
      "train.diverged",
      `the initial weights already give a validation loss of ${outputs.taskLoss} (step 0, epoch 0)`,
      {
        hint: "Look for extreme features or labels with `euar inspect`. Do not use --normalise none.",
      },
    );
  }
  selectionRule(
    config.train.selectBy,
    Object.keys(validationMetrics(model.signature.task, outputs.prediction, splits.valid.labels).values),
  );
  return outputs.taskLoss;
}

function isFinished(trainer: Trainer, { config }: PreparedRun): boolean {
  const { epoch, bestEpoch } = trainer.progress;
  return (
    epoch >= config.train.epochs || (config.train.patience > 0 && epoch - bestEpoch >= config.train.patience)
  );
}

/** Measures the validation split after an epoch. Returns the epoch's record, or the divergence. */
function validateEpoch(
  trainer: Trainer,
  run: PreparedRun,
  outcome: EpochOutcome & { readonly kind: "done" },
): EpochRecord | Divergence {
  const { config, splits, model } = run;
  const { progress } = trainer;
  const epoch = progress.epoch + 1;
  const step = progress.step + trainer.stepsPerEpoch;
  const outputs = trainer.evaluate(splits.valid);
  const reason = outputs.prediction.every(Number.isFinite)
    ? validationDivergence(outputs.taskLoss, progress.initialLoss)
    : "a validation prediction is not finite";
  if (reason !== undefined) return { epoch, step: step - 1, reason };
  const valid = {
    loss: outputs.taskLoss,
    ...validationMetrics(model.signature.task, outputs.prediction, splits.valid.labels).values,
  };
  const rule = selectionRule(config.train.selectBy, Object.keys(valid));
  const score = scoreOf(rule, { ...valid, [LAST]: epoch });
  const best = progress.bestEpoch === 0 || isBetter(rule, score, progress.bestScore);
  return {
    epoch,
    step,
    learningRate: trainer.learningRate(step - 1),
    train: outcome.losses,
    valid,
    score,
    best,
    recoveries: progress.recoveries,
  };
}

function acceptEpoch(trainer: Trainer, run: PreparedRun, record: EpochRecord): void {
  const { progress, scheduleOptions } = trainer;
  if (record.best) trainer.keepBest();
  trainer.progress = {
    ...progress,
    epoch: record.epoch,
    step: record.step,
    plateau:
      run.config.train.schedule === "plateau"
        ? plateauAfter(progress.plateau, record.valid["loss"] ?? NaN, scheduleOptions)
        : progress.plateau,
    bestEpoch: record.best ? record.epoch : progress.bestEpoch,
    bestScore: record.best ? record.score : progress.bestScore,
    history: [...progress.history, record],
  };
}

/**
 * Returns to the state before the epoch, with a lower learning rate.
 *
 * @throws TrainError "train.diverged" if no recovery attempt is left
 */
function recover(
  trainer: Trainer,
  lastGood: TrainingState,
  divergence: Divergence,
  clock: ProgressClock,
): void {
  const { recoveries, learningRateFactor } = lastGood.progress;
  if (recoveries >= RECOVERY_ATTEMPTS)
    throw divergenceError(divergence, trainer.learningRate(divergence.step));
  const progress = {
    ...lastGood.progress,
    recoveries: recoveries + 1,
    learningRateFactor: learningRateFactor * RECOVERY_FACTOR,
  };
  trainer.restore({ ...lastGood, progress });
  clock.onRecovery(
    divergence,
    progress.recoveries,
    RECOVERY_ATTEMPTS - progress.recoveries,
    progress.learningRateFactor,
  );
}

/** Saves the state before the interrupted epoch, so that a resumed run repeats that epoch from its start. */
function interrupted(lastGood: TrainingState, { folder, hash }: PreparedRun, seconds: number): TrainError {
  const epochs = lastGood.progress.epoch;
  if (!folder)
    return new TrainError("train.interrupted", `training was interrupted after ${epochs} epochs`, {
      hint: "Give the run a folder (--out) to be able to resume it.",
    });
  folder.write("checkpoint", encodeCheckpoint(withSeconds(lastGood, seconds), hash));
  return new TrainError(
    "train.interrupted",
    `training was interrupted after ${epochs} epochs; its state is in ${folder.file("checkpoint")}`,
    {
      hint:
        "Run the same command with --resume to continue. The result is the same as without the " +
        "interruption. " +
        `To give up the run, delete ${runFiles.checkpoint}.`,
    },
  );
}

function withSeconds(state: TrainingState, seconds: number): TrainingState {
  return { ...state, progress: { ...state.progress, seconds } };
}
