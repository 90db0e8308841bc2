import { type Answer, absent, known, unknown } from '../answer';
import { likelyContext } from './likelyContext';
import type { FolderIndex } from './folderIndex';
import type { Build, BuildOrigin, BuildSource } from './statedBuild';

/** The folder a Dockerfile is built with, and who says so. */
export interface BuildContext {
  /** Folder in the project, `''` for its root. */
  readonly folder: string;
  /** `setting` when the user chose it, `folder` when nobody says and the copied paths exist there. */
  readonly from: BuildOrigin | 'setting' | 'folder';
  readonly confidence: 'certain' | 'likely' | 'guess';
  /** Stage that is built; absent for the last one, unknown where the sources build different ones. */
  readonly target: Answer<string>;
  /** What the source passes; values that differ between sources of the same rank are unknown. */
  readonly buildArgs: ReadonlyMap<string, Answer<string>>;
}

export interface ContextAnswer {
  /** Unknown where the best sources disagree, or none speaks; absent for builds without a local folder. */
  readonly context: Answer<BuildContext>;
  /** Every build that names this Dockerfile, strongest source first: what a user can choose from. */
  readonly alternatives: readonly Build[];
}

export interface ContextQuestion {
  readonly dockerfile: string;
  /** Every build found in the project. */
  readonly builds: readonly Build[];
  /** Folder the user set for this Dockerfile. */
  readonly setting?: string | undefined;
  /** Sources of COPY and ADD without `--from`, as far as they are known texts and no URLs. */
  readonly copied: readonly string[];
  readonly folders: FolderIndex;
}

const ranks: readonly (readonly BuildSource[])[] = [
  ['compose', 'bake'],
  ['ci'],
  ['makefile', 'script'],
  ['readme', 'dockerfile-comment'],
];

/**
 * The setting speaks first, then Compose and Bake, CI, Makefiles and scripts, READMEs; a lower rank is heard only
 * where no higher one names the Dockerfile. Within a rank all must agree.
 */
export function buildContext(question: ContextQuestion): ContextAnswer {
  const alternatives = ranks.flatMap((kinds) =>
    question.builds.filter(
      ({ dockerfile, origin }) => dockerfile === question.dockerfile && kinds.includes(origin.kind),
    ),
  );
  return { context: chosenContext(question, alternatives), alternatives };
}

function chosenContext(question: ContextQuestion, alternatives: readonly Build[]): Answer<BuildContext> {
  const plain = { target: absent, buildArgs: new Map<string, Answer<string>>() };
  if (question.setting !== undefined) {
    return known({ folder: question.setting, from: 'setting', confidence: 'certain', ...plain });
  }
  for (const kinds of ranks) {
    const speaking = alternatives.filter(
      ({ origin, context }) => kinds.includes(origin.kind) && context.state !== 'unknown',
    );
    if (speaking.length > 0) return agreed(speaking, alternatives);
  }
  // Somebody builds it with a folder nobody can read: a guess would contradict them unseen.
  if (alternatives.length > 0) return unknown;
  const likely = likelyContext(question.dockerfile, question.copied, question.folders);
  return likely ? known({ ...likely, from: 'folder', ...plain }) : unknown;
}

function agreed(speaking: readonly Build[], alternatives: readonly Build[]): Answer<BuildContext> {
  const [first] = speaking;
  if (!first || speaking.some(({ context }) => !sameAnswer(context, first.context))) return unknown;
  if (first.context.state !== 'known') return absent;
  const { value: folder } = first.context;
  const contradicted = alternatives.some(
    ({ context }) => context.state === 'known' && context.value !== folder,
  );
  const sure = speaking.some(({ confidence }) => confidence === 'certain') && !contradicted;
  const target = speaking.every((build) => sameAnswer(build.target, first.target)) ? first.target : unknown;
  return known({
    folder,
    from: first.origin,
    confidence: sure ? 'certain' : 'likely',
    target,
    buildArgs: sharedArgs(speaking),
  });
}

function sameAnswer(one: Answer<string>, other: Answer<string>): boolean {
  if (one.state !== other.state) return false;
  return one.state !== 'known' || (other.state === 'known' && one.value === other.value);
}

function sharedArgs(builds: readonly Build[]): ReadonlyMap<string, Answer<string>> {
  const shared = new Map<string, Answer<string>>();
  for (const name of new Set(builds.flatMap(({ buildArgs }) => [...buildArgs.keys()]))) {
    const [first = unknown, ...others] = builds.map(({ buildArgs }) => buildArgs.get(name) ?? absent);
    shared.set(name, others.every((other) => sameAnswer(other, first)) ? first : unknown);
  }
  return shared;
}
