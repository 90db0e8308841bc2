import type { Span } from '../../project/span';

/** A secret found by how it looks. */
export interface SecretInText {
  /** Offsets in the text given. */
  readonly span: Span;
  readonly kind: 'token' | 'private-key' | 'url-password';
  /** What the vendor's tokens begin with: `hf_`; empty for the other kinds. */
  readonly prefix: string;
}

/** Token shapes their issuers publish (GitHub secret scanning's list of patterns, vendors' documentation). */
const tokens: readonly { readonly prefix: string; readonly pattern: RegExp }[] = [
  { prefix: 'hf_', pattern: /\bhf_[A-Za-z0-9]{30,}\b/ },
  { prefix: 'ghp_', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b/ },
  { prefix: 'github_pat_', pattern: /\bgithub_pat_[A-Za-z0-9_]{50,}\b/ },
  { prefix: 'glpat-', pattern: /\bglpat-[\w-]{20,}/ },
  { prefix: 'sk-', pattern: /\bsk-[A-Za-z0-9_-]{32,}/ },
  { prefix: 'AKIA', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { prefix: 'nvapi-', pattern: /\bnvapi-[\w-]{40,}/ },
  { prefix: 'gsk_', pattern: /\bgsk_[A-Za-z0-9]{40,}\b/ },
  { prefix: 'r8_', pattern: /\br8_[A-Za-z0-9]{37}\b/ },
  { prefix: 'AIza', pattern: /\bAIza[0-9A-Za-z_-]{35}\b/ },
  { prefix: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { prefix: 'pypi-', pattern: /\bpypi-AgE[\w-]{50,}/ },
  { prefix: 'xox', pattern: /\bxox[abprs]-[\w-]{20,}/ },
  { prefix: 'dckr_pat_', pattern: /\bdckr_pat_[\w-]{20,}/ },
];

const privateKey = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
const urlPassword = /\b[a-z][a-z0-9+.-]{0,20}:\/\/([^\s:/@'"]+):([^\s/@'"]+)@([^\s/'":]+)/i;

/** Values that stand for a secret somebody puts in later. Passwords of sample databases are among them. */
const placeholder =
  /^$|^(?:x+|\*+|\.+|-+|0+|none|null|nil|empty|true|false|yes|no|test|dummy|fake|example|sample|todo|tbd|secret|token|key|pass|passwd|password|user|default|unset|undefined|placeholder|not[-_ ]?(?:needed|used|set|required)|n\/a)$|change[-_ ]?(?:me|this|it)|^your|your[-_]|replace|<[^>]*>|x{4}|example|placeholder|dummy|fake|insert|\.\.\.$|^\[.*\]$|^(.)\1+$/i;

/** A value that is no secret: empty, a stand-in, a switch, a small number, a path, or another variable. */
export function standsForNothing(value: string): boolean {
  const text = value.trim();
  return placeholder.test(text) || /^\d{1,5}$/.test(text) || /^(?:~|\.{0,2})\/[\w./-]*$/.test(text);
}

/** The first secret in a text by its looks; stand-ins such as `hf_xxxxxxxx` and variables are none. */
export function secretIn(text: string): SecretInText | undefined {
  for (const { prefix, pattern } of tokens) {
    const match = pattern.exec(text);
    if (match && looksRandom(match[0].slice(prefix.length)))
      return { span: spanOf(match.index, match[0]), kind: 'token', prefix };
  }
  const key = privateKey.exec(text);
  if (key) return { span: spanOf(key.index, key[0]), kind: 'private-key', prefix: '' };
  const url = urlPassword.exec(text);
  const [, user = '', password = '', host = ''] = url ?? [];
  if (!url || /[${<%]/.test(password) || standsForNothing(password) || password === user) return undefined;
  if (/^(?:localhost|127\.|0\.0\.0\.0|\[?::1)/.test(host)) return undefined;
  return {
    span: spanOf(url.index + url[0].length - host.length - 1 - password.length, password),
    kind: 'url-password',
    prefix: '',
  };
}

/** A stand-in repeats itself or spells words; a token has many different characters. */
function looksRandom(text: string): boolean {
  if (/example|x{5}|\.{3}|your|1234567|abcdef/i.test(text)) return false;
  return new Set(text).size >= 10;
}

function spanOf(start: number, text: string): Span {
  return { start, end: start + text.length };
}
