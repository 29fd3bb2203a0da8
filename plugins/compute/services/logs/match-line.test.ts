import { describe, expect, it } from 'vitest';
import { compileLineFilter, type LineFilter } from './match-line.ts';

const line = '2026-01-01 [ERROR] Payment 4711 failed: timeout';
const cases: readonly [LineFilter, boolean][] = [
  [{}, true],
  [{ contains: 'Payment' }, true],
  [{ contains: 'payment' }, false],
  [{ contains: 'payment', ignoreCase: true }, true],
  [{ excludes: 'timeout' }, false],
  [{ excludes: 'TIMEOUT' }, true],
  [{ matches: 'Payment \\d+ (failed|lost)' }, true],
  [{ matches: 'payment \\d+', ignoreCase: true }, true],
  [{ matches: 'PAYMENT\\D\\d+', ignoreCase: true }, true],
  [{ matches: 'Payment [a-z]+' }, false],
  [{ matches: '^2026' }, true],
  [{ matches: '^Payment' }, false],
  [{ matches: 'timeout$' }, true],
  [{ matches: 'failed$' }, false],
  [{ matches: '^2026.*(lost|timeout)$' }, true],
  [{ matches: 'timeout\\$' }, false],
  [{ levels: ['ERROR', 'FATAL'] }, true],
  [{ levels: ['INFO'] }, false],
  [{ levels: [] }, false],
  [{ contains: 'Payment', excludes: 'refund', levels: ['ERROR'] }, true],
];

describe('a filter of lines (CMP-102)', () => {
  it.each(cases)('%j', (filter, isWanted) => {
    expect(compileLineFilter(filter)(line)).toBe(isWanted);
  });

  it.each([
    ['what is no pattern', { matches: '(' }, 'matches is no regular expression'],
    ['what looks behind', { matches: '(?<=a)b' }, 'matches has a group with ?, of which only (?: is known'],
    ['an anchor inside', { matches: 'a(^b)' }, "matches has '^' where nothing of that kind may stand"],
    ['a pattern that counts far', { matches: '([a-h]?){1900}z' }, 'matches repeats too much'],
    ['a pattern that is too long', { matches: 'a'.repeat(201) }, 'matches must have at most 200 characters'],
    ['a text that is too long', { contains: 'a'.repeat(1_001) }, 'contains must have at most 1000 characters'],
  ])('refuses %s', (_name, filter, message) => {
    expect(() => compileLineFilter(filter)).toThrow(message);
  });

  it('is not slowed down by a hostile pattern', () => {
    const test = compileLineFilter({ matches: '(a+)+b' });
    const started = performance.now();
    expect(test('a'.repeat(250_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
