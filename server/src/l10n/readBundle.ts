import type { Bundle } from './render';

/** A bundle out of its JSON text: a flat object of strings. Throws a SyntaxError when it is anything else. */
export function readBundle(json: string): Bundle {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SyntaxError('a bundle is a JSON object');
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== 'string') throw new SyntaxError(`the text of "${key}" is not a string`);
    return [key, text];
  });
  return Object.fromEntries(entries);
}
