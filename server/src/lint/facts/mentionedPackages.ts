import type { Stage } from '../../project/dockerfile/dockerfile';
import { normalizedName } from '../../project/dependencies/normalizedName';
import type { Project } from '../../project/project';
import { literalOf } from '../../project/shell/commandArguments';
import { instructionsOf, packageCommandsOf, runsOf } from './stageFacts';

const pythonManagers = new Set(['pip', 'uv', 'conda', 'poetry', 'pdm', 'pipenv']);

/**
 * Normalised names of Python packages that the stage's commands or any dependency file of the project names. An
 * upper bound, for rules that a package mutes.
 */
export function mentionedPackages(stage: Stage, project: Project): ReadonlySet<string> {
  const names = new Set<string>();
  for (const run of runsOf(instructionsOf(stage))) {
    for (const { manager, packages } of packageCommandsOf(run)) {
      if (!pythonManagers.has(manager)) continue;
      for (const word of packages) {
        const name = /^[\w.-]+/.exec((literalOf(word) ?? word.raw).replace(/^["']/, ''))?.[0];
        if (name !== undefined) names.add(normalizedName(name));
        const repository = /\/([\w.-]+?)(?:\.git)?(?:@[^/]*)?(?:#.*)?$/.exec(word.raw)?.[1];
        if (word.raw.includes('://') && repository !== undefined) names.add(normalizedName(repository));
      }
    }
  }
  for (const { requirements } of project.requirements)
    for (const entry of requirements.entries)
      if (entry.kind === 'requirement' && entry.requirement.name !== undefined)
        names.add(entry.requirement.name);
  for (const { pyproject } of project.pyprojects) {
    const all = [pyproject.dependencies, ...pyproject.optionalDependencies.values()].flat();
    for (const { name } of all) if (name !== undefined) names.add(name);
  }
  for (const { lock } of project.locks) for (const { name } of lock.packages) names.add(name);
  return names;
}

/** A requirements file that the stage installs from is not in the project: what it names is unknown. */
export function readsUnknownRequirements(stage: Stage, project: Project): boolean {
  const known = new Set(project.tree.paths.map((path) => path.slice(path.lastIndexOf('/') + 1)));
  return runsOf(instructionsOf(stage)).some((run) =>
    packageCommandsOf(run)
      .filter(({ manager }) => pythonManagers.has(manager))
      .flatMap(({ requirementFiles }) => requirementFiles)
      .some((word) => !known.has((literalOf(word) ?? '').replace(/^.*\//, ''))),
  );
}
