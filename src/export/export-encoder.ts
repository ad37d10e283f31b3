import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, MediaError } from "../core/errors.js";
import { copyFileWhole, writeFile } from "../data/files/write-file.js";
import { EncoderCheckpoint, weightFiles } from "../encoders/encoder-checkpoint.js";
import { encoderFolder } from "../encoders/encoder-folder.js";
import { Predictor } from "../predict/predictor.js";
import { safetensorsPieces } from "../runs/safetensors.js";
import { encoderTensors } from "./encoder-tensors.js";

/**
 * Writes the text encoder of a run into a folder in the layout of model hubs, with its tokenizer: the weights
 * as trained, and only the layers that the run keeps.
 * @param run run folder
 * @param out existing folder
 * @throws ConfigError "config.conflict" for a run without a text encoder
 * @throws MediaError "media.not-found" or "media.mismatch" if the pretrained encoder, which has the
 * tokenizer, is not there any more
 * @throws CheckpointError, MediaError and BackendError as `Predictor.load`
 * @throws EuarError "io.write"
 */
export async function exportEncoder(run: string, out: string): Promise<void> {
  const { config, network } = await Predictor.load(run);
  const { encoder } = config;
  if (!encoder)
    throw new ConfigError("config.conflict", `the run ${run} has no text encoder inside`, {
      hint: "Name a run that was trained with --text-encoder.",
    });
  const files = encoderFolder(encoder.options.textEncoder);
  const pretrained = files.name;
  if (EncoderCheckpoint.open(files).digest() !== encoder.digest)
    throw new MediaError("media.mismatch", `${pretrained} is not the encoder that the run was trained with`, {
      hint: "Put the original folder there: the tokenizer comes from it.",
    });
  for (const file of ["tokenizer.json", "tokenizer_config.json"]) {
    const path = join(pretrained, file);
    if (existsSync(path)) copyFileWhole(path, join(out, file));
    else if (file === "tokenizer.json")
      throw new MediaError("media.not-found", `${pretrained} has no ${file}`, {
        hint: "The tokenizer comes from the folder of the pretrained encoder. Copy or download it again.",
      });
  }
  const { config: architecture, tensors } = encoderTensors(network, encoder);
  writeFile(join(out, weightFiles.weights), safetensorsPieces({ tensors, metadata: { format: "pt" } }));
  writeFile(join(out, "config.json"), `${JSON.stringify(architecture, null, 2)}\n`);
}
