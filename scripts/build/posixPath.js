// `path` for packages that must see slashes on every system and in a browser: @balena/dockerignore reads
// patterns by the host's separator, but paths of a build context always have slashes.
const sep = '/';

function normalize(path) {
  if (path === '') return '.';
  const absolute = path.startsWith(sep);
  const kept = [];
  for (const part of path.split(sep)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (part !== '..' || !absolute) kept.push(part);
  }
  const trailing = path.endsWith(sep) && kept.length > 0 ? sep : '';
  return (absolute ? sep : '') + kept.join(sep) + trailing || (absolute ? sep : '.');
}

function dirname(path) {
  const trimmed = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const slash = trimmed.lastIndexOf(sep);
  if (slash < 0) return '.';
  return slash === 0 ? sep : trimmed.slice(0, slash);
}

module.exports = { sep, normalize, dirname };
