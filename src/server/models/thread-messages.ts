import { defined } from "../../core/defined.js";
import type { BodyAnswer, BodyRequest, MediaRequest } from "./scorer.js";

/** Message to a scorer's thread. */
export type ThreadRequest =
  | { readonly kind: "features"; readonly bodies: PackedBodies }
  | { readonly kind: "media"; readonly request: MediaRequest };

/** Result from a scorer's thread. */
export type ThreadResult =
  | { readonly kind: "features"; readonly answers: readonly PackedAnswer[] }
  | { readonly kind: "media"; readonly json: string };

/** Answer of one body. Most bodies have one sample without an id: of those, the prediction as JSON text. */
type PackedAnswer = string | BodyAnswer;

/** Options that bodies of one batch share. */
type BodyOptions = Omit<BodyRequest, "body">;

/**
 * Bodies of one batch. To send 64 objects with a buffer each to a thread takes several times as long as to
 * copy small bodies into one buffer.
 */
export interface PackedBodies {
  /** The first one has all small bodies. Each large body has its own. */
  readonly buffers: readonly ArrayBuffer[];
  /** Different options of the requests. */
  readonly options: readonly BodyOptions[];
  /** For each body: its buffer, its first byte, its length, and its options. [B, 4] */
  readonly places: Uint32Array;
}

/** Bodies of this many bytes or more are sent in their own buffer. */
const LARGE = 1 << 16;
/** Start of each small body, as a multiple. So the values of a safetensors body are aligned. */
const ALIGNED = 8;
const FIELDS = 4;

/** Packs bodies for a thread. Large ones lose their buffers when the message is sent. */
export function packBodies(requests: readonly BodyRequest[]): PackedBodies {
  const isLarge = ({ body }: BodyRequest): boolean => body.byteLength >= LARGE;
  const space = (size: number): number => Math.ceil(size / ALIGNED) * ALIGNED;
  const small = new Uint8Array(
    requests.reduce((sum, request) => sum + (isLarge(request) ? 0 : space(request.body.byteLength)), 0),
  );
  const buffers: ArrayBuffer[] = [small.buffer];
  const options: BodyOptions[] = [];
  const places = new Uint32Array(FIELDS * requests.length);
  let at = 0;
  for (const [i, request] of requests.entries()) {
    const { body } = request;
    const option = placeOf(request, options);
    if (isLarge(request)) {
      places.set([buffers.length, 0, body.byteLength, option], FIELDS * i);
      buffers.push(ownBuffer(body));
    } else {
      small.set(body, at);
      places.set([0, at, body.byteLength, option], FIELDS * i);
      at += space(body.byteLength);
    }
  }
  return { buffers, options, places };
}

/** Reads what {@link packBodies} returned. The bodies are views of its buffers. */
export function unpackBodies({ buffers, options, places }: PackedBodies): BodyRequest[] {
  return Array.from({ length: places.length / FIELDS }, (_, i) => {
    const [buffer = 0, start = 0, length = 0, option = 0] = places.subarray(FIELDS * i, FIELDS * (i + 1));
    return { ...defined(options[option]), body: new Uint8Array(defined(buffers[buffer]), start, length) };
  });
}

/** Returns the index of a request's options, and adds them if they are new. */
function placeOf({ form, level, available }: BodyRequest, options: BodyOptions[]): number {
  const known = options.findIndex(
    (one) => one.form === form && one.level === level && isSameList(one.available, available),
  );
  return known < 0 ? options.push({ form, level, available }) - 1 : known;
}

function isSameList(a: BodyRequest["available"], b: BodyRequest["available"]): boolean {
  return a === b || (a?.length === b?.length && a?.every((name, i) => name === b?.[i]) === true);
}

function ownBuffer({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const isWhole = byteOffset === 0 && buffer.byteLength === byteLength;
  return isWhole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}

/** Packs the answer of one body. */
export function packAnswer(answer: BodyAnswer): PackedAnswer {
  const [only] = answer.samples;
  const isPlain = !answer.many && only?.kind === "prediction" && only.id === undefined;
  return isPlain ? only.json : answer;
}

/** Reads what {@link packAnswer} returned. */
export function unpackAnswer(answer: PackedAnswer): BodyAnswer {
  if (typeof answer !== "string") return answer;
  return { many: false, samples: [{ kind: "prediction", id: undefined, json: answer }] };
}
