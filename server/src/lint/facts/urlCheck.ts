import type { StartWord } from './startedPrograms';

/** A plain request of curl or wget, and how to make the same one from Python. */
export interface UrlCheck {
  /** The URL's word; its text may hold variables. */
  readonly url: string;
  readonly timeoutSeconds: string | undefined;
  /** An answer of 400 and above counts as a failure. */
  readonly failsOnError: boolean;
}

const withoutMeaning = new Set([
  '--silent',
  '--show-error',
  '--location',
  '--spider',
  '--quiet',
  '--no-verbose',
  '-nv',
  '--no-progress-meter',
  '--tries=1',
  '--compressed',
]);

/** Undefined for options beyond a plain request (headers, methods, certificates), and for several URLs. */
export function urlCheck(
  tool: 'curl' | 'wget',
  words: readonly StartWord[],
  rawOf: (word: StartWord) => string,
): UrlCheck | undefined {
  let url: string | undefined;
  let timeoutSeconds: string | undefined;
  let failsOnError = tool === 'wget';
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as StartWord;
    const raw = rawOf(word);
    const next = words[at + 1];
    if (!raw.startsWith('-')) {
      if (url !== undefined) return undefined;
      url = raw;
      continue;
    }
    const [flag = '', value] = raw.split('=', 2);
    if (withoutMeaning.has(raw)) continue;
    if (flag === '--fail' || flag === '--fail-with-body') failsOnError = true;
    else if (
      flag === '--max-time' ||
      flag === '-m' ||
      (tool === 'wget' && (flag === '-T' || flag === '--timeout'))
    ) {
      timeoutSeconds = value ?? (next && rawOf(next));
      if (value === undefined) at++;
    } else if (flag === '--connect-timeout' || (tool === 'wget' && flag === '-t')) {
      if (value === undefined) at++;
    } else if (flag === '-o' || flag === '--output' || flag === '-O' || flag === '--output-document') {
      if (
        (value ?? (next && rawOf(next))) !== '/dev/null' &&
        !(tool === 'wget' && (next && rawOf(next)) === '-')
      )
        return undefined;
      if (value === undefined) at++;
    } else if (tool === 'wget' ? /^-(?:q|qO-|O-|qO|nv)$/.test(flag) : /^-[fsSLI]+$/.test(flag)) {
      if (flag === '-qO') at++;
      if (tool === 'curl' && flag.includes('f')) failsOnError = true;
    } else return undefined;
  }
  if (url === undefined || (timeoutSeconds !== undefined && !/^\d+(?:\.\d+)?$/.test(timeoutSeconds)))
    return undefined;
  const full = /^[a-z]+:\/\//.test(url) ? url : `http://${url}`;
  return /^https?:\/\/[^\s'"\\`]+$/.test(full) ? { url: full, timeoutSeconds, failsOnError } : undefined;
}

/** The argument of `python -c`; raises, and so ends with 1, where curl -f would fail. */
export function pythonRequest({ url, timeoutSeconds }: UrlCheck): string {
  const timeout = timeoutSeconds === undefined ? '' : `, timeout=${timeoutSeconds}`;
  return `import urllib.request as r; r.urlopen('${url}'${timeout})`;
}
