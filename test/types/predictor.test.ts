import { expectTypeOf, test } from "vitest";
import {
  type ClassificationPrediction,
  type evaluate,
  type Features,
  type MediaPrediction,
  type Prediction,
  type PredictorParts,
  Predictor,
  type RawMedia,
  type TrainedRun,
} from "../../src/index.js";

// Nothing here runs: the compiler checks it.
declare const regression: Predictor<"regression">;
declare const classes: Predictor<"classification">;
declare const any: Predictor;

test("the task decides the type of a prediction", () => {
  const features: Features = {};
  type Of<One extends Predictor> = ReturnType<One["predict"]>["prediction"];
  expectTypeOf<Of<Predictor<"regression">>>().toEqualTypeOf<number>();
  expectTypeOf<Of<Predictor<"classification">>>().toEqualTypeOf<string>();
  expectTypeOf<Of<Predictor<"multi-label">>>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<Of<Predictor<"multi-target">>>().toEqualTypeOf<Readonly<Record<string, number>>>();
  type Classified = ReturnType<(typeof classes)["predict"]>;
  expectTypeOf<Classified["classes"]>().toEqualTypeOf<Readonly<Record<string, number>>>();
  expectTypeOf<ReturnType<(typeof regression)["predict"]>["classes"]>().toEqualTypeOf<undefined>();
  expectTypeOf(() => regression.predict(features)).returns.toEqualTypeOf<Prediction<"regression">>();
});

test("features give a value, media a promise, a list a list", () => {
  expectTypeOf(() => regression.predict({ text: [1] })).returns.toEqualTypeOf<Prediction<"regression">>();
  expectTypeOf(() => regression.predictBatch([{ text: [1] }, { audio: null }])).returns.toEqualTypeOf<
    Prediction<"regression">[]
  >();
  expectTypeOf(() => classes.predictMedia({ text: "so" })).returns.toEqualTypeOf<
    Promise<MediaPrediction<"classification">>
  >();
  expectTypeOf<MediaPrediction<"regression">["prediction"]>().toEqualTypeOf<number>();
  expectTypeOf<MediaPrediction["verdict"]>().toEqualTypeOf<string>();
});

test("a sample without anything, features as media and media as features do not compile", () => {
  // @ts-expect-error no modality
  expectTypeOf(() => any.predict({})).toBeFunction();
  // @ts-expect-error no modality
  expectTypeOf(() => any.predictBatch([{}])).toBeFunction();
  // @ts-expect-error no medium at all
  expectTypeOf(() => any.predictMedia({})).toBeFunction();
  // @ts-expect-error a text is a medium
  expectTypeOf(() => any.predict({ text: "not again" })).toBeFunction();
  // @ts-expect-error numbers are features
  expectTypeOf(() => any.predictMedia({ text: [1, 2] })).toBeFunction();
  // @ts-expect-error a number is no medium
  expectTypeOf(() => any.predictMedia({ text: "so", depth: 5 })).toBeFunction();
  // @ts-expect-error only the extraction of features can be stopped
  expectTypeOf(() => any.predict({ text: [1] }, { signal: new AbortController().signal })).toBeFunction();
});

test("samples with modalities that are known only at run time do compile", () => {
  const features: Features = {};
  const media: RawMedia = {};
  const files: Record<string, string> = {};
  const either = {} as { text: number[] } | { audio: Float32Array[] };
  expectTypeOf(() => any.predict(features)).toBeFunction();
  expectTypeOf(() => any.predict(either)).toBeFunction();
  expectTypeOf(() => any.predictMedia(media)).toBeFunction();
  expectTypeOf(() => any.predictMedia(files)).toBeFunction();
  expectTypeOf(() => any.predictMedia({ text: "so", image: undefined })).toBeFunction();
  expectTypeOf(() => any.predictMedia({ rgb: "a.png", depth: "b.png" })).toBeFunction();
});

test("the task is stated when loading, or found by isFor", () => {
  expectTypeOf(() => Predictor.load("run")).returns.resolves.toEqualTypeOf<Predictor>();
  expectTypeOf(() => Predictor.load("run", { backend: "wasm" })).returns.resolves.toEqualTypeOf<Predictor>();
  expectTypeOf(() =>
    Predictor.load(new URL("https://example.org/w"), { task: "regression" }),
  ).returns.resolves.toEqualTypeOf<Predictor<"regression">>();
  expectTypeOf(() =>
    Predictor.fromWeights(new Uint8Array(), { task: "multi-label", name: "x" }),
  ).returns.resolves.toEqualTypeOf<Predictor<"multi-label">>();
  // @ts-expect-error no such task
  expectTypeOf(() => Predictor.load("run", { task: "regresion" })).toBeFunction();
  expectTypeOf((one: Predictor) =>
    one.isFor("classification") ? one.predict({ text: [1] }).classes : undefined,
  ).returns.toEqualTypeOf<Readonly<Record<string, number>> | undefined>();
});

test("a field that only one task has narrows a prediction", () => {
  expectTypeOf((one: Prediction) => (one.classes ? one : undefined)).returns.toEqualTypeOf<
    ClassificationPrediction | undefined
  >();
});

test("a predictor of any task is a predictor, and the constructor is private", () => {
  expectTypeOf<Predictor<"regression">>().toExtend<Predictor>();
  expectTypeOf<Predictor>().not.toExtend<Predictor<"regression">>();
  expectTypeOf<TrainedRun["model"]>().toEqualTypeOf<Predictor>();
  expectTypeOf<Predictor<"regression">>().toExtend<Parameters<typeof evaluate>[0]>();
  expectTypeOf<typeof Predictor>().not.toExtend<new (parts: PredictorParts) => unknown>();
});
