import { type CompletionItem, CompletionItemKind, type CompletionParams } from 'vscode-languageserver';
import type { Dockerfile } from '../project/dockerfile/dockerfile';
import { type Candidate, flagsOf, mountOptionsOf, mountTypes, valuesOf } from './buildKitFlags';
import type { Session } from './session';

/** What the text before the cursor asks for: candidates for the last `typed` characters. */
interface Wish {
  readonly typed: string;
  readonly kind: CompletionItemKind;
  readonly candidates: readonly Candidate[];
}

/**
 * Flags of RUN, COPY and ADD, the options of RUN's mounts, and stage names: what the servers that people have
 * beside this one do not complete. Instructions, variables and images are theirs.
 */
export async function complete(
  { textDocument, position }: CompletionParams,
  session: Session,
): Promise<CompletionItem[]> {
  const place = session.workspace.placeOf(textDocument.uri);
  const { project } = (await place?.folder.snapshot()) ?? {};
  const dockerfile = project?.dockerfiles.find(({ path }) => path === place?.path)?.dockerfile;
  if (!dockerfile) return [];
  const wish = wishAt(
    dockerfile,
    dockerfile.source.offsetAt({ line: position.line + 1, column: position.character + 1 }),
  );
  if (!wish) return [];
  const range = {
    start: { line: position.line, character: position.character - wish.typed.length },
    end: position,
  };
  return wish.candidates
    .filter((candidate) => !(candidate.offeredByOthers && session.othersComplete))
    .map(({ text, says }) => ({
      label: text,
      kind: wish.kind,
      documentation: session.render(says),
      textEdit: { range, newText: text },
      filterText: text,
    }));
}

function wishAt(dockerfile: Dockerfile, offset: number): Wish | undefined {
  const instruction = dockerfile.instructions.findLast(({ span }) => span.start <= offset);
  // Behind the end there is nothing but blank lines, or the flag that is being typed.
  if (!instruction || dockerfile.source.text.slice(instruction.span.end, offset).includes('\n'))
    return undefined;
  const before = dockerfile.source.text
    .slice(instruction.argumentsSpan.start, offset)
    .replaceAll(/[\\`]\r?\n/g, ' ');
  const words = before.split(/\s+/).filter((word, at, all) => word !== '' || at === all.length - 1);
  const typed = words.pop() ?? '';
  const onlyFlagsBefore = words.every((word) => word.startsWith('--'));
  if (!onlyFlagsBefore || (typed !== '' && !typed.startsWith('-'))) return undefined;
  const mount = instruction.keyword === 'RUN' ? /^--mount=(.*)$/.exec(typed)?.[1] : undefined;
  if (mount !== undefined) return mountWish(mount, dockerfile, instruction.span.start);
  const flag = /^(--[a-z-]+)=(.*)$/.exec(typed);
  if (flag) return valueWish(flag[1] ?? '', flag[2] ?? '', dockerfile, instruction.span.start);
  const candidates = flagsOf[instruction.keyword];
  return candidates && typed.startsWith('-')
    ? { typed, kind: CompletionItemKind.Property, candidates }
    : undefined;
}

function mountWish(written: string, dockerfile: Dockerfile, before: number): Wish {
  const parts = written.split(',');
  const typed = parts.pop() ?? '';
  const [key = '', value] = typed.split('=', 2);
  if (value !== undefined) {
    if (key === 'type') return { typed: value, kind: CompletionItemKind.EnumMember, candidates: mountTypes };
    return (
      valueWish(key, value, dockerfile, before) ?? {
        typed: value,
        kind: CompletionItemKind.Value,
        candidates: [],
      }
    );
  }
  const keys = new Set(parts.map((part) => part.split('=', 1)[0]));
  const type = parts.find((part) => part.startsWith('type='))?.slice('type='.length) ?? 'bind';
  const typeItself: Candidate = { text: 'type=', says: { template: 'What is mounted; bind when left out.' } };
  const options = [...(keys.has('type') ? [] : [typeItself]), ...(mountOptionsOf[type] ?? [])];
  const candidates = options.filter(({ text }) => !keys.has(text.replace('=', '')));
  return { typed, kind: CompletionItemKind.Property, candidates };
}

function valueWish(key: string, typed: string, dockerfile: Dockerfile, before: number): Wish | undefined {
  const candidates =
    key === 'from' || key === '--from' ? stagesBefore(dockerfile, before, key === '--from') : valuesOf[key];
  return candidates && { typed, kind: CompletionItemKind.EnumMember, candidates };
}

/** Only an earlier stage can be copied from. */
function stagesBefore(dockerfile: Dockerfile, offset: number, offeredByOthers: boolean): Candidate[] {
  const current = dockerfile.stages.findLast(({ from }) => from.span.start <= offset);
  return dockerfile.stages.slice(0, current?.index ?? 0).flatMap(({ from }) => {
    if (!from.nameWord) return [];
    const says = { template: 'Stage from {image}', with: { image: from.imageWord?.raw ?? '' } };
    return [{ text: from.nameWord.raw, says, offeredByOthers }];
  });
}
