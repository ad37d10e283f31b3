/**
 * Patterns of ids that consist of a group (a video, a dialogue, a speaker) and a part of it, in the order of
 * trial: MMSA's `video$_$clip`, the CMU Multimodal SDK's `video[3]`, and `name_12`, `name-12`.
 */
const PATTERNS: readonly RegExp[] = [
  /^(.{1,400})\$_\$/s,
  /^(.{1,400})\[\d{1,9}\]$/s,
  /^(.{1,400})[_-]\d{1,9}$/s,
];

/** Minimum number of groups: one per split. */
export const FEWEST_GROUPS = 3;

/**
 * Returns the group of each sample by the pattern of its id. Undefined if the ids have no common pattern, if
 * there are fewer than three groups, or if each group has only one sample.
 * @returns [N] names of groups
 */
export function groupsOfIds(ids: readonly string[]): string[] | undefined {
  for (const pattern of PATTERNS) {
    const groups = ids.map((id) => pattern.exec(id)?.[1]);
    if (!groups.every((group) => group !== undefined)) continue;
    const distinct = new Set(groups).size;
    if (distinct >= FEWEST_GROUPS && distinct < ids.length) return groups;
  }
  return undefined;
}
