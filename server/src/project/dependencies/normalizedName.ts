/** A distribution name as indexes compare it (PEP 503): `Foo.Bar__baz` is `foo-bar-baz`. */
export function normalizedName(written: string): string {
  // Lock files, with thousands of names, write them so already.
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(written)) return written;
  return written.replace(/[-_.]+/g, '-').toLowerCase();
}
