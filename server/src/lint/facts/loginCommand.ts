import { literalOf } from '../../project/shell/commandArguments';
import type { ShellCommand } from '../../project/shell/shellScript';
import { credentialFile, holdsCredential, secretVariable, urlWithCredential } from './credentialFile';

/** A command that leaves a credential in a file. */
export interface LeftCredential {
  /** The file, as users know it. */
  readonly file: string;
  /** How many words of the command name it, the program's included; 0 = the whole redirection target. */
  readonly words: number;
  /** Text of a later command that takes the credential away again. */
  readonly cleared: RegExp;
}

interface Login {
  /** The words after the program that make it a login. */
  readonly words: readonly string[];
  /** Needed somewhere among the words as well. */
  readonly also?: RegExp;
  readonly file: string;
  readonly cleared: RegExp;
}

const huggingFace = {
  file: '~/.cache/huggingface/token',
  cleared: /logout|\brm\b.*(?:huggingface|HF_HOME|token|\.cache)/,
};
const dockerLogin = { file: '~/.docker/config.json', cleared: /logout|\brm\b.*(?:\.docker|auth\.json)/ };

/** Sources: each program's documentation of where it keeps what it was given. */
const logins: Readonly<Record<string, readonly Login[]>> = {
  hf: [{ words: ['auth', 'login'], also: /--token/, ...huggingFace }],
  'huggingface-cli': [
    { words: ['login'], also: /--token/, ...huggingFace },
    { words: ['auth', 'login'], also: /--token/, ...huggingFace },
  ],
  wandb: [{ words: ['login'], file: '~/.netrc', cleared: /\brm\b.*netrc/ }],
  docker: [{ words: ['login'], ...dockerLogin }],
  podman: [{ words: ['login'], ...dockerLogin }],
  skopeo: [{ words: ['login'], ...dockerLogin }],
  gcloud: [
    {
      words: ['auth', 'activate-service-account'],
      file: '~/.config/gcloud',
      cleared: /revoke|\brm\b.*gcloud/,
    },
  ],
  aws: [
    {
      words: ['configure', 'set'],
      also: /secret|token/,
      file: '~/.aws/credentials',
      cleared: /\brm\b.*\.aws/,
    },
  ],
  az: [{ words: ['login'], also: /-p\b|--password/, file: '~/.azure', cleared: /logout|\brm\b.*\.azure/ }],
  gh: [
    {
      words: ['auth', 'login'],
      also: /--with-token/,
      file: '~/.config/gh',
      cleared: /logout|\brm\b.*\bgh\b/,
    },
  ],
  poetry: [
    {
      words: ['config'],
      also: /http-basic|pypi-token/,
      file: '~/.config/pypoetry/auth.toml',
      cleared: /--unset|\brm\b.*pypoetry/,
    },
  ],
};

/** What a command of a RUN leaves behind; undefined for a command that keeps no credential. `text` = the command with its here-documents. */
export function leftCredential(command: ShellCommand, text: string): LeftCredential | undefined {
  const words = command.words.map((word) => literalOf(word) ?? word.raw);
  const rest = words.join(' ');
  const known = Object.hasOwn(logins, command.program) ? logins[command.program] : undefined;
  const login = known?.find(
    (candidate) =>
      candidate.words.every((word, index) => words[index] === word) && (candidate.also?.test(rest) ?? true),
  );
  if (login) return { ...login, words: login.words.length + 1 };
  return configured(command, words, rest) ?? cloned(command, words) ?? written(command, text);
}

/** `git config`, `pip config set`, `npm config set` with a credential among the words. */
function configured(
  { program }: ShellCommand,
  words: readonly string[],
  rest: string,
): LeftCredential | undefined {
  if (words[0] !== 'config') return undefined;
  if (program === 'git') {
    const secret =
      urlWithCredential(rest) || (/extraheader/i.test(rest) && /authorization|bearer|basic/i.test(rest));
    const cleared = /--unset|--remove-section|\brm\b.*gitconfig/;
    return secret ? { file: '~/.gitconfig', words: 2, cleared } : undefined;
  }
  if (words[1] !== 'set') return undefined;
  if (/^pip[\d.]*$/.test(program) && urlWithCredential(rest))
    return { file: 'pip.conf', words: 3, cleared: /config unset|\brm\b.*pip/ };
  if (/^(?:npm|pnpm|yarn)$/.test(program) && /_auth|_password/.test(rest))
    return { file: '~/.npmrc', words: 3, cleared: /config delete|\brm\b.*npmrc/ };
  return undefined;
}

/** `git clone https://x:token@host/repo`: the URL is kept in the clone's own configuration. */
function cloned(
  { program, words: shellWords }: ShellCommand,
  words: readonly string[],
): LeftCredential | undefined {
  if (program !== 'git' || !words.includes('clone')) return undefined;
  const url = shellWords.findIndex((word) => /:\/\/[^/]*@/.test(word.raw));
  const raw = shellWords[url]?.raw ?? '';
  if (!urlWithCredential(raw)) return undefined;
  const folder = words.slice(url + 1).find((word) => !word.startsWith('-'));
  const name = folder ?? /([^/]+?)(?:\.git)?["']?$/.exec(raw)?.[1] ?? '';
  const escaped = name.replace(/[^\w]/g, '\\$&');
  const cleared = new RegExp(`\\brm\\b.*(?:\\.git\\b|${escaped})|remote (?:set-url|remove|rm)`);
  return { file: '.git/config', words: words.indexOf('clone') + 2, cleared };
}

/** `echo ... > ~/.netrc`, `tee`, a here-document into a file that holds credentials. */
function written({ program, words, redirections }: ShellCommand, text: string): LeftCredential | undefined {
  const targets = redirections
    .filter(({ operator }) => operator === '>' || operator === '>>')
    .map(({ target }) => target?.raw ?? '');
  if (program === 'tee') targets.push(...words.map(({ raw }) => raw));
  for (const target of targets) {
    const path = target.replace(/^["']|["']$/g, '');
    const kind = credentialFile(path);
    const base = path.slice(path.lastIndexOf('/') + 1);
    const keepsSecret =
      secretVariable(text) ||
      urlWithCredential(text) ||
      holdsCredential(text) ||
      text.includes('/run/secrets/');
    if (kind === undefined || !keepsSecret) continue;
    return {
      file: path,
      words: 0,
      cleared: new RegExp(`\\b(?:rm|shred)\\b.*${base.replace(/[^\w]/g, '\\$&')}`),
    };
  }
  return undefined;
}
