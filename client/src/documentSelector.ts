import { workspace } from 'vscode';

const names = [
  '**/{Dockerfile,Containerfile,dockerfile,containerfile}',
  '**/{Dockerfile,Containerfile,dockerfile,containerfile}.*',
  '**/*.{Dockerfile,Containerfile,dockerfile,containerfile}',
  '**/*{requirements,constraints}*.{txt,in}',
  '**/{requirements,constraints}/*.{txt,in}',
  '**/{pyproject.toml,uv.lock,poetry.lock,Pipfile}',
  '**/{environment,conda}*.{yml,yaml}',
  '**/.plimsoll.{yaml,yml}',
];

const languageIds = ['dockerfile', 'pip-requirements', 'python', 'yaml', 'dockercompose'];

/** By scheme, and by language or name: both the editor and the protocol take this. */
export type DocumentKind = { readonly scheme: string } & (
  | { readonly language: string }
  | { readonly pattern: string }
);

/** Documents that may be ours. Copies that the editor makes of them (Git's, a diff's) have other schemes. */
export function documentSelector(): DocumentKind[] {
  const folders = workspace.workspaceFolders ?? [];
  const schemes = [...new Set(['file', 'untitled', ...folders.map(({ uri }) => uri.scheme)])];
  return schemes.flatMap((scheme) => [
    ...languageIds.map((language) => ({ scheme, language })),
    ...names.map((pattern) => ({ scheme, pattern })),
  ]);
}
