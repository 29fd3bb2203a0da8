/** Words of a command line as a shell would part them; undefined where a quote is left open. Nothing is expanded. */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let place = 0; place < text.length; place += 1) {
    const sign = text[place] as string;
    if (quote !== undefined) {
      if (sign === quote) quote = undefined;
      else if (sign === '\\' && quote === '"' && '"\\$`'.includes(text[place + 1] ?? ' ')) {
        place += 1;
        word = `${word ?? ''}${text[place] ?? ''}`;
      } else word = `${word ?? ''}${sign}`;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (sign === '\\') {
      place += 1;
      if (place >= text.length) return undefined;
      word = `${word ?? ''}${text[place] ?? ''}`;
    } else word = `${word ?? ''}${sign}`;
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
