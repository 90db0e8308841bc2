/** What people edit, setup.py and tool configurations left out. */
export function isCode(path: string): boolean {
  return (
    /\.(py|pyi|ipynb|m?js|tsx?|jsx|vue|html|css|go|rs|java|cc?|cpp|hp?p?|cuh?)$/i.test(path) &&
    !/(^|\/)(setup\.py|[\w.-]+\.config\.\w+)$/.test(path)
  );
}
