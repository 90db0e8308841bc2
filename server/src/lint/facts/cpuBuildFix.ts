import { readArguments } from '../../project/shell/commandArguments';
import type { Project } from '../../project/project';
import type { HitFix, SpanEdit } from '../rule';
import { cpuIndex } from '../torchBuild';
import type { CudaWheels } from './cudaWheels';

/** Packages built against one torch build: their pins move together. */
const sameBuild = /^(torch|torchvision|torchaudio)$/;

const title = 'Take the CPU build of torch';

/**
 * An extra index of CPU builds and `+cpu` on the pins, so that the user's own index stays for all the rest. None
 * for an open version (another index may hold a newer CUDA build) and none where hashes are checked.
 */
export function cpuBuildFix(wheels: CudaWheels, project: Project): HitFix | undefined {
  if (wheels.file === wheels.installation.document.path) return inCommand(wheels);
  if (wheels.file.endsWith('pyproject.toml')) return inPyproject(wheels, project);
  return inRequirements(wheels, project);
}

function pins({ installation, file }: CudaWheels): readonly SpanEdit[] {
  return installation.packages.flatMap((one) => {
    const end = one.versionSpan?.end;
    if (!sameBuild.test(one.name) || one.file !== file || end === undefined || one.version.state !== 'known')
      return [];
    return one.version.value.includes('+') ? [] : [{ span: { start: end, end }, newText: '+cpu' }];
  });
}

function inRequirements(wheels: CudaWheels, project: Project): HitFix | undefined {
  const document = project.requirements.find(({ path }) => path === wheels.file);
  if (!document || !wheels.isTorch || wheels.pinned === undefined) return undefined;
  const hashed = document.requirements.entries.some(
    (entry) => entry.kind === 'requirement' && entry.requirement.hashes.length > 0,
  );
  if (hashed) return undefined;
  const { source } = document;
  const torch = source.positionAt(wheels.span.start).line;
  const at = source.lineSpan(torch).start;
  return {
    kind: 'derived',
    title,
    edits: [
      { span: { start: at, end: at }, newText: `--extra-index-url ${cpuIndex}${source.lineEnd}` },
      ...pins(wheels),
    ],
  };
}

function inCommand(wheels: CudaWheels): HitFix | undefined {
  const { command } = wheels.installation;
  if (wheels.pinned === undefined || !['pip', 'uv'].includes(command.manager)) return undefined;
  const { options } = readArguments(command.command.words, new Set());
  const at = command.actionWord.span.end;
  return options.some(({ name }) => name === '--require-hashes')
    ? undefined
    : {
        kind: 'derived',
        title,
        edits: [{ span: { start: at, end: at }, newText: ` --extra-index-url ${cpuIndex}` }, ...pins(wheels)],
      };
}

/** uv: an explicit index that only torch is taken from. The lock has to be made anew. */
function inPyproject(wheels: CudaWheels, project: Project): HitFix | undefined {
  const document = project.pyprojects.find(({ path }) => path === wheels.file);
  if (
    !document ||
    wheels.installation.command.manager !== 'uv' ||
    /\[tool\.uv\.sources\]/.test(document.source.text)
  )
    return undefined;
  const { lineEnd, text } = document.source;
  const lines = [
    '',
    '[tool.uv.sources]',
    'torch = { index = "pytorch-cpu" }',
    '',
    '[[tool.uv.index]]',
    'name = "pytorch-cpu"',
    `url = "${cpuIndex}"`,
    'explicit = true',
    '',
  ];
  const newText = (text.endsWith('\n') || text === '' ? '' : lineEnd) + lines.join(lineEnd);
  return { kind: 'derived', title, edits: [{ span: { start: text.length, end: text.length }, newText }] };
}
