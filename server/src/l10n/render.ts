import type { Message } from '../protocol/message';

/** English template -> translated template. A key that is missing stays English. */
export type Bundle = Readonly<Record<string, string>>;

/** The message in the bundle's language, its `{name}` placeholders filled. A name without a value stays as written. */
export function render(message: Message, bundle: Bundle = {}): string {
  const template = Object.hasOwn(bundle, message.template) ? bundle[message.template] : undefined;
  const values = message.with ?? {};
  return (template ?? message.template).replaceAll(/\{(\w+)\}/g, (written, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : written,
  );
}
