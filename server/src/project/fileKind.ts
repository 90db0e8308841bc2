/** What a path is to the project, by its name alone. */
export type FileKind =
  | 'dockerfile'
  | 'dockerignore'
  | 'requirements'
  | 'pyproject'
  | 'lock'
  | 'conda'
  | 'python'
  | 'compose'
  | 'bake'
  | 'ci'
  | 'makefile'
  | 'script'
  | 'readme';

const byName: readonly (readonly [FileKind, RegExp])[] = [
  ['dockerignore', /(^|\/)(.+\.)?dockerignore$/],
  [
    'requirements',
    /(^|\/)(?:[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in))$/i,
  ],
  ['pyproject', /(^|\/)pyproject\.toml$/],
  ['lock', /(^|\/)(uv\.lock|poetry\.lock|pdm\.lock|Pipfile(\.lock)?|pylock(\.[\w-]+)?\.toml)$/],
  ['conda', /(^|\/)(environment|conda)[\w.-]*\.ya?ml$/],
  ['compose', /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/],
  ['bake', /(^|\/)docker-bake[\w.-]*\.(hcl|json)$/],
  [
    'ci',
    /(^|\/)(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|azure-pipelines\.ya?ml|\.circleci\/config\.yml)$/,
  ],
  ['makefile', /(^|\/)(GNUmakefile|[Mm]akefile|[\w.-]+\.mk|[Jj]ustfile|Taskfile\.ya?ml)$/],
  ['script', /\.(sh|bash)$/],
  ['readme', /(^|\/)README[\w.-]*\.(md|rst|txt)$/i],
  ['python', /\.py$/],
];

/** Undefined for a path nothing of the project reads. Dockerfiles are asked first: see `dockerfileNameOf`. */
export function fileKind(path: string, isDockerfile: (path: string) => boolean): FileKind | undefined {
  if (isDockerfile(path)) return 'dockerfile';
  return byName.find(([, pattern]) => pattern.test(path))?.[0];
}
