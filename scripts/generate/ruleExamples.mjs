/** At most this many examples are shown for a rule: the first findings of its spec. */
const mostExamples = 3;

/** Rule name -> examples for `plimsoll explain`: text before, and after the fix where the spec has it. */
export function ruleExamples(rules, specs) {
  return Object.fromEntries(rules.map((rule) => [rule.name, examplesOf(specs.get(rule.name))]));
}

function examplesOf(spec) {
  return spec.cases
    .filter((example) => example.expected.length > 0)
    .slice(0, mostExamples)
    .map((example) => {
      const file = example.expected[0].file;
      const after = example.fixed[file];
      return { before: example.files[file], ...(after === undefined ? {} : { after }) };
    });
}
