import type { Stage } from '../../project/dockerfile/dockerfile';
import type { Project } from '../../project/project';
import { hasProgram, type Installed, installedIn } from '../facts/installedPrograms';
import { purposeOf } from '../facts/stageFacts';
import { type StartedProgram, startedPrograms } from '../facts/startedPrograms';
import { providersOf } from '../program';
import { defineRule, type HitFix } from '../rule';

/** Programs whose packages nothing else brings along unseen (data/serverlessPackages.json is about these). */
const checked = new Set(
  (
    'bentoml celery chainlit daphne dumb-init gosu gradio granian gunicorn honcho hypercorn litellm lmdeploy mlflow nginx ' +
    'ray redis-server rq sanic streamlit su-exec supervisord tini torchserve uvicorn uwsgi vllm waitress-serve'
  ).split(' '),
);

export const commandProgramNotInstalled = defineRule({
  name: 'command-program-not-installed',
  on: 'dockerfile',
  concern: 'start',
  severity: 'error',
  summary: 'The program of CMD or ENTRYPOINT is not in the image.',
  why: 'The container ends at once: the engine finds no such program ("executable file not found in $PATH").',
  next: 'Add the package that brings it to what the image installs.',
  sources: ['Entry points of the packages on PyPI', 'Debian and Alpine package contents'],
  fixKind: 'derived',
  *check({ dockerfile, project }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose !== 'serving') return;
    const started = startedPrograms(stage).filter(({ program }) => checked.has(program));
    if (started.length === 0) return;
    const installed = installedIn(stage, dockerfile.source.path, project);
    for (const one of started) {
      if (hasProgram(stage, installed, one.program).state !== 'absent' || mayBeCopied(one, installed))
        continue;
      const fix = fixFor(stage, installed, one, project);
      const start = one.word.span.end - one.program.length;
      yield {
        span: { start, end: one.word.span.end },
        what: 'Nothing installs {program}: the container ends as soon as it starts',
        with: { program: one.program },
        ...(one.asModule
          ? { why: 'Python finds no module of this name, and the container ends at once.' }
          : {}),
        ...(fix ? { fix } : {}),
      };
    }
  },
});

/** A program called by its path lies where something was copied; a module may be in any copied folder. */
function mayBeCopied({ word, asModule }: StartedProgram, { copied, filesClosed }: Installed): boolean {
  const path = word.text ?? '';
  if (asModule) return !filesClosed;
  return (
    path.includes('/') && (!path.startsWith('/') || copied.some((folder) => `${path}/`.startsWith(folder)))
  );
}

/** Adds the package where the image gets its others: the last requirements file, or the last install command. */
function fixFor(
  stage: Stage,
  installed: Installed,
  { program }: StartedProgram,
  project: Project,
): HitFix | undefined {
  const providers = providersOf(program);
  if (providers.state !== 'known') return undefined;
  const [pip] = providers.value.pip;
  const file = installed.requirementFiles.at(-1);
  const text = file === undefined ? undefined : project.tree.textOf(file);
  if (pip !== undefined && file !== undefined && text !== undefined) {
    if (/--hash=/.test(text)) return undefined;
    const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
    const before = text === '' || text.endsWith('\n') ? '' : lineEnd;
    return {
      kind: 'derived',
      title: 'Add {package} to {file}',
      with: { package: pip, file },
      edits: [{ file, span: { start: text.length, end: text.length }, newText: `${before}${pip}${lineEnd}` }],
    };
  }
  const place = installed.installs.findLast(({ manager, packages }) =>
    manager === 'pip' || manager === 'uv'
      ? pip !== undefined && packages.length > 0
      : (manager === 'apt' || manager === 'apk') &&
        providers.value[manager].length > 0 &&
        packages.length > 0,
  );
  const own =
    place &&
    stage.instructions.some(
      ({ span }) => span.start <= place.command.span.start && place.command.span.end <= span.end,
    );
  const last = place?.packages.at(-1);
  const name = place?.manager === 'apt' || place?.manager === 'apk' ? providers.value[place.manager][0] : pip;
  if (!place || !own || !last || name === undefined) return undefined;
  return {
    kind: 'derived',
    title: 'Install {package} too',
    with: { package: name },
    edits: [{ span: { start: last.span.end, end: last.span.end }, newText: ` ${name}` }],
  };
}
