import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Command, ParsedFlags } from './command';
import { usageFailure } from './failure';

/** Flags every command understands. */
export const commonFlags: Command['flags'] = {
  help: { summary: 'Show this help' },
  lang: { value: 'LANG', summary: 'Language of messages', choices: ['en', 'zh-cn'] },
};

export interface ParsedCommandLine {
  readonly operands: readonly string[];
  readonly afterDashes: readonly string[];
  readonly flags: ParsedFlags;
}

/** Parses the words after the command's name. Throws a Failure for what the command does not know. */
export function parseCommandLine(command: Command, words: readonly string[]): ParsedCommandLine {
  const described = { ...commonFlags, ...command.flags };
  const options = Object.fromEntries(
    Object.entries(described).map(([name, flag]) => [
      name.length === 1 ? long(name, described) : name,
      {
        type: flag.value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: true as const,
        ...(name.length === 1 ? { short: name } : {}),
      },
    ]),
  );
  const dashes = words.indexOf('--');
  const own = dashes === -1 ? words : words.slice(0, dashes);
  const parsed = parseWords(command, own, options);
  for (const [name, values] of Object.entries(parsed.values)) {
    const choices = described[name]?.choices;
    const bad = choices && values?.find((value) => !choices.includes(String(value)));
    if (bad !== undefined) {
      throw usageFailure(
        { template: '--{flag} does not take {value}', with: { flag: name, value: String(bad) } },
        { template: 'It takes {choices}', with: { choices: choices?.join(', ') ?? '' } },
        seeHelp(command),
      );
    }
  }
  return {
    operands: parsed.positionals,
    afterDashes: dashes === -1 ? [] : words.slice(dashes + 1),
    flags: {
      text: (name) => lastText(parsed.values[name.length === 1 ? long(name, described) : name]),
      all: (name) => (parsed.values[name.length === 1 ? long(name, described) : name] ?? []).map(String),
      isSet: (name) => (parsed.values[name] ?? []).length > 0,
    },
  };
}

interface ParsedWords {
  readonly values: Readonly<Record<string, readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

function parseWords(
  command: Command,
  words: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
): ParsedWords {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options,
      allowPositionals: true,
      strict: true,
    });
    const lists = Object.entries(values).map(([name, value]) => [name, [value ?? []].flat()] as const);
    return { values: Object.fromEntries(lists), positionals };
  } catch (error) {
    throw wrongFlag(command, error);
  }
}

/** parseArgs wants a long name for each short flag. */
function long(short: string, described: Command['flags']): string {
  return Object.hasOwn(described, `short-${short}`) ? `short-${short}` : `flag-${short}`;
}

function lastText(values: readonly (string | boolean)[] | undefined): string | undefined {
  const last = values?.at(-1);
  return typeof last === 'string' ? last : undefined;
}

function wrongFlag(command: Command, error: unknown): Error {
  const detail =
    error instanceof Error
      ? ((error.message.split('\n')[0] ?? '').split('. To specify')[0] ?? '')
      : String(error);
  return usageFailure(
    { template: 'Wrong usage of plimsoll {command}', with: { command: command.name } },
    { template: '{detail}', with: { detail } },
    seeHelp(command),
  );
}

function seeHelp(command: Command): { template: string; with: Record<string, string> } {
  return { template: 'See plimsoll {command} --help', with: { command: command.name } };
}
