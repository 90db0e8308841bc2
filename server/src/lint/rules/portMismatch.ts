import type { Stage } from '../../project/dockerfile/dockerfile';
import type { SourceText } from '../../project/sourceText';
import type { Span } from '../../project/span';
import { type ListeningPort, listeningPorts } from '../facts/listeningPorts';
import { instructionsOf, purposeOf } from '../facts/stageFacts';
import { defineRule, type Hit } from '../rule';

export const portMismatch = defineRule({
  name: 'port-mismatch',
  on: 'dockerfile',
  concern: 'agreement',
  severity: 'warning',
  summary: 'EXPOSE or HEALTHCHECK names another port than the one the service listens on.',
  why: 'People and tools publish the port that EXPOSE names, and nothing answers there; a check of a wrong port makes the container unhealthy for ever.',
  next: 'Write the port the service listens on.',
  sources: [
    'Dockerfile reference, EXPOSE and HEALTHCHECK',
    'Default ports in the documentation of uvicorn, fastapi, flask and streamlit',
  ],
  fixKind: 'derived',
  *check({ dockerfile, file, project }) {
    const stage = dockerfile.finalStage;
    if (!stage || purposeOf(dockerfile).purpose !== 'serving') return;
    const exposed = exposedPorts(stage);
    const asked = askedPorts(stage, dockerfile.source);
    if (exposed.length === 0 && asked.length === 0) return;
    const ports = listeningPorts(stage, file.path, project);
    const [first] = ports ?? [];
    if (!ports || !first) return;
    const answers = (port: number): boolean => ports.some((open) => open.port === port);
    const single = ports.every(({ port }) => port === first.port) ? first : undefined;
    // A second EXPOSE may be for what a base or a sidecar opens; one that fits is enough.
    const [word] = exposed;
    if (word && exposed.every(({ from, to }) => !ports.some(({ port }) => from <= port && port <= to)))
      yield {
        what: 'EXPOSE says {said}, the service listens on {port}',
        ...disagreement(word.span, word.from, first, single),
      };
    for (const { port, span, isWritten } of asked) {
      if (answers(port)) continue;
      yield {
        what: 'The health check asks port {said}, the service listens on {port}',
        ...disagreement(span, port, first, isWritten ? single : undefined),
      };
    }
  },
});

function disagreement(
  span: Span,
  said: number,
  first: ListeningPort,
  fixed: ListeningPort | undefined,
): Omit<Hit, 'what'> {
  return {
    span,
    with: { said, port: first.port },
    related: [
      {
        ...(first.file === undefined ? {} : { file: first.file }),
        span: first.span,
        what: 'The service listens on {port} here',
        with: { port: first.port },
      },
    ],
    ...(fixed
      ? {
          fix: {
            kind: 'derived',
            title: 'Write {port}',
            with: { port: fixed.port },
            edits: [{ span, newText: String(fixed.port) }],
          },
        }
      : {}),
  };
}

interface ExposedPort {
  readonly from: number;
  readonly to: number;
  /** The number alone, without protocol. */
  readonly span: Span;
}

/** Ports of every EXPOSE for TCP; none where one of them is unknown. */
function exposedPorts(stage: Stage): readonly ExposedPort[] {
  const ports: ExposedPort[] = [];
  for (const instruction of instructionsOf(stage)) {
    if (instruction.kind !== 'words' || instruction.keyword !== 'EXPOSE') continue;
    for (const { value, raw, span } of instruction.words) {
      const match =
        value.state === 'known' ? /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(\w+))?$/.exec(value.value) : undefined;
      if (!match?.[1]) return [];
      if (match[3]?.toLowerCase() === 'udp') continue;
      const written = raw.startsWith(match[1]) && match[2] === undefined;
      const end = written ? span.start + match[1].length : span.end;
      ports.push({
        from: Number(match[1]),
        to: Number(match[2] ?? match[1]),
        span: { start: span.start, end },
      });
    }
  }
  return ports;
}

interface AskedPort {
  readonly port: number;
  readonly span: Span;
  /** The number stands in the text. */
  readonly isWritten: boolean;
}

/** Ports of the container itself that the health check's URLs name. */
function* portsInText(text: string, offset: number): Iterable<AskedPort> {
  const local = /(https?:\/\/)?\b(localhost|127\.0\.0\.1|0\.0\.0\.0)(?::(\d{1,5})\b|(?=[/"'\s]|$))/g;
  for (const match of text.matchAll(local)) {
    const [whole, scheme, host = '', digits] = match;
    const end = offset + match.index + whole.length;
    if (digits !== undefined)
      yield { port: Number(digits), span: { start: end - digits.length, end }, isWritten: true };
    else if (scheme !== undefined)
      yield {
        port: scheme === 'https://' ? 443 : 80,
        span: { start: end - host.length, end },
        isWritten: false,
      };
  }
}

function askedPorts({ healthcheck }: Stage, source: SourceText): readonly AskedPort[] {
  const span = healthcheck?.command?.span;
  return span ? [...portsInText(source.slice(span), span.start)] : [];
}
