/** package.json with the rules' names under the setting plimsoll.lint.rules, so that the editor completes them. */
export function manifestRules(text, rules) {
  const manifest = JSON.parse(text);
  for (const section of [manifest.contributes?.configuration ?? []].flat()) {
    const setting = section.properties?.['plimsoll.lint.rules'];
    if (!setting) continue;
    setting.properties = Object.fromEntries(
      rules.map((rule) => [
        rule.name,
        { enum: ['error', 'warning', 'info', 'hint', 'off'], description: rule.summary },
      ]),
    );
  }
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
