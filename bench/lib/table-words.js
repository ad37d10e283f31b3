/** Returns the start of a sentence about the machine. */
export function measuredOn(machine) {
  const { date, cpu, cores, node } = machine;
  const processor = `${cpu} (${cores} cores${busy(machine)})`;
  return `Measured ${date.slice(0, 10)} on one core of: ${processor}, Node ${node}`;
}

/**
 * Describes other load on the machine. Its effect on a ratio shows in the brackets and the processor time.
 */
export function busy({ load }) {
  return load === undefined
    ? ""
    : `; before the start, ${load} processes of others were waiting or running per core`;
}

export function variantOf(row) {
  return row ? row.name.replace("pytorch ", "") : "";
}

export function percent(share) {
  return `${Number((100 * share).toPrecision(2))}%`;
}

export function ratioAndTarget(row, target) {
  if (!row) return ["", ""];
  return [`${row.ratio} (${row.ratioRange.join(" to ")})`, target ?? ""];
}

export function table(heading, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
}
