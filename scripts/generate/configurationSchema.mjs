/** JSON schema of .plimsoll.yaml: editors complete and check it. */
export function configurationSchema(rules) {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Plimsoll configuration',
    type: 'object',
    additionalProperties: false,
    properties: {
      profile: {
        enum: ['recommended', 'strict'],
        description: 'recommended: few and sure. strict: every rule.',
      },
      'fail-on': {
        enum: ['error', 'warning', 'info', 'never'],
        description: 'The command line exits with 1 from this severity on.',
      },
      rules: {
        type: 'object',
        description: 'Rule names, or codes of other tools, with a severity or off.',
        properties: Object.fromEntries(
          rules.map((rule) => [rule.name, { $ref: '#/definitions/severity', description: rule.summary }]),
        ),
        additionalProperties: { $ref: '#/definitions/severity' },
      },
      exclude: {
        type: 'array',
        items: { type: 'string' },
        description: 'Paths left out, in .gitignore syntax.',
      },
      context: {
        description: 'Build context of every Dockerfile, or of each.',
        oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }],
      },
      size: {
        type: 'object',
        additionalProperties: false,
        properties: {
          budget: {
            type: ['string', 'integer'],
            description: 'Most bytes an image may have on disk, as in 500MB or 2GB.',
          },
        },
      },
    },
    definitions: { severity: { enum: ['error', 'warning', 'info', 'hint', 'off'] } },
  };
}
