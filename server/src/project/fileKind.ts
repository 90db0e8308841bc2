import { type LinkKind, linkKindOf } from './links/readBuilds';

/** What a path is to the project, by its name alone. */
export type FileKind =
  | 'dockerfile'
  | 'dockerignore'
  | 'gitignore'
  | 'configuration'
  | 'requirements'
  | 'pyproject'
  | 'lock'
  | 'conda'
  | 'python'
  | LinkKind;

const byName: readonly (readonly [FileKind, RegExp])[] = [
  ['dockerignore', /(^|\/)([^/]*\.)?dockerignore$/],
  ['gitignore', /(^|\/)\.gitignore$/],
  ['configuration', /(^|\/)\.plimsoll\.ya?ml$/],
  [
    'requirements',
    /(^|\/)(?:[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in))$/i,
  ],
  ['pyproject', /(^|\/)pyproject\.toml$/],
  ['lock', /(^|\/)(uv\.lock|poetry\.lock|Pipfile\.lock|pylock(\.[\w-]+)?\.toml)$/],
  ['conda', /(^|\/)(environment|conda)[\w.-]*\.ya?ml$/],
  ['python', /\.py$/],
];

/** Undefined for a path nothing of the project reads. */
export function fileKind(path: string, isDockerfile: (path: string) => boolean): FileKind | undefined {
  if (isDockerfile(path)) return 'dockerfile';
  return byName.find(([, pattern]) => pattern.test(path))?.[0] ?? linkKindOf(path);
}
