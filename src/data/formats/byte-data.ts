import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import type { ByteSource } from "./byte-source.js";

/** Bytes of an array: a place in the file if possible, otherwise a copy. */
export type ByteData =
  | { readonly kind: "range"; readonly offset: number; readonly length: number }
  /**
   * `length` bytes of UTF-8. Its code points, all below 256, are the actual bytes. Protocol 2 stores `bytes`
   * in this way.
   */
  | { readonly kind: "latin1-text"; readonly offset: number; readonly length: number }
  | { readonly kind: "memory"; readonly bytes: Uint8Array };

/** Returns the smallest and the largest possible number of bytes, without decoding. */
export function possibleLengths(data: ByteData): [number, number] {
  if (data.kind === "memory") return [data.bytes.length, data.bytes.length];
  return data.kind === "range" ? [data.length, data.length] : [Math.ceil(data.length / 2), data.length];
}

const CHUNK = 1 << 18;

/** Reads {@link ByteData} from start to end in pieces of any size. */
export class ByteCursor {
  private position = 0;
  private decoded = new Uint8Array(0);
  private decodedAt = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly data: ByteData,
    private readonly place: string,
  ) {}

  /** Returns the next `count` bytes; valid until the next call. */
  take(count: number): Uint8Array {
    if (this.data.kind === "latin1-text") return this.takeDecoded(count);
    const length = this.data.kind === "range" ? this.data.length : this.data.bytes.length;
    if (this.position + count > length) throw this.tooShort();
    const start = this.position;
    this.position += count;
    return this.data.kind === "range"
      ? this.source.read(this.data.offset + start, count)
      : this.data.bytes.subarray(start, start + count);
  }

  /** Fills `into` with the next bytes. */
  takeInto(into: Uint8Array): void {
    const { source, data, position } = this;
    if (data.kind !== "range" || !source.readInto || position + into.length > data.length) {
      into.set(this.take(into.length));
      return;
    }
    source.readInto(data.offset + position, into);
    this.position += into.length;
  }

  /** Returns true if every byte was read. */
  atEnd(): boolean {
    const length = this.data.kind === "memory" ? this.data.bytes.length : this.data.length;
    return this.position >= length && this.decodedAt >= this.decoded.length;
  }

  private takeDecoded(count: number): Uint8Array {
    if (this.decoded.length - this.decodedAt < count) this.decodeMore(count);
    const piece = this.decoded.subarray(this.decodedAt, this.decodedAt + count);
    this.decodedAt += count;
    return piece;
  }

  private decodeMore(count: number): void {
    if (this.data.kind !== "latin1-text") return;
    const rest = this.decoded.subarray(this.decodedAt);
    const wanted = Math.min(Math.max(CHUNK, 2 * (count - rest.length)), this.data.length - this.position);
    const encoded = this.source.read(this.data.offset + this.position, wanted);
    const out = new Uint8Array(rest.length + encoded.length);
    out.set(rest);
    const [read, written] = this.decodeLatin1(encoded, out, rest.length);
    this.position += read;
    this.decoded = out.subarray(0, written);
    this.decodedAt = 0;
    if (written < count) throw this.tooShort();
  }

  /** Decodes complete characters only. A lead byte at the very end stays for the next piece. */
  private decodeLatin1(encoded: Uint8Array, out: Uint8Array, start: number): [number, number] {
    let i = 0;
    let o = start;
    while (i < encoded.length) {
      const lead = defined(encoded[i]);
      if (lead < 0x80) {
        out[o++] = lead;
        i += 1;
        continue;
      }
      if (lead !== 0xc2 && lead !== 0xc3)
        throw new DataError(
          "data.format",
          `${this.place}: the text that encodes bytes has a character above 255.`,
        );
      if (i + 1 === encoded.length) break;
      const next = defined(encoded[i + 1]);
      if ((next & 0xc0) !== 0x80)
        throw new DataError("data.format", `${this.place}: the text that encodes bytes is not valid UTF-8.`);
      out[o++] = ((lead & 0x03) << 6) | (next & 0x3f);
      i += 2;
    }
    return [i, o];
  }

  private tooShort(): DataError {
    return new DataError(
      "data.format",
      `${this.place}: the array has fewer bytes than its shape and type need.`,
      {
        hint: "The file is damaged or was written by an incompatible program: save it again.",
      },
    );
  }
}
