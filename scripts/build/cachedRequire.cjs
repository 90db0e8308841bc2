'use strict';
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, resolve } = require('node:path');
const vm = require('node:vm');

/** Hex digits of the bundle's hash: its last line as a comment, and the first bytes of its code cache. */
const markLength = 16;

const modules = new Map();

/**
 * `require` for a file of a bundle: its neighbours come with the V8 code cache made for them at build time,
 * everything else as usual. V8 ignores a cache of another version of itself.
 */
function cachedRequire(filename) {
  const ordinary = createRequire(filename);
  return (id) => (/^\.\.?\/.*\.js$/.test(id) ? load(resolve(dirname(filename), id)) : ordinary(id));
}

function load(filename) {
  const known = modules.get(filename);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(filename, module);
  // Bundles are pure ASCII, and one byte per character halves what V8 has to scan.
  const source = readFileSync(filename, 'latin1');
  const cachedData = cacheOf(filename, source);
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new vm.Script(wrapped, { filename, ...(cachedData && { cachedData }) });
  script.runInThisContext()(module.exports, cachedRequire(filename), module, filename, dirname(filename));
  return module.exports;
}

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

module.exports = { cachedRequire };
