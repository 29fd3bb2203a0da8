/** What the real server's JSON parser says where ours says otherwise; the first that fits. */
const contexts: readonly (readonly [ours: RegExp, theirs: string])[] = [
  [/^Expected property name/, 'looking for beginning of object key string'],
  [/^Expected double-quoted property name/, 'looking for beginning of object key string'],
  [/^Expected ':'/, 'after object key'],
  [/^Expected ',' or '}'/, 'after object key:value pair'],
  [/^Expected ',' or '\]'/, 'after array element'],
  [/^Unexpected non-whitespace character after JSON/, 'after top-level value'],
  [/^Bad control character/, 'in string literal'],
  [/^Bad escaped character/, 'in string escape code'],
  [/^Bad Unicode escape/, 'in \\u hexadecimal character escape'],
  [/^No number after minus sign/, 'in numeric literal'],
  [/^Unterminated fractional number/, 'after decimal point in numeric literal'],
  [/^Exponent part is missing/, 'in exponent of numeric literal'],
];

/** `invalid character 'h' looking for beginning of value`: why a text is no JSON, in the real server's words. */
export function jsonErrorWords(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const at = /at position (\d+)/.exec(message)?.[1];
  const character = /^Unexpected token '(.)'/s.exec(message)?.[1] ?? (at === undefined ? undefined : text[Number(at)]);
  if (character === undefined || message.startsWith('Unterminated string')) return 'unexpected end of JSON input';
  const context = contexts.find(([ours]) => ours.test(message))?.[1] ?? 'looking for beginning of value';
  return `invalid character '${character}' ${context}`;
}
