// Placeholder until the runner lands: compiles *.test.ts by esbuild and runs node --test.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : '';
const files = readdirSync('test', { recursive: true }).map((f) => join('test', String(f))).filter((f) => f.endsWith('.test.ts') && f.includes(only));
const out = join('.build', `test-${process.pid}`);
await build({ entryPoints: files, outdir: out, outbase: '.', bundle: true, platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'inline', logLevel: 'error', external: ['onnxruntime-node', 'playwright-core', 'sharp', 'cpu-features', '*.node', 'esbuild', 'typescript'] });
const r = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files.map((f) => join(out, f.replace(/\.ts$/, '.js')))], { stdio: 'inherit' });
rmSync(out, { recursive: true, force: true });
process.exit(r.status ?? 1);
