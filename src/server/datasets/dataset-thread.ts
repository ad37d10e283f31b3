import { parentPort, workerData } from "node:worker_threads";
import { plainError, type ThreadReply } from "../../features/worker-thread.js";
import { answerFrom, type DatasetAnswers, type DatasetQuestion, openDataset } from "./dataset-reader.js";

/** Worker thread that holds one data set. See `dataset-reader.ts`. */
const reply = (message: ThreadReply<null, DatasetAnswers[keyof DatasetAnswers]>): void => {
  parentPort?.postMessage(message);
};
try {
  const opened = await openDataset(workerData as string);
  parentPort?.on("message", (question: DatasetQuestion) => {
    try {
      reply({ kind: "result", result: answerFrom(opened, question) });
    } catch (error) {
      reply({ kind: "error", error: plainError(error) });
    }
  });
  reply({ kind: "ready", ready: null });
} catch (error) {
  reply({ kind: "error", error: plainError(error) });
}
