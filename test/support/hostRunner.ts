import Mocha from 'mocha';
import { outcomePrefix, type HostOutcome } from './hostOutcome';

const testLimitMs = 30_000;

/** Runs inside the extension host. node:test hangs there, so Mocha runs the tests that `load` defines. */
export function runMocha(load: () => void): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: testLimitMs, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();
  return new Promise((done, fail) => {
    let passed = 0;
    let failed = 0;
    const runner = mocha.run(() => {
      report({ kind: 'summary', passed, failed });
      if (failed > 0 || passed === 0) fail(new Error(`${passed} passed, ${failed} failed`));
      else done();
    });
    runner.on('pass', (test) => {
      passed += 1;
      report({ kind: 'test', title: test.fullTitle(), ok: true, ms: test.duration ?? 0 });
    });
    // Failed hooks arrive here too, under their own title.
    runner.on('fail', (test, error: Error) => {
      failed += 1;
      report({
        kind: 'test',
        title: test.fullTitle(),
        ok: false,
        ms: test.duration ?? 0,
        error: error.stack ?? error.message,
      });
    });
    runner.on('pending', (test) =>
      report({ kind: 'test', title: test.fullTitle(), ok: true, ms: 0, skipped: true }),
    );
  });
}

/** One string argument: the workbench forwards it as it is. */
function report(outcome: HostOutcome): void {
  console.log(outcomePrefix + JSON.stringify(outcome));
}
