import type { CopyInstruction, Dockerfile } from '../../project/dockerfile/dockerfile';
import type { Word } from '../../project/dockerfile/word';
import type { IgnoreDocument, Project } from '../../project/project';
import type { Span } from '../../project/span';
import type { Severity } from '../../protocol/finding';
import { credentialFile } from '../facts/credentialFile';
import { innerSpan } from '../facts/innerSpan';
import { mayBeMadeLater } from '../facts/madeLater';
import { nearestName } from '../facts/nearestName';
import { purposeOf } from '../facts/stageFacts';
import { defineRule, type Hit } from '../rule';

/** Weights are often fetched beside the code and kept out of git. */
const weights = /\.(?:safetensors|bin|onnx|pt|pth|gguf|h5|pb|tflite|engine|plan|msgpack|pkl|joblib)$/i;

export const copySourceMissing = defineRule({
  name: 'copy-source-missing',
  on: 'dockerfile',
  concern: 'build',
  severity: 'error',
  summary: 'COPY or ADD names a file that is not in the build context.',
  why: 'The build stops at this instruction: the engine finds no such file in what it was sent.',
  next: 'Correct the path, which starts at the build context, or let the file into the context.',
  sources: ['Dockerfile reference, COPY and ADD', 'Docker docs, Build context, .dockerignore files'],
  fixKind: 'placeholder',
  *check({ dockerfile, file, project }) {
    const { context } = project.contextOf(file.path);
    if (context.state !== 'known' || context.value.confidence === 'guess') return;
    if (purposeOf(dockerfile).purpose === 'template') return;
    const search = new ContextSearch(project, file.path, context.value.folder);
    const severity: Severity = context.value.confidence === 'certain' ? 'error' : 'warning';
    for (const copy of copiesOf(dockerfile)) {
      for (const source of copy.sources) {
        const path = pathOf(source, copy);
        if (path === undefined) continue;
        const hit = search.hitFor(path, innerSpan(source), severity);
        if (hit) yield hit;
      }
    }
  },
});

function* copiesOf({ stages }: Dockerfile): Iterable<CopyInstruction> {
  for (const { instructions } of stages)
    for (const instruction of instructions)
      if (instruction.kind === 'copy' && !instruction.from && !instruction.onbuild) yield instruction;
}

/** The source as a path from the context's root; undefined for URLs, wildcards (which may match nothing) and unknowns. */
function pathOf({ value }: Word, { isAdd }: CopyInstruction): string | undefined {
  if (value.state !== 'known' || /[*?[\\]/.test(value.value)) return undefined;
  if (isAdd && /^[a-z][a-z+]*:|^git@|\.git(?:#|$)/i.test(value.value)) return undefined;
  const parts: string[] = [];
  for (const part of value.value.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/** Answers for one Dockerfile: what its context holds. */
class ContextSearch {
  private readonly prefix: string;
  private readonly ignore: IgnoreDocument | undefined;

  constructor(
    private readonly project: Project,
    dockerfile: string,
    folder: string,
  ) {
    this.prefix = folder === '' ? '' : `${folder}/`;
    this.ignore = project.ignoreFor(dockerfile, folder);
  }

  hitFor(path: string, span: Span, severity: Severity): Hit | undefined {
    const full = `${this.prefix}${path}`;
    const { tree } = this.project;
    if (
      tree.opaqueFolders.some(
        (opaque) => `${full}/`.startsWith(`${opaque}/`) || opaque.startsWith(`${full}/`),
      )
    )
      return undefined;
    const there = tree.paths.filter((candidate) => candidate === full || candidate.startsWith(`${full}/`));
    if (there.length > 0) return this.excluded(path, there, span);
    if (weights.test(path) || credentialFile(path) !== undefined || mayBeMadeLater(full, tree))
      return undefined;
    const near = this.nearest(path);
    // A folder without files is invisible here, and copying it works.
    const isFolder = !/\.[A-Za-z0-9]+$|(?:^|\/)[A-Z][A-Za-z]*file$/.test(path);
    return {
      span,
      what:
        near === undefined
          ? '{path} is not in the build context'
          : '{path} is not in the build context; there is {near}',
      with: { path, ...(near === undefined ? {} : { near }) },
      severity: isFolder ? 'warning' : severity,
      ...(near === undefined
        ? {}
        : {
            fix: {
              kind: 'placeholder',
              title: 'Copy {near}',
              with: { near },
              edits: [{ span, newText: near }],
            },
          }),
    };
  }

  /** The files are there, and .dockerignore keeps every one of them out. */
  private excluded(path: string, there: readonly string[], span: Span): Hit | undefined {
    const { ignore, prefix } = this;
    if (!ignore || !there.every((file) => ignore.ignore.ignores(file.slice(prefix.length)))) return undefined;
    const rule = ignore.ignore.decidedBy((there[0] ?? '').slice(prefix.length));
    return {
      span,
      what: '{file} keeps {path} out of the build context',
      with: { file: ignore.path, path },
      ...(ignore.ignore.rules.some(({ readmits }) => readmits) ? {} : { aliases: ['CopyIgnoredFile'] }),
      ...(rule ? { related: [{ file: ignore.path, span: rule.span, what: 'This line excludes it' }] } : {}),
    };
  }

  /** The only file of that name elsewhere in the context, else one whose path is nearly the same. */
  private nearest(path: string): string | undefined {
    const base = path.slice(path.lastIndexOf('/') + 1);
    const files = this.project.tree.paths
      .filter((file) => file.startsWith(this.prefix))
      .map((file) => file.slice(this.prefix.length))
      .filter((file) => !this.ignore?.ignore.ignores(file));
    const same = files.filter((file) => file.endsWith(`/${base}`) || file === base);
    if (same.length === 1) return same[0];
    return same.length > 1 ? undefined : nearestName(path, files.slice(0, 5000));
  }
}
