import type { CurvePoint } from "./tune-protocol.js";

const [HEIGHT, LEFT, BOTTOM, TOP] = [220, 44, 28, 12];
const SPACE = "http://www.w3.org/2000/svg";

function svg(name: string, attributes: Readonly<Record<string, string | number>>, text?: string): SVGElement {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Draws training and validation loss over epochs. Redraws with each point. */
export class Curve {
  private readonly training: CurvePoint[] = [];
  private readonly validation: CurvePoint[] = [];
  private epochs = 1;

  constructor(private readonly figure: SVGSVGElement) {}

  clear(epochs: number): void {
    this.training.length = 0;
    this.validation.length = 0;
    this.epochs = epochs;
    this.draw();
  }

  add(line: "train" | "valid", point: CurvePoint): void {
    (line === "train" ? this.training : this.validation).push(point);
    this.draw();
  }

  private draw(): void {
    // one unit is one pixel, so that text stays readable
    const width = Math.max(280, this.figure.clientWidth);
    this.figure.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const most = Math.max(0.1, ...[...this.training, ...this.validation].map(({ loss }) => loss));
    const x = (at: number): number => LEFT + (at / this.epochs) * (width - LEFT - 8);
    const y = (loss: number): number => TOP + (1 - loss / most) * (HEIGHT - TOP - BOTTOM);
    const line = (points: readonly CurvePoint[], name: string): SVGElement =>
      svg("polyline", {
        class: name,
        points: points.map(({ at, loss }) => `${x(at).toFixed(1)},${y(loss).toFixed(1)}`).join(" "),
      });
    const ticks = Array.from({ length: this.epochs + 1 }, (_, epoch) =>
      svg("text", { x: x(epoch), y: HEIGHT - 8, "text-anchor": "middle" }, String(epoch)),
    );
    const levels = [0, most / 2, most].flatMap((level) => [
      svg("line", { class: "grid", x1: LEFT, x2: width - 8, y1: y(level), y2: y(level) }),
      svg("text", { x: LEFT - 6, y: y(level) + 4, "text-anchor": "end" }, level.toFixed(1)),
    ]);
    const dots = this.validation.map(({ at, loss }) =>
      svg("circle", { class: "valid", cx: x(at), cy: y(loss), r: 4 }),
    );
    this.figure.replaceChildren(
      ...levels,
      ...ticks,
      line(this.training, "train"),
      line(this.validation, "valid"),
      ...dots,
    );
  }
}
