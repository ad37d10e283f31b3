import { checkArguments, must, NUMBERS } from "../core/checked-call.js";
import { EuarError, ShapeError } from "../core/errors.js";
import { BACKEND, SHAPE, TENSOR } from "./argument-checks.js";
import type { Backend, Dispatch, FloatBuffer, IntBuffer } from "./backend.js";
import { type FactoredGradient, formatShape, Parameter, type Shape, sizeOf, Tensor } from "./tensor.js";

/** Adds an operation's contribution to the gradients of its inputs, given the gradient of its output. */
export type BackwardRule = (dout: FloatBuffer) => void;

interface Entry {
  readonly outputs: readonly Tensor[];
  readonly backward: BackwardRule;
}

const PARAMETER = must({ expected: "a parameter", holds: (value) => value instanceof Parameter });

/**
 * Records the operations of a step, so that `backward` can walk them in reverse.
 *
 * One tape serves one step: create it, run the forward pass, call `backward` once, take the optimiser step,
 * then call `backend.endStep()`.
 */
export class Tape {
  private readonly entries: Entry[] = [];
  private readonly leaves = new Map<Parameter, Tensor>();
  private readonly identities = new Map<number, Dispatch>();

  constructor(
    readonly backend: Backend,
    /** False for prediction: records nothing, and no tensor requires a gradient. */
    readonly recording = true,
    /**
     * Treat parameters as constants. Only variables get gradients, and the gradients of parameters do not
     * change.
     */
    private readonly frozen = false,
  ) {
    BACKEND(backend, "Tape, argument 1");
  }

  /** Creates a tensor without gradient, copied from `values` (row-major). */
  constant(values: ArrayLike<number>, shape: Shape): Tensor {
    checkArguments("constant", [values, shape], [NUMBERS, SHAPE]);
    const size = sizeOf(shape);
    if (values.length !== size) {
      throw new ShapeError(`constant: ${values.length} values do not fill shape ${formatShape(shape)}`);
    }
    const buffer = this.backend.scratch(size);
    buffer.view.set(values);
    return new Tensor(shape, buffer, false);
  }

  /** Creates a leaf with a gradient: an input to differentiate with respect to. */
  variable(values: ArrayLike<number>, shape: Shape): Tensor {
    const leaf = this.constant(values, shape);
    return new Tensor(shape, leaf.buffer, this.recording);
  }

  /** Returns the leaf of a parameter. The same parameter always gives the same tensor. */
  parameter(parameter: Parameter): Tensor {
    const known = this.leaves.get(parameter);
    if (known) return known;
    PARAMETER(parameter, "parameter, argument 1");
    const differentiated = this.recording && !this.frozen;
    if (differentiated) parameter.gradient = undefined; // a gradient of an earlier step is in freed memory
    const leaf = new Tensor(parameter.shape, parameter.buffer, differentiated, parameter);
    this.leaves.set(parameter, leaf);
    return leaf;
  }

  /** Creates an output of an operation on `inputs`. It requires a gradient if one of them does. */
  output(shape: Shape, inputs: readonly Tensor[]): Tensor {
    const needs = this.recording && inputs.some((input) => input.requiresGradient);
    return new Tensor(shape, this.backend.scratch(sizeOf(shape)), needs);
  }

  /** Returns the same values with another shape, in the same buffer. */
  view(of: Tensor, shape: Shape): Tensor {
    return new Tensor(shape, of.buffer, of.requiresGradient);
  }

  /** Returns the same values as a constant, in the same buffer. */
  detached(of: Tensor): Tensor {
    return new Tensor(of.shape, of.buffer, false);
  }

  /** Records an operation with one output. Its rule runs if a gradient reached the output. */
  record(output: Tensor, backward: BackwardRule): void {
    if (output.requiresGradient) this.entries.push({ outputs: [output], backward });
  }

  /**
   * Records an operation with several outputs. Its rule runs once, if a gradient reached at least one of
   * them.
   *
   * The rule reads each output's gradient with `gradientOf`, which is zero for outputs without a gradient.
   */
  recordJoint(outputs: readonly Tensor[], backward: () => void): void {
    if (outputs.some((output) => output.requiresGradient)) this.entries.push({ outputs, backward });
  }

  /** Returns the gradient buffer of `tensor`, zero-filled on first use. Rules add to it. */
  gradientOf(tensor: Tensor): FloatBuffer {
    const parameter = tensor.parameter;
    if (parameter) return this.denseGradientOf(parameter);
    if (!tensor.gradient) {
      tensor.gradient = this.backend.scratch(tensor.size);
      this.backend.fill(tensor.gradient, 0);
    }
    return tensor.gradient;
  }

  /**
   * Returns the gradient buffer of `tensor` for a rule that writes all of it. With `accumulate` false, there
   * is no contribution yet and the contents are undefined: the rule overwrites them.
   */
  gradientTarget(tensor: Tensor): { readonly buffer: FloatBuffer; readonly accumulate: boolean } {
    const accumulate = tensor.parameter !== undefined || tensor.gradient !== undefined;
    if (accumulate) return { buffer: this.gradientOf(tensor), accumulate };
    tensor.gradient = this.backend.scratch(tensor.size);
    return { buffer: tensor.gradient, accumulate };
  }

  /**
   * Adds a factored gradient. It stays factored if it is the weight's only contribution; otherwise it becomes
   * dense.
   */
  addFactoredGradient(weight: Tensor, gradient: FactoredGradient): void {
    const parameter = weight.parameter;
    if (parameter && parameter.gradient === undefined) {
      parameter.gradient = gradient;
      return;
    }
    const dense = this.gradientOf(weight);
    this.backend.groupedWeightGradient(
      gradient.x,
      gradient.dout,
      gradient.dispatch,
      gradient.inputs,
      gradient.outputs,
      dense,
    );
  }

  /**
   * Adds the gradient of per-expert biases [N, F]. Experts without pairs stay inactive, so that the optimiser
   * skips them.
   */
  addGroupedBiasGradient(bias: Tensor, dout: FloatBuffer, dispatch: Dispatch, outputs: number): void {
    const first = bias.parameter?.gradient === undefined;
    const buffer = this.gradientOf(bias);
    this.backend.groupedBiasGradient(dout, dispatch, outputs, buffer);
    if (bias.parameter)
      bias.parameter.gradient = first
        ? { kind: "dense", buffer, active: dispatch }
        : { kind: "dense", buffer };
  }

  /**
   * Adds `gradient` to the gradient of `tensor`. With `keep`, the buffer itself becomes the gradient if there
   * is none yet. The caller must not use it afterwards.
   */
  passGradient(tensor: Tensor, gradient: FloatBuffer, keep: boolean): void {
    if (keep && !tensor.parameter && !tensor.gradient) tensor.gradient = gradient;
    else this.backend.addScaled(gradient, 1, this.gradientOf(tensor));
  }

  /**
   * Adds the gradient of a table [V, D] from dout [R, D], the gradient of selected rows. It stays a row
   * gradient if it is the table's only contribution.
   *
   * @param chosen selected rows, each in [0, V), [R]
   */
  addRowGradient(table: Tensor, dout: FloatBuffer, chosen: IntBuffer): void {
    const { backend } = this;
    const { parameter } = table;
    const width = table.extent(1);
    if (!parameter || parameter.gradient !== undefined) {
      backend.scatterAddRows(dout, width, chosen, chosen.size, this.gradientOf(table));
      return;
    }
    const used = [...new Set(chosen.view)].sort((a, b) => a - b);
    const place = new Map(used.map((row, i) => [row, i]));
    const rows = backend.scratchInts(used.length);
    const places = backend.scratchInts(chosen.size);
    const values = backend.scratch(used.length * width);
    rows.view.set(used);
    places.view.set(Array.from(chosen.view, (row) => place.get(row) ?? -1));
    backend.fill(values, 0);
    backend.scatterAddRows(dout, width, places, chosen.size, values);
    parameter.gradient = { kind: "rows", rows, count: used.length, width, values };
  }

  /** Runs all rules in reverse order, starting from d(loss)/d(loss) = 1. */
  backward(loss: Tensor): void {
    TENSOR(loss, "backward, argument 1");
    if (loss.size !== 1)
      throw new ShapeError(`backward: the loss must have one element, got shape ${formatShape(loss.shape)}`);
    if (!this.recording)
      throw new EuarError("internal", "backward: this tape does not record", {
        hint: "Create the tape with recording = true.",
      });
    this.backend.fill(this.gradientOf(loss), 1);
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i];
      const reached = entry?.outputs.find((output) => output.gradient !== undefined)?.gradient;
      if (reached) entry.backward(reached);
    }
  }

  /** Returns the dispatch of a plain linear map: one expert that gets every row. */
  identityDispatch(rows: number): Dispatch {
    const known = this.identities.get(rows);
    if (known) return known;
    const offsets = this.backend.scratchInts(2);
    const identity = this.backend.scratchInts(rows);
    const slots = this.backend.scratchInts(rows);
    offsets.view.set([0, rows]);
    const view = identity.view;
    for (let i = 0; i < rows; i++) view[i] = i;
    slots.view.fill(0);
    const dispatch: Dispatch = { experts: 1, pairs: rows, offsets, rows: identity, slots, pairOf: identity };
    this.identities.set(rows, dispatch);
    return dispatch;
  }

  private denseGradientOf(parameter: Parameter): FloatBuffer {
    const known = parameter.gradient;
    if (known?.kind === "dense") {
      // a second contribution may reach every group
      if (known.active) parameter.gradient = { kind: "dense", buffer: known.buffer };
      return known.buffer;
    }
    const buffer = this.backend.scratch(parameter.size);
    this.backend.fill(buffer, 0);
    parameter.gradient = { kind: "dense", buffer };
    if (known?.kind === "factored") {
      this.backend.groupedWeightGradient(
        known.x,
        known.dout,
        known.dispatch,
        known.inputs,
        known.outputs,
        buffer,
      );
    } else if (known) {
      this.backend.scatterAddRows(known.values, known.width, known.rows, known.count, buffer);
    }
    return buffer;
  }
}
