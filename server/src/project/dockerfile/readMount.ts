import type { Flag, Mount } from './dockerfile';
import { type Answer } from '../answer';

const canonical: Readonly<Record<string, string>> = {
  dst: 'target',
  destination: 'target',
  src: 'source',
  ro: 'readonly',
  rw: 'readwrite',
};

/** Reads `--mount=type=cache,target=/x`. Options with an unknown value leave the whole mount with its type only. */
export function readMount(flag: Flag, rawValue: string): Mount {
  const text: Answer<string> = flag.value;
  const options = new Map<string, string>();
  for (const part of (text.state === 'known' ? text.value : rawValue).split(',')) {
    const equals = part.indexOf('=');
    const name = (equals === -1 ? part : part.slice(0, equals)).trim().toLowerCase();
    const value = equals === -1 ? 'true' : part.slice(equals + 1);
    if (name !== '' && !value.includes('$')) options.set(canonical[name] ?? name, value);
  }
  return { span: flag.span, type: options.get('type') ?? 'bind', options };
}
