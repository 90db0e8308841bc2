export function muslState(files: readonly string[], hasSdist: boolean): 'wheel' | 'pure' | 'build' | 'none';
export function seenWithMusl(tsv: string): Record<string, string>;
