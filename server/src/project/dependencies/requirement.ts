import type { Message } from '../../protocol/message';
import { type Answer, absent, known, unknown } from '../answer';
import type { Span } from '../span';
import { environmentVariable } from './environmentVariable';
import { type Marker, readMarker } from './marker';
import { normalizedName } from './normalizedName';
import { shortened } from './shortened';
import { pinnedVersion, readSpecifier, type Specifier } from './specifier';
import { type WheelName, wheelName } from './wheelName';

/** One thing to install, as pip reads it: PEP 508, a URL, or a path. */
export interface Requirement {
  /** Normalised (PEP 503); undefined for a URL or path that does not tell. */
  readonly name: string | undefined;
  readonly nameAsWritten: string | undefined;
  readonly nameSpan: Span | undefined;
  readonly extras: readonly Extra[];
  readonly specifier: Specifier | undefined;
  /** The exact version installed: from `==`, or from a wheel's file name. */
  readonly version: Answer<string>;
  readonly source: RequirementSource | undefined;
  readonly marker: Marker | undefined;
  readonly hashes: readonly RequirementHash[];
  /** From the first to the last character of the requirement; options and comment are outside. */
  readonly span: Span;
}

export interface Extra {
  /** Normalised. */
  readonly name: string;
  readonly span: Span;
}

export interface RequirementHash {
  readonly algorithm: string;
  readonly digest: string;
  readonly span: Span;
}

export type RequirementSource =
  | {
      readonly kind: 'archive';
      readonly url: string;
      readonly span: Span;
      readonly wheel: WheelName | undefined;
    }
  | {
      readonly kind: 'vcs';
      readonly vcs: 'git' | 'hg' | 'svn' | 'bzr';
      readonly url: string;
      readonly span: Span;
      /** Branch, tag or commit after `@`; absent when the default branch is taken. */
      readonly revision: Answer<string>;
      /** Whether the revision is a full commit id, which cannot move. */
      readonly pinsCommit: boolean;
    }
  | {
      readonly kind: 'path';
      readonly path: string;
      readonly span: Span;
      readonly wheel: WheelName | undefined;
    };

/** What pip refuses: the text stays, with the reason. */
export interface BadRequirement {
  readonly bad: Message;
  readonly span: Span;
  /** The name before the trouble, where there is one. */
  readonly name: string | undefined;
}

/** A line whose meaning an environment variable decides: something is installed, nothing else is known. */
export function undecidedRequirement(span: Span): Requirement {
  return {
    name: undefined,
    nameAsWritten: undefined,
    nameSpan: undefined,
    extras: [],
    specifier: undefined,
    version: unknown,
    source: undefined,
    marker: undefined,
    hashes: [],
    span,
  };
}

const namePattern = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/y;
const schemePattern = /^(?:(git|hg|svn|bzr)\+)?[a-z][a-z0-9.-]*:/i;
const archiveEnding = /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma|tar)$/i;
const commitId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i;

/**
 * Reads `line`, which starts at `offset` in its file. The line carries no options, comment or continuation;
 * `hashes` were read from its options by the caller. `direct` allows URLs and paths without a name, which pip
 * takes in requirements files and pyproject.toml does not.
 */
export function readRequirement(
  line: string,
  offset: number,
  { hashes = [], direct = true }: { hashes?: readonly RequirementHash[]; direct?: boolean } = {},
): Requirement | BadRequirement {
  const start = line.length - line.trimStart().length;
  const end = line.trimEnd().length;
  const span = { start: offset + Math.min(start, end), end: offset + end };
  const bad = (message: Message, at: Span = span, name?: string): BadRequirement => ({
    bad: message,
    span: at,
    name: name === undefined ? undefined : normalizedName(name),
  });
  if (start >= end) return bad({ template: 'Expected a package name, a URL or a path' });
  const body = line.slice(0, end);
  if (direct && isDirect(body.slice(start))) return directRequirement(body, start, offset, hashes, span, bad);

  namePattern.lastIndex = start;
  const nameMatch = namePattern.exec(body);
  if (!nameMatch) return bad({ template: 'Expected a package name, a URL or a path' });
  const written = nameMatch[0];
  const nameSpan = { start: offset + start, end: offset + start + written.length };
  let at = start + written.length;

  const extras = readExtras(body, at, offset);
  if (!extras) return bad({ template: 'The list of extras is not closed' }, span, written);
  at = extras.end;

  let specifier: Specifier | undefined;
  let source: RequirementSource | undefined;
  const urlMark = /\s*@\s*/y;
  urlMark.lastIndex = at;
  const url = urlMark.exec(body);
  if (url) {
    at += url[0].length;
    const urlEnd = at + (/^(?:(?!\s+;)[^\s])*/.exec(body.slice(at))?.[0].length ?? 0);
    if (urlEnd === at) return bad({ template: 'Expected a URL after @' }, span, written);
    source = sourceOf(body.slice(at, urlEnd), { start: offset + at, end: offset + urlEnd });
    at = urlEnd;
  } else {
    const open = /\s*\(/y;
    open.lastIndex = at;
    const parenthesis = open.exec(body);
    const read = readSpecifier(body, parenthesis ? at + parenthesis[0].length : at, offset);
    if (read.problem) return bad(read.problem, read.problemSpan, written);
    specifier = read.specifier;
    if (specifier || parenthesis) at = read.end;
    if (parenthesis) {
      const close = /\s*\)/y;
      close.lastIndex = at;
      const closing = close.exec(body);
      if (!closing) return bad({ template: 'The parenthesis is not closed' }, span, written);
      at += closing[0].length;
    }
  }

  const rest = readRest(body, at, offset);
  if ('bad' in rest) return bad(rest.bad, rest.span, written);
  return {
    name: normalizedName(written),
    nameAsWritten: written,
    nameSpan,
    extras: extras.list,
    specifier,
    version: source ? versionOf(source) : pinnedVersion(specifier),
    source,
    marker: rest.marker,
    hashes,
    span,
  };
}

/** What may follow the version or URL: nothing, or a marker. */
function readRest(
  body: string,
  at: number,
  offset: number,
): { marker: Marker | undefined } | { bad: Message; span: Span } {
  const rest = body.slice(at);
  const text = rest.trim();
  if (text === '') return { marker: undefined };
  const start = at + rest.length - rest.trimStart().length;
  const span = { start: offset + start, end: offset + start + text.length };
  if (text[0] === ';') {
    const marker = readMarker(body, start + 1, offset);
    return marker
      ? { marker }
      : { bad: { template: 'The marker cannot be read: {text}', with: { text: shortened(text) } }, span };
  }
  if (/^=[^=]/.test(text)) {
    return {
      bad: { template: 'A single = compares nothing; pip wants ==' },
      span: { start: span.start, end: span.start + 1 },
    };
  }
  return {
    bad: { template: 'Unexpected text after the requirement: {text}', with: { text: shortened(text) } },
    span,
  };
}

function readExtras(body: string, from: number, offset: number): { list: Extra[]; end: number } | undefined {
  const list: Extra[] = [];
  const open = /\s*\[/y;
  open.lastIndex = from;
  const match = open.exec(body);
  if (!match) return { list, end: from };
  let at = from + match[0].length;
  const item = /\s*(?:([A-Za-z0-9][A-Za-z0-9._-]*)\s*)?([,\]])/y;
  for (;;) {
    item.lastIndex = at;
    const found = item.exec(body);
    if (!found) return undefined;
    const [whole, name, mark] = found;
    if (name) {
      const start = offset + at + whole.indexOf(name);
      list.push({ name: normalizedName(name), span: { start, end: start + name.length } });
    }
    at += whole.length;
    if (mark === ']') return { list, end: at };
  }
}

/** Whether pip takes the text as a URL or path rather than as a name. */
function isDirect(text: string): boolean {
  const first = text.split(/[\s;]/, 1)[0] ?? '';
  if (/^[A-Za-z0-9._-]+(?:\[[^\]]*\])?@/.test(first) || /^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\]\s*)?@\s/.test(text))
    return false;
  const bracket = first.endsWith(']') ? first.lastIndexOf('[') : -1;
  const path = bracket === -1 ? first : first.slice(0, bracket);
  if (schemePattern.test(first) || path.includes('/') || path.startsWith('.')) return true;
  return first.startsWith('${') || archiveEnding.test(path);
}

function directRequirement(
  body: string,
  start: number,
  offset: number,
  hashes: readonly RequirementHash[],
  span: Span,
  bad: (message: Message, at?: Span) => BadRequirement,
): Requirement | BadRequirement {
  const isUrl = schemePattern.test(body.slice(start, start + 40));
  // pip wants a space before the `;` of a marker after a URL, where `;` may be part of the address.
  const markerAt = isUrl ? body.slice(start).search(/\s;/) : body.slice(start).indexOf(';');
  const whole = markerAt === -1 ? body : body.slice(0, start + markerAt);
  let end = whole.trimEnd().length;
  let extras: readonly Extra[] = [];
  const bracket = whole.lastIndexOf('[', end);
  if (whole[end - 1] === ']' && bracket > start && !whole.slice(start, bracket).includes('#')) {
    extras = readExtras(whole, bracket, offset)?.list ?? [];
    end = bracket;
  }
  const text = body.slice(start, end);
  if (/\s/.test(text) && isUrl) {
    return bad({
      template: 'Unexpected text after the requirement: {text}',
      with: { text: shortened(text) },
    });
  }
  const rest = markerAt === -1 ? { marker: undefined } : readRest(body, start + markerAt, offset);
  if ('bad' in rest) return bad(rest.bad, rest.span);
  const source = sourceOf(text, { start: offset + start, end: offset + end });
  const egg = /[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(text);
  const eggAt = egg ? start + egg.index + 5 : 0;
  const wheel = source.kind === 'vcs' ? undefined : source.wheel;
  return {
    name: egg?.[1] ? normalizedName(egg[1]) : wheel?.name,
    nameAsWritten: egg?.[1] ?? wheel?.name,
    nameSpan: egg?.[1] ? { start: offset + eggAt, end: offset + eggAt + egg[1].length } : undefined,
    extras,
    specifier: undefined,
    version: versionOf(source),
    source,
    marker: rest.marker,
    hashes,
    span,
  };
}

function versionOf(source: RequirementSource): Answer<string> {
  return source.kind !== 'vcs' && source.wheel ? known(source.wheel.version) : unknown;
}

function sourceOf(text: string, span: Span): RequirementSource {
  const scheme = schemePattern.exec(text);
  const vcs = scheme?.[1]?.toLowerCase() as 'git' | 'hg' | 'svn' | 'bzr' | undefined;
  if (vcs) {
    const withoutFragment = text.split('#', 1)[0] ?? '';
    const hostEnd = withoutFragment.indexOf('/', withoutFragment.indexOf('://') + 3);
    const mark = withoutFragment.lastIndexOf('@');
    const written = hostEnd !== -1 && mark > hostEnd ? withoutFragment.slice(mark + 1) : '';
    const revision = written === '' ? absent : environmentVariable.test(written) ? unknown : known(written);
    return { kind: 'vcs', vcs, url: text, span, revision, pinsCommit: commitId.test(written) };
  }
  const wheel = wheelName(text);
  return scheme ? { kind: 'archive', url: text, span, wheel } : { kind: 'path', path: text, span, wheel };
}
