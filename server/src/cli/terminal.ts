import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBundle } from '../l10n/readBundle';
import { type Bundle, render } from '../l10n/render';
import type { Message } from '../protocol/message';
import type { Problem } from '../protocol/problem';

export type Language = 'en' | 'zh-cn';

export interface Terminal {
  readonly language: Language;
  readonly color: boolean;
  /** Width for laying text out; 100 where nobody knows. */
  readonly columns: number;
  /** The message in the user's language. */
  say(message: Message): string;
  out(text: string): void;
  err(text: string): void;
  /** `plimsoll: what. why. next` on standard error. */
  tell(problem: Problem): void;
}

/** Language of `--lang`, else of the environment's locale. */
export function languageOf(wished: string | undefined, env: NodeJS.ProcessEnv): Language {
  if (wished !== undefined) return wished === 'zh-cn' ? 'zh-cn' : 'en';
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh/i.test(locale) ? 'zh-cn' : 'en';
}

/** `distFolder` is where the bundles lie: translations are beside it in media/l10n. */
export function openTerminal(language: Language, distFolder: string): Terminal {
  const bundle = language === 'en' ? {} : loadBundle(language, distFolder);
  const say = (message: Message): string => render(message, bundle);
  const colorWished = process.env['NO_COLOR'] === undefined || process.env['NO_COLOR'] === '';
  return {
    language,
    color: colorWished && process.stdout.isTTY,
    columns: process.stdout.columns ?? 100,
    say,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    tell: (problem) => process.stderr.write(`plimsoll: ${oneLine(problem, say, language)}\n`),
  };
}

function oneLine(problem: Problem, say: (message: Message) => string, language: Language): string {
  const stop = language === 'zh-cn' ? '。' : '. ';
  const parts = [problem.what, problem.why, ...problem.next].map((message) =>
    say(message).replace(/[.。]\s*$/, ''),
  );
  return `${parts.join(stop)}${stop.trim()}`.replaceAll('\n', ' ');
}

/** A missing or broken bundle leaves the texts English: no reason to refuse work. */
function loadBundle(language: Language, distFolder: string): Bundle {
  try {
    return readBundle(
      readFileSync(join(distFolder, '..', 'media', 'l10n', `bundle.l10n.${language}.json`), 'utf8'),
    );
  } catch {
    return {};
  }
}
