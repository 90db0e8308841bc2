import type { Message } from '../protocol/message';

/** A flag, option or value and what it does. Facts: the Dockerfile reference of BuildKit. */
export interface Candidate {
  readonly text: string;
  readonly says: Message;
  /** Other servers offer it too; left out where one of them is installed. */
  readonly offeredByOthers?: boolean;
}

const candidate = (text: string, template: string): Candidate => ({ text, says: { template } });

export const flagsOf: Readonly<Record<string, readonly Candidate[]>> = {
  RUN: [
    candidate(
      '--mount=',
      'Mounts a cache, a secret or a folder for this instruction only; nothing of it stays in the layer.',
    ),
    candidate('--network=', 'The network of this instruction: default, none or host.'),
    candidate('--security=', 'sandbox, or insecure for extra privileges that the builder must allow.'),
    candidate('--device=', 'A CDI device for this instruction, such as a GPU.'),
  ],
  COPY: [
    {
      ...candidate('--from=', 'Copies from an earlier stage, an image or a named context.'),
      offeredByOthers: true,
    },
    {
      ...candidate('--chown=', 'Owner of the copies. Changing it in a later RUN writes every file twice.'),
      offeredByOthers: true,
    },
    candidate('--chmod=', 'Mode of the copies. Changing it in a later RUN writes every file twice.'),
    candidate('--link', 'A layer of its own: it stays valid when the layers below change.'),
    candidate('--parents', 'Keeps the folders of the sources.'),
    candidate('--exclude=', 'Leaves out files that match the pattern.'),
  ],
  ADD: [
    {
      ...candidate('--chown=', 'Owner of the copies. Changing it in a later RUN writes every file twice.'),
      offeredByOthers: true,
    },
    candidate('--chmod=', 'Mode of the copies. Changing it in a later RUN writes every file twice.'),
    candidate('--link', 'A layer of its own: it stays valid when the layers below change.'),
    candidate('--checksum=', 'sha256 digest that the downloaded file must have.'),
    candidate('--keep-git-dir', 'Keeps the .git folder of a Git source.'),
    candidate('--unpack=', 'Whether an archive is unpacked: true or false.'),
    candidate('--exclude=', 'Leaves out files that match the pattern.'),
  ],
};

export const mountTypes: readonly Candidate[] = [
  candidate('cache', 'A folder that survives between builds: for package downloads.'),
  candidate('bind', 'Files of the context or another stage, without copying them into the image.'),
  candidate('secret', 'A file or variable with a secret; it never enters the image.'),
  candidate('ssh', 'The SSH agent of the builder, for private repositories.'),
  candidate('tmpfs', 'A folder in memory.'),
];

const target = candidate('target=', 'Where it is mounted.');
const mode = candidate('mode=', 'File mode, octal.');
const owner = [
  candidate('uid=', 'Owner of what is mounted.'),
  candidate('gid=', 'Group of what is mounted.'),
];
const from = candidate('from=', 'Stage, image or named context it comes from.');
const source = candidate('source=', 'Path there.');
const required = candidate('required=', 'true: the build fails without it.');

export const mountOptionsOf: Readonly<Record<string, readonly Candidate[]>> = {
  bind: [target, source, from, candidate('rw', 'Writable; what is written is thrown away.')],
  cache: [
    target,
    candidate('sharing=', 'Two builds at once: shared, private or locked. apt needs locked.'),
    candidate('id=', 'Name of the cache; the target path when left out.'),
    candidate('ro', 'Read only.'),
    from,
    source,
    mode,
    ...owner,
  ],
  secret: [
    candidate('id=', 'Name of the secret, as given to docker build --secret.'),
    target,
    candidate('env=', 'Variable that holds the secret instead of a file.'),
    required,
    mode,
    ...owner,
  ],
  ssh: [
    candidate('id=', 'Name of the agent socket or key, as given to docker build --ssh.'),
    target,
    required,
    mode,
    ...owner,
  ],
  tmpfs: [target, candidate('size=', 'Upper limit in bytes.')],
};

const onOff = [candidate('true', 'On.'), candidate('false', 'Off.')];

export const valuesOf: Readonly<Record<string, readonly Candidate[]>> = {
  '--network': [
    candidate('default', 'The network of the builder.'),
    candidate('none', 'No network.'),
    candidate('host', 'The network of the machine; the builder must allow it.'),
  ],
  '--security': [
    candidate('sandbox', 'The default.'),
    candidate('insecure', 'Extra privileges; the builder must allow them.'),
  ],
  '--unpack': onOff,
  sharing: [
    candidate('locked', 'A second build waits: right for apt and dpkg.'),
    candidate('shared', 'Both write at once: right for pip and uv.'),
    candidate('private', 'A second build gets its own.'),
  ],
  required: onOff,
};
