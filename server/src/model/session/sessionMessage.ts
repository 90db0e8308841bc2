import type { Values } from './values';

/** What the parent asks of a session process, and what it answers. One question at a time. */
export type SessionQuestion =
  | { readonly ask: 'open'; readonly path: string; readonly threads: number }
  | { readonly ask: 'run'; readonly inputs: Readonly<Record<string, Values>>; readonly answers: boolean }
  | { readonly ask: 'memory' };

export type SessionAnswer =
  | { readonly said: 'opened'; readonly loadMs: number }
  | { readonly said: 'ran'; readonly ms: number; readonly outputs: Readonly<Record<string, Values>> }
  | { readonly said: 'memory'; readonly rssBytes: number }
  | { readonly said: 'failed'; readonly message: string };
