import { z } from 'zod';
import { setting } from '../../config/setting.ts';
import type { ValidationIssue } from '../answer-error.ts';
import { compilePattern, type LinearPattern } from './linear-pattern.ts';

/** What a text such as a name may be. Data of a profile, so that a form can check it while it is typed. */
export interface TextRule {
  /** Fewest and most characters (code points). */
  readonly min: number;
  readonly max: number;
  /** Regular expression for the whole text, `^…$`; any characters where absent. */
  readonly pattern?: string | undefined;
  /** The pattern in words, for what is told: `lower-case letters, digits and '-'`. */
  readonly says?: string | undefined;
  /** Beginnings that are refused although the pattern has them: `http://`. */
  readonly notStartingWith?: readonly string[] | undefined;
  /** Texts that are allowed. */
  readonly examples: readonly string[];
  /** What must hold besides, in every profile; the key's declaration says it, never a file. */
  readonly within?: TextRule | undefined;
}

/** No text that is checked is longer. */
const maxLength = 4_096;

/**
 * Schema of a text rule, none of whose texts may have more characters than `longest`: what stands behind it takes no more.
 * `within` is a rule that no profile can widen.
 */
export function textRuleSchema(longest: number = maxLength, within?: TextRule) {
  const length = (description: string) =>
    setting(z.int().min(0).max(longest), description, { allowed: `a whole number from 0 to ${longest}` });
  const rule = z
    .strictObject({
      min: length('Fewest characters.'),
      max: length('Most characters.'),
      pattern: setting(z.string().max(500).optional(), 'Regular expression for the whole text.', {
        allowed: 'a regular expression of up to 500 characters',
      }),
      says: setting(z.string().min(1).max(200).optional(), 'The pattern in words.', {
        allowed: 'a text of up to 200 characters',
      }),
      notStartingWith: setting(z.array(z.string().min(1).max(50)).max(20).optional(), 'Beginnings that are refused.', {
        allowed: 'a list of up to 20 texts',
      }),
      examples: setting(z.array(z.string().max(maxLength)).min(1).max(20), 'Texts that are allowed.', {
        allowed: 'a list of 1 to 20 texts',
      }),
    })
    .superRefine((rule, context) => {
      const says = ruleProblem(within ? { ...rule, within } : rule);
      if (says !== undefined) context.addIssue({ code: 'custom', path: says.path, params: { says: says.text } });
    });
  const bound: z.ZodType<TextRule, TextRule> = rule.transform((own) =>
    within && !isPlainlyWithin(own, within) ? { ...own, within } : own,
  ) as never;
  return setting(bound, 'What a text may be.', { allowed: 'a map of min, max, pattern, says and examples' });
}

/** The same pattern and no wider lengths: then the other rule says nothing more. */
function isPlainlyWithin(rule: TextRule, other: TextRule): boolean {
  return rule.pattern === other.pattern && rule.min >= other.min && rule.max <= other.max && !other.notStartingWith;
}

function ruleProblem(rule: TextRule): { readonly path: string[]; readonly text: string } | undefined {
  if (rule.min > rule.max) return { path: ['min'], text: `must not be more than max, which is ${rule.max}` };
  if (rule.pattern !== undefined) {
    if (rule.says === undefined) return { path: ['says'], text: 'is missing: say in words what the pattern allows' };
    try {
      patternOf(rule);
    } catch (error) {
      return { path: ['pattern'], text: (error as Error).message };
    }
  }
  for (const example of rule.examples) {
    const [problem] = checkText(rule, 'examples', example);
    if (problem) return { path: ['examples'], text: `has ${JSON.stringify(example)}: ${problem.message}` };
  }
  return undefined;
}

/**
 * What is wrong with a text by a rule, as issues of an input; none where nothing is. `field` is the input's field, or its path.
 * Takes time proportional to the text, and looks at no more of it than the rule's `max`.
 */
export function checkText(
  rule: TextRule,
  field: string | readonly (string | number)[],
  text: string,
): readonly ValidationIssue[] {
  const path = typeof field === 'string' ? [field] : field;
  const name = path.join('.');
  const issue = (code: string, message: string) => [{ path, code, message: `${name} ${message}` }];
  const length = lengthOf(text, rule.max);
  if (length < rule.min || length > rule.max) {
    const got = length > rule.max ? 'more' : length;
    return issue(length < rule.min ? 'too_short' : 'too_long', `must be ${lengthText(rule)}, got ${got}`);
  }
  const forbidden = rule.notStartingWith?.find((start) => text.toLowerCase().startsWith(start.toLowerCase()));
  if (forbidden !== undefined) return issue('forbidden_start', `must not begin with '${forbidden}'`);
  if (patternOf(rule)?.test(text) === false) return issue('invalid_text', `must be ${rule.says}, got '${text}'`);
  return rule.within ? checkText(rule.within, path, text) : [];
}

/** `1 to 32 characters: lower-case letters, digits and '-'`. */
export function describeTextRule(rule: TextRule): string {
  return rule.says === undefined ? lengthText(rule) : `${lengthText(rule)}: ${rule.says}`;
}

function lengthText({ min, max }: TextRule): string {
  return min === max ? `${max} characters` : `${min} to ${max} characters`;
}

/** Code points, counted no further than needed. */
function lengthOf(text: string, max: number): number {
  let length = 0;
  for (const _character of text) {
    length += 1;
    if (length > max) break;
  }
  return length;
}

const compiled = new WeakMap<TextRule, LinearPattern>();

function patternOf(rule: TextRule): LinearPattern | undefined {
  if (rule.pattern === undefined) return undefined;
  const known = compiled.get(rule);
  if (known) return known;
  const pattern = compilePattern(rule.pattern);
  compiled.set(rule, pattern);
  return pattern;
}
