import { z } from 'zod';
import { setting } from '../../config/setting.ts';
import { textRuleSchema } from './text-rule.ts';

/** Kinds of values that profiles are made of; each says in words what it allows. */
export const profileValues = {
  /** A whole number between two bounds. */
  count(min: number, max: number) {
    const schema: z.ZodType<number, number> = z.int().min(min).max(max);
    return setting(schema, 'A number.', { allowed: `a whole number from ${min} to ${max}` });
  },
  /** The same, or null: no limit. */
  limit(min: number, max: number) {
    const schema: z.ZodType<number | null, number | null> = z.int().min(min).max(max).nullable();
    return setting(schema, 'A limit.', { allowed: `a whole number from ${min} to ${max}, or null for no limit` });
  },
  /** On or off. */
  onOff() {
    const schema: z.ZodType<boolean, boolean> = z.boolean();
    return setting(schema, 'A switch.', { allowed: 'true or false' });
  },
  /** One of a few words. */
  oneOf<const Word extends string>(...words: readonly [Word, ...Word[]]) {
    const schema: z.ZodType<Word, Word> = wordOf(words) as never;
    return schema;
  },
  /** Some of a few words, each once. */
  someOf<const Word extends string>(...words: readonly [Word, ...Word[]]) {
    const list = z.array(wordOf(words)).max(words.length).refine(areDistinct);
    const schema: z.ZodType<readonly Word[], readonly Word[]> = list as never;
    return setting(schema, 'A choice of several.', { allowed: `a list of some of ${words.join(', ')}, each once` });
  },
  /** Some of a few numbers, each once, or null: any number. */
  someNumbers(min: number, max: number) {
    const list = z.array(profileValues.count(min, max)).min(1).max(20).refine(areDistinct).nullable();
    const schema: z.ZodType<readonly number[] | null, readonly number[] | null> = list;
    return setting(schema, 'Numbers to choose from.', {
      allowed: `a list of whole numbers from ${min} to ${max}, each once, or null for any`,
    });
  },
  /** Words of nobody's list, each once, up to 100 with up to 200 characters. */
  words() {
    const list = z.array(word).max(100).refine(areDistinct);
    const schema: z.ZodType<readonly string[], readonly string[]> = list;
    return setting(schema, 'A list of words.', { allowed: 'a list of texts of up to 200 characters, each once' });
  },
  /** The same, or null: all there are. */
  wordsOrAll() {
    const list = z.array(word).max(100).refine(areDistinct).nullable();
    const schema: z.ZodType<readonly string[] | null, readonly string[] | null> = list;
    return setting(schema, 'A list of words.', {
      allowed: 'a list of texts of up to 200 characters, each once, or null for all',
    });
  },
  /** A text of up to 200 characters, or null: none. */
  textOrNone() {
    const schema: z.ZodType<string | null, string | null> = z.string().min(1).max(200).nullable();
    return setting(schema, 'A text.', { allowed: 'a text of 1 to 200 characters, or null for none' });
  },
  /** What a text may be; `longest`: most characters that any profile may allow. */
  textRule: textRuleSchema,
} as const;

function wordOf(words: readonly [string, ...string[]]) {
  return setting(z.enum(words), 'A choice.', { allowed: `one of ${words.join(', ')}` });
}

const word = setting(z.string().min(1).max(200), 'A word.', { allowed: 'a text of 1 to 200 characters' });

function areDistinct(items: readonly unknown[]): boolean {
  return new Set(items).size === items.length;
}
