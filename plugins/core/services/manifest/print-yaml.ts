import { stringify } from 'yaml';
import { resolvePlainScalar } from './resolve-plain-scalar.ts';

/**
 * JSON as YAML that kubectl reads back as the same: a text that would be taken for a boolean, a number or null
 * without quotes has quotes.
 */
export function printYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    aliasDuplicateObjects: false,
    lineWidth: 0,
    customTags: (tags) => [...tags.filter((tag) => !isMerge(tag)), quotedWhereAmbiguous as never],
  });
}

/** To the library it is one more tag; a text that any tag would take for its own is quoted. */
const quotedWhereAmbiguous = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: () => false,
  test: { test: (text: string) => text === '<<' || typeof resolvePlainScalar(text) !== 'string' },
  resolve: (text: string) => text,
};

/** Here `<<` is a key like any other, to be quoted; JSON merges nothing. */
const isMerge = (tag: unknown): boolean => (tag as { readonly tag?: unknown }).tag === 'tag:yaml.org,2002:merge';
