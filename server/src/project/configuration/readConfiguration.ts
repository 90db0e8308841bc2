import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { Severity } from '../../protocol/finding';
import type { Message } from '../../protocol/message';
import type { Problem } from '../../protocol/problem';
import { readByteCount } from './byteCount';
import type { Configuration } from './configuration';

const severities: readonly string[] = ['error', 'warning', 'info', 'hint', 'off'];
const profiles: readonly string[] = ['recommended', 'strict'];
const thresholds: readonly string[] = ['error', 'warning', 'info', 'never'];

interface MutableConfiguration {
  profile?: 'recommended' | 'strict';
  failOn?: 'error' | 'warning' | 'info' | 'never';
  rules: Record<string, Severity | 'off'>;
  exclude: string[];
  context: Record<string, string>;
  sizeBudgetBytes?: number;
}

/**
 * Reads a `.plimsoll.yaml`. What is wrong is told with its line and left out; the rest still holds. `file` is the
 * path shown in problems.
 */
export function readConfiguration(
  text: string,
  file: string,
): { readonly configuration: Configuration; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = [];
  const configuration: MutableConfiguration = { rules: {}, exclude: [], context: {} };
  const tell = (at: number, why: Message): void => {
    problems.push({
      code: 'configuration-invalid',
      file,
      line: lines.linePos(at).line,
      what: { template: '{file} is not right at line {line}', with: { file, line: lines.linePos(at).line } },
      why,
      next: [{ template: 'The rest of the file holds. See docs/configuration.md' }],
    });
  };
  for (const error of document.errors.slice(0, 3))
    tell(error.pos[0], { template: 'It is no YAML: {error}', with: { error: error.message } });
  const root = document.contents;
  if (!root) return { configuration, problems };
  if (!isMap(root)) {
    tell(root.range?.[0] ?? 0, { template: 'It must be a mapping of settings' });
    return { configuration, problems };
  }
  for (const [key, value, at] of entries(root)) readSetting(key, value, at, configuration, tell);
  return { configuration, problems };
}

type Tell = (at: number, why: Message) => void;

function readSetting(
  key: string,
  value: Node | null,
  at: number,
  into: MutableConfiguration,
  tell: Tell,
): void {
  const text = scalarText(value);
  switch (key) {
    case 'profile':
      if (text !== undefined && profiles.includes(text)) into.profile = text as 'recommended' | 'strict';
      else tell(at, oneOf(key, profiles));
      return;
    case 'fail-on':
      if (text !== undefined && thresholds.includes(text))
        into.failOn = text as 'error' | 'warning' | 'info' | 'never';
      else tell(at, oneOf(key, thresholds));
      return;
    case 'rules':
      if (!isMap(value)) return tell(at, { template: '{key} must be a mapping', with: { key } });
      for (const [rule, severity, ruleAt] of entries(value)) {
        // YAML 1.1 readers take a bare `off` for false; this one is 1.2, but people quote it either way.
        const wished = scalarText(severity) === 'false' ? 'off' : scalarText(severity);
        if (wished !== undefined && severities.includes(wished))
          into.rules[rule] = wished as Severity | 'off';
        else tell(ruleAt, oneOf(rule, severities));
      }
      return;
    case 'exclude':
      if (!isSeq(value)) return tell(at, { template: '{key} must be a list of patterns', with: { key } });
      into.exclude.push(...value.items.flatMap((item) => scalarText(item as Node) ?? []));
      return;
    case 'context':
      if (text !== undefined) into.context['*'] = text;
      else if (isMap(value))
        for (const [dockerfile, folder] of entries(value))
          into.context[dockerfile] = scalarText(folder) ?? '.';
      else
        tell(at, { template: '{key} must be a folder, or a mapping of Dockerfile to folder', with: { key } });
      return;
    case 'size':
      readSize(value, at, into, tell);
      return;
    default:
      tell(at, { template: 'There is no setting {key}', with: { key } });
  }
}

function readSize(value: Node | null, at: number, into: MutableConfiguration, tell: Tell): void {
  if (!isMap(value)) return tell(at, { template: '{key} must be a mapping', with: { key: 'size' } });
  for (const [key, setting, keyAt] of entries(value)) {
    const bytes = key === 'budget' ? readByteCount(scalarText(setting) ?? '') : undefined;
    if (bytes !== undefined) into.sizeBudgetBytes = bytes;
    else
      tell(
        keyAt,
        key === 'budget'
          ? { template: 'size.budget must be bytes, as in 500MB or 2GB' }
          : { template: 'There is no setting {key}', with: { key: `size.${key}` } },
      );
  }
}

function oneOf(key: string, values: readonly string[]): Message {
  return { template: '{key} must be one of {values}', with: { key, values: values.join(', ') } };
}

function entries(map: YAMLMap): readonly (readonly [string, Node | null, number])[] {
  return map.items.map((pair) => {
    const key = pair.key as Node;
    return [scalarText(key) ?? '', pair.value as Node | null, key.range?.[0] ?? 0];
  });
}

function scalarText(node: Node | null): string | undefined {
  if (!isScalar(node)) return undefined;
  const { value } = node;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
