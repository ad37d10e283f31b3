// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.

/**
 * Exports of the WebAssembly module. Arguments and results are numbers: addresses in bytes, sizes in
 * elements, flags as 0 and 1.
 */
export interface RawKernels {
  /** First address after the kernels' own data. */
  readonly heapBase: () => number;
  /** Sets the work space of this instance, `roomBytes()` bytes. Kernels need it. */
  readonly useRoom: (address: number) => void;
  readonly roomBytes: () => number;
  readonly fill: (out: number, count: number, value: number) => void;
  readonly copyRange: (a: number, out: number, count: number) => void;
  readonly addRange: (a: number, out: number, count: number) => void;
  readonly unary: (op: number, a: number, count: number, out: number) => void;
  readonly unaryBackward: (op: number, a: number, y: number, dout: number, count: number, da: number) => void;
  readonly activationBackward: (op: number, a: number, dout: number, count: number, da: number) => void;
  readonly binary: (op: number, a: number, b: number, count: number, out: number) => void;
  readonly affine: (a: number, scale: number, shift: number, count: number, out: number) => void;
  readonly addScaled: (a: number, scale: number, count: number, out: number) => void;
  readonly clamp: (a: number, low: number, high: number, count: number, out: number) => void;
  readonly clampBackward: (
    a: number,
    low: number,
    high: number,
    dout: number,
    count: number,
    da: number,
  ) => void;
  readonly dropout: (
    a: number,
    rows: number,
    width: number,
    keys: number,
    threshold: number,
    scale: number,
    out: number,
  ) => void;
  readonly normals: (keys: number, rows: number, width: number, out: number, work: number) => void;
  readonly words: (
    keys: number,
    rows: number,
    width: number,
    c1: number,
    out: number,
    second: number,
  ) => void;
  readonly topK: (
    probabilities: number,
    rows: number,
    width: number,
    k: number,
    indices: number,
    values: number,
  ) => void;
  readonly dispatch: (
    indices: number,
    present: number,
    rows: number,
    slots: number,
    experts: number,
    offsets: number,
    pairRows: number,
    pairSlots: number,
    pairOf: number,
  ) => number;
  readonly groupedLinear: (
    x: number,
    weight: number,
    bias: number,
    offsets: number,
    rows: number,
    experts: number,
    inputs: number,
    outputs: number,
    out: number,
    columns: number,
  ) => void;
  readonly groupedLinearBackwardInput: (
    dout: number,
    weight: number,
    offsets: number,
    pairOf: number,
    experts: number,
    inputs: number,
    outputs: number,
    rows: number,
    slots: number,
    dx: number,
    products: number,
    transposed: number,
  ) => void;
  readonly groupedWeightGradient: (
    x: number,
    dout: number,
    offsets: number,
    rows: number,
    experts: number,
    inputs: number,
    outputs: number,
    dweight: number,
  ) => void;
  readonly groupedLinearPart: (
    x: number,
    weight: number,
    bias: number,
    offsets: number,
    rows: number,
    experts: number,
    inputs: number,
    outputs: number,
    out: number,
    columns: number,
    from: number,
    pairs: number,
  ) => void;
  readonly groupedInputProducts: (
    dout: number,
    weight: number,
    offsets: number,
    experts: number,
    inputs: number,
    outputs: number,
    products: number,
    transposed: number,
    from: number,
    pairs: number,
  ) => void;
  readonly groupedInputSums: (
    pairOf: number,
    inputs: number,
    rows: number,
    slots: number,
    dx: number,
    products: number,
  ) => void;
  readonly groupedWeightGradientPart: (
    x: number,
    dout: number,
    offsets: number,
    rows: number,
    experts: number,
    inputs: number,
    outputs: number,
    dweight: number,
    from: number,
    inputRows: number,
  ) => void;
  readonly groupedBiasGradient: (
    dout: number,
    offsets: number,
    experts: number,
    outputs: number,
    dbias: number,
  ) => void;
  readonly groupedSquaredNorm: (
    x: number,
    dout: number,
    offsets: number,
    rows: number,
    experts: number,
    inputs: number,
    outputs: number,
  ) => number;
  readonly gaussianMixture: (
    raw: number,
    gate: number,
    pairOf: number,
    rows: number,
    slots: number,
    width: number,
    clampLow: number,
    clampHigh: number,
    keys: number,
    h: number,
    sigma2: number,
    kl: number,
    work: number,
    noise: number,
  ) => void;
  readonly gaussianMixtureBackward: (
    raw: number,
    gate: number,
    pairOf: number,
    rows: number,
    slots: number,
    width: number,
    clampLow: number,
    clampHigh: number,
    keys: number,
    dh: number,
    dsigma2: number,
    dkl: number,
    draw: number,
    dgate: number,
    work: number,
    noise: number,
  ) => void;
  readonly broadcast2: (
    a: number,
    rowStep: number,
    columnStep: number,
    rows: number,
    columns: number,
    out: number,
  ) => void;
  readonly gatherRows: (
    a: number,
    rows: number,
    width: number,
    indices: number,
    count: number,
    out: number,
  ) => number;
  readonly scatterAddRows: (
    dout: number,
    width: number,
    indices: number,
    count: number,
    da: number,
    rows: number,
  ) => number;
  readonly permute4: (
    a: number,
    n0: number,
    n1: number,
    n2: number,
    n3: number,
    s0: number,
    s1: number,
    s2: number,
    s3: number,
    out: number,
  ) => void;
  readonly gemm: (
    a: number,
    b: number,
    out: number,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposed: number,
    accumulate: number,
  ) => void;
  readonly gemmPart: (
    a: number,
    b: number,
    out: number,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposed: number,
    accumulate: number,
    stride: number,
  ) => void;
  readonly batchedGemm: (
    a: number,
    b: number,
    out: number,
    count: number,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposed: number,
    accumulate: number,
  ) => void;
  readonly linear: (
    a: number,
    weight: number,
    bias: number,
    out: number,
    m: number,
    k: number,
    n: number,
  ) => void;
  readonly adamSettings: (
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    decoupled: number,
    weightDecay: number,
    gradientScale: number,
  ) => void;
  readonly adam: (
    weight: number,
    firstMoment: number,
    secondMoment: number,
    gradient: number,
    start: number,
    count: number,
    step: number,
  ) => void;
  readonly adamGrouped: (
    weight: number,
    firstMoment: number,
    secondMoment: number,
    x: number,
    dout: number,
    offsets: number,
    rows: number,
    experts: number,
    inputs: number,
    outputs: number,
    steps: number,
    work: number,
  ) => void;
  readonly adamGroupedPart: (
    weight: number,
    firstMoment: number,
    secondMoment: number,
    x: number,
    dout: number,
    offsets: number,
    rows: number,
    experts: number,
    inputs: number,
    outputs: number,
    steps: number,
    work: number,
    from: number,
    inputRows: number,
  ) => void;
  readonly adamGroupedSteps: (offsets: number, experts: number, steps: number) => void;
  readonly adamRows: (
    weight: number,
    firstMoment: number,
    secondMoment: number,
    gradient: number,
    rows: number,
    count: number,
    width: number,
    steps: number,
  ) => void;
  readonly reduceSum: (
    a: number,
    outer: number,
    axis: number,
    inner: number,
    scale: number,
    out: number,
  ) => void;
  readonly reduceSumBackward: (
    dout: number,
    outer: number,
    axis: number,
    inner: number,
    scale: number,
    da: number,
  ) => void;
  readonly reduceMax: (a: number, outer: number, axis: number, inner: number, out: number) => void;
  readonly reduceMaxBackward: (
    a: number,
    outer: number,
    axis: number,
    inner: number,
    dout: number,
    da: number,
  ) => void;
  readonly columnSums: (a: number, rows: number, width: number, out: number) => void;
  readonly columnSumsPart: (a: number, rows: number, width: number, out: number, stride: number) => void;
  readonly rowSums: (a: number, rows: number, width: number, out: number) => void;
  readonly squaredNorm: (a: number, count: number) => number;
  readonly softmax: (a: number, rows: number, width: number, out: number) => void;
  readonly softmaxBackward: (out: number, rows: number, width: number, dout: number, da: number) => void;
  readonly logSumExp: (a: number, rows: number, width: number, out: number, work: number) => void;
  readonly layerNorm: (
    a: number,
    rows: number,
    width: number,
    gain: number,
    bias: number,
    epsilon: number,
    out: number,
    mean: number,
    inverseStd: number,
  ) => void;
  readonly layerNormBackward: (
    a: number,
    rows: number,
    width: number,
    gain: number,
    mean: number,
    inverseStd: number,
    dout: number,
    da: number,
    dgain: number,
    dbias: number,
  ) => void;
  readonly layerNormInputs: (
    a: number,
    rows: number,
    width: number,
    gain: number,
    mean: number,
    inverseStd: number,
    dout: number,
    da: number,
  ) => void;
  readonly layerNormParameters: (
    a: number,
    rows: number,
    width: number,
    mean: number,
    inverseStd: number,
    dout: number,
    dgain: number,
    dbias: number,
    stride: number,
  ) => void;
  readonly addLayerNorm: (
    left: number,
    right: number,
    rows: number,
    width: number,
    gain: number,
    bias: number,
    epsilon: number,
    sum: number,
    out: number,
    mean: number,
    inverseStd: number,
  ) => void;
  readonly attentionCall: (
    starts: number,
    samples: number,
    heads: number,
    depth: number,
    longest: number,
    scale: number,
    keys: number,
    threshold: number,
    keptScale: number,
    table: number,
    buckets: number,
    reach: number,
    work: number,
  ) => void;
  readonly packedAttention: (
    query: number,
    queryStride: number,
    key: number,
    keyStride: number,
    value: number,
    valueStride: number,
    out: number,
    largest: number,
    sum: number,
  ) => void;
  readonly packedAttentionBackward: (
    query: number,
    queryStride: number,
    key: number,
    keyStride: number,
    value: number,
    valueStride: number,
    largest: number,
    sum: number,
    dout: number,
    dquery: number,
    dqueryStride: number,
    dkey: number,
    dkeyStride: number,
    dvalue: number,
    dvalueStride: number,
    dtable: number,
  ) => void;
}
