import type { CopyInstruction, Dockerfile, RunInstruction, Stage } from '../../project/dockerfile/dockerfile';
import type { FileTree } from '../../project/fileTree';
import type { ShellCommand } from '../../project/shell/shellScript';
import type { Span } from '../../project/span';
import type { Severity } from '../../protocol/finding';
import { credentialFile, holdsCredential } from '../facts/credentialFile';
import { type LeftCredential, leftCredential } from '../facts/loginCommand';
import { copiedSecretFix, unneededLoginFix } from '../facts/withoutTokenFile';
import { defineRule, type Hit } from '../rule';

export const tokenFileLeftInLayer = defineRule({
  name: 'token-file-left-in-layer',
  on: 'dockerfile',
  concern: 'security',
  severity: 'error',
  summary: 'A login or a copied file leaves a token in a layer.',
  why: 'The file stays in the layer even when a later instruction deletes it: whoever can pull the image can read it.',
  next: 'Give the secret to the RUN that needs it with --mount=type=secret, and replace a token that was already pushed.',
  sources: ['Docker docs, Build secrets', 'huggingface_hub docs, hf auth login', 'wandb docs, wandb login'],
  fixKind: 'derived',
  *check({ dockerfile, project }) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.kind === 'run') yield* loginsIn(dockerfile, stage, instruction);
        else if (instruction.kind === 'copy' && !instruction.from)
          yield* copiesOf(dockerfile, stage, instruction, project.tree);
      }
    }
  },
});

function* loginsIn(dockerfile: Dockerfile, stage: Stage, run: RunInstruction): Iterable<Hit> {
  const { commands } = run.script;
  for (const [index, command] of commands.entries()) {
    const left = leftCredential(command, textOf(dockerfile, command));
    if (!left || onMount(run, left.file)) continue;
    const later = commands.slice(index + 1);
    if (later.some((candidate) => left.cleared.test(dockerfile.source.slice(candidate.span)))) continue;
    const fix = unneededLoginFix(dockerfile, run, command);
    const span = spanOf(command, left);
    yield {
      span,
      what: '{command} leaves a credential in {file}, in this layer',
      with: { command: left.words === 0 ? command.program : dockerfile.source.slice(span), file: left.file },
      severity: severityIn(stage, 'error'),
      ...(seenByTrivy(dockerfile, stage, run, command) ? { aliases: ['DS-0031'] } : {}),
      ...(fix ? { fix } : {}),
    };
  }
}

/** trivy's DS-0031 knows three logins, in the last stage, without a secret mount. */
function seenByTrivy(
  { finalStage }: Dockerfile,
  stage: Stage,
  { mounts }: RunInstruction,
  { program }: ShellCommand,
): boolean {
  if (stage !== finalStage || mounts.some(({ type }) => type === 'secret')) return false;
  return program === 'aws' || program === 'gcloud' || program === 'az';
}

function* copiesOf(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
  tree: FileTree,
): Iterable<Hit> {
  for (const source of copy.sources) {
    if (source.value.state !== 'known') continue;
    const path = source.value.value.replace(/^\.\//, '').replace(/\/+$/, '');
    const kind = credentialFile(path);
    const text = tree.textOf(path);
    if (kind === undefined || (text !== undefined && !holdsCredential(text) && kind === 'sometimes'))
      continue;
    // Unread settings files are silent, `.env` aside: it is made to hold what must not be committed.
    if (kind === 'sometimes' && text === undefined && !/(?:^|\/)\.env$/.test(path)) continue;
    const fix = copy.sources.length === 1 ? copiedSecretFix(dockerfile, stage, copy, path) : undefined;
    const probable = kind === 'sometimes' && text === undefined;
    yield {
      span: source.span,
      what: probable
        ? '{file}, made to hold secrets, goes into a layer'
        : '{file} holds a credential and goes into a layer',
      with: { file: path },
      severity: severityIn(stage, probable ? 'warning' : 'error'),
      ...(fix ? { fix } : {}),
    };
  }
}

function severityIn(stage: Stage, severity: Severity): Severity {
  return stage.shipped ? severity : 'info';
}

/** The login's words without the program's folder; the target of what is written. */
function spanOf({ name, program, words, redirections, span }: ShellCommand, left: LeftCredential): Span {
  if (left.words === 0)
    return redirections.find(({ target }) => target?.raw.includes(left.file))?.target?.span ?? span;
  const start = name.raw.endsWith(program) ? name.span.end - program.length : name.span.start;
  return { start, end: words[left.words - 2]?.span.end ?? name.span.end };
}

/** The command with the bodies of its here-documents. */
function textOf({ source }: Dockerfile, { span, redirections }: ShellCommand): string {
  const bodies = redirections.flatMap(({ bodySpan }) => (bodySpan ? [source.slice(bodySpan)] : []));
  return [source.slice(span), ...bodies].join('\n');
}

/** The file lies on a mount of the RUN, which no layer keeps. */
function onMount(run: RunInstruction, file: string): boolean {
  const path = file.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, '/root');
  return run.mounts.some(({ type, options }) => {
    const target = options.get('target')?.replace(/\/+$/, '');
    return type !== 'bind' && target !== undefined && (path === target || path.startsWith(`${target}/`));
  });
}
