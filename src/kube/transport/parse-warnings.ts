/** Texts of `Warning: 299 - "text"` headers, one header or many, one warning or several in each. */
export function parseWarnings(header: string | readonly string[] | undefined): string[] {
  const headers = header === undefined ? [] : typeof header === 'string' ? [header] : header;
  return headers.flatMap((value) =>
    [...value.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => (text ?? '').replace(/\\(.)/g, '$1')),
  );
}
