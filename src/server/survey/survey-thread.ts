import { answerRequest } from "../runs/answer-request.js";
import { surveySplit } from "./survey-split.js";

/** Worker thread of one survey. See `surveys.ts`. */
await answerRequest(surveySplit);
