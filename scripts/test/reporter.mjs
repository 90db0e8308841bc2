import { inspect } from 'node:util';

/** One JSON line per test: {title, path, ok, skip?, error?, ms}. Suites and parents of a failed subtest are not counted. */
// node loads a reporter by its default export.
// oxlint-disable-next-line import/no-default-export
export default async function* report(events) {
  const path = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      path.length = data.nesting;
      path.push(data.name);
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { details, name, nesting, skip, todo } = data;
    const error = details.error;
    if (details.type === 'suite' && error === undefined) continue;
    if (error?.failureType === 'subtestsFailed') continue;
    if (skip === 'test name does not match pattern') continue;
    const line = {
      title: [...path.slice(0, nesting), name].join(' > '),
      ok: type === 'test:pass',
      ms: details.duration_ms,
      ...(skip !== undefined && { skip: skip === true ? 'marked to be skipped' : String(skip) }),
      ...(todo !== undefined && { skip: `todo ${todo}` }),
      ...(error !== undefined && { error: describe(error) }),
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

function describe(error) {
  const cause = error.cause ?? error;
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : inspect(cause, { depth: 4 });
  // The stack repeats the message, except where an assertion's message was made after the stack.
  const text = inspect(cause, { depth: 4 });
  const whole = text.includes(cause.message) ? text : `${cause.message}\n${text}`;
  return whole.replace(/^ +at .*\(?node:internal\/.*\n/gm, '');
}
