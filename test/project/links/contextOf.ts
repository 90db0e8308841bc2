import {
  type BuildContext,
  buildContext,
  type ContextAnswer,
} from '../../../server/src/project/links/buildContext';
import { folderIndex } from '../../../server/src/project/links/folderIndex';
import { resolvedBuilds, statedBuilds } from '../../../server/src/project/links/readBuilds';
import type { Build } from '../../../server/src/project/links/statedBuild';
import { SourceText } from '../../../server/src/project/sourceText';

/** Path -> text. */
export type Files = Readonly<Record<string, string>>;

export function buildsOf(files: Files): readonly Build[] {
  const stated = Object.entries(files).flatMap(([path, text]) => statedBuilds(new SourceText(path, text)));
  return resolvedBuilds(stated, { has: (path) => path in files });
}

export function answerFor(
  files: Files,
  dockerfile: string,
  given: { copied?: readonly string[]; setting?: string } = {},
): ContextAnswer {
  const folders = folderIndex({ paths: Object.keys(files).sort(), has: (path) => path in files });
  return buildContext({
    dockerfile,
    builds: buildsOf(files),
    copied: given.copied ?? [],
    setting: given.setting,
    folders,
  });
}

/** `folder, confidence, source`, or the state where it is not known. */
export function contextOf(
  files: Files,
  dockerfile: string,
  given: { copied?: readonly string[]; setting?: string } = {},
): string {
  const { context } = answerFor(files, dockerfile, given);
  return context.state === 'known' ? worded(context.value) : context.state;
}

function worded({ folder, confidence, from }: BuildContext): string {
  return `${folder === '' ? '/' : folder}, ${confidence}, ${typeof from === 'string' ? from : from.kind}`;
}
