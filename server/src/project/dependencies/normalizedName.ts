/** A distribution name as indexes compare it (PEP 503): `Foo.Bar__baz` is `foo-bar-baz`. */
export function normalizedName(written: string): string {
  return written.replace(/[-_.]+/g, '-').toLowerCase();
}
