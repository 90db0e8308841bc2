// AssemblyScript, compiled by build.mjs to WASM with SIMD. No allocator and no static data: the caller places
// everything in memory. Unless said otherwise a kernel may read and write up to 64 bytes past the end of a
// buffer, so the caller leaves that much room; rows are handled in ascending order, so a spill is overwritten.

/** Folds `count` floats into the minimum and maximum at `range` (two floats). NaN propagates. */
export function rowRange(source: usize, count: i32, range: usize): void {
  let low = f32x4.splat(load<f32>(range));
  let high = f32x4.splat(load<f32>(range, 4));
  let index = 0;
  for (; index + 4 <= count; index += 4) {
    const values = v128.load(source + (<usize>index << 2));
    low = f32x4.min(low, values);
    high = f32x4.max(high, values);
  }
  let lowest = min(min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)), min(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3)));
  let highest = max(max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)), max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)));
  for (; index < count; index += 1) {
    const value = load<f32>(source + (<usize>index << 2));
    lowest = min(lowest, value);
    highest = max(highest, value);
  }
  store<f32>(range, lowest);
  store<f32>(range, highest, 4);
}

/** Folds a [rows, columns] matrix into the minima and maxima of its columns. */
export function columnRanges(source: usize, rows: i32, columns: i32, lows: usize, highs: usize): void {
  for (let row = 0; row < rows; row += 1) {
    const start = source + ((<usize>row * <usize>columns) << 2);
    for (let column = 0; column < columns; column += 4) {
      const at = <usize>column << 2;
      const values = v128.load(start + at);
      v128.store(lows + at, f32x4.min(v128.load(lows + at), values));
      v128.store(highs + at, f32x4.max(v128.load(highs + at), values));
    }
  }
}

@inline
function codes(values: v128, scale: v128, zero: v128, low: v128, high: v128): v128 {
  // Half to even and a true division, as numpy does it: the codes are the same as onnxruntime's quantizer's.
  const rounded = f32x4.add(f32x4.nearest(f32x4.div(values, scale)), zero);
  const clamped = f32x4.min(f32x4.max(rounded, low), high);
  return v128.and(i32x4.trunc_sat_f32x4_s(clamped), i32x4.splat(255));
}

@inline
function bytesOf(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** count floats -> count codes of 8 bits with one scale and zero point. */
export function quantizeRow(source: usize, count: i32, scale: f32, zero: f32, low: f32, high: f32, target: usize): void {
  const scales = f32x4.splat(scale);
  const zeros = f32x4.splat(zero);
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  for (let index = 0; index < count; index += 16) {
    const at = source + (<usize>index << 2);
    v128.store(
      target + <usize>index,
      bytesOf(
        codes(v128.load(at), scales, zeros, lows, highs),
        codes(v128.load(at, 16), scales, zeros, lows, highs),
        codes(v128.load(at, 32), scales, zeros, lows, highs),
        codes(v128.load(at, 48), scales, zeros, lows, highs),
      ),
    );
  }
}

/** [rows, columns] floats -> codes of 8 bits with a scale and a zero point (both floats) per column. */
export function quantizeColumns(source: usize, rows: i32, columns: i32, scales: usize, zeros: usize, low: f32, high: f32, target: usize): void {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  for (let row = 0; row < rows; row += 1) {
    const start = source + ((<usize>row * <usize>columns) << 2);
    const out = target + <usize>row * <usize>columns;
    for (let column = 0; column < columns; column += 16) {
      const lane = <usize>column << 2;
      const at = start + lane;
      v128.store(
        out + <usize>column,
        bytesOf(
          codes(v128.load(at), v128.load(scales + lane), v128.load(zeros + lane), lows, highs),
          codes(v128.load(at, 16), v128.load(scales + lane, 16), v128.load(zeros + lane, 16), lows, highs),
          codes(v128.load(at, 32), v128.load(scales + lane, 32), v128.load(zeros + lane, 32), lows, highs),
          codes(v128.load(at, 48), v128.load(scales + lane, 48), v128.load(zeros + lane, 48), lows, highs),
        ),
      );
    }
  }
}

@inline
function half(values: v128): v128 {
  const sign = v128.and(values, i32x4.splat(<i32>0x80000000));
  const bits = v128.xor(values, sign);
  const special = i32x4.ge_u(bits, i32x4.splat((127 + 16) << 23));
  const nan = i32x4.gt_u(bits, i32x4.splat(255 << 23));
  const infinite = v128.bitselect(i32x4.splat(0x7e00), i32x4.splat(0x7c00), nan);
  // Adding this power of two makes the hardware round a value below the normal range of halves.
  const magic = i32x4.splat((127 - 15 + (23 - 10) + 1) << 23);
  const tiny = i32x4.sub(f32x4.add(bits, magic), magic);
  const odd = v128.and(i32x4.shr_u(bits, 13), i32x4.splat(1));
  const normal = i32x4.shr_u(i32x4.add(i32x4.add(bits, i32x4.splat(((15 - 127) << 23) + 0xfff)), odd), 13);
  const small = i32x4.lt_u(bits, i32x4.splat(113 << 23));
  const value = v128.bitselect(infinite, v128.bitselect(tiny, normal, small), special);
  return v128.or(value, i32x4.shr_u(sign, 16));
}

/** count floats -> count halves, nearest, ties to even. */
export function halves(source: usize, count: i32, target: usize): void {
  for (let index = 0; index < count; index += 8) {
    const at = source + (<usize>index << 2);
    v128.store(target + (<usize>index << 1), i16x8.narrow_i32x4_u(half(v128.load(at)), half(v128.load(at, 16))));
  }
}

/** Nearest, ties away from zero: C's roundf, which onnxruntime's block quantizer uses. */
@inline
function roundAway(values: v128): v128 {
  const whole = f32x4.trunc(values);
  const rest = f32x4.sub(values, whole);
  const one = f32x4.splat(1);
  const up = v128.and(f32x4.ge(rest, f32x4.splat(0.5)), one);
  const down = v128.and(f32x4.le(rest, f32x4.splat(-0.5)), one);
  return f32x4.sub(f32x4.add(whole, up), down);
}

/** Scale of a block of 4-bit codes from its extremes: the end that is further from zero becomes code 0. */
@inline
function symmetricScale(low: v128, high: v128): v128 {
  const extreme = v128.bitselect(high, low, f32x4.gt(f32x4.abs(high), f32x4.abs(low)));
  return f32x4.div(extreme, f32x4.splat(-8));
}

@inline
function reciprocal(scale: v128): v128 {
  return v128.and(f32x4.div(f32x4.splat(1), scale), f32x4.ne(scale, f32x4.splat(0)));
}

@inline
function nibbles(values: v128, factor: v128, zero: v128): v128 {
  const rounded = roundAway(f32x4.add(f32x4.mul(values, factor), zero));
  return i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.max(rounded, f32x4.splat(0)), f32x4.splat(15)));
}

/**
 * One block of 32 rows of a matrix with `stride` floats a row -> for each of `columns` columns (a multiple of 4)
 * 16 bytes of codes at target + column * targetStride, low nibble first; its scale at scales + column * 4 *
 * scaleStride; and when asymmetric its zero point as a byte at zeros + column * scaleStride.
 */
export function blockOfColumns(source: usize, stride: i32, columns: i32, target: usize, targetStride: i32, scales: usize, zeros: usize, scaleStride: i32, symmetric: bool): void {
  const row = <usize>stride << 2;
  for (let column = 0; column < columns; column += 4) {
    const start = source + (<usize>column << 2);
    let low = v128.load(start);
    let high = low;
    for (let k = 1; k < 32; k += 1) {
      const values = v128.load(start + <usize>k * row);
      low = f32x4.min(low, values);
      high = f32x4.max(high, values);
    }
    let scale: v128;
    let zero: v128;
    if (symmetric) {
      scale = symmetricScale(low, high);
      zero = f32x4.splat(8);
    } else {
      low = f32x4.min(low, f32x4.splat(0));
      high = f32x4.max(high, f32x4.splat(0));
      scale = f32x4.div(f32x4.sub(high, low), f32x4.splat(15));
      const exact = f32x4.div(f32x4.neg(low), scale);
      const clamped = f32x4.min(f32x4.max(roundAway(exact), f32x4.splat(0)), f32x4.splat(15));
      zero = v128.bitselect(clamped, f32x4.splat(0), f32x4.ne(scale, f32x4.splat(0)));
    }
    const factor = reciprocal(scale);
    const out = target + <usize>column * <usize>targetStride;
    for (let quad = 0; quad < 4; quad += 1) {
      let word = i32x4.splat(0);
      for (let byte = 0; byte < 4; byte += 1) {
        const at = start + <usize>(quad * 8 + byte * 2) * row;
        const pair = v128.or(nibbles(v128.load(at), factor, zero), i32x4.shl(nibbles(v128.load(at + row), factor, zero), 4));
        word = v128.or(word, i32x4.shl(pair, byte * 8));
      }
      const place = out + (<usize>quad << 2);
      store<i32>(place, i32x4.extract_lane(word, 0));
      store<i32>(place + <usize>targetStride, i32x4.extract_lane(word, 1));
      store<i32>(place + <usize>targetStride * 2, i32x4.extract_lane(word, 2));
      store<i32>(place + <usize>targetStride * 3, i32x4.extract_lane(word, 3));
    }
    const place = scales + ((<usize>column * <usize>scaleStride) << 2);
    const step = <usize>scaleStride << 2;
    store<f32>(place, f32x4.extract_lane(scale, 0));
    store<f32>(place + step, f32x4.extract_lane(scale, 1));
    store<f32>(place + step * 2, f32x4.extract_lane(scale, 2));
    store<f32>(place + step * 3, f32x4.extract_lane(scale, 3));
    if (!symmetric) {
      const codes = i32x4.trunc_sat_f32x4_s(zero);
      const byte = zeros + <usize>column * <usize>scaleStride;
      store<u8>(byte, <u8>i32x4.extract_lane(codes, 0));
      store<u8>(byte + <usize>scaleStride, <u8>i32x4.extract_lane(codes, 1));
      store<u8>(byte + <usize>scaleStride * 2, <u8>i32x4.extract_lane(codes, 2));
      store<u8>(byte + <usize>scaleStride * 3, <u8>i32x4.extract_lane(codes, 3));
    }
  }
}

/** `blocks` runs of 32 contiguous floats -> 16 bytes of codes, a scale and, when asymmetric, a zero-point byte each. */
export function blocksOfRow(source: usize, blocks: i32, target: usize, scales: usize, zeros: usize, symmetric: bool): void {
  for (let block = 0; block < blocks; block += 1) {
    const start = source + (<usize>block << 7);
    let low = v128.load(start);
    let high = low;
    for (let k = 16; k < 128; k += 16) {
      const values = v128.load(start + <usize>k);
      low = f32x4.min(low, values);
      high = f32x4.max(high, values);
    }
    const lowest = min(min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)), min(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3)));
    const highest = max(max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)), max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)));
    let scale: f32;
    let zero: f32 = 8;
    if (symmetric) {
      scale = f32x4.extract_lane(symmetricScale(f32x4.splat(lowest), f32x4.splat(highest)), 0);
    } else {
      const bottom = min(lowest, <f32>0);
      scale = (max(highest, <f32>0) - bottom) / <f32>15;
      zero = scale == 0 ? 0 : min(max(f32x4.extract_lane(roundAway(f32x4.splat(-bottom / scale)), 0), <f32>0), <f32>15);
      store<u8>(zeros + <usize>block, <u8>zero);
    }
    store<f32>(scales + (<usize>block << 2), scale);
    const factor = reciprocal(f32x4.splat(scale));
    const zeroes = f32x4.splat(zero);
    for (let part = 0; part < 2; part += 1) {
      const at = start + (<usize>part << 6);
      const bytes = bytesOf(
        nibbles(v128.load(at), factor, zeroes),
        nibbles(v128.load(at, 16), factor, zeroes),
        nibbles(v128.load(at, 32), factor, zeroes),
        nibbles(v128.load(at, 48), factor, zeroes),
      );
      const packed = v128.or(v128.and(bytes, i16x8.splat(15)), v128.and(i16x8.shr_u(bytes, 4), i16x8.splat(240)));
      v128.store64_lane(target + (<usize>block << 4) + (<usize>part << 3), i8x16.narrow_i16x8_u(packed, packed), 0);
    }
  }
}
