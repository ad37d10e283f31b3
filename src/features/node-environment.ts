import type { AdapterEnvironment } from "./adapter.js";
import { nodeAssets } from "./node-assets.js";
import { nodeModels } from "./onnx/node-models.js";

/** What adapters find in Node: installed packages, and models in folders or from a hub. */
export const nodeEnvironment: AdapterEnvironment = { readAsset: nodeAssets, models: nodeModels() };
