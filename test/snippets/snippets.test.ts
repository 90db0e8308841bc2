import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lintFiles } from '../../server/src/lint/lint';
import { defaultSettings } from '../../server/src/lint/settings';
import { memoryProject } from '../support/memoryTree';

interface Snippet {
  readonly prefix: readonly string[];
  readonly body: readonly string[];
  readonly description: string;
}

const snippets = JSON.parse(readFileSync('snippets/dockerfile.json', 'utf8')) as Record<string, Snippet>;

/** What stands there when a person takes every default. */
function expanded({ body }: Snippet): string {
  return body
    .join('\n')
    .replaceAll(/\$\{\d+:([^}]*)\}/g, '$1')
    .replaceAll(/(?<!\\)\$\d+/g, '')
    .replaceAll(/\\([\\$}])/g, '$1');
}

/** A project in which every snippet makes sense. */
const around = {
  'requirements.txt': 'fastapi==0.121.2\nuvicorn==0.38.0\nonnxruntime==1.30.0\n',
  'pyproject.toml': '[project]\nname = "app"\nversion = "1"\ndependencies = ["fastapi", "uvicorn"]\n',
  'uv.lock': 'version = 1\n[[package]]\nname = "uvicorn"\nversion = "0.38.0"\n',
  'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
  'model/config.json': '{}',
  'model.onnx': { bytes: 1000 },
  'tokenizer.json': '{}',
  '.dockerignore': '.git\n.venv\n',
};

for (const [name, snippet] of Object.entries(snippets)) {
  test(`the snippet "${name}" lints clean`, () => {
    const text = expanded(snippet);
    const dockerfile =
      text.startsWith('FROM') || text.startsWith('#') ? text : `FROM python:3.12-slim\n${text}`;
    const project = memoryProject({ ...around, Dockerfile: dockerfile });
    for (const profile of ['recommended', 'strict'] as const) {
      const [file] = lintFiles(project, { ...defaultSettings, profile }, new Set(['Dockerfile']));
      assert.deepEqual(file?.failures, []);
      // A stage alone starts nothing, so what is said about the user of the final stage is not about it.
      const findings = file?.findings.filter(
        ({ rule }) => dockerfile.includes('CMD') || rule !== 'final-stage-runs-as-root',
      );
      assert.deepEqual(
        findings?.map(({ rule, range, what }) => `${range.start.line} ${rule} ${JSON.stringify(what)}`),
        [],
      );
    }
  });
}
