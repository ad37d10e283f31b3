import { answerRequest } from "./answer-request.js";
import { compareRuns } from "./compare-runs.js";

/** Worker thread of one comparison. See `compare-in-thread.ts`. */
await answerRequest(compareRuns);
