import type { Instruction, Stage, WordsInstruction } from '../../project/dockerfile/dockerfile';
import type { FileTree } from '../../project/fileTree';
import { createdUser, planUser } from '../facts/createUser';
import { firstStartInstruction, insertLines } from '../facts/insertion';
import { baseOf, instructionsOf, purposeOf, stageChain, startWords } from '../facts/stageFacts';
import { defineRule, type HitFix } from '../rule';
import type { SourceText } from '../../project/sourceText';

/** `root`, `0`, and either with a group, all start the process as the superuser. */
const rootUser = /^(root|0)(:.*)?$/;

/** Programs that give up root before the service starts. */
const privilegeDrops = /\b(gosu|su-exec|setpriv|runuser|s6-setuidgid|chpst|setuidgid)\b/;

export const finalStageRunsAsRoot = defineRule({
  name: 'final-stage-runs-as-root',
  on: 'dockerfile',
  concern: 'non-root',
  severity: 'warning',
  summary: 'The final stage starts its process as root.',
  why: 'A process that breaks out of a root container is root on the host, and clusters that ask for runAsNonRoot refuse to start it.',
  next: 'Create a user with a numeric id, an /etc/passwd entry and a home, and end the final stage with USER and that id.',
  sources: [
    'Docker docs, Building best practices, USER',
    'Kubernetes docs, Pod Security Standards, Restricted',
  ],
  aliases: ['DS-0002', 'DS002'],
  fixKind: 'derived',
  *check({ dockerfile, project }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose !== 'serving' || dropsPrivileges(stage, project.tree)) return;
    const user = stage.end.user;
    if (user.state === 'known' && rootUser.test(user.value) && stage.end.userSpan) {
      const fix = fixFor(stage, dockerfile.source);
      yield {
        span: stage.end.userSpan,
        what: 'The container starts as {user}',
        with: { user: user.value },
        aliases: ['DL3002', 'CKV_DOCKER_8'],
        ...(fix ? { fix } : {}),
      };
    }
    const baseUser = baseOf(stage).user;
    if (user.state !== 'absent' || baseUser.state !== 'known' || !rootUser.test(baseUser.value)) return;
    const image = stageChain(stage)[0]?.from.imageWord;
    const place = stage.from.imageWord ?? image;
    if (!place) return;
    const fix = fixFor(stage, dockerfile.source);
    yield {
      span: place.span,
      what: 'No USER: the container starts as root, the user of {image}',
      with: { image: image?.value.state === 'known' ? image.value.value : place.raw },
      aliases: ['CKV_DOCKER_3'],
      ...(fix ? { fix } : {}),
    };
  },
});

function fixFor(stage: Stage, source: SourceText): HitFix | undefined {
  const earlier = lastPlainUser(stage);
  const plan = earlier ? { lines: [`USER ${earlier}`], user: earlier } : planUser(stage, baseOf(stage));
  if (!plan) return undefined;
  const reset = stage.instructions.findLast(
    (instruction) => instruction.keyword === 'USER' && !instruction.onbuild,
  );
  const start = firstStartInstruction(stage);
  const before = start && reset && start.span.start < reset.span.start ? undefined : start;
  return {
    kind: 'derived',
    title:
      createdUser(stage) || earlier
        ? 'End the stage with USER {user}'
        : 'Create a user and end the stage with USER {user}',
    with: { user: plan.user },
    edits: [insertLines(source, stage, before, plan.lines)],
  };
}

/** The unprivileged user the stage had before it went back to root. */
function lastPlainUser(stage: Stage): string | undefined {
  return instructionsOf(stage).findLast(namesPlainUser)?.words[0]?.raw;
}

function namesPlainUser(instruction: Instruction): instruction is WordsInstruction {
  if (instruction.kind !== 'words' || instruction.keyword !== 'USER') return false;
  const value = instruction.words[0]?.value;
  return value?.state === 'known' && !rootUser.test(value.value);
}

/** The entrypoint, or a script of the project it names, gives up root itself. */
function dropsPrivileges(stage: Stage, tree: FileTree): boolean {
  const words = startWords(stage);
  if (words.state !== 'known') return false;
  if (words.value.some((word) => privilegeDrops.test(word))) return true;
  const scripts = words.value
    .filter((word) => /\.sh$|entrypoint/i.test(word))
    .map((word) => word.slice(word.lastIndexOf('/') + 1));
  const sources = tree.paths.filter((path) => scripts.includes(path.slice(path.lastIndexOf('/') + 1)));
  return sources.some((path) => privilegeDrops.test(tree.textOf(path) ?? ''));
}
