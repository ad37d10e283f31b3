export function toyText(i: number): {
  readonly mood: "positive" | "negative" | "neutral";
  readonly text: string;
};
