import { encoderFolder } from "../encoders/encoder-folder.js";
import type { AdapterEnvironment } from "./adapter.js";
import { nodeAssets } from "./node-assets.js";
import { nodeModels } from "./onnx/node-models.js";

/** Services for adapters in Node: installed packages, models in folders or from a hub, encoders. */
export const nodeEnvironment: AdapterEnvironment = {
  readAsset: nodeAssets,
  models: nodeModels(),
  encoders: encoderFolder,
};
