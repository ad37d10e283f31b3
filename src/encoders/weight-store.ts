import { EuarError } from "../core/errors.js";
import type { Initialiser, ParameterSet } from "../nn/parameter-set.js";
import type { Tape } from "../tensor/tape.js";
import { Parameter, type Shape, sizeOf, Tensor } from "../tensor/tensor.js";

/** One array of an encoder, trained or not. */
export interface EncoderWeight {
  readonly parameter: Parameter;
  readonly trained: boolean;
}

export interface WeightOptions {
  readonly trained: boolean;
  /** Factor on the learning rate. */
  readonly rate: number;
  readonly decays?: boolean;
  /** See {@link Parameter.groups}. */
  readonly groups?: number;
  /** Initial values of an array that encoder folders do not have. Default: zeros. */
  readonly init?: Initialiser;
}

/**
 * Arrays of an encoder by name. Trained ones are parameters of the model, which the optimiser, the
 * checkpoints and the run folder use. The others are constants.
 */
export class EncoderWeights {
  private readonly byName = new Map<string, EncoderWeight>();

  constructor(
    readonly parameters: ParameterSet,
    /** Prefix of the names. */
    readonly prefix: string,
  ) {}

  /** Creates an array with zeros (to be filled with a folder's weights), or with its own initial values. */
  create(name: string, shape: Shape, options: WeightOptions): EncoderWeight {
    const { trained, rate, decays = true, groups = 1, init = { kind: "constant", value: 0 } } = options;
    const full = `${this.prefix}/${name}`;
    const weight: EncoderWeight = {
      trained,
      parameter: trained
        ? this.parameters.create(full, shape, { init, groups, decays, rate })
        : new Parameter(full, shape, this.parameters.backend.persistent(sizeOf(shape)), groups, decays),
    };
    this.byName.set(name, weight);
    return weight;
  }

  /** Returns all arrays in order of creation. */
  all(): readonly (readonly [string, EncoderWeight])[] {
    return [...this.byName];
  }

  get(name: string): EncoderWeight {
    const found = this.byName.get(name);
    if (!found) throw new EuarError("internal", `the encoder has no weight "${name}"`);
    return found;
  }
}

/** Returns the weight as a tensor: a leaf of the tape if it is trained, otherwise a constant. */
export function leafOf(tape: Tape, { parameter, trained }: EncoderWeight): Tensor {
  return trained ? tape.parameter(parameter) : new Tensor(parameter.shape, parameter.buffer, false);
}
