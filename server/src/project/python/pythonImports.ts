import type { Span } from '../span';
import type { PythonImport, PythonPlace } from './pythonModule';
import { type SyntaxNode, spanOf } from './pythonSyntax';

/** The modules of one import statement. */
export function importsOf(text: string, node: SyntaxNode, place: PythonPlace): PythonImport[] {
  const optional = place.typeOnly || isOptionalPlace(place);
  const span = spanOf(node);
  const found: PythonImport[] = [];
  let child = node.firstChild;
  const isFrom = child?.name === 'from';
  child = child?.nextSibling ?? null;
  let module = '';
  let moduleStart = child?.from ?? node.to;
  let moduleEnd = moduleStart;
  let alias: string | undefined;
  const close = (): void => {
    const level = /^\.*/.exec(module)?.[0].length ?? 0;
    const moduleSpan = { start: moduleStart, end: moduleEnd };
    if (module !== '') found.push({ module, moduleSpan, level, names: [], alias, optional, span, place });
  };
  for (; child && child.name !== 'import'; child = child.nextSibling) {
    if (child.name === ',') {
      close();
      module = '';
      alias = undefined;
      moduleStart = child.nextSibling?.from ?? child.to;
    } else if (child.name === 'as') {
      child = child.nextSibling;
      if (!child) break;
      alias = text.slice(child.from, child.to);
    } else if (child.name === 'VariableName' || child.name === '.' || child.name === '...') {
      module += text.slice(child.from, child.to);
      moduleEnd = child.to;
    }
  }
  close();
  const own = found[0];
  if (!isFrom || !own) return found;
  return [{ ...own, names: importedNames(text, child) }];
}

function importedNames(text: string, from: SyntaxNode | null): PythonImport['names'] {
  const names: { name: string; alias: string | undefined; span: Span }[] = [];
  for (let child = from?.nextSibling ?? null; child; child = child.nextSibling) {
    if (child.name === '*') names.push({ name: '*', alias: undefined, span: spanOf(child) });
    if (child.name !== 'VariableName') continue;
    const as = child.nextSibling?.name === 'as' ? child.nextSibling.nextSibling : null;
    const alias = as?.name === 'VariableName' ? text.slice(as.from, as.to) : undefined;
    names.push({ name: text.slice(child.from, child.to), alias, span: spanOf(child) });
    if (as) child = as;
  }
  return names;
}

/** Whether a failing import is caught there, or happens only because another one failed. */
function isOptionalPlace(place: PythonPlace): boolean {
  const handlers = [...(place.tried?.handlers ?? []), ...(place.handler ? [place.handler] : [])];
  return handlers.some(
    ({ types }) =>
      types.length === 0 ||
      types.some((type) => /^(?:Import|ModuleNotFound)Error$|^(?:Base)?Exception$/.test(type)),
  );
}
