import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventRing } from './event-ring.ts';
import { parsePosition, printPosition, type StreamPosition } from './stream-position.ts';

const at = (text: string): StreamPosition => {
  const position = parsePosition(text);
  if (!position) throw new Error(`'${text}' is no position`);
  return position;
};

function ringOf(capacity: number, start: string, versions: readonly string[]) {
  const ring = createEventRing<number>(capacity, at(start));
  versions.forEach((version, index) => {
    ring.push(version, index);
  });
  const behind = (text: string) => {
    const entries = ring.after(at(text));
    return entries === 'expired' ? entries : entries.map((entry) => entry.event);
  };
  return { behind };
}

describe('createEventRing', () => {
  it.each<[string, number, string, string[], string, number[] | 'expired']>([
    ['where it began', 9, '10~0', ['11', '12'], '10~0', [0, 1]],
    ['a change', 9, '10~0', ['11', '12', '13'], '11', [1, 2]],
    ['the newest change', 9, '10~0', ['11', '12'], '12', []],
    ['between two changes', 9, '10~0', ['11', '15'], '13~0', [1]],
    ['before the first of several at one version', 9, '10~0', ['11', '12', '12'], '12~0', [1, 2]],
    ['the first of several', 9, '10~0', ['12', '12', '12'], '12', [1, 2]],
    ['the second of several', 9, '10~0', ['12', '12', '12'], '12~2', [2]],
    ['more at one version than there were', 9, '10~0', ['12', '12'], '12~3', 'expired'],
    ['a change at the version where it began', 9, '10~0', [], '10', 'expired'],
    ['before it began', 9, '10~0', ['11'], '9~0', 'expired'],
    ['what fell out', 2, '10~0', ['11', '12', '13', '14'], '11', 'expired'],
    ['the last that fell out', 2, '10~0', ['11', '12', '13', '14'], '12', [2, 3]],
    ['part of what fell out at one version', 1, '10~0', ['12', '12', '12'], '12', 'expired'],
    [
      'a version as long as numbers go wrong',
      9,
      '9007199254740992~0',
      ['9007199254740993', '9007199254740994'],
      '9007199254740993',
      [1],
    ],
    ['a version that has no order but is there', 9, 'a~0', ['b', 'c'], 'b', [1]],
    ['a version that has no order and is not there', 9, 'a~0', ['b', 'c'], 'x', 'expired'],
    ['a change before a step back', 9, '10~0', ['20', '15', '16'], '20', 'expired'],
    ['what follows a step back', 9, '10~0', ['20', '15', '16'], '15', [2]],
  ])('gives what lies behind %s', (_name, capacity, start, versions, position, expected) => {
    expect(ringOf(capacity, start, versions).behind(position)).toEqual(expected);
  });

  it('gives all that followed, or says that it cannot', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 80 }),
        (capacity, steps) => {
          const ring = createEventRing<number>(capacity, { version: '100', ordinal: 0 });
          let version = 100;
          const positions = steps.map((step, index) => {
            version += step;
            // A change never stands at the version of the list it follows.
            if (version === 100) version = 101;
            return ring.push(String(version), index);
          });
          positions.forEach((position, index) => {
            const entries = ring.after(at(printPosition(position)));
            const expected = steps.map((_step, later) => later).slice(index + 1);
            if (expected.length <= capacity) expect(entries).not.toBe('expired');
            if (entries !== 'expired') expect(entries.map((entry) => entry.event)).toEqual(expected);
          });
        },
      ),
    );
  });
});
