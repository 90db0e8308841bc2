/** Asks every 100 ms until the answer is yes; rejects, naming what it waited for, when the time is over. */
export async function until(
  what: string,
  limitMs: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited ${limitMs} ms in vain until ${what}.`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
