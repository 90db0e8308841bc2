/** The start of a text, for a message: hostile input can be megabytes on one line. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
