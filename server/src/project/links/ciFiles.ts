import { isMap, isPair, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { type Answer, absent, known, unknown } from '../answer';
import type { Span } from '../span';
import { joinPath } from './projectPath';
import { dockerCommandsIn, mayBuild } from './shellCommands';
import { type StatedBuild, statedByCommand } from './statedBuild';

export function isCiPath(path: string): boolean {
  return /(?:^|\/)\.(?:github|gitea|forgejo)\/(?:workflows|actions)\/.+\.ya?ml$|(?:^|\/)\.gitlab-ci(?:[.-][\w.-]+)?\.ya?ml$|(?:^|\/)\.gitlab\/.+\.ya?ml$|(?:^|\/)\.circleci\/config\.ya?ml$|(?:^|\/)(?:azure|bitbucket)-pipelines\.ya?ml$|(?:^|\/)cloudbuild(?:[.-][\w-]+)?\.ya?ml$/i.test(
    path,
  );
}

/** How deep lists and maps are followed. */
const deepest = 24;

/**
 * The builds in a CI file: `docker/build-push-action` steps, and docker commands in any `run`, `script` or
 * `command` text. Values of a matrix are put in, one build for each. Never throws.
 */
export function ciBuilds(path: string, text: string): readonly StatedBuild[] {
  if (!mayBuild(text)) return [];
  const document = parseDocument(text, { strict: false, logLevel: 'silent', uniqueKeys: false });
  const reader = new CiReader(path, text);
  reader.visit(document.contents, { folder: '', matrix: [new Map()] }, 0);
  return reader.builds;
}

interface Place {
  /** Folder of `working-directory`; undefined when it is computed. */
  readonly folder: string | undefined;
  readonly matrix: readonly ReadonlyMap<string, string>[];
}

const scriptKeys = new Set([
  'run',
  'script',
  'before_script',
  'after_script',
  'command',
  'bash',
  'inlineScript',
]);

class CiReader {
  readonly builds: StatedBuild[] = [];

  constructor(
    private readonly path: string,
    private readonly text: string,
  ) {}

  visit(node: unknown, place: Place, depth: number): void {
    if (depth > deepest) return;
    if (isSeq(node)) for (const item of node.items) this.visit(item, place, depth + 1);
    if (!isMap(node)) return;
    const here = { folder: folderOf(node, place.folder), matrix: matrixOf(node) ?? place.matrix };
    const uses = textOf(node.get('uses', true));
    if (uses && /(?:^|\/)docker\/build-push-action@|^docker\/build-push-action\b/.test(uses.text))
      this.pushAction(node, uses.span, here);
    for (const item of node.items) {
      if (!isPair(item)) continue;
      const key = isScalar(item.key) ? String(item.key.value) : '';
      if (scriptKeys.has(key)) this.script(item.value, here);
      else this.visit(item.value, here, depth + 1);
    }
  }

  private pushAction(step: YAMLMap, span: Span, place: Place): void {
    const inputs = step.get('with', true);
    const field = (name: string): string | undefined =>
      isMap(inputs) ? textOf(inputs.get(name, true))?.text : undefined;
    for (const values of place.matrix) {
      const filled = (name: string): Answer<string> => {
        const text = field(name);
        return text === undefined || text === '' ? absent : expression(text, values);
      };
      const file = filled('file');
      this.builds.push({
        origin: { kind: 'ci', file: this.path, span },
        folders: [''],
        context: actionContext(filled('context')),
        file,
        // A path is handed to buildx as it is, relative to the checkout; in a Git context it lies below that.
        fileIsBelow: field('context')?.includes('{{') ? 'context' : 'folder',
        target: filled('target'),
        buildArgs: new Map(linesOf(filled('build-args')).map(assignment)),
        tags: linesOf(filled('tags')).map((tag) => known(tag)),
        platforms: platformsOf(filled('platforms')),
        secrets: linesOf(filled('secrets')).flatMap((line) => /^([\w-]+)=/.exec(line)?.[1] ?? []),
        namedContexts: linesOf(filled('build-contexts')).map((line) => assignment(line)[0]),
      });
    }
  }

  private script(node: unknown, place: Place): void {
    const texts = isSeq(node) ? node.items : [node];
    // The lines of a list run in one shell, so a `cd` holds for those after it.
    const scalars = texts.filter((item) => isScalar(item) && typeof item.value === 'string');
    const joined = scalars.map((item) => String((item as { value: unknown }).value)).join('\n');
    if (!mayBuild(joined)) return;
    const span = spanOf(node as Node);
    for (const values of place.matrix) {
      const shell = joined.replace(/\$\{\{[^}]*\}\}/g, (form) => {
        const value = expression(form, values);
        return value.state === 'known' ? value.value : '$UNKNOWN_EXPRESSION';
      });
      const folders = place.folder === undefined ? [] : [place.folder];
      for (const { command, folders: at } of dockerCommandsIn(shell, 0, folders, '', () => absent)) {
        // A block text of YAML is folded and indented: only its whole place is sure.
        if (command.kind === 'build')
          this.builds.push(
            statedByCommand(command, { kind: 'ci', file: this.path, span: this.lineOf(span, 'build') }, at),
          );
      }
    }
  }

  /** The line within `span` that holds `word`, else all of it. */
  private lineOf(span: Span, word: string): Span {
    const found = this.text.slice(span.start, span.end).search(new RegExp(`[^\\n]*\\b${word}\\b`));
    if (found === -1) return span;
    const start = span.start + found;
    const end = this.text.indexOf('\n', start);
    const lead = /^[\s-]*/.exec(this.text.slice(start, start + 200))?.[0].length ?? 0;
    return { start: start + lead, end: end === -1 ? span.end : Math.min(end, span.end) };
  }
}

/** Without a context the action builds from the repository itself, which is the checkout's root. */
function actionContext(written: Answer<string>): Answer<string> {
  if (written.state === 'absent') return known('.');
  if (written.state !== 'known') return written;
  const sub = /^\{\{\s*defaultContext\s*\}\}(?::(.*))?$/.exec(written.value);
  if (sub) return known(sub[1] ?? '.');
  return /^(?:https?|git|ssh):|^git@/.test(written.value) ? absent : written;
}

/** `${{ github.workspace }}` is the root, `${{ matrix.x }}` the matrix' value; any other expression is unknown. */
function expression(text: string, values: ReadonlyMap<string, string>): Answer<string> {
  let isKnown = true;
  const filled = text.replace(/\$\{\{\s*([^}]*?)\s*\}\}/g, (_, inner: string) => {
    if (inner === 'github.workspace') return '.';
    const value = values.get(/^matrix\.([\w.-]+)$/.exec(inner)?.[1] ?? '');
    if (value === undefined) isKnown = false;
    return value ?? '';
  });
  return isKnown ? known(filled) : unknown;
}

function folderOf(node: YAMLMap, folder: string | undefined): string | undefined {
  const defaults = node.get('defaults', true);
  const run = isMap(defaults) ? defaults.get('run', true) : undefined;
  const written =
    textOf(node.get('working-directory', true)) ??
    (isMap(run) ? textOf(run.get('working-directory', true)) : undefined);
  if (!written) return folder;
  const value = expression(written.text, new Map());
  return value.state === 'known' ? joinPath('', value.value) : undefined;
}

/** At most this many combinations of a matrix are looked at. */
const mostCombinations = 64;

function matrixOf(job: YAMLMap): readonly ReadonlyMap<string, string>[] | undefined {
  const strategy = job.get('strategy', true);
  const matrix = isMap(strategy) ? strategy.get('matrix', true) : undefined;
  if (!isMap(matrix)) return undefined;
  let combinations: ReadonlyMap<string, string>[] = [new Map()];
  for (const { key, value } of matrix.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === 'include' || name === 'exclude' || !isSeq(value)) continue;
    const choices = value.items.map((item) => flattened(item, name));
    const next = combinations.flatMap((values) => choices.map((choice) => new Map([...values, ...choice])));
    combinations = next.slice(0, mostCombinations);
  }
  const include = matrix.get('include', true);
  if (!isSeq(include)) return combinations;
  const extra = include.items.slice(0, mostCombinations).map((item) => flattened(item, ''));
  const plain = combinations.filter((values) => values.size > 0);
  return [...plain, ...extra];
}

/** `{name: api, file: x}` under `image` gives image.name and image.file. */
function flattened(node: unknown, name: string): ReadonlyMap<string, string> {
  if (isScalar(node)) return new Map([[name, String(node.value)]]);
  if (!isMap(node)) return new Map();
  const found = new Map<string, string>();
  for (const { key, value } of node.items) {
    if (isScalar(key) && isScalar(value))
      found.set(name === '' ? String(key.value) : `${name}.${String(key.value)}`, String(value.value));
  }
  return found;
}

function linesOf(value: Answer<string>): readonly string[] {
  return value.state === 'known'
    ? value.value
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    : [];
}

function assignment(line: string): [string, Answer<string>] {
  const equals = line.indexOf('=');
  return equals === -1 ? [line, absent] : [line.slice(0, equals), known(line.slice(equals + 1))];
}

function platformsOf(value: Answer<string>): Answer<readonly string[]> {
  return value.state === 'known'
    ? known(
        value.value
          .split(/[,\n]/)
          .map((platform) => platform.trim())
          .filter(Boolean),
      )
    : value;
}

function textOf(node: unknown): { readonly text: string; readonly span: Span } | undefined {
  return isScalar(node) && typeof node.value === 'string'
    ? { text: node.value, span: spanOf(node) }
    : undefined;
}

function spanOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}
