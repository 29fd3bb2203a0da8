/** Longest single value that is repeated to its sender; nothing with parts of its own is. */
const longestQuote = 40;

/**
 * graphql-js repeats what it was given: a whole input because of one field too many, and with it the manifest of a
 * Secret. Place and type are told by the rest of its words, so values go before the error is logged or answered.
 */
export function withoutGivenValues(message: string): string {
  return (
    message
      // `…, found: { cluster: "a", manifest: "…" }.` and `…? Found: …`
      .replace(/[,;]? (?:but )?[Ff]ound: [\s\S]*$/, (_found, offset: number) =>
        /[.?!]$/.test(message.slice(0, offset)) ? '' : '.',
      )
      // `String cannot represent a non string value: [ … ]`
      .replace(/(cannot represent [^:"]*value): ([\s\S]*)$/, (whole, words: string, value: string) =>
        message.includes('non string value') || value.length > longestQuote || /^[[{]/.test(value) ? words : whole,
      )
      // `Syntax Error: Expected Name, found String "…".`
      .replace(/\b(String|BlockString) "[\s\S]*"(?=\.?$)/, '$1')
  );
}
