import { parseRecipe, plainRecipe, type Recipe } from "../experiments/recipe.js";
import { readJsonFile } from "./read-json-file.js";

const FILE = { what: "recipe", flag: "--recipe", form: 'For example {"train": {"epochs": 20}}.' };

/** The recipe of a file; every model's defaults where none is named. @throws ConfigError */
export function readRecipe(path: string | undefined): Recipe {
  return path === undefined ? plainRecipe : parseRecipe(readJsonFile(path, FILE), path);
}
