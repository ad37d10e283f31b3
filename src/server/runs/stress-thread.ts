import { answerRequest } from "./answer-request.js";
import { stressTest } from "./stress-test.js";

/** Worker thread of one stress test. See `stress-tests.ts`. */
await answerRequest(stressTest);
