/**
 * `euar/client`: a typed client of `euar serve`, for Node and browsers. Its types are made from the server's
 * OpenAPI document.
 */
export { type ClientOptions, createClient, type EuarClient } from "./client/create-client.js";
export { type SampleVectors, type TensorBody, tensorBody, type TensorSamples } from "./client/tensor-body.js";
export type { components, paths } from "./client/api-types.generated.js";
