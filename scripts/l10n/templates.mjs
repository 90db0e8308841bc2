import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** Properties whose texts are English templates, and where: elsewhere the same word means something else. */
const worded = [
  { key: 'template', under: 'server/src/' },
  { key: 'template', under: 'client/src/' },
  ...['what', 'why', 'next', 'title', 'summary'].map((key) => ({ key, under: 'server/src/lint/' })),
  { key: 'summary', under: 'server/src/cli/' },
];

/** Every English template in the sources, with the first file that has it. */
export function templatesIn(root) {
  const found = new Map();
  for (const folder of ['server/src', 'client/src']) {
    for (const file of typescriptFiles(root, folder)) {
      for (const template of templatesOf(readFileSync(join(root, file), 'utf8'), file)) {
        if (!found.has(template)) found.set(template, file);
      }
    }
  }
  return found;
}

function typescriptFiles(root, folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => `${folder}/${String(file).replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts'))
    .sort();
}

/** The templates of one source text. @public the translations' test loads it as a script */
export function templatesOf(source, file) {
  const keys = new Set(worded.filter(({ under }) => file.startsWith(under)).map(({ key }) => key));
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const constants = new Map();
  const expressions = [];
  for (const node of nodesOf(program)) {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
      constants.set(node.id.name, node.init);
    if (node.type === 'Property' && !node.computed && keys.has(node.key.name ?? node.key.value))
      expressions.push(node.value);
    if (node.type === 'CallExpression' && isTranslation(node.callee, file))
      expressions.push(node.arguments[0]);
  }
  return expressions.flatMap((expression) => textsOf(expression, constants));
}

/** The editor's `l10n.t`, and the command line's `say` of a text that needs no values. */
function isTranslation(callee, file) {
  if (callee.type === 'Identifier') return callee.name === 'say' && file.startsWith('server/src/cli/');
  return callee.type === 'MemberExpression' && callee.object.name === 'l10n' && callee.property.name === 't';
}

/** The texts an expression can have: a literal, either side of a choice, a constant of the same file. */
function textsOf(node, constants, depth = 0) {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? [node.quasis[0].value.cooked] : [];
    case 'ConditionalExpression':
      return [...textsOf(node.consequent, constants, depth), ...textsOf(node.alternate, constants, depth)];
    case 'LogicalExpression':
      return [...textsOf(node.left, constants, depth), ...textsOf(node.right, constants, depth)];
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return textsOf(node.expression, constants, depth);
    case 'Identifier':
      return depth < 3 ? textsOf(constants.get(node.name), constants, depth + 1) : [];
    default:
      return [];
  }
}

function* nodesOf(node) {
  if (Array.isArray(node)) {
    for (const each of node) yield* nodesOf(each);
  } else if (node !== null && typeof node === 'object' && typeof node.type === 'string') {
    yield node;
    for (const value of Object.values(node)) if (typeof value === 'object') yield* nodesOf(value);
  }
}

/** Sorted names in braces. @public the translations' test loads it as a script */
export function placeholdersOf(text) {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return [...new Set(names)].sort((left, right) => left.localeCompare(right));
}
