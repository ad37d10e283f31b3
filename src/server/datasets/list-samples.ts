import { defined } from "../../core/defined.js";
import { ConfigError } from "../../core/errors.js";
import type { SampleFilter, SamplePage, ShownSample } from "../../data/browse.js";
import type { Services } from "../services.js";
import type { SurveyedSample } from "../survey/survey-split.js";
import { datasetPath } from "./dataset-path.js";

/** Selection of samples, by their own properties and by what models and people say of them. */
export interface SampleQuery extends Omit<SampleFilter, "only" | "except" | "rows"> {
  /** Loaded model whose uncertainty is added. */
  readonly model?: string | undefined;
  readonly order: "split" | "uncertain";
  /** Modality that the model doubts, or "any". */
  readonly doubted?: string | undefined;
  /** Only flagged samples. */
  readonly flagged: boolean;
  /** Only samples without a label of this person. */
  readonly unlabelledBy?: string | undefined;
  /** Modality whose labels count for `unlabelledBy`. Default: labels of any modality count. */
  readonly unlabelledFor?: string | undefined;
}

/** Sample with the uncertainty of a model and its flag. */
export interface DescribedSample extends ShownSample {
  /** Null without a model, or if the model states none. */
  readonly uncertainty: number | null;
  /** Modalities that the model doubts. */
  readonly doubted: readonly string[];
  /** Note of the flag. Null for a sample without a flag. */
  readonly flag: string | null;
}

type Parts = Pick<Services, "datasets" | "openDatasets" | "models" | "store" | "surveys">;

/**
 * Returns a page of the samples of a data set that match.
 * @throws ServerError "server.not-found" for an unknown data set or model
 * @throws ConfigError "config.conflict" for an order or a filter that needs a model
 */
export async function listSamples(
  { datasets, openDatasets, models, store, surveys }: Parts,
  name: string,
  query: SampleQuery,
): Promise<{ readonly total: number; readonly samples: readonly DescribedSample[] }> {
  const { model, order, doubted, flagged, unlabelledBy, unlabelledFor, ...filter } = query;
  const path = datasetPath(datasets, name);
  if (model === undefined && (order === "uncertain" || doubted !== undefined))
    throw new ConfigError(
      "config.conflict",
      "the order by uncertainty and the filter by doubt need a model",
      {
        hint: "Add model=NAME. GET /v1/models lists the loaded models.",
      },
    );
  const survey = model === undefined ? undefined : await surveys.get(models.get(model), path, filter.split);
  const own = idOf(filter.split);
  const notes = new Map((await store.ask("listFlags", name)).map(({ sample, note }) => [sample, note]));
  const labels = unlabelledBy === undefined ? [] : await store.ask("listLabels", name);
  const labelled = labels.filter(
    ({ person, modality }) =>
      person === unlabelledBy && (unlabelledFor === undefined || modality === unlabelledFor),
  );
  const page: SamplePage = await openDatasets.ask(path, {
    kind: "samples",
    filter: {
      ...filter,
      rows: survey && chosenRows(survey, order, doubted),
      only: flagged ? [...notes.keys()].flatMap(own) : undefined,
      except: labelled.flatMap(({ sample }) => own(sample)),
    },
  });
  const samples = page.samples.map((sample) => ({
    ...sample,
    uncertainty: survey?.[sample.row]?.uncertainty ?? null,
    doubted: survey?.[sample.row]?.doubted ?? [],
    flag: notes.get(`${filter.split}/${sample.id}`) ?? null,
  }));
  return { total: page.total, samples };
}

/** Rows that a model doubts, in an order. */
function chosenRows(
  survey: readonly SurveyedSample[],
  order: SampleQuery["order"],
  doubted: string | undefined,
): readonly number[] {
  const rows = [...survey.keys()].filter((row) => {
    const doubts = defined(survey[row]).doubted;
    return doubted === undefined || (doubted === "any" ? doubts.length > 0 : doubts.includes(doubted));
  });
  if (order === "split") return rows;
  const uncertaintyOf = (row: number): number => defined(survey[row]).uncertainty ?? -Infinity;
  return rows.sort((a, b) => uncertaintyOf(b) - uncertaintyOf(a) || a - b);
}

/** Returns a function that reads the id of a sample "SPLIT/ID" if it is of a split. */
function idOf(split: string): (sample: string) => string[] {
  const head = `${split}/`;
  return (sample) => (sample.startsWith(head) ? [sample.slice(head.length)] : []);
}
