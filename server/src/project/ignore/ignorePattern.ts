/**
 * One pattern of an ignore file, with the engine's meaning (moby/patternmatcher): `*` and `?` stay inside a
 * path segment, `**` does not, a plain pattern is the whole path from the context's root. Matching costs at most
 * path length times pattern length, whatever the pattern.
 */
export interface PathMatcher {
  matches(path: string): boolean;
}

/** Whether the engine refuses the pattern, and with it the whole build. */
export function isMalformed(pattern: string): boolean {
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\') {
      if (++at >= pattern.length) return true;
    } else if (pattern[at] === '[') {
      at = classEnd(pattern, at);
      if (at === -1) return true;
    }
  }
  return false;
}

/** Index of the `]` that ends the class at `open`; -1 when it is malformed by Go's filepath.Match. */
function classEnd(pattern: string, open: number): number {
  let at = open + 1;
  if (pattern[at] === '^') at++;
  for (let members = 0; ; members++) {
    if (pattern[at] === ']' && members > 0) return at;
    at = afterMember(pattern, at);
    if (at !== -1 && pattern[at] === '-') at = afterMember(pattern, at + 1);
    if (at === -1) return -1;
  }
}

function afterMember(pattern: string, at: number): number {
  const first = pattern[at];
  if (first === undefined || first === '-' || first === ']') return -1;
  const last = first === '\\' ? at + 1 : at;
  return last + 1 < pattern.length ? last + 1 : -1;
}

/** `pattern` is cleaned, well-formed and without `!`. */
export function pathMatcher(pattern: string): PathMatcher {
  if (!/[*?\\[\]]/.test(pattern)) return { matches: (path) => path === pattern };
  const plainTail = pattern.slice(2);
  if (pattern.startsWith('**') && !/[*?\\[\]]/.test(plainTail)) {
    // `**/foo` is foo at any depth; `**foo` is any path that ends so.
    const atRoot = plainTail.startsWith('/') ? plainTail.slice(1) : undefined;
    return { matches: (path) => path.endsWith(plainTail) || path === atRoot };
  }
  const plainHead = pattern.slice(0, -2);
  if (pattern.endsWith('**') && !/[*?\\[\]]/.test(plainHead)) {
    return { matches: (path) => path.startsWith(plainHead) };
  }
  // Most rules of a long file are never asked about: their steps are worked out when they are.
  let steps: StepMatcher | undefined;
  return {
    matches: (path) => {
      steps ??= new StepMatcher(stepsOf(pattern));
      return steps.matches(path);
    },
  };
}

/**
 * A step consumes one character, or is passed without one. `dirs` is `**` before more pattern: nothing, or
 * anything that ends in a slash; it takes two steps, the second of which is inside that anything.
 */
type Step =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'class'; readonly members: RegExp }
  | { readonly kind: 'one' | 'many' | 'rest' | 'dirs' | 'insideDirs' | 'start' | 'never' };

function stepsOf(pattern: string): Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = characterAt(pattern, at);
    const start = at;
    at += character.length;
    if (character === '*' && pattern[at] === '*') {
      at++;
      if (pattern[at] === '/') at++;
      if (at >= pattern.length) steps.push({ kind: 'rest' });
      else steps.push({ kind: 'dirs' }, { kind: 'insideDirs' });
    } else if (character === '*') {
      steps.push({ kind: 'many' });
    } else if (character === '?') {
      steps.push({ kind: 'one' });
    } else if (character === '\\') {
      const next = characterAt(pattern, at);
      at += next.length;
      steps.push(escaped(next));
    } else if (character === '[') {
      at = classEnd(pattern, start) + 1;
      steps.push(classStep(pattern.slice(start, at)));
    } else if (character === '^') {
      // The engine hands it to its regular expressions unescaped: it is an anchor there.
      steps.push({ kind: 'start' });
    } else {
      steps.push({ kind: 'character', character });
    }
  }
  return steps;
}

function characterAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

/** `\d` and the like mean in the engine what they mean in a regular expression. */
function escaped(character: string): Step {
  if (/[dDwWsS]/.test(character)) return { kind: 'class', members: new RegExp(`^\\${character}$`) };
  return /[A-Za-z0-9]/.test(character) ? { kind: 'never' } : { kind: 'character', character };
}

/** The engine replaces wildcards inside brackets too, which leaves a pattern that fits no real path. */
function classStep(text: string): Step {
  if (/[*?]/.test(text)) return { kind: 'never' };
  try {
    return { kind: 'class', members: new RegExp(`^${text.replace(/(?!^)\[/g, '\\[')}$`, 'u') };
  } catch {
    return { kind: 'never' };
  }
}

class StepMatcher {
  private readonly head: string;
  private readonly tail: string;

  constructor(private readonly steps: readonly Step[]) {
    const firstOpen = steps.findIndex((step) => step.kind !== 'character');
    const lastOpen = steps.findLastIndex((step) => step.kind !== 'character');
    this.head = literal(steps.slice(0, firstOpen));
    this.tail = literal(steps.slice(lastOpen + 1));
  }

  matches(path: string): boolean {
    if (!path.startsWith(this.head) || !path.endsWith(this.tail)) return false;
    let active = new Uint8Array(this.steps.length + 1);
    let next = new Uint8Array(this.steps.length + 1);
    this.activate(active, 0, true);
    for (const character of path) {
      next.fill(0);
      for (let at = 0; at < this.steps.length; at++) {
        const step = this.steps[at];
        if (active[at] === 0 || !step || !consumes(step, character)) continue;
        if (step.kind === 'many' || step.kind === 'rest') this.activate(next, at, false);
        else if (step.kind === 'insideDirs') {
          next[at] = 1;
          if (character === '/') this.activate(next, at + 1, false);
        } else this.activate(next, at + 1, false);
      }
      [active, next] = [next, active];
    }
    return active[this.steps.length] === 1;
  }

  /** Marks a step and those reached from it without a character. */
  private activate(into: Uint8Array, from: number, atStart: boolean): void {
    for (let at = from; into[at] === 0; at++) {
      into[at] = 1;
      const kind = this.steps[at]?.kind;
      if (kind === 'dirs') {
        into[at + 1] = 1;
        at++;
      } else if (kind !== 'many' && kind !== 'rest' && !(kind === 'start' && atStart)) return;
    }
  }
}

function consumes(step: Step, character: string): boolean {
  switch (step.kind) {
    case 'character':
      return step.character === character;
    case 'class':
      return step.members.test(character);
    case 'one':
    case 'many':
      return character !== '/';
    case 'rest':
    case 'insideDirs':
      return true;
    case 'dirs':
    case 'start':
    case 'never':
      return false;
  }
}

function literal(steps: readonly Step[]): string {
  return steps.map((step) => (step.kind === 'character' ? step.character : '')).join('');
}
