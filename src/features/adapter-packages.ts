/** Packages that run TensorFlow models. */
export const tensorflowPackages = [
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-converter",
  "@tensorflow/tfjs-backend-wasm",
] as const;

/** Packages that run ONNX models. */
export const onnxPackages = ["onnxruntime-web"] as const;
