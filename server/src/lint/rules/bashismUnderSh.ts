import type { Dockerfile, Instruction, RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import { packageCommand } from '../../project/shell/packageCommand';
import type { Bashism, ShellScript } from '../../project/shell/shellScript';
import type { Severity } from '../../protocol/finding';
import { bashismRewrite, commandAt, hidesHarm } from '../facts/bashismRewrite';
import { effectiveShell, type Shell, shellNamed } from '../facts/effectiveShell';
import { insertLines } from '../facts/insertion';
import { baseOf, instructionsOf, packageCommandsOf, purposeOf, runsOf } from '../facts/stageFacts';
import { defineRule, type Hit, type HitFix } from '../rule';

type Kind = Bashism['kind'];
interface Outcome {
  readonly what: string;
  readonly severity: Severity;
}

const syntax: Outcome = {
  what: 'sh is {shell} here: it stops at {text} with a syntax error',
  severity: 'error',
};
const notFound: Outcome = {
  what: 'sh is {shell} here: it has no {text}, the command is not found',
  severity: 'error',
};
const badSubstitution: Outcome = { what: 'sh is {shell} here: it cannot expand {text}', severity: 'error' };
const literalBraces: Outcome = {
  what: 'sh is {shell} here: it does not expand {text} and takes it for a name',
  severity: 'warning',
};

/** What dash makes of bash's syntax: each was run under dash 0.5.12 and busybox 1.35. */
const underDash: Readonly<Record<Kind, Outcome>> = {
  'double-bracket': {
    what: 'sh is {shell} here: it has no [[, so the test counts as false',
    severity: 'error',
  },
  'double-equals': {
    what: 'sh is {shell} here: its [ has no ==, so the test counts as false',
    severity: 'error',
  },
  'brace-expansion': literalBraces,
  'and-redirect': {
    what: 'sh is {shell} here: it reads {text} as & and >, starts the command in the background and goes on',
    severity: 'warning',
  },
  'ansi-c-quote': { what: 'sh is {shell} here: it keeps the $ of {text}', severity: 'warning' },
  'echo-e': { what: 'sh is {shell} here: its echo prints {text} as part of the text', severity: 'warning' },
  pipefail: { what: 'sh is {shell} here: it has no pipefail, and set stops the RUN', severity: 'error' },
  source: notFound,
  builtin: notFound,
  let: notFound,
  append: notFound,
  'arithmetic-command': notFound,
  array: syntax,
  'process-substitution': syntax,
  'here-string': syntax,
  'function-keyword': syntax,
  'arithmetic-for': syntax,
  'pipe-and': syntax,
  substring: badSubstitution,
  substitution: badSubstitution,
};

/** busybox ash has more of bash; what is left. */
const underBusybox: Partial<Record<Kind, Outcome>> = {
  'brace-expansion': literalBraces,
  builtin: notFound,
  append: notFound,
  'arithmetic-command': notFound,
  array: syntax,
  'here-string': syntax,
  'arithmetic-for': syntax,
  'pipe-and': syntax,
  substitution: badSubstitution,
};

/** Programs whose words are names of files or packages: a brace in them was meant to be expanded. */
const takesNames = new Set(
  'cat chmod chown cp du find install ln ls mkdir mv rm rmdir strip tar touch unzip zip'.split(' '),
);

export const bashismUnderSh = defineRule({
  name: 'bashism-under-sh',
  on: 'dockerfile',
  concern: 'build',
  severity: 'error',
  summary: 'A RUN uses syntax of bash, but its shell is dash or busybox.',
  why: 'The shell form runs under /bin/sh. On Debian, Ubuntu and Alpine that is no bash: the build stops, or the command quietly does something else.',
  next: 'Write it in plain sh, or set SHELL ["/bin/bash", "-o", "pipefail", "-c"] before it where the image has bash.',
  sources: [
    'Dockerfile reference, SHELL',
    'Debian Policy 10.4, Scripts',
    'Measured: dash 0.5.12 and busybox 1.35, one snippet a construct',
  ],
  fixKind: 'derived',
  *check({ dockerfile }) {
    if (purposeOf(dockerfile).purpose === 'template') return;
    for (const stage of dockerfile.stages) {
      const hits = [...hitsIn(dockerfile, stage)];
      const first = hits.find(({ rewritten }) => !rewritten)?.instruction;
      const harmful = hits.some(({ harm }) => harm);
      const fix = first && !harmful ? bashFix(dockerfile, stage, first) : undefined;
      for (const { hit, rewritten } of hits) yield rewritten || !fix ? hit : { ...hit, fix };
    }
  },
});

interface Found {
  readonly hit: Hit;
  readonly instruction: Instruction;
  readonly rewritten: boolean;
  readonly harm: boolean;
}

function* hitsIn(dockerfile: Dockerfile, stage: Stage): Iterable<Found> {
  for (const instruction of stage.instructions) {
    const script = scriptOf(instruction);
    if (!script || script.bashisms.length === 0) continue;
    const shell = shellOf(stage, instruction);
    if (shell !== 'dash' && shell !== 'busybox') continue;
    for (const bashism of script.bashisms) {
      const outcome = (shell === 'dash' ? underDash : underBusybox)[bashism.kind];
      if (!outcome || !meant(bashism, script, dockerfile) || hasNewDash(stage, bashism)) continue;
      const harm = hidesHarm(bashism, script);
      const rewrite = harm ? undefined : bashismRewrite(bashism, script);
      const text = dockerfile.source.slice(bashism.span).replace(/\s+/g, ' ');
      yield {
        instruction,
        rewritten: rewrite !== undefined,
        harm,
        hit: {
          span: bashism.span,
          what: outcome.what,
          with: {
            shell: shell === 'dash' ? 'dash' : 'busybox ash',
            text: text.length > 40 ? `${text.slice(0, 39)}…` : text,
          },
          severity: outcome.severity,
          ...(rewrite
            ? { fix: { kind: rewrite.kind, title: 'Write it in plain sh', edits: rewrite.edits } }
            : {}),
        },
      };
    }
  }
}

function scriptOf(instruction: Instruction): ShellScript | undefined {
  if (instruction.kind === 'run') return instruction.script;
  if (instruction.kind === 'command' || instruction.kind === 'healthcheck')
    return instruction.command?.script;
  return undefined;
}

function shellOf(stage: Stage, instruction: Instruction): Shell | undefined {
  const [first] =
    instruction.kind === 'run'
      ? instruction.execWords
      : instruction.kind === 'command' || instruction.kind === 'healthcheck'
        ? instruction.command?.form === 'exec'
          ? instruction.command.words
          : []
        : [];
  const path = first?.value.state === 'known' ? first.value.value : undefined;
  const shell =
    path !== undefined
      ? shellNamed(path.slice(path.lastIndexOf('/') + 1), stage, instruction)
      : instruction.kind === 'run' && instruction.scriptHeredoc
        ? instruction.interpreter.state === 'known'
          ? shellNamed(instruction.interpreter.value, stage, instruction)
          : undefined
        : effectiveShell(stage, instruction.before, instruction);
  return shell?.state === 'known' ? shell.value : undefined;
}

/** Braces count only where names stand: curl, sed and git read braces themselves. */
function meant({ kind, span }: Bashism, script: ShellScript, { source }: Dockerfile): boolean {
  if (kind !== 'brace-expansion') return true;
  const command = commandAt(script, span);
  const before = source.text.slice(Math.max(0, span.start - 80), span.start);
  if (!command || /\bfor\s+\w+\s+in\s[^;\n]*$/.test(before)) return /\bin\s[^;\n]*$/.test(before);
  return takesNames.has(command.program) || packageCommand(command)?.action === 'install';
}

/** dash learnt `set -o pipefail` after 0.5.12, so that newer releases than these may have it. */
function hasNewDash(stage: Stage, { kind }: Bashism): boolean {
  if (kind !== 'pipefail') return false;
  const { releaseVersion, family } = baseOf(stage);
  if (family.state === 'known' && family.value === 'debian')
    return releaseVersion.state !== 'known' || Number(releaseVersion.value) > 13;
  return releaseVersion.state === 'known' && Number(releaseVersion.value) > 24.04;
}

/** SHELL before the first RUN that needs it, where bash is certain to be there. */
function bashFix(dockerfile: Dockerfile, stage: Stage, first: Instruction): HitFix | undefined {
  if (first.onbuild || !hasBash(stage, first)) return undefined;
  return {
    kind: 'derived',
    title: 'Set SHELL to bash before it',
    edits: [insertLines(dockerfile.source, stage, first, ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]'])],
  };
}

function hasBash(stage: Stage, before: Instruction): boolean {
  if (before.before.shell.state !== 'absent' || (before.kind === 'run' && before.form === 'exec'))
    return false;
  if (baseOf(stage).hasProgram('bash').state === 'known') return true;
  const earlier: readonly RunInstruction[] = runsOf(
    instructionsOf(stage).filter(({ span }) => span.end <= before.span.start),
  );
  return earlier.some((run) =>
    packageCommandsOf(run).some(
      ({ action, packages }) =>
        action === 'install' &&
        packages.some(({ value }) => value.state === 'known' && value.value === 'bash'),
    ),
  );
}
