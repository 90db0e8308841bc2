import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { openModel } from '../../server/src/model/modelFile';
import { numbers, productModel } from '../onnx/onnxBytes';
import { tempFolder } from './tempFolder';

/** Five in every run; `PLIMSOLL_KILLS=100 npm test -- --only killedWriter` does the long one. */
const kills = Number(process.env['PLIMSOLL_KILLS'] ?? 5);

describe('a writer killed at a random moment', () => {
  it('leaves the old file or the whole new one', async (test) => {
    const folder = tempFolder(test);
    const [model, out] = [join(folder, 'm.onnx'), join(folder, 'out.onnx')];
    writeFileSync(model, productModel(2048, 2048));
    const quantize = (mode: string, killAfterMs?: number) =>
      new Promise<void>((done) => {
        const child = spawn(
          process.execPath,
          [resolve('dist/cli.js'), 'quantize', model, '--out', out, '--mode', mode],
          { stdio: 'ignore' },
        );
        const kill =
          killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
        child.on('exit', () => {
          clearTimeout(kill);
          done();
        });
      });
    const started = performance.now();
    await quantize('int8-weights');
    const whole = performance.now() - started;
    const one = readFileSync(out);
    await quantize('fp16-storage');
    const other = readFileSync(out);
    const moments = numbers(kills, Date.now() % 100_000);
    let changed = 0;
    for (const [index, moment] of moments.entries()) {
      const before = readFileSync(out);
      await quantize(index % 2 === 0 ? 'int8-weights' : 'fp16-storage', ((moment + 1) / 2) * whole);
      const after = readFileSync(out);
      assert.ok(after.equals(one) || after.equals(other), `kill ${index} left ${after.length} bytes`);
      if (!after.equals(before)) changed += 1;
      openModel(out).close();
    }
    test.diagnostic(`${kills} kills, ${changed} came after the rename`);
    await quantize('int8-weights');
    assert.deepEqual(
      readdirSync(folder).sort(),
      ['m.onnx', 'out.onnx'],
      'the next writer clears what the killed ones left',
    );
  });
});
