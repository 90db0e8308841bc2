const words = {
  en: {
    severity: 'Severity',
    concern: 'Concern',
    profiles: 'Profiles',
    fix: 'Fix',
    aliases: 'Known elsewhere as',
    why: 'Why',
    next: 'What to do',
    found: 'Found',
    quiet: 'Not found',
    after: 'After the fix',
    allow: 'Allow it here',
    sources: 'Sources',
    none: 'none',
    index: 'Rules',
    made: 'This page is made from the rule and its tests.',
  },
  'zh-cn': {
    severity: '严重程度',
    concern: '关注点',
    profiles: '规则集',
    fix: '修复',
    aliases: '在其他工具中的编号',
    why: '原因',
    next: '怎么做',
    found: '会报告',
    quiet: '不会报告',
    after: '修复之后',
    allow: '在此处放行',
    sources: '依据',
    none: '无',
    index: '规则',
    made: '本页由规则及其测试生成。',
  },
};

const languages = {
  Dockerfile: 'dockerfile',
  py: 'python',
  toml: 'toml',
  yaml: 'yaml',
  yml: 'yaml',
  sh: 'sh',
};

/** [path, content] of each rule's page in each language, and of the index. */
export function rulePages(rules, specs, bundle, render) {
  return Object.keys(words).flatMap((language) => {
    const say = (template) => render({ template }, language === 'en' ? {} : bundle);
    const folder = language === 'en' ? 'media/rules' : `media/rules/${language}`;
    const pages = rules.map((rule) => [
      `${folder}/${rule.name}.md`,
      page(rule, specs.get(rule.name), words[language], say),
    ]);
    return [...pages, [`${folder}/README.md`, index(rules, words[language], say)]];
  });
}

function page(rule, spec, word, say) {
  const facts = [
    `${word.severity}: \`${rule.severity}\``,
    `${word.concern}: \`${rule.concern}\``,
    `${word.profiles}: ${(rule.profiles ?? ['recommended', 'strict']).map((name) => `\`${name}\``).join(', ')}`,
    `${word.fix}: ${rule.fixKind ? `\`${rule.fixKind}\`` : word.none}`,
    ...(rule.aliases?.length ? [`${word.aliases}: ${rule.aliases.join(', ')}`] : []),
  ];
  const found = spec.cases.filter((example) => example.expected.length > 0);
  const quiet = spec.cases.filter((example) => example.expected.length === 0);
  return [
    `# ${rule.name}`,
    '',
    say(rule.summary),
    '',
    facts.join(' · '),
    '',
    `## ${word.why}`,
    '',
    say(rule.why),
    '',
    `## ${word.next}`,
    '',
    say(rule.next),
    '',
    `## ${word.found}`,
    '',
    ...found.flatMap((example) => exampleText(example, word)),
    `## ${word.quiet}`,
    '',
    ...quiet.flatMap((example) => exampleText(example, word)),
    `## ${word.allow}`,
    '',
    '```',
    `# plimsoll: allow ${rule.name} -- ...`,
    '```',
    '',
    `## ${word.sources}`,
    '',
    ...rule.sources.map((source) => `- ${source}`),
    '',
    `_${word.made}_`,
    '',
  ].join('\n');
}

function exampleText(example, word) {
  const blocks = Object.entries(example.files).flatMap(([path, file]) => {
    if (typeof file !== 'string') return [];
    const marks = example.expected.filter((finding) => finding.file === path);
    return [...block(path, withCarets(file, marks))];
  });
  const after = Object.entries(example.fixed).flatMap(([path, text]) => [
    `${word.after}:`,
    '',
    ...block(path, text),
  ]);
  return [`### ${example.title}`, '', ...blocks, ...after];
}

function block(path, text) {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const fence = text.includes('```') ? '````' : '```';
  return [
    `${fence}${languages[path.slice(path.lastIndexOf('/') + 1)] ?? languages[extension] ?? ''}`,
    text.replaceAll('\r', '').replace(/\n$/, ''),
    fence,
    '',
  ];
}

function withCarets(text, findings) {
  return text
    .split('\n')
    .flatMap((line, index) => [
      line,
      ...findings
        .filter((finding) => finding.line === index + 1)
        .map(
          (finding) =>
            `${' '.repeat(finding.startColumn - 1)}${'^'.repeat(finding.endColumn - finding.startColumn)} ${finding.severity}: ${finding.message}`,
        ),
    ])
    .join('\n');
}

function index(rules, word, say) {
  const rows = rules.map(
    (rule) =>
      `| [${rule.name}](${rule.name}.md) | ${rule.severity} | ${rule.concern} | ${rule.fixKind ?? ''} | ${say(rule.summary)} |`,
  );
  return [
    `# ${word.index}`,
    '',
    `| | ${word.severity} | ${word.concern} | ${word.fix} | |`,
    '|---|---|---|---|---|',
    ...rows,
    '',
    `_${word.made}_`,
    '',
  ].join('\n');
}
