import type { ExpectedConfirmation } from './check-confirmation.ts';

/**
 * What is typed once for several things: the phrase where any of them asks for one; else how many there are, since nobody types
 * a hundred names; the name where there is only one thing. `'SPLIT'` where they ask for different phrases. Undefined
 * where none asks for anything.
 */
export function expectedOfBatch(
  ofThings: readonly ExpectedConfirmation[],
  count: number,
): ExpectedConfirmation | 'SPLIT' | undefined {
  const [phrase, another] = new Set(ofThings.filter(({ kind }) => kind === 'PHRASE').map(({ text }) => text));
  if (another !== undefined) return 'SPLIT';
  if (phrase !== undefined) return { kind: 'PHRASE', text: phrase };
  const [name] = ofThings;
  return name && count > 1 ? { kind: 'COUNT', text: String(count) } : name;
}
