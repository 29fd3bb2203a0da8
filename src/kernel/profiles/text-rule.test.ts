import { describe, expect, it } from 'vitest';
import { explainIssues } from '../../config/explain-issues.ts';
import { checkText, describeTextRule, type TextRule, textRuleSchema } from './text-rule.ts';

const rule: TextRule = {
  min: 2,
  max: 5,
  pattern: '^[a-z][-a-z]*$',
  says: "lower-case letters and '-', beginning with a letter",
  notStartingWith: ['ab'],
  examples: ['cab'],
};

describe('checkText', () => {
  it.each(['ca', 'c-a-b', 'zzzzz'])("takes '%s'", (text) => {
    expect(checkText(rule, 'name', text)).toEqual([]);
  });
  it.each([
    ['a', 'too_short', 'name must be 2 to 5 characters, got 1'],
    ['', 'too_short', 'name must be 2 to 5 characters, got 0'],
    ['abcdef', 'too_long', 'name must be 2 to 5 characters, got more'],
    ['z'.repeat(1_000_000), 'too_long', 'name must be 2 to 5 characters, got more'],
    ['Ca', 'invalid_text', "name must be lower-case letters and '-', beginning with a letter, got 'Ca'"],
    ['-ca', 'invalid_text', "name must be lower-case letters and '-', beginning with a letter, got '-ca'"],
    ['caé', 'invalid_text', "name must be lower-case letters and '-', beginning with a letter, got 'caé'"],
    ['abc', 'forbidden_start', "name must not begin with 'ab'"],
    ['Abc', 'forbidden_start', "name must not begin with 'ab'"],
  ])('refuses %.20s (%s)', (text, code, message) => {
    expect(checkText(rule, 'name', text)).toEqual([{ path: ['name'], code, message }]);
  });

  it('names the path of a field inside', () => {
    expect(checkText(rule, ['data', 0, 'key'], 'a')).toMatchObject([
      { path: ['data', 0, 'key'], message: 'data.0.key must be 2 to 5 characters, got 1' },
    ]);
  });

  it('counts characters, whatever they are made of', () => {
    const two: TextRule = { min: 2, max: 2, examples: ['商店'] };
    expect(checkText(two, 'name', '𝒳𝒴')).toEqual([]);
    expect(describeTextRule(two)).toBe('2 characters');
  });
});

describe('textRuleSchema', () => {
  function problemsOf(input: unknown): string[] {
    const schema = textRuleSchema(63);
    const parsed = schema.safeParse(input);
    return parsed.success ? [] : explainIssues(schema, parsed.error.issues, { input, prefix: 'name' });
  }
  it('takes a rule whose examples keep it', () => {
    expect(problemsOf(rule)).toEqual([]);
  });
  it.each([
    ['no map', 'a-z', ['name must be a map of min, max, pattern, says and examples, got "a-z"']],
    [
      'a length beyond what stands behind it takes',
      { ...rule, max: 64 },
      ['name.max must be a whole number from 0 to 63, got 64'],
    ],
    ['a least above the most', { ...rule, min: 6 }, ['name.min must not be more than max, which is 5']],
    ['no examples', { ...rule, examples: [] }, ['name.examples must be a list of 1 to 20 texts, got an empty list']],
    [
      'an example that does not keep it',
      { ...rule, examples: ['cab', 'CAB'] },
      [`name.examples has "CAB": examples must be lower-case letters and '-', beginning with a letter, got 'CAB'`],
    ],
    [
      'a pattern without words',
      { ...rule, says: undefined },
      ['name.says is missing: say in words what the pattern allows'],
    ],
    ['a pattern that is none', { ...rule, pattern: '^[a-$' }, ['name.pattern is no regular expression']],
    [
      'a pattern for a part of the text',
      { ...rule, pattern: '[a-z]' },
      ['name.pattern must begin with ^ and end with $'],
    ],
    [
      'a pattern that looks around',
      { ...rule, pattern: '^(?!ab)[a-z]*$' },
      ['name.pattern has a group with ?, of which only (?: is known'],
    ],
    [
      'a member that it does not have',
      { ...rule, maximum: 3 },
      ['name.maximum is not a setting; known here: min, max, pattern, says, notStartingWith, examples'],
    ],
  ])('refuses %s', (_name, input, problems) => {
    expect(problemsOf(input)).toEqual(problems);
  });

  it('holds every profile to the rule that it is within', () => {
    const schema = textRuleSchema(63, rule);
    const wide = { min: 0, max: 60, examples: ['cab'] };
    const bound = schema.parse(wide);
    expect(checkText(bound, 'name', 'cab')).toEqual([]);
    expect(['C', 'cabcab', 'CAB'].map((text) => checkText(bound, 'name', text)[0]?.code)).toEqual([
      'too_short',
      'too_long',
      'invalid_text',
    ]);
    const { notStartingWith: _starts, ...plain } = rule;
    expect(textRuleSchema(63, plain).parse({ ...plain, max: 4 })).not.toHaveProperty('within');
    const loose = schema.safeParse({ ...wide, examples: ['CAB'] });
    expect(loose.error?.issues[0]).toMatchObject({ path: ['examples'] });
    expect(schema.safeParse({ ...wide, within: wide }).success).toBe(false);
  });
});
