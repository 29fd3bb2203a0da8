import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../kernel/answer-error.ts';
import { parseLabelSelector } from './parse-label-selector.ts';

const labels = { app: 'web', tier: 'front', 'app.kubernetes.io/name': 'shop', empty: '', replicas: '3' };

describe('parseLabelSelector', () => {
  it.each([
    ['', true],
    ['app', true],
    ['nothing', false],
    ['!nothing', true],
    ['!app', false],
    ['app=web', true],
    ['app==web', true],
    ['app=api', false],
    ['app!=api', true],
    ['app!=web', false],
    ['nothing!=x', true],
    ['empty=', true],
    ['app=', false],
    ['app in (web, api)', true],
    ['app in (api)', false],
    ['app notin (api,db)', true],
    ['app notin (web)', false],
    ['nothing notin (web)', true],
    ['empty in (,x)', true],
    ['app.kubernetes.io/name=shop,tier in (front)', true],
    ['app=web,tier=back', false],
    ['  app = web ,  tier = front ', true],
    ['empty in ()', true],
    ['replicas>2', true],
    ['replicas<3', false],
    ['replicas > 2, replicas < 4', true],
    ['app>1', false],
    ['in=in', false],
    ['!in,app', true],
    ['constructor', false],
  ])('%j matches: %s', (text, isMatch) => {
    expect(parseLabelSelector(text).matches(labels)).toBe(isMatch);
  });

  it.each([
    [',', 'expected a label key, found "," at character 1'],
    ['app=web,', 'expected a label key, found its end'],
    ['app=web tier=front', 'expected \',\', found "tier" at character 9'],
    ['app in web', 'expected \'(\', found "web" at character 8'],
    ['app in (web', "expected ',', found its end"],
    ['app web', "expected one of '=', '==', '!=', 'in', 'notin', '>', '<' or ',', found \"web\" at character 5"],
    ['!', 'expected a label key, found its end'],
    ['!app=web', 'expected \',\', found "=" at character 5'],
    ['app>many', 'app> needs a whole number, got "many"'],
    ['-app', '"-app" is not a label key'],
    ['Example.com/app', '"Example.com/app" is not a label key'],
    [`${'a'.repeat(64)}`, 'is not a label key'],
    ['app=a_b-', '"a_b-" is not a label value'],
    [`app=${'a'.repeat(64)}`, 'is not a label value'],
    ['a=b=c', 'expected \',\', found "=" at character 4'],
  ])('%j (refused)', (text, message) => {
    const refused = () => parseLabelSelector(text);
    expect(refused).toThrow(ValidationError);
    expect(refused).toThrow(message);
  });

  const key = fc.constantFrom('app', 'tier', 'a.b/c', 'x');
  const value = fc.constantFrom('web', 'api', '', 'v1.2_3');
  const values = fc.array(value, { minLength: 1, maxLength: 3 }).map((list) => list.join(','));
  const requirement = fc.oneof(
    key,
    key.map((name) => `!${name}`),
    fc.tuple(key, fc.constantFrom('=', '==', '!='), value).map(([name, operator, one]) => `${name}${operator}${one}`),
    fc
      .tuple(key, fc.constantFrom('in', 'notin'), values)
      .map(([name, operator, list]) => `${name} ${operator} (${list})`),
    fc
      .tuple(key, fc.constantFrom('>', '<'), fc.integer())
      .map(([name, operator, number]) => `${name}${operator}${number}`),
  );

  it('means the same when its canonical text is parsed again', () => {
    const someLabels = fc.dictionary(key, fc.oneof(value, fc.integer().map(String)));
    fc.assert(
      fc.property(fc.array(requirement, { minLength: 1, maxLength: 4 }), someLabels, (requirements, chosen) => {
        const selector = parseLabelSelector(requirements.join(', '));
        const again = parseLabelSelector(selector.text);
        expect(again.text).toBe(selector.text);
        expect(again.matches(chosen)).toBe(selector.matches(chosen));
      }),
    );
  });

  it('accepts or refuses any text, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseLabelSelector(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ValidationError);
        }
      }),
    );
  });
});
