import type { FigureResult } from "../../experiments/figure-result.js";
import { casesParts } from "./cases.js";
import { curvesParts } from "./curves.js";
import { embeddingParts } from "./embedding.js";
import type { FigurePart } from "./figure-part.js";
import { uncertaintyParts } from "./uncertainty.js";

/** Builds the charts, tables and points of a figure. */
export function figureParts(figure: FigureResult): FigurePart[] {
  switch (figure.kind) {
    case "curves":
      return curvesParts(figure);
    case "embedding":
      return embeddingParts(figure);
    case "cases":
      return casesParts(figure);
    case "uncertainty":
      return uncertaintyParts(figure);
  }
}
