// A virtual file system for the browser-only editor: reads files of the test's static server, keeps writes in memory.
// As in any virtual workspace without a search provider, `workspace.findFiles` never answers here.
'use strict';
const vscode = require('vscode');

exports.activate = async (context) => {
  const changes = new vscode.EventEmitter();
  const origin = context.extensionUri.with({ path: '/workspace' });
  const listing = await fetchBytes(vscode.Uri.joinPath(origin, '.index.json'));
  const files = new Map(JSON.parse(new TextDecoder().decode(listing)).map((path) => [path, undefined]));
  const versions = new Map();

  const nameOf = (uri) => uri.path.replace(/^\/workspace\/?/, '');
  const isFolder = (name) => name === '' || [...files.keys()].some((path) => path.startsWith(`${name}/`));
  const read = async (uri) => {
    const name = nameOf(uri);
    if (!files.has(name)) throw vscode.FileSystemError.FileNotFound(uri);
    if (files.get(name) === undefined) files.set(name, await fetchBytes(vscode.Uri.joinPath(origin, name)));
    return files.get(name);
  };
  const provider = {
    onDidChangeFile: changes.event,
    watch: () => new vscode.Disposable(() => undefined),
    async stat(uri) {
      const name = nameOf(uri);
      if (isFolder(name)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      return {
        type: vscode.FileType.File,
        ctime: 0,
        mtime: versions.get(name) ?? 1,
        size: (await read(uri)).length,
      };
    },
    readDirectory(uri) {
      const prefix = nameOf(uri) === '' ? '' : `${nameOf(uri)}/`;
      const children = [...files.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length).split('/'));
      return [
        ...new Map(
          children.map(([name, ...rest]) => [
            name,
            rest.length > 0 ? vscode.FileType.Directory : vscode.FileType.File,
          ]),
        ),
      ];
    },
    readFile: read,
    writeFile(uri, content) {
      const type = files.has(nameOf(uri)) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
      files.set(nameOf(uri), content);
      versions.set(nameOf(uri), (versions.get(nameOf(uri)) ?? 1) + 1);
      changes.fire([{ type, uri }]);
    },
    delete(uri) {
      files.delete(nameOf(uri));
      changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
    },
    async rename(from, to) {
      provider.writeFile(to, await read(from));
      provider.delete(from);
    },
    createDirectory: () => undefined,
  };
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('webfiles', provider));
};

async function fetchBytes(uri) {
  const response = await fetch(uri.toString(true));
  if (!response.ok) throw vscode.FileSystemError.FileNotFound(uri);
  return new Uint8Array(await response.arrayBuffer());
}
