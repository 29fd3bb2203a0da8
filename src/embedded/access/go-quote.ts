/** A text in double quotes as Kubernetes' messages quote it. */
export function goQuote(text: string): string {
  return JSON.stringify(text);
}

/** A list of quoted texts as Kubernetes' messages print it: `["a" "b"]`. */
export function goQuoteList(texts: readonly string[]): string {
  return `[${texts.map(goQuote).join(' ')}]`;
}
