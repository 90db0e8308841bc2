'use strict';
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const vm = require('node:vm');

/** Hex digits of the bundle's hash: its last line as a comment, and the first bytes of its code cache. */
const markLength = 16;

/** V8 itself compares only the source's length, so the mark keeps a cache from meeting another text. */
function cacheOf(filename, source) {
  try {
    const cache = readFileSync(`${filename}.cache`);
    const mark = source.slice(-markLength - 1, -1);
    return cache.toString('latin1', 0, markLength) === mark ? cache.subarray(markLength) : undefined;
  } catch {
    return undefined;
  }
}

/** Requires a bundle with the code cache made for it at build time; V8 ignores one of another version. */
function loadCached(filename) {
  // Bundles are pure ASCII, and one byte per character halves what V8 has to scan.
  const source = readFileSync(filename, 'latin1');
  const cachedData = cacheOf(filename, source);
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, dirname(filename));
  return module.exports;
}

module.exports = { loadCached };
