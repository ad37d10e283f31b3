import { parseRecipe, plainRecipe, type Recipe } from "../experiments/recipe.js";
import { readJsonFile } from "./read-json-file.js";

const FILE = { what: "recipe", flag: "--recipe", form: 'For example {"train": {"epochs": 20}}.' };

/**
 * Reads the recipe of a file. Without a file, returns the recipe with every model's defaults.
 * @throws ConfigError
 */
export function readRecipe(path: string | undefined): Recipe {
  return path === undefined ? plainRecipe : parseRecipe(readJsonFile(path, FILE), path);
}
