export function advisoryRanges(yaml: string): { introduced: string; fixed: string }[];
