// Runs the command line once, as a user would, and keeps the code that V8 compiled on the way beside each file.
// argv: dist folder, then the arguments of the command.
'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const [, , dist, ...commandLine] = process.argv;
const compiled = new Map();
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    compiled.set(options.filename, this);
  }
};
process.on('exit', () => {
  for (const [filename, script] of compiled) {
    const mark = readFileSync(filename, 'latin1').slice(-17, -1);
    const half = `${filename}.cache.${process.pid}`;
    writeFileSync(half, Buffer.concat([Buffer.from(mark, 'latin1'), script.createCachedData()]));
    renameSync(half, `${filename}.cache`);
  }
});
process.argv = [process.argv[0], join(dist, 'cli.js'), ...commandLine];
require(join(dist, 'cli.js'));
