import { describe, expect, it } from 'vitest';
import { LineCounter, parseDocument, YAMLMap } from 'yaml';
import { createLocator } from './locate-node.ts';

describe('createLocator', () => {
  const locatorOf = (text: string) => {
    const lines = new LineCounter();
    const { contents } = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
    if (!(contents instanceof YAMLMap)) throw new Error('no map');
    return { root: contents, locate: createLocator(contents, lines, 0) };
  };

  it('finds the first of two keys of one name, its key or its value', () => {
    const { locate } = locatorOf('a: 1\nb:  2\nb: 3\n');
    expect(locate(['b'])).toEqual({ line: 2, column: 5 });
    expect(locate(['b'], 'key')).toEqual({ line: 2, column: 1 });
  });

  it('goes through a map once, however many of its keys are asked for', () => {
    const { root, locate } = locatorOf(Array.from({ length: 50 }, (_, index) => `k${index}: 1`).join('\n'));
    const { items } = root;
    let rounds = 0;
    Object.defineProperty(root, 'items', {
      get: () => {
        rounds += 1;
        return items;
      },
    });
    for (let index = 0; index < 50; index += 1) expect(locate([`k${index}`]).line).toBe(index + 1);
    expect(rounds).toBe(1);
  });
});
