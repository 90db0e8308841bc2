/** Where the real parts of scripts/parts lie. The test runner starts a suite only when its parts are here. */
export interface Parts {
  editor: { node: string; codeServer: string; chromium: string };
  engines: { oldDockerd: string; currentBin: string; buildx: string; docker: string };
  exampleService: { python: string };
  /** Tar files of root file systems, by the image reference they stand in for. */
  images: Record<'debian:bookworm-slim' | 'python:3.11-slim', string>;
  models: { python: string; miniLm: string; bertScript: string };
  neovim: { old: string; current: string };
  packager: { vsce: string };
  peers: { tally: string; hadolint: string; dockerLanguageServer: string };
  python: { python: string; bin: string };
  registry: { program: string; htpasswd: string };
}

export function part<Name extends keyof Parts>(name: Name): Parts[Name] {
  const found = (JSON.parse(process.env['PLIMSOLL_PARTS'] ?? '{}') as Partial<Parts>)[name];
  if (!found) throw new Error(`The part "${name}" is not named for this suite in scripts/test/suites.mjs.`);
  return found;
}
