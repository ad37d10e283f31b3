/**
 * Patterns of ids that name a group (a video, a dialogue, a speaker) and a part of it, in the order in which
 * they are tried: MMSA's `video$_$clip`, the CMU Multimodal SDK's `video[3]`, and `name_12`, `name-12`.
 */
const PATTERNS: readonly RegExp[] = [
  /^(.{1,400})\$_\$/s,
  /^(.{1,400})\[\d{1,9}\]$/s,
  /^(.{1,400})[_-]\d{1,9}$/s,
];

/** Fewer groups than splits cannot be divided. */
export const FEWEST_GROUPS = 3;

/**
 * The group of each sample by the pattern of its id; undefined where the ids have no common pattern, or one
 * that makes fewer than three groups, or none of more than one sample.
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
