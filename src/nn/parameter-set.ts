import { type ArgumentCheck, checkArguments, must } from "../core/checked-call.js";
import { EuarError } from "../core/errors.js";
import { foldIn, normalAt, randomKey, type RandomKey, uniformAt } from "../core/random.js";
import { BACKEND } from "../tensor/argument-checks.js";
import type { Backend } from "../tensor/backend.js";
import { Parameter, type Shape, sizeOf } from "../tensor/tensor.js";

/** Distribution of a parameter's initial values. */
export type Initialiser =
  /** uniform(-bound, bound), bound = gain * sqrt(3 / fanIn): variance gain^2 / fanIn. */
  | { readonly kind: "fan-in"; readonly fanIn: number; readonly gain?: number }
  | { readonly kind: "normal"; readonly std: number }
  | { readonly kind: "constant"; readonly value: number };

/** Options of a new parameter. */
export interface ParameterOptions {
  readonly init: Initialiser;
  /** See {@link Parameter.groups}. */
  readonly groups?: number;
  /** See {@link Parameter.decays}. */
  readonly decays?: boolean;
  /** See {@link Parameter.rate}. */
  readonly rate?: number;
}

/**
 * Origin of a model's initial weights: drawn from a seed, or "blank" (zeros) if a file will replace them.
 * Drawing takes a tenth of a second per million values.
 */
export type WeightSource = number | "blank";

/** Checks a {@link WeightSource}. */
export const SEED: ArgumentCheck = must({
  expected: 'a whole number or "blank"',
  holds: (value) => value === "blank" || Number.isSafeInteger(value),
});

/** Named parameters of a model. Initial values depend on (seed, name) only, not on the order of creation. */
export class ParameterSet {
  private readonly byName = new Map<string, Parameter>();
  private readonly key: RandomKey | undefined;

  constructor(
    readonly backend: Backend,
    seed: WeightSource,
  ) {
    checkArguments("ParameterSet", [backend, seed], [BACKEND, SEED]);
    this.key = seed === "blank" ? undefined : randomKey(seed, "parameters");
  }

  /** Creates a parameter. Names are paths, e.g. "text/experts/weight". */
  create(name: string, shape: Shape, options: ParameterOptions): Parameter {
    if (this.byName.has(name)) throw new EuarError("internal", `parameter "${name}" already exists`);
    const buffer = this.backend.persistent(sizeOf(shape));
    if (this.key) fillInitial(buffer.view, options.init, randomKey(foldIn(this.key, 0).k0, name));
    const { groups = 1, decays = true, rate = 1 } = options;
    const parameter = new Parameter(name, shape, buffer, groups, decays, rate);
    this.byName.set(name, parameter);
    return parameter;
  }

  /**
   * Appends the parameters of another set.
   *
   * @throws EuarError "internal" if a name is in both sets
   */
  adopt(others: ParameterSet): void {
    for (const parameter of others.all()) {
      if (this.byName.has(parameter.name))
        throw new EuarError("internal", `parameter "${parameter.name}" already exists`);
      this.byName.set(parameter.name, parameter);
    }
  }

  /** Returns all parameters, in order of creation. */
  all(): readonly Parameter[] {
    return [...this.byName.values()];
  }

  /**
   * Returns a parameter by name.
   * @throws EuarError "internal" if there is none
   */
  get(name: string): Parameter {
    const found = this.byName.get(name);
    if (!found) throw new EuarError("internal", `no parameter "${name}"`);
    return found;
  }

  /** Returns true if there is a parameter of this name. */
  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Total number of trainable values. */
  count(): number {
    return this.all().reduce((sum, parameter) => sum + parameter.size, 0);
  }
}

function fillInitial(view: Float32Array | Float64Array, init: Initialiser, key: RandomKey): void {
  if (init.kind === "constant") {
    view.fill(init.value);
    return;
  }
  if (init.kind === "normal") {
    for (let i = 0; i < view.length; i++) view[i] = Math.fround(init.std * normalAt(key, i));
    return;
  }
  const bound = (init.gain ?? 1) * Math.sqrt(3 / init.fanIn);
  for (let i = 0; i < view.length; i++) view[i] = Math.fround(bound * (2 * uniformAt(key, i) - 1));
}
