/** Heavy jobs in a process of their own: `worker.js JOB`. Each is loaded when it is asked for. */
const jobs: Readonly<Record<string, () => Promise<void>>> = {
  'model-session': async () => (await import('../model/session/serveSession')).serveSession(),
};

void jobs[process.argv[2] ?? '']?.();
