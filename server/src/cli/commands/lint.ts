import { resolve } from 'node:path';
import type { SettingsLayer } from '../../lint/combineSettings';
import type { Profile } from '../../lint/settings';
import type { Finding, FixKind, Severity } from '../../protocol/finding';
import type { Command, ExitCode, Invocation } from '../command';
import { usageFailure } from '../failure';
import { findingJson, summaryOf } from '../findingJson';
import { changedSince } from '../lint/changedSince';
import { configurationAbove, namedConfiguration } from '../lint/configurations';
import { fixFiles, writeTexts } from '../lint/fixFiles';
import { lintTarget, type LintRun, type LintRunOptions } from '../lint/lintTarget';
import { type LintTarget, lintTargets, projectRootOf } from '../lint/lintTargets';
import { unifiedDiff } from '../lint/unifiedDiff';
import { programVersion } from '../programVersion';

const formats = ['text', 'json', 'sarif', 'github', 'gitlab', 'checkstyle', 'junit'] as const;
const thresholds = ['error', 'warning', 'info', 'never'] as const;
type Threshold = (typeof thresholds)[number];

export const command: Command = {
  name: 'lint',
  operands: '[PATH...]',
  summary: 'Find what makes an AI image large, unsafe, slow to build or unable to start',
  flags: {
    profile: {
      value: 'NAME',
      summary: 'Which rules: few and sure, or all',
      choices: ['recommended', 'strict'],
    },
    config: { value: 'FILE', summary: 'Use this configuration, not the nearest .plimsoll.yaml' },
    'fail-on': {
      value: 'SEVERITY',
      summary: 'Exit with 1 from this severity on; default warning',
      choices: [...thresholds],
    },
    context: { value: 'DIR', summary: 'Build context of the Dockerfiles' },
    exclude: { value: 'GLOB', summary: 'Leave these paths out (.gitignore syntax)', repeatable: true },
    'changed-since': { value: 'GITREF', summary: 'Only files that changed since this commit' },
    fix: { summary: 'Write the safe fixes' },
    'fix-derived': { summary: 'Also write fixes worked out from other files' },
    diff: { summary: 'Print the fixes as a patch and write nothing' },
    stdin: { summary: 'Lint standard input' },
    'stdin-filename': { value: 'NAME', summary: 'Path that standard input stands for' },
    format: { value: 'FORMAT', summary: 'Shape of the report', choices: [...formats] },
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const cwd = process.cwd();
  const { targets, texts } = flags.isSet('stdin')
    ? await standardInput(invocation, cwd)
    : { targets: lintTargets(invocation.operands, cwd), texts: undefined };
  const kinds = new Set<FixKind>();
  if (flags.isSet('fix') || flags.isSet('fix-derived') || flags.isSet('diff')) kinds.add('safe');
  if (flags.isSet('fix-derived')) kinds.add('derived');
  const reports: Report[] = [];
  for (const target of targets)
    reports.push(lintOne(changedOnly(target, flags.text('changed-since')), invocation, cwd, texts, kinds));
  for (const { problems } of reports) for (const problem of problems) terminal.tell(problem);
  if (flags.isSet('diff')) {
    terminal.out(reports.map((report) => report.diff).join(''));
    return 0;
  }
  const findings = reports.flatMap((report) => report.findings);
  const files = reports.reduce((sum, report) => sum + report.files, 0);
  await print(findings, files, invocation);
  return exitCode(findings, thresholdOf(invocation, reports));
}

interface Report {
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly problems: LintRun['problems'];
  readonly diff: string;
  readonly failOn: Threshold | undefined;
}

function lintOne(
  target: LintTarget,
  { flags }: Invocation,
  cwd: string,
  texts: ReadonlyMap<string, string> | undefined,
  kinds: ReadonlySet<FixKind>,
): Report {
  const named = flags.text('config');
  const context = flags.text('context');
  const profile = flags.text('profile') as Profile | undefined;
  const layer: SettingsLayer = profile === undefined ? {} : { profile };
  const configuration =
    named === undefined ? configurationAbove(target.root) : namedConfiguration(named, cwd);
  const options: LintRunOptions = {
    flags: layer,
    configuration,
    configurationFixed: named !== undefined,
    exclude: flags.all('exclude'),
    ...(context === undefined ? {} : { context: relativeFolder(target.root, resolve(cwd, context)) }),
    ...(texts ? { texts } : {}),
  };
  const first = lintTarget(target, options);
  const { texts: fixedTexts, after } = fixFiles(first, kinds, (changed) =>
    lintTarget(target, { ...options, texts: new Map([...(texts ?? []), ...changed]) }),
  );
  const diff = [...fixedTexts]
    .map(([file, text]) => unifiedDiff(target.prefix + file, first.project.tree.textOf(file) ?? '', text))
    .join('');
  if (!flags.isSet('diff') && kinds.size > 0) writeTexts(target.root, fixedTexts);
  const findings = after.files.flatMap((file) =>
    file.findings.map((finding) => withPrefix(finding, target.prefix)),
  );
  return {
    findings,
    files: after.files.length,
    problems: first.problems,
    diff,
    failOn: configuration.configuration.failOn,
  };
}

function changedOnly(target: LintTarget, ref: string | undefined): LintTarget {
  if (ref === undefined) return target;
  const changed = changedSince(target.root, ref);
  return { ...target, only: new Set([...changed].filter((path) => !target.only || target.only.has(path))) };
}

function relativeFolder(root: string, folder: string): string {
  if (folder === root) return '.';
  if (folder.startsWith(`${root}/`)) return folder.slice(root.length + 1);
  throw usageFailure(
    { template: '--context {folder} is outside what is linted', with: { folder } },
    { template: 'Its files are not known' },
    { template: 'Lint the folder that holds both, and name the Dockerfile in it' },
  );
}

async function standardInput(
  { flags, operands }: Invocation,
  cwd: string,
): Promise<{ targets: readonly LintTarget[]; texts: ReadonlyMap<string, string> }> {
  const name = flags.text('stdin-filename') ?? 'Dockerfile';
  if (operands.length > 0 || flags.isSet('fix') || flags.isSet('fix-derived')) {
    throw usageFailure(
      { template: '--stdin takes no paths and writes no file' },
      { template: 'The text comes from standard input' },
      { template: 'Use --diff to see fixes as a patch' },
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const file = resolve(cwd, name);
  const root = projectRootOf(file, cwd);
  const path = file.slice(root.length + 1).replaceAll('\\', '/');
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  return { targets: [{ root, only: new Set([path]), prefix: '' }], texts: new Map([[path, text]]) };
}

function withPrefix(finding: Finding, prefix: string): Finding {
  if (prefix === '') return finding;
  return {
    ...finding,
    file: prefix + finding.file,
    ...(finding.fix
      ? {
          fix: {
            ...finding.fix,
            edits: finding.fix.edits.map((edit) => ({ ...edit, file: prefix + edit.file })),
          },
        }
      : {}),
    ...(finding.related
      ? { related: finding.related.map((place) => ({ ...place, file: prefix + place.file })) }
      : {}),
  };
}

async function print(
  findings: readonly Finding[],
  files: number,
  { flags, terminal }: Invocation,
): Promise<void> {
  const format = (flags.text('format') ?? 'text') as (typeof formats)[number];
  const summary = summaryOf(files, findings);
  if (format === 'text') {
    const { textReport } = await import('../formats/text');
    terminal.out(textReport(findings, summary, terminal));
    return;
  }
  const json = findings.map((finding) => findingJson(finding, (message) => terminal.say(message)));
  switch (format) {
    case 'json':
      terminal.out(`${JSON.stringify({ version: 1, findings: json, summary }, null, 2)}\n`);
      return;
    case 'sarif': {
      const { sarifReport } = await import('../formats/sarif');
      terminal.out(sarifReport(json, programVersion(), terminal));
      return;
    }
    default: {
      const { githubReport, gitlabReport, checkstyleReport, junitReport } = await import(
        '../formats/pipelines'
      );
      const report = {
        github: githubReport,
        gitlab: gitlabReport,
        checkstyle: checkstyleReport,
        junit: junitReport,
      }[format];
      terminal.out(report(json));
    }
  }
}

function thresholdOf({ flags }: Invocation, reports: readonly Report[]): Threshold {
  return (
    (flags.text('fail-on') as Threshold | undefined) ??
    reports.find((report) => report.failOn)?.failOn ??
    'warning'
  );
}

function exitCode(findings: readonly Finding[], threshold: Threshold): ExitCode {
  if (threshold === 'never') return 0;
  const order: readonly Severity[] = ['hint', 'info', 'warning', 'error'];
  const from = order.indexOf(threshold);
  return findings.some((finding) => order.indexOf(finding.severity) >= from) ? 1 : 0;
}
