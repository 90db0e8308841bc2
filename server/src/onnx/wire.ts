import type { ByteSource } from './byteSource';
import { malformed } from './modelError';
import { decodeUtf8 } from './utf8';

/** One field of a protobuf message: `recordStart` is where its tag begins, `[start, end)` its payload. */
export interface WireField {
  readonly number: number;
  readonly wire: number;
  readonly recordStart: number;
  readonly start: number;
  readonly end: number;
  /** The number of a varint field; 0 for others. Exact up to 2^53. */
  readonly value: number;
}

/** Thrown when only the beginning of a file is at hand and reading goes past it. */
export class BeyondPrefix extends Error {}

const windowBytes = 64 * 1024;

/** Longest name or documentation string worth decoding; real ones are below a few kilobytes. */
const longestText = 1024 * 1024;

/**
 * Random-access protobuf reading through one small window: nothing is held but the window, so a message of any
 * size is walked in constant memory. Limits count across the whole file; they stop a file made of millions of
 * empty records from filling memory.
 */
export class WireReader {
  private window: Uint8Array = new Uint8Array(0);
  private windowStart = 0;
  private recordsLeft = 1_000_000;
  private textLeft = 128 * 1024 * 1024;
  private position = 0;

  constructor(readonly source: ByteSource) {}

  /** Walks the fields of the message in `[start, end)`. Throws a ModelError on anything that is no message. */
  *fields(start: number, end: number): Generator<WireField> {
    let at = start;
    while (at < end) {
      const recordStart = at;
      this.position = at;
      const tag = this.varint(end);
      const number = Math.floor(tag / 8);
      const wire = tag % 8;
      if (number < 1 || number > 536_870_911) throw this.broken(recordStart);
      let value = 0;
      let payload = this.position;
      let next: number;
      if (wire === 0) {
        value = this.varint(end);
        next = this.position;
      } else if (wire === 1) {
        next = payload + 8;
      } else if (wire === 5) {
        next = payload + 4;
      } else if (wire === 2) {
        const length = this.varint(end);
        payload = this.position;
        next = payload + length;
        if (length < 0) throw this.broken(recordStart);
      } else {
        throw this.broken(recordStart);
      }
      if (next > end) {
        throw malformed({
          template:
            'A record at byte {at} says it ends at byte {next}, but what holds it ends at byte {end}; the file is cut short or damaged',
          with: { at: recordStart, next, end },
        });
      }
      yield { number, wire, recordStart, start: payload, end: next, value };
      at = next;
    }
  }

  /** Counts one node, attribute, tensor or signature entry about to be kept in memory. */
  countRecord(): void {
    if (--this.recordsLeft < 0) {
      throw malformed({
        template:
          'The model lists more than a million nodes, attributes and tensors, which no real model does',
      });
    }
  }

  text(field: WireField): string {
    const length = field.end - field.start;
    this.expect(field, 2);
    this.textLeft -= length + 16;
    if (length > longestText || this.textLeft < 0) {
      throw malformed({
        template: 'A name at byte {at} is {length} bytes long',
        with: { at: field.start, length },
      });
    }
    return decodeUtf8(this.bytes(field.start, length));
  }

  expect(field: WireField, wire: number): void {
    if (field.wire !== wire) throw this.broken(field.recordStart);
  }

  /** A copy of bytes of the file. */
  bytes(start: number, length: number): Uint8Array {
    if (start + length > this.source.availableBytes) {
      if (start + length <= this.source.sizeBytes) throw new BeyondPrefix();
      throw this.broken(start);
    }
    if (start >= this.windowStart && start + length <= this.windowStart + this.window.length) {
      return this.window.slice(start - this.windowStart, start - this.windowStart + length);
    }
    return this.source.read(start, length).slice();
  }

  float(field: WireField): number {
    this.expect(field, 5);
    return new DataView(this.bytes(field.start, 4).buffer).getFloat32(0, true);
  }

  /** The numbers of a packed varint field, or the one number of an unpacked record of it. */
  *varints(field: WireField): Generator<number> {
    if (field.wire === 0) {
      yield field.value;
      return;
    }
    this.expect(field, 2);
    let at = field.start;
    while (at < field.end) {
      this.position = at;
      const value = this.varint(field.end);
      at = this.position;
      yield value;
    }
  }

  /** Reads at `position` and moves it. Two's complement as protobuf's int64 wants it. */
  private varint(end: number): number {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index += 1) {
      if (this.position >= end) throw this.broken(this.position);
      const byte = this.byteAt(this.position);
      this.position += 1;
      const bits = byte & 127;
      // 28 bits below, 35 above: both stay exact in a double.
      if (index < 4) low += bits * 2 ** (7 * index);
      else if (index < 9) high += bits * 2 ** (7 * (index - 4));
      else if (bits & 1) return -((2 ** 35 - 1 - high) * 2 ** 28 + (2 ** 28 - low));
      if (byte < 128) return high * 2 ** 28 + low;
    }
    throw this.broken(this.position);
  }

  private byteAt(offset: number): number {
    const index = offset - this.windowStart;
    if (index >= 0 && index < this.window.length) return this.window[index] ?? 0;
    if (offset >= this.source.availableBytes) {
      if (offset < this.source.sizeBytes) throw new BeyondPrefix();
      throw this.broken(offset);
    }
    // A copy: the source may reuse its buffer.
    this.window = this.source
      .read(offset, Math.min(windowBytes, this.source.availableBytes - offset))
      .slice();
    this.windowStart = offset;
    return this.window[0] ?? 0;
  }

  private broken(at: number): Error {
    return malformed({ template: 'The bytes at {at} are not part of an ONNX file', with: { at } });
  }
}
