import { describe, expect, it } from 'vitest';
import { createWriteTurns, writesPerTurn } from './write-turns.ts';

function start() {
  const scheduled: (() => void)[] = [];
  const turns = createWriteTurns((callback) => scheduled.push(callback));
  return { turns, scheduled, turn: () => scheduled.shift()?.() };
}

describe('createWriteTurns', () => {
  it('makes a bounded number of writes a turn, in the order they were asked for', () => {
    const { turns, scheduled, turn } = start();
    const written: number[] = [];
    for (let stream = 0; stream < 50; stream += 1) turns.request(() => written.push(stream));
    expect(written).toEqual([]);
    const sizes: number[] = [];
    for (let before = 0; scheduled.length > 0; before = written.length) {
      turn();
      sizes.push(written.length - before);
    }
    expect(sizes).toEqual([writesPerTurn, writesPerTurn, writesPerTurn, 50 - 3 * writesPerTurn]);
    expect(written).toEqual([...Array(50).keys()]);
  });

  it('lets a stream that has more to write wait behind the others', () => {
    const { turns, scheduled, turn } = start();
    const written: string[] = [];
    let left = 3;
    const busy = (): void => {
      written.push('busy');
      left -= 1;
      if (left > 0) turns.request(busy);
    };
    turns.request(busy);
    turns.request(() => written.push('quiet'));
    while (scheduled.length > 0) turn();
    expect(written).toEqual(['busy', 'quiet', 'busy', 'busy']);
  });
});
