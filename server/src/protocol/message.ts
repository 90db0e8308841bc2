/**
 * A worded text before it is rendered. `template` is English, is the key of the l10n bundles, and holds
 * `{name}` placeholders; `with` gives their values. Doors render it, modules never do.
 */
export interface Message {
  readonly template: string;
  readonly with?: Readonly<Record<string, string | number>>;
}
