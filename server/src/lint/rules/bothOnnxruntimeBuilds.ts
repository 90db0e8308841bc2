import type { Project } from '../../project/project';
import type { Span } from '../../project/span';
import { installationsIn } from '../facts/pythonInstallations';
import { packagesIn } from '../facts/servedPackages';
import { defineRule } from '../rule';

export const bothOnnxruntimeBuilds = defineRule({
  name: 'both-onnxruntime-builds',
  on: ['requirements', 'pyproject', 'dockerfile'],
  concern: 'gpu',
  severity: 'warning',
  summary: 'The CPU and the GPU build of ONNX Runtime are installed side by side.',
  why: 'Both write the same module folder. The one installed last wins, and when that is the CPU build the service runs on the CPU without a word.',
  next: 'Keep onnxruntime-gpu alone; exclude onnxruntime where another package brings it.',
  sources: ['ONNX Runtime docs, Install ONNX Runtime: only one of the packages in an environment'],
  *check(subject) {
    const place = subject.kind === 'requirements' ? inOneFile(subject.file.path, subject.project) : undefined;
    const span = place ?? inOneImage(subject.file.path, subject.project);
    if (span) yield { span, what: 'onnxruntime and onnxruntime-gpu overwrite each other' };
  },
});

/** Both in what one requirements file asks for. */
function inOneFile(path: string, project: Project): Span | undefined {
  const own = new Map<string, Span>();
  const all = new Set<string>();
  for (const { path: at, file, constraint } of project.requirementsFrom(path).files) {
    for (const entry of file.entries) {
      if (
        entry.kind !== 'requirement' ||
        constraint ||
        entry.requirement.name === undefined ||
        entry.requirement.marker
      )
        continue;
      all.add(entry.requirement.name);
      if (at === path) own.set(entry.requirement.name, entry.requirement.span);
    }
  }
  return all.has('onnxruntime-gpu') ? own.get('onnxruntime') : undefined;
}

/** Both in what the installations of one Dockerfile bring. */
function inOneImage(file: string, project: Project): Span | undefined {
  const cpu = packagesIn(file, project).filter(
    ({ package: one }) => one.name === 'onnxruntime' && one.isDirect,
  );
  const clash = cpu.find(({ installation }) =>
    installationsIn(installation.document, project).some((other) =>
      other.packages.some(({ name, isPossible }) => name === 'onnxruntime-gpu' && !isPossible),
    ),
  );
  return clash?.package.span;
}
