import type { CommandInstruction, Dockerfile, Stage } from '../../project/dockerfile/dockerfile';
import type { Word } from '../../project/dockerfile/word';
import type { Span } from '../../project/span';
import type { ShellScript } from '../../project/shell/shellScript';
import { effectiveShell, type Shell, shellNamed } from '../facts/effectiveShell';
import { builtins, execEdit, jsonEdits, lastOfChain, wrapEdits } from '../facts/execForm';
import { purposeOf } from '../facts/stageFacts';
import { defineRule, type Hit, type HitFix, type SpanEdit } from '../rule';

export const shellFormCommand = defineRule({
  name: 'shell-form-command',
  on: 'dockerfile',
  concern: 'serving',
  severity: 'warning',
  summary: 'CMD or ENTRYPOINT starts the service through a shell that keeps SIGTERM to itself.',
  why: 'The stop signal goes to the shell, which does not pass it on: every stop waits for its limit (10 s in Docker, 30 s in Kubernetes), then requests in flight are cut off.',
  next: 'Write the command in JSON form, or put exec before it.',
  sources: [
    'Dockerfile reference, CMD and ENTRYPOINT, shell and exec form',
    'Docker docs, docker container stop',
    'Measured: dash 0.5.12 keeps its process, bash 5.2 and busybox 1.35 replace theirs by the last command',
  ],
  fixKind: 'derived',
  *check({ dockerfile }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose !== 'serving') return;
    const { entrypoint, cmd } = stage;
    if (entrypoint) yield* hitsOf(dockerfile, stage, entrypoint);
    // An ENTRYPOINT in shell form ignores CMD; one that is an init passes signals to all it starts.
    if (
      cmd &&
      entrypoint?.command.form !== 'shell' &&
      !(entrypoint && signalsGroup(entrypoint.command.words))
    )
      yield* hitsOf(dockerfile, stage, cmd);
  },
});

function* hitsOf(dockerfile: Dockerfile, stage: Stage, instruction: CommandInstruction): Iterable<Hit> {
  const { command, keyword, keywordSpan, before } = instruction;
  const { script } = command;
  const text = dockerfile.source.slice(command.span);
  if (command.form === 'shell' && text.startsWith('[')) {
    yield brokenJson(instruction, text);
    return;
  }
  if (!script) return;
  const [first] = command.words;
  const named = command.form === 'exec' && first?.value.state === 'known' ? first.value.value : undefined;
  const shell =
    named === undefined
      ? effectiveShell(stage, before)
      : shellNamed(named.slice(named.lastIndexOf('/') + 1), stage);
  const scriptText = dockerfile.source.slice(script.span);
  if (shell.state !== 'known' || !keepsProcess(script, scriptText, shell.value)) return;
  const program = script.commands.findLast(({ nested }) => !nested)?.name.raw ?? '';
  const setsShell = before.shell.state !== 'absent';
  const fix = fixFor(dockerfile, instruction, script, setsShell);
  yield command.form === 'exec'
    ? {
        span: innerSpan(first as Word),
        what: '{shell} stays in front of {program} and keeps SIGTERM to itself',
        with: { shell: named ?? '', program },
        ...(fix ? { fix } : {}),
      }
    : {
        span: keywordSpan,
        what: '{keyword} in shell form: sh stays in front of {program} and keeps SIGTERM to itself',
        with: { keyword, program },
        aliases: setsShell ? ['DL3025'] : ['DL3025', 'JSONArgsRecommended'],
        ...(fix ? { fix } : {}),
      };
}

/** `['python', 'app.py']`: no JSON, so the shell gets the brackets too. */
function brokenJson({ command, keyword }: CommandInstruction, text: string): Hit {
  const mended = text.replaceAll("'", '"').replace(/,\s*\]$/, ']');
  return {
    span: command.span,
    what: '{keyword} is no valid JSON: sh gets the brackets as part of the command',
    with: { keyword },
    severity: 'error',
    why: 'The engine takes what it cannot read as JSON for the shell form; the shell looks for a program named like the bracket and the container ends at once.',
    next: 'Put every word in double quotes, with commas between.',
    aliases: ['DL3025', 'JSONArgsRecommended'],
    ...(isWords(mended)
      ? {
          fix: {
            kind: 'safe',
            title: 'Write it as JSON',
            edits: [{ span: command.span, newText: mended }],
          },
        }
      : {}),
  };
}

function isWords(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === 'string');
  } catch {
    return false;
  }
}

/** Whether the shell is still there while the last command runs. */
function keepsProcess(script: ShellScript, text: string, shell: Shell): boolean {
  const last = script.commands.findLast(({ nested }) => !nested);
  if (!last || script.syntaxError || builtins.has(last.program) || last.program === '') return false;
  // A shell for a person: its stop has nothing to lose.
  if (/^(?:ba|da|z)?sh$/.test(last.program) && last.words.length === 0) return false;
  const chained = lastOfChain(script, text);
  if (chained?.wrappers.some(({ raw }) => raw === 'exec')) return false;
  if (shell === 'dash')
    return !script.commands.some(({ wrappers }) => wrappers.some(({ raw }) => raw === 'exec'));
  // bash and busybox turn into the last command of a plain chain; bash not when it redirects.
  return (
    last.connector === '||' || (shell === 'bash' && chained !== undefined && last.redirections.length > 0)
  );
}

function fixFor(
  dockerfile: Dockerfile,
  instruction: CommandInstruction,
  script: ShellScript,
  setsShell: boolean,
): HitFix | undefined {
  const { command } = instruction;
  const json = command.form === 'shell' ? jsonEdits(script) : undefined;
  if (json)
    return {
      kind: 'safe',
      title: 'Write {keyword} in JSON form',
      with: { keyword: instruction.keyword },
      edits: json,
    };
  const last = lastOfChain(script, dockerfile.source.slice(script.span));
  if (!last) return undefined;
  const wrap = command.form === 'shell' && !setsShell ? wrapEdits(dockerfile, instruction) : undefined;
  const exec = execEdit(last);
  return {
    kind: 'derived',
    title: 'Let {program} take the place of the shell with exec',
    with: { program: last.name.raw },
    edits: merged([...(wrap ?? []), exec]),
  };
}

/** Insertions at one place become one, in the order given. */
function merged(edits: readonly SpanEdit[]): readonly SpanEdit[] {
  const byPlace = new Map<number, SpanEdit>();
  for (const edit of edits) {
    const there = byPlace.get(edit.span.start);
    byPlace.set(edit.span.start, there ? { span: edit.span, newText: there.newText + edit.newText } : edit);
  }
  return [...byPlace.values()];
}

/** dumb-init signals the whole group by default, tini with `-g`, s6 and supervisors bring their own way. */
function signalsGroup(words: readonly Word[]): boolean {
  const texts = words.map(({ value }) => (value.state === 'known' ? value.value : ''));
  const program = texts[0]?.slice(texts[0].lastIndexOf('/') + 1) ?? '';
  if (program === 'tini') return texts.some((text) => /^-[a-z]*g/.test(text));
  return ['dumb-init', 'init', 's6-svscan', 'supervisord', 'runsv', 'catatonit'].includes(program);
}

function innerSpan({ span }: Word): Span {
  return { start: span.start + 1, end: span.end - 1 };
}
