/** Converts a path to a flag name: experts.topK -> experts.top-k. */
export function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
