import { isMap, isScalar, parseDocument } from 'yaml';

/**
 * The text of a configuration that says which build context a Dockerfile has; both paths relative to the
 * configuration's folder. Comments and everything else stay. Undefined for a text that is no mapping.
 */
export function withContext(text: string, dockerfile: string, context: string): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  if (document.contents !== null && !isMap(document.contents)) return undefined;
  const before = document.get('context', true);
  // One folder for every Dockerfile stays true for all the others.
  if (isScalar(before)) document.set('context', document.createNode({ '*': before.value }));
  document.setIn(['context', dockerfile], context);
  return document.toString();
}
