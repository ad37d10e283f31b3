// Made from the OpenAPI document of the server by `npm run client:types`. Do not edit.

/** Routes of the server: parameters, bodies and responses by path and method. */
export interface paths {
  "/metrics": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Metrics in the text format of Prometheus */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: { headers: Record<string, unknown>; content: { "text/plain": string } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/healthz": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns 200 as long as the process runs */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Status"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/readyz": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns 200 if the server accepts requests */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Status"] };
        };
        503: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Status"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/statistics": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns numbers and times of requests, and numbers of stored predictions and doubts */
    get: {
      parameters: {
        query?: {
          /** number of past hours to count */
          hours?: number;
          model?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Statistics"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/models": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the loaded models */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["ModelList"] };
        };
      };
    };
    put?: never;
    /** Loads a finished run of the server's folder, and replaces a model of the same name */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { "application/json": components["schemas"]["LoadRequest"] } };
      responses: {
        201: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Model"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        415: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/models/{name}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Describes a loaded model */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Model"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    /** Unloads a model after its requests are finished */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/models/{name}/weights": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sends the weight file of a model, for pages that score in the browser */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: Record<string, unknown>; content: { "application/octet-stream": Blob } };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/predictions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists stored predictions, latest first */
    get: {
      parameters: {
        query?: {
          limit?: number;
          /** value of `next` of the previous page */
          before?: string;
          model?: string;
          /** uncertain: the most uncertain first, in one page */
          order?: "latest" | "uncertain";
          /** true: only predictions without a correction */
          uncorrected?: "true" | "false";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["StoredPredictionList"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    /** Scores one sample or several */
    post: {
      parameters: {
        query?: {
          /** name of a loaded model (default: the default model) */
          model?: string;
          /** nominal coverage of intervals and sets of classes, as a fraction (default 0.9) */
          level?: number;
          /** modalities that the model may use, separated by commas (default: all) */
          available?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["PredictionRequest"];
          "application/x-safetensors": components["schemas"]["PredictionTensors"];
          "multipart/form-data": components["schemas"]["PredictionForm"];
          "application/x-ndjson": components["schemas"]["Sample"];
        };
      };
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: {
            "application/json": components["schemas"]["Prediction"] | components["schemas"]["PredictionList"];
            "application/x-ndjson": components["schemas"]["Prediction"];
          };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        415: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        429: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        503: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        504: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        507: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/exports/predictions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Exports all stored predictions with their corrections, as JSON lines or Parquet */
    get: {
      parameters: {
        query?: {
          /** parquet: columns for the main fields, and the complete prediction as JSON text */
          format?: "jsonl" | "parquet";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: {
            "application/x-ndjson": components["schemas"]["StoredPrediction"];
            "application/vnd.apache.parquet": Blob;
          };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/predictions/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns a stored prediction */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["StoredPrediction"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    /** Deletes a stored prediction and its correction */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/predictions/{id}/correction": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    /** Stores the true label of a prediction */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components["schemas"]["Correction"] } };
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        415: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        507: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/labels/{collection}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the labels that people gave to the samples of a data set or to clips */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** name of a data set, or of clips that are in no data set */
          collection: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["LabelList"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    /** Stores a person's label of a sample, or of one of its modalities */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** name of a data set, or of clips that are in no data set */
          collection: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components["schemas"]["PersonLabel"] } };
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        415: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        507: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    post?: never;
    /** Deletes a label */
    delete: {
      parameters: {
        query: {
          /** split and id of a sample as "test/ID", or the name of a clip */
          sample: string;
          /** modality that the person saw; "all" for the whole sample */
          modality: string;
          /** name of the person */
          person: string;
        };
        header?: never;
        path: {
          /** name of a data set, or of clips that are in no data set */
          collection: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/labels/{collection}/agreement": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Measures how well people agree, by modality (Krippendorff's alpha) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** name of a data set, or of clips that are in no data set */
          collection: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["LabelAgreement"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/flags/{collection}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the flagged samples with their notes */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** name of a data set, or of clips that are in no data set */
          collection: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["FlagList"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    /** Flags a sample, with a note */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** name of a data set, or of clips that are in no data set */
          collection: string;
        };
        cookie?: never;
      };
      requestBody: { content: { "application/json": components["schemas"]["SampleFlag"] } };
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        415: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        507: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    post?: never;
    /** Removes the flag of a sample */
    delete: {
      parameters: {
        query: {
          /** split and id of a sample as "test/ID", or the name of a clip */
          sample: string;
        };
        header?: never;
        path: {
          /** name of a data set, or of clips that are in no data set */
          collection: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/exports/labels/{collection}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Exports labels and flags: one row per sample and modality, one column per person */
    get: {
      parameters: {
        query?: {
          format?: "csv" | "jsonl";
        };
        header?: never;
        path: {
          /** name of a data set, or of clips that are in no data set */
          collection: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "text/csv": string; "application/x-ndjson": components["schemas"]["LabelledSample"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/jobs": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists jobs, latest first */
    get: {
      parameters: {
        query?: {
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["JobList"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    /** Scores one sample of long media later */
    post: {
      parameters: {
        query?: {
          /** name of a loaded model (default: the default model) */
          model?: string;
          /** nominal coverage of intervals and sets of classes, as a fraction (default 0.9) */
          level?: number;
          /** modalities that the model may use, separated by commas (default: all) */
          available?: string;
        };
        header?: {
          "idempotency-key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "multipart/form-data": components["schemas"]["PredictionForm"] } };
      responses: {
        202: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Job"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        409: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        503: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        507: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/jobs/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns a job */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Job"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    /** Cancels a job, or deletes a finished one */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/jobs/{id}/events": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sends the job at each change, until it ends (Server-Sent Events) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "text/event-stream": components["schemas"]["Job"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the runs of the server's folder and the queued ones */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["RunList"] };
        };
      };
    };
    put?: never;
    /** Queues a training of a model on a data set of the server */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { "application/json": components["schemas"]["RunRequest"] } };
      responses: {
        202: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Run"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        409: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        415: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/schema": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns the JSON Schema of the options of a training */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: { headers: Record<string, unknown>; content: { "application/json": Record<string, unknown> } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/options": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns the options of a training and their help by model, and the presets of each model */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["TrainOptions"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/{name}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns a run with its configuration and results */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Run"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/{name}/history": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns the records of the epochs so far */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["History"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/{name}/stop": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Stops a training. A running training stores a checkpoint first */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Run"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/{name}/resume": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Continues a stopped or failed training */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Run"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        409: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/{name}/events": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sends all past and new epochs, and each change of the run, until it ends (Server-Sent Events) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "text/event-stream": components["schemas"]["Run"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/comparisons": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Compares each run with the first one by paired tests on the same samples */
    get: {
      parameters: {
        query: {
          /** names of the runs, separated by commas; the first one is the reference */
          runs: string;
          split?: "test" | "valid";
          /** confidence level of the intervals */
          level?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Comparison"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/{name}/predictions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sends the predictions of a finished run on a split, with labels and diagnostics, as JSON lines */
    get: {
      parameters: {
        query?: {
          split?: "test" | "valid";
        };
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/x-ndjson": Record<string, unknown> };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/runs/{name}/stress": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Measures a finished run on the test split of a data set: metrics under rising noise, uncertainty against severity, routing by cause, and a map of the joint features */
    get: {
      parameters: {
        query: {
          /** name of a data set of the server */
          data: string;
        };
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["StressTest"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/experiments": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the results of `euar reproduce` in the server's folder */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["ExperimentList"] };
        };
      };
    };
    put?: never;
    /** Starts `euar reproduce`, or continues an interrupted one. One experiment runs at a time */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { "application/json": components["schemas"]["ExperimentRequest"] } };
      responses: {
        202: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["ExperimentInfo"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        409: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        415: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/experiments/{name}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns an experiment with its results: tables with paired tests, figures, the paper's numbers */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Experiment"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/experiments/{name}/stop": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Stops an experiment. Finished runs are kept */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["ExperimentInfo"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/datasets": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the data sets of the server */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["DatasetList"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/datasets/{name}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Describes a data set: counts, labels, missing modalities */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Dataset"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/datasets/{name}/samples": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the samples of a split, without their features */
    get: {
      parameters: {
        query?: {
          split?: "train" | "valid" | "test";
          /** number of samples to skip */
          from?: number | null;
          limit?: number;
          /** part of the id or of the text; upper and lower case are equal */
          search?: string;
          /** only samples with at least this label (regression) */
          least?: number | null;
          /** only samples with at most this label (regression) */
          most?: number | null;
          /** only samples of this class, or with this label */
          label?: string;
          /** only samples without this modality */
          missing?: string;
          /** only samples with this quality problem, e.g. "audio.silent" */
          problem?: string;
          /** loaded model whose uncertainty and doubts are added */
          model?: string;
          /** uncertain: the most uncertain first; needs a model */
          order?: "split" | "uncertain";
          /** only samples of which the model doubts this modality; any: one of them */
          doubted?: string;
          /** true: only flagged samples */
          flagged?: "true" | "false";
          /** only samples without a label of this person */
          unlabelledBy?: string;
          /** modality of that label (default: any) */
          unlabelledFor?: string;
        };
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["SamplePage"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        409: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/datasets/{name}/samples/{split}/{row}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns the features of a sample in the form that POST /v1/predictions takes */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
          split: "train" | "valid" | "test";
          row?: number | null;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["SampleFeatures"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        409: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/datasets/{name}/distributions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Returns histograms of the labels and lengths of each split */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["Distributions"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        409: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/datasets/{name}/samples/{split}/{row}/media": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the media that the features of a sample were extracted from, and that a page can show */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
          split: "train" | "valid" | "test";
          row?: number | null;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["SampleMedia"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        422: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/datasets/{name}/samples/{split}/{row}/media/{modality}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sends a medium of a sample */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
          split: "train" | "valid" | "test";
          row?: number | null;
          modality: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: Record<string, unknown>; content: { "application/octet-stream": Blob } };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/keys": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the keys, without their secrets */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["KeyList"] };
        };
      };
    };
    put?: never;
    /** Makes a key. Its secret is in this answer only */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { "application/json": components["schemas"]["KeyRequest"] } };
      responses: {
        201: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["NewKey"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        409: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        415: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/keys/{name}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    post?: never;
    /** Removes a key. The next request that has it is refused */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: Record<string, unknown>; content?: never };
        404: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/audit": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lists the rows of the audit log, latest first */
    get: {
      parameters: {
        query?: {
          limit?: number;
          /** `next` of the page before */
          before?: number | null;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/json": components["schemas"]["AuditList"] };
        };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/exports/audit": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Exports the audit log, as JSON lines */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { "application/x-ndjson": components["schemas"]["AuditRow"] };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/sign-in": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Page that asks for a key */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: { headers: Record<string, unknown>; content: { "text/html": string } };
      };
    };
    put?: never;
    /** Keeps a key in a cookie of the browser. Without a key, the cookie is deleted */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: {
        content: {
          "application/x-www-form-urlencoded": {
            key?: string;
          };
        };
      };
      responses: {
        303: { headers: Record<string, unknown>; content?: never };
        400: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
        401: { headers: Record<string, unknown>; content: { "text/html": string } };
        413: {
          headers: Record<string, unknown>;
          content: { "application/problem+json": components["schemas"]["Problem"] };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Page that shows all routes */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: { headers: Record<string, unknown>; content: { "text/html": string } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}

/** Schemas of the server's bodies, by name. */
export interface components {
  schemas: {
    Status: {
      status: string;
      models?: number;
    };
    Statistics: {
      routes: {
        route: string;
        /** answered requests since the server started */
        requests: number;
        /** requests with a status of 400 to 499 */
        refused: number;
        /** requests with a status of 500 or more */
        failed: number;
        /** seconds, of the last 1000 requests */
        median: number;
        /** seconds, of the last 1000 requests */
        p95: number;
        /** seconds, of the last 1000 requests */
        p99: number;
      }[];
      hours: {
        hour: string;
        predictions: number;
        /** predictions with a doubted input */
        doubted: number;
        /** mean uncertainty */
        uncertainty: number | null;
      }[];
      doubts: {
        hour: string;
        modality: string;
        doubted: number;
      }[];
      /** inputs by the rank of their uncertainty among the validation samples */
      ranks: {
        modality: string;
        /** tenth of the validation samples by uncertainty, from 0 */
        tenth: number;
        inputs: number;
      }[];
      corrections: number;
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      /** the reason: the failed step, the expected value and the value found */
      detail: string;
      /** error code of docs/errors.md */
      code: string;
      /** remedy */
      hint: string | null;
    };
    ModelList: {
      models: components["schemas"]["Model"][];
    };
    Model: {
      name: string;
      /** true if it is used for requests without a model name */
      default: boolean;
      task: "regression" | "multi-target" | "classification" | "multi-label";
      /** name of the model definition */
      definition: string;
      modalities: {
        name: string;
        /** number of features per step */
        width: number;
        /** text, audio, video or image; null for features only */
        medium: string | null;
        /** adapter that made the training features */
        adapter: string | null;
      }[];
      /** names of the targets, classes or labels */
      outputs: string[];
      /** least and largest label of a regression; null if the scale is unknown */
      range: number[] | null;
      /** name of the training data */
      data: string;
      /** sha-256 of the run's configuration */
      hash: string;
      /** true if predictions have intervals or sets of classes */
      calibrated: boolean;
      /** true if raw media can be scored */
      readsMedia: boolean;
      /** true if a web page can load the model and score in the browser */
      inPage: boolean;
      /** time of loading, ISO 8601 */
      loadedAt: string;
      /** number of waiting and running requests */
      waiting: number;
    };
    LoadRequest: {
      /** name of a finished run */
      run: string;
      /** name of the loaded model (default: the run's) */
      name?: string;
      /** make it the default model */
      default?: boolean;
    };
    Prediction: {
      /** name of the sample, returned with its answer */
      id?: string | number;
      /** name of the model that made the prediction */
      model: string;
      /** id of the stored prediction; absent with --no-store */
      stored?: string;
      /** a number, numbers by target, the most probable class, or the labels that are present */
      prediction: number | Record<string, number> | string | string[];
      /** nominal coverage of the interval or the set of classes */
      level: number | null;
      /** regression; by target if there are several */
      interval?:
        | {
            low: number;
            high: number;
          }
        | Record<
            string,
            {
              low: number;
              high: number;
            } | null
          >
        | null;
      /** classification: probability by class */
      classes?: Record<string, number>;
      /** classification: classes that contain the true one */
      classSet?: string[] | null;
      /** multi-label: probability and decision by label */
      labels?: Record<
        string,
        {
          probability: number;
          threshold: number;
          present: boolean;
        }
      >;
      /** mean uncertainty of the present modalities */
      uncertainty: number | null;
      modalities: Record<string, components["schemas"]["ModalityPrediction"]>;
      /** unreliable inputs, with reasons */
      doubted: components["schemas"]["Doubt"][];
      /** the prediction in plain sentences */
      verdict: string;
      /** raw media only: duration of the extraction of features and of the model */
      seconds?: {
        features: number;
        model: number;
      };
    };
    ModalityPrediction: {
      present: boolean;
      /** larger = less certain; null if the modality is missing */
      uncertainty: number | null;
      /** fraction of clean samples with a lower uncertainty of this modality, in [0, 1], estimated from the validation samples; above 0.8 from a fitted tail */
      percentile: number | null;
      /** contribution to the prediction, in [0, 1] */
      contribution: number | null;
      /** indices of the selected experts, in order of gate weight */
      experts: number[];
      gates: number[];
      /** mean variance of each selected expert */
      sigma2: number[];
      /** raw media only: true if a medium was given */
      given?: boolean;
      /** raw media only: measured before the model reads the medium */
      quality?: {
        /** in [0, 1] */
        score: number;
        measures: Record<string, number>;
        problems: {
          code: string;
          severity: number;
          message: string;
        }[];
      } | null;
    };
    Doubt: {
      modality: string;
      /** false if the prediction did not use the input */
      used: boolean;
      reasons: {
        kind: "quality" | "uncertainty" | "unusable";
        code?: string;
        severity: number;
        message: string;
      }[];
    };
    PredictionList: {
      predictions: (
        | components["schemas"]["Prediction"]
        | {
            /** name of the sample, returned with its answer */
            id?: string | number;
            error: components["schemas"]["SampleError"];
          }
      )[];
    };
    SampleError: {
      code: string;
      message: string;
      hint: string | null;
    };
    PredictionRequest:
      | {
          /** name of the sample, returned with its answer */
          id?: string | number;
          features: components["schemas"]["Features"];
        }
      | {
          /** name of the sample, returned with its answer */
          id?: string | number;
          /** the text, for a model with a text adapter */
          text: string;
        }
      | {
          samples: components["schemas"]["Sample"][];
        };
    /** by modality: a vector, a sequence of vectors, or null if the sample does not have it */
    Features: Record<string, number[] | number[][] | null>;
    Sample:
      | {
          /** name of the sample, returned with its answer */
          id?: string | number;
          features: components["schemas"]["Features"];
        }
      | {
          /** name of the sample, returned with its answer */
          id?: string | number;
          /** the text, for a model with a text adapter */
          text: string;
        };
    /** safetensors file with one tensor per modality that the samples have: [width] for one sample, [samples, width] for several, [samples, steps, width] for sequences. F32; F64, I32 and U8 are converted. The metadata may have `ids`: a JSON list with an id or null for each sample. */
    PredictionTensors: Blob;
    /** media.NAME is the file of the modality NAME, for a model with user-defined modalities */
    PredictionForm: {
      /** name of the sample, returned with its answer */
      id?: string;
      /** spoken or written text */
      text?: string;
      /** clip (sound, video or both) or picture; its content decides */
      clip?: Blob;
      /** transcript with times (.srt, .vtt, .json) */
      transcript?: Blob;
      /** file to take the sound from */
      audio?: Blob;
      /** file to take the frames from */
      video?: Blob;
      /** picture */
      image?: Blob;
    };
    StoredPredictionList: {
      predictions: components["schemas"]["StoredPrediction"][];
      /** value of `before` for the next page; null on the last one */
      next: string | null;
    };
    StoredPrediction: {
      id: string;
      /** ISO 8601 */
      created: string;
      model: string;
      /** sha-256 of the run's configuration */
      modelHash: string;
      source: "features" | "media";
      prediction: components["schemas"]["Prediction"];
      /** label that a user gave */
      correction: {
        /** ISO 8601 */
        created: string;
        label?: unknown;
        note: string | null;
      } | null;
    };
    Correction: {
      /** the true label, in the form of the prediction and inside the scale of the model's labels */
      label: number | string | string[] | Record<string, number>;
      note?: string;
    };
    LabelList: {
      /** false if the server has no store and loses them at its end */
      kept: boolean;
      labels: {
        sample: string;
        modality: string;
        person: string;
        label?: unknown;
        /** ISO 8601 */
        created: string;
      }[];
    };
    PersonLabel: {
      /** split and id of a sample as "test/ID", or the name of a clip */
      sample: string;
      /** modality that the person saw; "all" for the whole sample */
      modality: string;
      /** name of the person */
      person: string;
      /** label in the form of the prediction */
      label: number | string | string[] | Record<string, number>;
    };
    LabelAgreement: {
      agreement: {
        modality: string;
        people: number;
        /** samples with labels of at least two people */
        samples: number;
        /** interval if all labels are numbers */
        level: "nominal" | "interval";
        /** Krippendorff's alpha: 1 = equal labels, 0 = chance; null without labels to compare */
        alpha: number | null;
      }[];
    };
    FlagList: {
      /** false if the server has no store and loses them at its end */
      kept: boolean;
      flags: {
        sample: string;
        note: string;
        /** ISO 8601 */
        created: string;
      }[];
    };
    SampleFlag: {
      /** split and id of a sample as "test/ID", or the name of a clip */
      sample: string;
      note?: string;
    };
    LabelledSample: {
      sample: string;
      modality: string;
      /** by person */
      labels: Record<string, unknown>;
      /** note of the flag */
      flag: string | null;
    };
    Job: {
      id: string;
      state: "queued" | "running" | "done" | "failed" | "cancelled";
      model: string;
      /** ISO 8601 */
      created: string;
      /** ISO 8601 */
      started: string | null;
      /** ISO 8601 */
      finished: string | null;
      /** number of starts; if the server is killed, the next server starts the job again; a start that an orderly end of the server stopped does not count */
      attempts: number;
      result: components["schemas"]["Prediction"] & (Record<string, unknown> | null);
      error: components["schemas"]["SampleError"] & (Record<string, unknown> | null);
    };
    JobList: {
      jobs: components["schemas"]["Job"][];
    };
    RunList: {
      runs: components["schemas"]["Run"][];
    };
    Run: {
      name: string;
      /** found: a run folder that the server did not train */
      state: "queued" | "running" | "done" | "failed" | "stopped" | "found";
      /** name of the data set, if the server trained it */
      data: string | null;
      /** ISO 8601 */
      created: string | null;
      /** ISO 8601 */
      started: string | null;
      /** ISO 8601 */
      finished: string | null;
      error: components["schemas"]["SampleError"] & (Record<string, unknown> | null);
      /** equivalent command line */
      command: string | null;
      options: Record<string, unknown> | null;
      /** config.json: the resolved configuration */
      config: Record<string, unknown> | null;
      /** metrics.json of a finished run */
      results: Record<string, unknown> | null;
      /** true if the run has a checkpoint */
      resumable: boolean;
    };
    TrainOptions: {
      /** folder of the runs */
      folder: string;
      models: {
        name: string;
        summary: string;
        fields: {
          /** dotted path in a config file */
          key: string;
          /** name on the command line, without the dashes */
          flag: string;
          alias?: string;
          type: "string" | "number" | "integer" | "boolean" | "list" | "part";
          itemType?: "string" | "number" | "integer";
          choices?: string[];
          /** default value */
          fallback?: unknown;
          required: boolean;
          /** true if the value may be null: then the part or option is absent */
          removable: boolean;
          needs?: {
            key: string;
            values: string[];
          };
          description: string;
        }[];
        presets: {
          name: string;
          summary: string;
          values: Record<string, unknown>;
        }[];
      }[];
      groups: {
        name: string;
        fields: {
          /** dotted path in a config file */
          key: string;
          /** name on the command line, without the dashes */
          flag: string;
          alias?: string;
          type: "string" | "number" | "integer" | "boolean" | "list" | "part";
          itemType?: "string" | "number" | "integer";
          choices?: string[];
          /** default value */
          fallback?: unknown;
          required: boolean;
          /** true if the value may be null: then the part or option is absent */
          removable: boolean;
          needs?: {
            key: string;
            values: string[];
          };
          description: string;
        }[];
      }[];
    };
    RunRequest: {
      /** name of the new run: letters, digits, - and _ */
      name: string;
      /** name of a data set of the server */
      data: string;
      /** options of `euar train` as in a config file, without data, out and paths; see /v1/runs/schema */
      options?: Record<string, unknown>;
    };
    History: {
      /** records of history.jsonl */
      epochs: Record<string, unknown>[];
    };
    Comparison: {
      split: "test" | "valid";
      /** name of the reference run */
      reference: string;
      samples: number;
      level: number;
      /** metrics that are means over samples */
      metrics: {
        metric: string;
        /** value of the reference */
        reference: number;
        runs: {
          run: string;
          value: number;
          /** mean over samples; positive: better than the reference */
          difference: number;
          /** lower end of the paired bootstrap interval */
          low: number;
          high: number;
          /** p-value of the sign-flip test */
          p: number;
          /** p-value after Holm's correction over the runs */
          adjusted: number;
        }[];
      }[];
    };
    StressTest: {
      samples: number;
      /** names of the metrics, the main one first */
      metrics: string[];
      series: {
        label: string;
        points: {
          /** noise level: standard deviations, or a share */
          amount: number;
          metrics: Record<string, number | null>;
          /** mean over the samples, by modality */
          uncertainty: Record<string, number | null>;
        }[];
      }[];
      /** uncertainty against severity, and routing by cause */
      uncertainty: {
        label: string;
        role: "euar" | "variant" | "baseline";
        reliability: {
          promise: "confidence" | "expected-error" | "spread";
          gap: {
            mean: number;
            deviation: number | null;
          };
          bins: {
            samples: number;
            predicted: number;
            actual: number;
          }[];
        }[];
        selective: {
          by: "uncertainty" | "confidence";
          area: {
            mean: number;
            deviation: number | null;
          };
          points: {
            coverage: number;
            risk: number;
          }[];
        }[];
        coverage: {
          level: number;
          coverage: {
            mean: number;
            deviation: number | null;
          };
          meanSize: number | null;
        }[];
        coverageByUncertainty: number[];
        severity: {
          modality: string;
          all: {
            mean: number;
            deviation: number | null;
          } | null;
          byKind: {
            kind: string;
            rho: {
              mean: number;
              deviation: number | null;
            } | null;
          }[];
          bins: {
            kind: string;
            samples: number;
            severity: number;
            mean: number;
            low: number;
            high: number;
          }[];
        }[];
        routing: {
          modality: string;
          over: "kinds" | "noise";
          kinds: {
            kind: string;
            shares: number[];
          }[];
          information: {
            mean: number;
            deviation: number | null;
          } | null;
          unused: number;
        }[];
      };
      /** t-SNE of the joint features; null for a model without them */
      map: {
        /** groups of labels */
        groups: string[];
        /** share of the nearest neighbours in the own group */
        agreement: number | null;
        points: {
          /** row of the test split */
          row: number;
          id: string;
          x: number;
          y: number;
          group: number;
        }[];
      } | null;
    };
    ExperimentList: {
      experiments: components["schemas"]["ExperimentInfo"][];
    };
    ExperimentInfo: {
      name: string;
      /** unfinished: interrupted, or another process still writes it */
      state: "running" | "done" | "failed" | "unfinished";
      /** number of stored runs */
      runs: number;
      /** time of the results; null without results */
      written: string | null;
      error: components["schemas"]["SampleError"] & (Record<string, unknown> | null);
    };
    Experiment: components["schemas"]["ExperimentInfo"] & {
      /** results.json of `euar reproduce`; null without results */
      results: Record<string, unknown> | null;
    };
    ExperimentRequest: {
      /** name of the results: letters, digits, - and _ */
      name: string;
      /** table or figure, as for `euar reproduce` */
      experiment:
        | "table1"
        | "table2"
        | "table2-retrain"
        | "table2-one-model"
        | "table3"
        | "table4"
        | "figure3"
        | "figure4"
        | "figure5"
        | "figure6"
        | "figure7"
        | "uncertainty"
        | "robustness"
        | "inputs"
        | "all";
      /** name of a data set of the server */
      data: string;
      /** number of seeds (default 5) */
      seeds?: number;
      modalities?: string[];
      /** content of the file of --recipe */
      recipe?: Record<string, unknown>;
    };
    DatasetList: {
      datasets: {
        name: string;
        path: string;
      }[];
    };
    Dataset: {
      name: string;
      /** output of `euar inspect --json` */
      summary: Record<string, unknown>;
    };
    SamplePage: {
      /** number of samples that match */
      total: number;
      samples: {
        /** row of the split, from 0 */
        row: number;
        id: string;
        label: number | string | string[] | Record<string, number>;
        text: string | null;
        /** real steps; null if it is missing */
        steps: Record<string, number | null>;
        /** known corruption by modality */
        corruption: Record<string, string>;
        /** measured quality problems of the media */
        problems: {
          modality: string;
          code: string;
          severity: number;
        }[];
        /** uncertainty of the named model; null if none is named */
        uncertainty: number | null;
        /** modalities that this model doubts */
        doubted: string[];
        /** note of the flag; null for a sample without a flag */
        flag: string | null;
      }[];
    };
    SampleFeatures: {
      /** by modality: a vector, a sequence of vectors, or null; as POST /v1/predictions takes them */
      features: Record<string, number[] | number[][] | null>;
    };
    Distributions: {
      train: {
        /** by target of a regression */
        labels: Record<
          string,
          {
            low: number;
            high: number;
            count: number;
          }[]
        >;
        /** by modality, of the samples that have it */
        steps: Record<
          string,
          {
            low: number;
            high: number;
            count: number;
          }[]
        >;
        /** samples with each measured quality problem, by its code */
        problems: Record<string, number>;
      };
      valid: {
        /** by target of a regression */
        labels: Record<
          string,
          {
            low: number;
            high: number;
            count: number;
          }[]
        >;
        /** by modality, of the samples that have it */
        steps: Record<
          string,
          {
            low: number;
            high: number;
            count: number;
          }[]
        >;
        /** samples with each measured quality problem, by its code */
        problems: Record<string, number>;
      };
      test: {
        /** by target of a regression */
        labels: Record<
          string,
          {
            low: number;
            high: number;
            count: number;
          }[]
        >;
        /** by modality, of the samples that have it */
        steps: Record<
          string,
          {
            low: number;
            high: number;
            count: number;
          }[]
        >;
        /** samples with each measured quality problem, by its code */
        problems: Record<string, number>;
      };
    };
    SampleMedia: {
      media: {
        modality: string;
        /** media type of the file */
        type: string;
      }[];
    };
    KeyList: {
      keys: components["schemas"]["Key"][];
    };
    Key: {
      id: string;
      name: string;
      /** permissions of the key; train includes read, admin includes everything */
      scopes: ("predict" | "read" | "train" | "admin")[];
      /** largest number of requests per minute */
      rate: number | null;
      /** ISO 8601 */
      created: string;
    };
    NewKey: components["schemas"]["Key"] & {
      secret: string;
    };
    KeyRequest: {
      /** 1 to 64 letters, digits, dots, - and _ */
      name: string;
      /** permissions of the key; train includes read, admin includes everything */
      scopes: ("predict" | "read" | "train" | "admin")[];
      /** largest number of requests per minute */
      rate?: number | null;
    };
    AuditList: {
      requests: components["schemas"]["AuditRow"][];
      /** value of `before` for the next page; null on the last one */
      next: number | null;
    };
    AuditRow: {
      /** ISO 8601 */
      time: string;
      /** name of the key; null for a request without a known one */
      key: string | null;
      method: string;
      /** path without parameters; "refused" for a refused request */
      route: string;
      status: number;
    };
  };
}
