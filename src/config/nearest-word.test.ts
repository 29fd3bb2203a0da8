import { describe, expect, it } from 'vitest';
import { nearestWord } from './nearest-word.ts';

describe('nearestWord', () => {
  it.each([
    { typed: 'prot', nearest: 'port' },
    { typed: 'prt', nearest: 'port' },
    { typed: 'log-level', nearest: 'logLevel' },
    { typed: 'LOGLEVLE', nearest: 'logLevel' },
    { typed: 'x', nearest: undefined },
    { typed: 'somethingElse', nearest: undefined },
    { typed: 'a'.repeat(100_000), nearest: undefined },
  ])('takes $typed for $nearest', ({ typed, nearest }) => {
    expect(nearestWord(typed.slice(0, 70), ['port', 'host', 'logLevel'])).toBe(nearest);
  });
});
