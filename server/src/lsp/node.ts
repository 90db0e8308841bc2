import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { ClientFiles } from './clientFiles';
import { diskFiles } from './diskFiles';
import { serve } from './server';
import type { WorkspaceFiles } from './workspaceFiles';

/**
 * The language server as a process. The transport comes from the arguments that editors give: `--stdio`,
 * `--node-ipc`, `--socket=N` or `--pipe=NAME`.
 */
export function serveProcess(): void {
  const pages = join(__dirname, '..', 'media', 'rules');
  serve(createConnection(ProposedFeatures.all), {
    files: (connection, servesFiles) => (servesFiles ? diskOrClient(new ClientFiles(connection)) : diskFiles),
    ...(existsSync(pages) ? { rulePages: pathToFileURL(pages).href } : {}),
  });
}

/** Files of the machine from its disk; of other file systems from the client. */
function diskOrClient(client: ClientFiles): WorkspaceFiles {
  const of = (folder: string): WorkspaceFiles => (folder.startsWith('file:') ? diskFiles : client);
  return {
    list: (folder) => of(folder).list(folder),
    readText: (folder, path) => of(folder).readText(folder, path),
    readHeader: (folder, path) => of(folder).readHeader(folder, path),
    outerConfiguration: (folder) => of(folder).outerConfiguration(folder),
  };
}

if (require.main === module) serveProcess();
