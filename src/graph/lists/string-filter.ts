import { type InputTypeRef, inputRef, type LongshoreBuilder } from '../builder.ts';

export interface StringFilter {
  readonly equals?: string | null | undefined;
  readonly contains?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
}

/** For filters of lists: `title: t.field({ type: stringFilterRef, … })`, tested with `matchesText`. */
export const stringFilterRef: InputTypeRef<StringFilter> = inputRef<StringFilter>('StringFilter');

export function registerStringFilter(builder: LongshoreBuilder): void {
  builder.inputType('StringFilter', {
    description: 'A test of a text. What is set must all hold.',
    fields: (t) => ({
      equals: t.string({ description: 'The whole text, case matters.' }),
      contains: t.string({ description: 'A part of it, case does not matter.' }),
      in: t.stringList({ description: 'One of these, case matters.' }),
    }),
  });
}

export function matchesText(filter: StringFilter | null | undefined, text: string): boolean {
  if (!filter) return true;
  const { equals, contains } = filter;
  if (equals !== null && equals !== undefined && text !== equals) return false;
  if (filter.in && !filter.in.includes(text)) return false;
  return contains === null || contains === undefined || text.toLowerCase().includes(contains.toLowerCase());
}
