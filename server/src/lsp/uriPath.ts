/**
 * URIs and paths below a folder. Editors encode differently (`file:///c%3A/` or `file:///C:/`), so URIs are
 * compared decoded and with a small drive letter.
 */
export function comparableUri(uri: string): string {
  const decoded = decode(uri).replace(/\/+$/, '');
  return decoded.replace(/^file:\/\/\/([A-Za-z]):/, (_, drive: string) => `file:///${drive.toLowerCase()}:`);
}

/** The path of `uri` relative to `folder`; undefined when it does not lie below it. */
export function pathBelow(folder: string, uri: string): string | undefined {
  const start = `${comparableUri(folder)}/`;
  const whole = comparableUri(uri);
  return whole.startsWith(start) ? whole.slice(start.length) : undefined;
}

export function uriBelow(folder: string, path: string): string {
  return `${folder.replace(/\/+$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** The folder a document lies in, and its name there. A URI without slashes (`untitled:Untitled-1`) has no folder. */
export function parentFolder(uri: string): { folder: string; name: string } | undefined {
  const at = uri.lastIndexOf('/');
  if (at <= uri.indexOf('://') + 2) return undefined;
  return { folder: uri.slice(0, at), name: decode(uri.slice(at + 1)) };
}

function decode(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
