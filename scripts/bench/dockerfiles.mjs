/** A Dockerfile of about `lines` lines as people write them: several stages, long RUNs, comments. `salt` makes it distinct. */
export function dockerfileOf(lines, salt = 0) {
  const out = [`# image ${salt}`, `FROM python:3.12-slim AS build${salt}`];
  const blocks = [
    (n) => [
      `RUN apt-get update \\`,
      `    && apt-get install -y --no-install-recommends git${n % 3 ? ' curl' : ''} build-essential \\`,
      '    # compilers for the wheels',
      '    && rm -rf /var/lib/apt/lists/*',
    ],
    (n) => [`ENV MODEL_${n}_PATH=/models/${n} \\`, `    WORKERS_${n}=${n % 8}`],
    (n) => [`COPY requirements-${n}.txt /tmp/`, `RUN pip install -r /tmp/requirements-${n}.txt`],
    (n) => [
      `RUN if [ "$WORKERS_${n}" = "" ]; then echo "none ${n}"; fi; for f in a b c; do test -e "/models/$f" || true; done`,
    ],
    (n) => [`COPY app/part${n}/ /app/part${n}/`, `RUN chown -R 1000:1000 /app/part${n}`],
  ];
  for (let n = salt; out.length < lines - 3; n++) out.push(...blocks[n % blocks.length](n));
  return `${[...out, 'EXPOSE 8080', 'CMD uvicorn app.main:app --port 8080'].slice(0, Math.max(lines, 4)).join('\n')}\n`;
}
