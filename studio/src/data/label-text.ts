import { shownLabel } from "../ui/words.js";

/** Parts of a prediction that show the form of its label. */
interface Predicted {
  readonly prediction: unknown;
  /** Probabilities by class. */
  readonly classes?: object | undefined;
  /** Decisions by label. */
  readonly labels?: object | undefined;
}

/**
 * Reads a label that a person typed, in the form in which the page shows predictions: a number, "joy 0.5,
 * anger -1" for several targets, a class, or "joy, anger" for the labels that are present ("none" for none).
 * @throws Error that quotes the text and names the form
 */
export function labelFrom(
  text: string,
  { prediction, classes, labels }: Predicted,
): number | string | string[] | Record<string, number> {
  const parts = text.split(",").map((part) => part.trim());
  if (classes) return text.trim();
  if (labels) return parts.join() === shownLabel([]) ? [] : parts.filter((part) => part !== "");
  if (typeof prediction === "number") return numberIn(text, `“${text}” is not a number`);
  const form = `“${text}” is not a number by target, such as “${shownLabel(prediction)}”`;
  return Object.fromEntries(
    parts.map((part) => {
      const [, name, number] = /^(.+)\s(\S+)$/u.exec(part) ?? [];
      if (name === undefined || number === undefined) throw new Error(form);
      return [name.trim(), numberIn(number, form)];
    }),
  );
}

function numberIn(text: string, message: string): number {
  const number = text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(number)) throw new Error(message);
  return number;
}
