import { SelectorSyntaxError } from './label-selector.ts';

/** One `field=value` or `field!=value`; a selector is the conjunction of its terms. */
export interface FieldTerm {
  readonly field: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/** Parses a `fieldSelector`. Commas, equal signs and backslashes in values are escaped by a backslash. Throws `SelectorSyntaxError`. */
export function parseFieldSelector(text: string): readonly FieldTerm[] {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^([^=!\\]+)(==|!=|=)((?:[^=\\]|\\.)*)$/.exec(term);
      if (match === null) throw new SelectorSyntaxError(problemOf(term, text));
      const [, field = '', operator, value = ''] = match;
      return { field, isEqual: operator !== '!=', value: value.replaceAll(/\\([\\,=])/g, '$1') };
    });
}

export function matchesFieldSelector(terms: readonly FieldTerm[], readField: (field: string) => string): boolean {
  return terms.every((term) => (readField(term.field) === term.value) === term.isEqual);
}

function problemOf(term: string, text: string): string {
  const [, value] = /^[^=!\\]+(?:==|!=|=)(.*)$/.exec(term) ?? [];
  if (value === undefined) return `invalid selector: '${text}'; can't understand '${term}'`;
  const unescaped = /^(?:[^=\\]|\\[\\,=])*\\?(.)/.exec(value)?.[1] ?? '\\';
  return `invalid field selector: unescaped character in value: ${unescaped.charCodeAt(0)}`;
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let term = '';
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at] ?? '';
    if (mark === '\\') {
      term += mark + (text[at + 1] ?? '');
      at += 1;
    } else if (mark === ',') {
      terms.push(term);
      term = '';
    } else term += mark;
  }
  return [...terms, term];
}
