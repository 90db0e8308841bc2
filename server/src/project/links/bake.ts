import { type Answer, absent, known, unknown } from '../answer';
import { type HclBlock, type HclValue, readHcl } from './hcl';
import { folderOf } from './projectPath';
import { rootMark, type StatedBuild } from './statedBuild';

/** The files `docker buildx bake` reads without being asked, and their usual variants. */
export function isBakePath(path: string): boolean {
  return /(?:^|\/)(?:docker-bake(?:[.-][\w.-]+)?|[\w-]+\.docker-bake|[\w-]*bake)\.(?:hcl|json)$/i.test(path);
}

/** The targets of a bake file. Inheritance is followed; a value that is computed is unknown. Never throws. */
export function bakeBuilds(path: string, text: string): readonly StatedBuild[] {
  const targets = path.toLowerCase().endsWith('.json') ? jsonTargets(text) : hclTargets(text);
  const builds: StatedBuild[] = [];
  const done = new Map<string, ReadonlyMap<string, HclValue>>();
  for (const [name, own] of targets) {
    const fields = inherited(name, targets, done);
    // A target that only others inherit from names neither a folder nor a file.
    if (!fields.has('context') && !fields.has('dockerfile')) continue;
    if (fields.has('dockerfile-inline')) continue;
    builds.push(statedBy(path, own.span, fields));
  }
  return builds;
}

interface Target {
  readonly fields: ReadonlyMap<string, HclValue>;
  readonly span: { readonly start: number; readonly end: number };
}

function hclTargets(text: string): ReadonlyMap<string, Target> {
  const variables = new Map<string, string>();
  for (const block of readHcl(text, () => undefined)) {
    const value = block.type === 'variable' ? block.attributes.get('default') : undefined;
    if (value?.kind === 'text') variables.set(block.labels[0] ?? '', value.text);
  }
  const blocks = readHcl(text, (name) => variables.get(name)).filter(
    ({ type, labels }) => type === 'target' && labels.length > 0,
  );
  return new Map(
    blocks.map((block: HclBlock) => [block.labels[0] ?? '', { fields: block.attributes, span: block.span }]),
  );
}

function jsonTargets(text: string): ReadonlyMap<string, Target> {
  // JSON is read by the same reader: `"target": {…}` is a block's body with `:` for `=`.
  const [root] = readHcl(`bake ${text.trim()}`, () => undefined);
  const targets = root?.attributes.get('target');
  if (targets?.kind !== 'map') return new Map();
  const shift = 'bake '.length - (text.length - text.trimStart().length);
  return new Map(
    [...targets.entries].flatMap(([name, value]) =>
      value.kind === 'map'
        ? [
            [
              name,
              {
                fields: value.entries,
                span: { start: value.span.start - shift, end: value.span.end - shift },
              },
            ],
          ]
        : [],
    ),
  );
}

/** A target's fields over those of the targets it inherits from, later ones winning. A circle adds nothing. */
function inherited(
  name: string,
  targets: ReadonlyMap<string, Target>,
  done: Map<string, ReadonlyMap<string, HclValue>>,
): ReadonlyMap<string, HclValue> {
  const ready = done.get(name);
  if (ready) return ready;
  done.set(name, new Map());
  const fields = new Map<string, HclValue>();
  for (const parent of textsOf(targets.get(name)?.fields.get('inherits'))) {
    if (parent.state !== 'known') continue;
    for (const [key, value] of inherited(parent.value, targets, done)) fields.set(key, value);
  }
  for (const [key, value] of targets.get(name)?.fields ?? []) fields.set(key, value);
  done.set(name, fields);
  return fields;
}

function statedBy(path: string, span: Target['span'], fields: ReadonlyMap<string, HclValue>): StatedBuild {
  const context = textOf(fields.get('context'));
  const platforms = textsOf(fields.get('platforms'));
  const file = textOf(fields.get('dockerfile'));
  return {
    origin: { kind: 'bake', file: path, span },
    folders: [...new Set([folderOf(path), ''])],
    context: localContext(context),
    file: file.state === 'known' ? known(file.value.replace(/^cwd:\/\//, rootMark)) : file,
    fileIsBelow: 'context',
    target: textOf(fields.get('target')),
    buildArgs: mapOf(fields.get('args')),
    tags: textsOf(fields.get('tags')),
    platforms:
      platforms.length === 0
        ? absent
        : known(platforms.flatMap((value) => (value.state === 'known' ? value.value : []))),
    secrets: textsOf(fields.get('secret')).flatMap((value) =>
      value.state === 'known' ? (/(?:^|,)id=([^,]+)/.exec(value.value)?.[1] ?? []) : [],
    ),
    namedContexts: [...mapOf(fields.get('contexts')).keys()],
  };
}

function localContext(written: Answer<string>): Answer<string> {
  if (written.state === 'absent') return known('.');
  if (written.state !== 'known') return written;
  if (written.value.startsWith('cwd://')) return known(written.value.slice('cwd://'.length) || '.');
  return /^(?:https?|git|ssh|oci|docker-image|target):|^git@|^github\.com\//.test(written.value)
    ? absent
    : written;
}

function textOf(value: HclValue | undefined): Answer<string> {
  if (!value) return absent;
  return value.kind === 'text' ? known(value.text) : unknown;
}

function textsOf(value: HclValue | undefined): readonly Answer<string>[] {
  return value?.kind === 'list' ? value.items.map((item) => textOf(item)) : [];
}

function mapOf(value: HclValue | undefined): ReadonlyMap<string, Answer<string>> {
  return new Map(
    value?.kind === 'map' ? [...value.entries].map(([name, entry]) => [name, textOf(entry)]) : [],
  );
}
