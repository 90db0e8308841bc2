import type { PythonInstallation } from '../facts/pythonInstallations';
import { pythonInstallations } from '../facts/pythonInstallations';
import { stageChain } from '../facts/stageFacts';
import { muslWheel } from '../muslWheel';
import { defineRule } from '../rule';

export const noMuslWheel = defineRule({
  name: 'no-musl-wheel',
  on: 'dockerfile',
  concern: 'build',
  severity: 'error',
  summary: 'An Alpine image installs packages that have no wheel for musl.',
  why: 'Alpine uses musl, not glibc. torch, ONNX Runtime and TensorFlow publish neither a wheel for it nor a source archive that pip can build, so pip stops; others compile for up to an hour.',
  next: 'Use a slim image: it is about 25 MB larger to pull than Alpine, and every wheel fits.',
  sources: ['PyPI, files of each package', 'PEP 656'],
  *check({ dockerfile, file, project }) {
    const told = new Set<number>();
    for (const installation of pythonInstallations(project)) {
      if (
        installation.document.path !== file.path ||
        installation.base.libc.state !== 'known' ||
        installation.base.libc.value !== 'musl'
      )
        continue;
      const word = stageChain(installation.stage)[0]?.from.imageWord;
      const missing = namesBy(installation, 'none');
      const built = namesBy(installation, 'build');
      if (!word || told.has(word.span.start) || missing.length + built.length === 0) continue;
      told.add(word.span.start);
      yield {
        span: word.span,
        severity: missing.length > 0 ? 'error' : 'warning',
        what:
          missing.length > 0
            ? '{packages} cannot be installed on {image}: no wheel for musl'
            : '{packages} has no wheel for musl: pip compiles on {image}',
        with: {
          packages: (missing.length > 0 ? missing : built).join(', '),
          image: dockerfile.source.slice(word.span),
        },
        related: [{ span: installation.command.actionWord.span, what: 'Installed here' }],
      };
    }
  },
});

function namesBy({ packages, indexes }: PythonInstallation, musl: 'none' | 'build'): readonly string[] {
  if (indexes.isUnknown || indexes.urls.some((url) => !/pypi|simple/.test(url))) return [];
  return [
    ...new Set(
      packages
        .filter(({ name, origin }) => origin === 'index' && muslWheel(name) === musl)
        .map(({ name }) => name),
    ),
  ];
}
