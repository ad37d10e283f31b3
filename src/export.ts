/** `euar/export`: a trained model as an ONNX file. Runs in the browser. */
export { exportOnnx, type OnnxExport } from "./export/export-onnx.js";
export type { OnnxValue } from "./onnx/onnx-model.js";
export { ConfigError, type ErrorCode, EuarError } from "./core/errors.js";
