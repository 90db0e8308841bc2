/** Whether a line of the text has more characters than `most`. */
export function hasLongerLine(text: string, most: number): boolean {
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    if (end - start > most) return true;
    start = end + 1;
  }
  return text.length - start > most;
}
