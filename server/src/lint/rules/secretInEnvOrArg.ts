import type { AssignmentInstruction, Dockerfile, Stage } from '../../project/dockerfile/dockerfile';
import { secretMountFix } from '../facts/secretMount';
import { namesSecret } from '../facts/secretName';
import { secretIn, standsForNothing } from '../facts/secretValue';
import { defineRule, type Hit } from '../rule';

type Assignment = AssignmentInstruction['assignments'][number];

/** A value that says where the secret lies: a URL without password, a cloud's name for it. */
const pointer = /^(?:https?:\/\/|arn:|op:\/\/|vault:|ssm:|projects\/|\/run\/secrets\/)/i;

export const secretInEnvOrArg = defineRule({
  name: 'secret-in-env-or-arg',
  on: 'dockerfile',
  concern: 'security',
  severity: 'warning',
  summary: 'A password, token or key is passed by ENV or ARG.',
  why: 'ENV stays in the image and the values of ARG stay in its history and provenance: whoever can pull the image can read them with `docker history` or `docker inspect`.',
  next: 'Mount it in the RUN that needs it with --mount=type=secret, or give it to the container when it starts.',
  sources: [
    'Docker docs, Build secrets',
    'Dockerfile reference, ARG and RUN --mount=type=secret',
    'BuildKit checks, SecretsUsedInArgOrEnv',
  ],
  fixKind: 'derived',
  *check({ dockerfile }) {
    for (const instruction of dockerfile.instructions) {
      if (instruction.kind !== 'assignment' || instruction.keyword === 'LABEL') continue;
      const stage = dockerfile.stages.find(({ instructions }) => instructions.includes(instruction));
      for (const assignment of instruction.assignments) {
        const hit = hitFor(dockerfile, stage, instruction, assignment);
        if (hit) yield { ...hit, aliases: aliasesFor(assignment.name, stage, dockerfile) };
      }
    }
  },
});

function hitFor(
  dockerfile: Dockerfile,
  stage: Stage | undefined,
  instruction: AssignmentInstruction,
  assignment: Assignment,
): Hit | undefined {
  const { name, nameSpan, rawValue, value, valueSpan } = assignment;
  const found = secretIn(rawValue);
  if (found && valueSpan) {
    const span = { start: valueSpan.start + found.span.start, end: valueSpan.start + found.span.end };
    const shared = { span, severity: 'error' as const, with: { name, prefix: found.prefix }, next: rotate };
    switch (found.kind) {
      case 'token':
        return { ...shared, what: 'What begins with {prefix} in {name} looks like a real token' };
      case 'private-key':
        return { ...shared, what: '{name} holds a private key' };
      case 'url-password':
        return { ...shared, severity: 'warning', what: 'The URL in {name} holds a password' };
    }
  }
  if (!stage) return undefined;
  const severity = stage.shipped ? 'warning' : 'info';
  const shared = { span: nameSpan, severity, with: { name } } as const;
  if (instruction.keyword === 'ENV' && holdsSecretArgument(instruction, assignment)) {
    const fix = secretMountFix(dockerfile, stage, name);
    return {
      ...shared,
      what: 'ENV keeps the build argument for {name} in the image',
      ...(fix ? { fix } : {}),
    };
  }
  if (!namesSecret(name)) return undefined;
  if (value.state === 'known' && !standsForNothing(value.value)) {
    if (pointer.test(value.value)) return undefined;
    return { ...shared, what: 'The value of {name} can be read by everyone who has the image', next: rotate };
  }
  if (instruction.keyword !== 'ARG') return undefined;
  const fix = secretMountFix(dockerfile, stage, name);
  const what = stage.shipped
    ? 'The build argument {name} can be read in the history of the image'
    : 'The build argument {name} stays in the build cache and the provenance';
  return { ...shared, what, ...(fix ? { fix } : {}), ...(stage.shipped ? {} : { why: whyDiscarded }) };
}

const rotate =
  'Take it out, replace it where it was issued, and mount it as a build secret or give it at start.';

const whyDiscarded =
  'The stage is not shipped, but the value of a build argument goes into the build cache and into provenance of mode max, which is pushed with the image.';

/** `ENV X=$TOKEN` of a declared ARG that is a secret by its name. */
function holdsSecretArgument({ before }: AssignmentInstruction, { rawValue }: Assignment): boolean {
  const names = [...rawValue.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '');
  return names.some((name) => before.args.get(name)?.state === 'absent' && namesSecret(name));
}

/** Names that trivy's DS-0031 lists; it looks at the last stage only. */
const trivyNames = new Set(
  (
    'AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AZURE_CLIENT_SECRET GITHUB_TOKEN GH_TOKEN GH_ENTERPRISE_TOKEN ' +
    'GITHUB_ENTERPRISE_TOKEN OPENAI_API_KEY HF_TOKEN DIGITALOCEAN_ACCESS_TOKEN DOCKERHUB_PASSWORD FIREBASE_TOKEN ' +
    'CI_DEPLOY_PASSWORD GOOGLE_API_KEY LANGSMITH_API_KEY LANGCHAIN_API_KEY HEROKU_API_KEY'
  ).split(' '),
);

function aliasesFor(name: string, stage: Stage | undefined, dockerfile: Dockerfile): readonly string[] {
  const buildkit =
    /(?:^|_)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i.test(name) &&
    !/(?:^|_)(?:public|file|version)(?:_|$)/i.test(name);
  const hadolint = /api_key|client_key|password|private|secret|token|username/i.test(name);
  return [
    ...(buildkit && stage ? ['SecretsUsedInArgOrEnv'] : []),
    ...(hadolint ? ['DL3064'] : []),
    ...(trivyNames.has(name) && stage === dockerfile.finalStage ? ['DS-0031'] : []),
  ];
}
