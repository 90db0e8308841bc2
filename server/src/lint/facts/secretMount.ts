import type {
  AssignmentInstruction,
  Dockerfile,
  RunInstruction,
  Stage,
} from '../../project/dockerfile/dockerfile';
import { literalOf } from '../../project/shell/commandArguments';
import { packageCommand } from '../../project/shell/packageCommand';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { HitFix, SpanEdit } from '../rule';
import { literalPattern } from './literalPattern';

/** Programs that work on files and text: they read no secret from their environment. */
const deafPrograms = new Set(
  (
    '. : [ [[ cat cd chmod chown cp echo export find grep groupadd adduser addgroup install ldconfig ln ls mkdir mv ' +
    'printf rm sed set source tar test touch true unzip useradd'
  ).split(' '),
);

/**
 * Turns a build argument into a secret mount of the same name in every RUN that reads it, by `$NAME` or from its
 * environment. Undefined where the argument reaches anything but RUNs of its own stage, and where the file asks for
 * a Dockerfile syntax before 1.10, which has no `env=` for secret mounts.
 */
export function secretMountFix(dockerfile: Dockerfile, stage: Stage, name: string): HitFix | undefined {
  if (hasOldSyntax(dockerfile)) return undefined;
  const literal = literalPattern(name);
  const mention = new RegExp(`\\$(?:${literal}\\b|\\{${literal}[^\\w])`);
  const arg = onlyDeclaration(stage, name);
  if (!arg) return undefined;
  const removed: SpanEdit[] = [];
  const users: RunInstruction[] = [];
  for (const instruction of stage.instructions) {
    const text = dockerfile.source.slice(instruction.span);
    if (instruction.kind === 'run' && instruction.span.start > arg.span.start) {
      if (instruction.onbuild && mention.test(text)) return undefined;
      if (mention.test(text) || instruction.script.commands.some(mayReadEnvironment)) users.push(instruction);
    } else if (instruction.kind === 'assignment' && instruction.keyword === 'ENV' && mention.test(text)) {
      const removal = passesOn(instruction, name) ? removalOf(dockerfile, instruction, name) : undefined;
      if (!removal || dockerfile.stages.some(({ parent }) => parent === stage)) return undefined;
      removed.push(removal);
    } else if (mention.test(text)) return undefined;
  }
  const declaration = removalOf(dockerfile, arg, name);
  if (users.length === 0 || !declaration) return undefined;
  const mount = ` --mount=type=secret,id=${name.toLowerCase()},env=${name}`;
  const mounts = users
    .filter(
      (run) => !run.mounts.some(({ type, options }) => type === 'secret' && options.get('env') === name),
    )
    .map(({ keywordSpan }) => ({ span: { start: keywordSpan.end, end: keywordSpan.end }, newText: mount }));
  return {
    kind: 'derived',
    title:
      removed.length > 0
        ? 'Mount {name} as a build secret where RUN reads it, and remove its ARG and ENV'
        : 'Mount {name} as a build secret where RUN reads it, and remove its ARG',
    with: { name },
    edits: [...globalRemoval(dockerfile, name), declaration, ...removed, ...mounts],
  };
}

function hasOldSyntax({ directives }: Dockerfile): boolean {
  const syntax = directives.find((directive) => directive.name === 'syntax')?.value ?? '';
  const version = /:(\d+)\.(\d+)/.exec(syntax);
  return version !== null && Number(version[1]) === 1 && Number(version[2]) < 10;
}

function onlyDeclaration(stage: Stage, name: string): AssignmentInstruction | undefined {
  const found = stage.instructions.filter(
    (instruction) =>
      instruction.kind === 'assignment' &&
      instruction.keyword === 'ARG' &&
      instruction.assignments.some((assignment) => assignment.name === name),
  );
  const [arg] = found;
  return found.length === 1 && arg?.kind === 'assignment' && !arg.onbuild ? arg : undefined;
}

/** `ENV NAME=$NAME`, and no other variable of the instruction holds it. */
function passesOn(instruction: AssignmentInstruction, name: string): boolean {
  return instruction.assignments.every(({ name: target, rawValue }) => {
    const value = rawValue.replace(/^"(.*)"$/, '$1');
    return target === name ? value === `$${name}` || value === `\${${name}}` : !value.includes(name);
  });
}

/** Takes an assignment away, with its whole line when it stands alone; undefined across continued lines. */
function removalOf(
  { source }: Dockerfile,
  { assignments, span }: AssignmentInstruction,
  name: string,
): SpanEdit | undefined {
  const first = source.positionAt(span.start).line;
  if (source.positionAt(span.end).line !== first) return undefined;
  const assignment = assignments.find((candidate) => candidate.name === name);
  if (!assignment) return undefined;
  if (assignments.length === 1) {
    const line = source.lineSpan(first);
    const next = first < source.lineCount ? source.lineSpan(first + 1).start : line.end;
    return { span: { start: line.start, end: next }, newText: '' };
  }
  const before = /\s*$/.exec(source.text.slice(span.start, assignment.span.start))?.[0].length ?? 0;
  return { span: { start: assignment.span.start - before, end: assignment.span.end }, newText: '' };
}

/** The ARG before the first FROM, when only this stage took it over. */
function globalRemoval(dockerfile: Dockerfile, name: string): readonly SpanEdit[] {
  const declaring = dockerfile.stages.filter((stage) => stage.end.args.has(name));
  const usedByFrom = dockerfile.stages.some(({ from }) => from.imageWord?.raw.includes(name));
  if (!dockerfile.globalArgs.has(name) || declaring.length > 1 || usedByFrom) return [];
  const global = dockerfile.instructions.find(
    (instruction) =>
      instruction.kind === 'assignment' &&
      instruction.assignments.some((assignment) => assignment.name === name),
  );
  const removal = global?.kind === 'assignment' ? removalOf(dockerfile, global, name) : undefined;
  return removal ? [removal] : [];
}

/** A program that could look for the secret in its environment without anyone naming it: `hf`, a script, Python. */
function mayReadEnvironment(command: ShellCommand): boolean {
  const { program, words } = command;
  if (deafPrograms.has(program) || packageCommand(command)) return false;
  if (!/^python[\d.]*$/.test(program)) return true;
  const [flag, value] = words.map((word) => literalOf(word));
  if (flag === '-m') return !['venv', 'compileall', 'ensurepip', 'site'].includes(value ?? '');
  return !(flag === '-c' && /^\s*import [\w., ]+$/.test(value ?? ''));
}
