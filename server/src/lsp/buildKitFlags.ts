import type { Message } from '../protocol/message';

/** A flag, option or value and what it does. Facts: the Dockerfile reference of BuildKit. */
export interface Candidate {
  readonly text: string;
  readonly says: Message;
  /** Other servers offer it too; left out where one of them is installed. */
  readonly offeredByOthers?: boolean;
}

export const flagsOf: Readonly<Record<string, readonly Candidate[]>> = {
  RUN: [
    {
      text: '--mount=',
      says: {
        template:
          'Mounts a cache, a secret or a folder for this instruction only; nothing of it stays in the layer.',
      },
    },
    { text: '--network=', says: { template: 'The network of this instruction: default, none or host.' } },
    {
      text: '--security=',
      says: { template: 'sandbox, or insecure for extra privileges that the builder must allow.' },
    },
    { text: '--device=', says: { template: 'A CDI device for this instruction, such as a GPU.' } },
  ],
  COPY: [
    {
      text: '--from=',
      says: { template: 'Copies from an earlier stage, an image or a named context.' },
      offeredByOthers: true,
    },
    {
      text: '--chown=',
      says: { template: 'Owner of the copies. Changing it in a later RUN writes every file twice.' },
      offeredByOthers: true,
    },
    {
      text: '--chmod=',
      says: { template: 'Mode of the copies. Changing it in a later RUN writes every file twice.' },
    },
    {
      text: '--link',
      says: { template: 'A layer of its own: it stays valid when the layers below change.' },
    },
    { text: '--parents', says: { template: 'Keeps the folders of the sources.' } },
    { text: '--exclude=', says: { template: 'Leaves out files that match the pattern.' } },
  ],
  ADD: [
    {
      text: '--chown=',
      says: { template: 'Owner of the copies. Changing it in a later RUN writes every file twice.' },
      offeredByOthers: true,
    },
    {
      text: '--chmod=',
      says: { template: 'Mode of the copies. Changing it in a later RUN writes every file twice.' },
    },
    {
      text: '--link',
      says: { template: 'A layer of its own: it stays valid when the layers below change.' },
    },
    { text: '--checksum=', says: { template: 'sha256 digest that the downloaded file must have.' } },
    { text: '--keep-git-dir', says: { template: 'Keeps the .git folder of a Git source.' } },
    { text: '--unpack=', says: { template: 'Whether an archive is unpacked: true or false.' } },
    { text: '--exclude=', says: { template: 'Leaves out files that match the pattern.' } },
  ],
};

export const mountTypes: readonly Candidate[] = [
  { text: 'cache', says: { template: 'A folder that survives between builds: for package downloads.' } },
  {
    text: 'bind',
    says: { template: 'Files of the context or another stage, without copying them into the image.' },
  },
  { text: 'secret', says: { template: 'A file or variable with a secret; it never enters the image.' } },
  { text: 'ssh', says: { template: 'The SSH agent of the builder, for private repositories.' } },
  { text: 'tmpfs', says: { template: 'A folder in memory.' } },
];

const target: Candidate = { text: 'target=', says: { template: 'Where it is mounted.' } };
const mode = { text: 'mode=', says: { template: 'File mode, octal.' } };
const owner = [
  { text: 'uid=', says: { template: 'Owner of what is mounted.' } },
  { text: 'gid=', says: { template: 'Group of what is mounted.' } },
];
const from = { text: 'from=', says: { template: 'Stage, image or named context it comes from.' } };
const source = { text: 'source=', says: { template: 'Path there.' } };
const required = { text: 'required=', says: { template: 'true: the build fails without it.' } };

export const mountOptionsOf: Readonly<Record<string, readonly Candidate[]>> = {
  bind: [
    target,
    source,
    from,
    { text: 'rw', says: { template: 'Writable; what is written is thrown away.' } },
  ],
  cache: [
    target,
    {
      text: 'sharing=',
      says: { template: 'Two builds at once: shared, private or locked. apt needs locked.' },
    },
    { text: 'id=', says: { template: 'Name of the cache; the target path when left out.' } },
    { text: 'ro', says: { template: 'Read only.' } },
    from,
    source,
    mode,
    ...owner,
  ],
  secret: [
    { text: 'id=', says: { template: 'Name of the secret, as given to docker build --secret.' } },
    target,
    { text: 'env=', says: { template: 'Variable that holds the secret instead of a file.' } },
    required,
    mode,
    ...owner,
  ],
  ssh: [
    { text: 'id=', says: { template: 'Name of the agent socket or key, as given to docker build --ssh.' } },
    target,
    required,
    mode,
    ...owner,
  ],
  tmpfs: [target, { text: 'size=', says: { template: 'Upper limit in bytes.' } }],
};

const onOff = [
  { text: 'true', says: { template: 'On.' } },
  { text: 'false', says: { template: 'Off.' } },
];

export const valuesOf: Readonly<Record<string, readonly Candidate[]>> = {
  '--network': [
    { text: 'default', says: { template: 'The network of the builder.' } },
    { text: 'none', says: { template: 'No network.' } },
    { text: 'host', says: { template: 'The network of the machine; the builder must allow it.' } },
  ],
  '--security': [
    { text: 'sandbox', says: { template: 'The default.' } },
    { text: 'insecure', says: { template: 'Extra privileges; the builder must allow them.' } },
  ],
  '--unpack': onOff,
  sharing: [
    { text: 'locked', says: { template: 'A second build waits: right for apt and dpkg.' } },
    { text: 'shared', says: { template: 'Both write at once: right for pip and uv.' } },
    { text: 'private', says: { template: 'A second build gets its own.' } },
  ],
  required: onOff,
};
