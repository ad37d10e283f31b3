/** Keeps together what belongs together in a cell: a mean and its deviation, an interval, a p-value. */
export function unbrokenCell(cell: string): string {
  return cell
    .replace(/(?<=\d) (±|to) (?=[-+\d])/g, "\u00a0$1\u00a0")
    .replace(/(?<=\bp|p <|\d:|\d,) (?=[\d<])/g, "\u00a0")
    .replace(/ (?=\([\d.]{1,6}\))/g, "\u00a0");
}
