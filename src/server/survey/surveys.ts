import type { SplitName } from "../../data/dataset.js";
import { ConfigError } from "../../core/errors.js";
import type { LoadedModel } from "../models/loaded-models.js";
import { InThread } from "../runs/in-thread.js";
import { Remembered } from "../runs/remembered.js";
import type { SurveyedSample, SurveyRequest } from "./survey-split.js";

/** Surveys of splits by models. Remembers the latest results, because a survey takes seconds. */
export class Surveys {
  private readonly results = new Remembered<readonly SurveyedSample[]>();

  constructor(private readonly compute: (request: SurveyRequest) => Promise<readonly SurveyedSample[]>) {}

  /**
   * Returns the uncertainty of a model about each sample of a split.
   * @param data path of the data set
   * @throws ConfigError "config.conflict" for a model that is in memory only
   * @throws EuarError as `surveySplit`
   */
  get(model: LoadedModel, data: string, split: SplitName): Promise<readonly SurveyedSample[]> {
    const { name, place, loadedAt } = model;
    if (place === undefined)
      throw new ConfigError("config.conflict", `the model "${name}" has no file`, {
        hint: "Load it from a run.",
      });
    const key = JSON.stringify([place, loadedAt, data, split]);
    return this.results.get(key, () => this.compute({ name, place, data, split }));
  }
}

/** Surveys a split in a thread of its own. */
export const surveyInThread = new InThread<SurveyRequest, readonly SurveyedSample[]>(
  new URL("./survey-thread.js", import.meta.url),
).compute;
