import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter, type Line, textOf } from './line-splitter.ts';

const read = (line: Line) => ({ text: textOf(line), isCut: line.isCut });

describe('createLineSplitter', () => {
  it('finds the same lines however the bytes are cut', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', ''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(20), { maxLength: 30 }), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const splitter = createLineSplitter(1_000);
        const found = [];
        let from = 0;
        for (const cut of cuts) {
          found.push(...splitter.push(bytes.subarray(from, from + cut)));
          from += cut;
        }
        found.push(...splitter.push(bytes.subarray(from)));
        expect(found.map(textOf)).toEqual(lines);
        expect(splitter.end()).toBeUndefined();
      }),
    );
  });

  it('keeps the beginning of a line over the limit, without half a character, and goes on after it', () => {
    const splitter = createLineSplitter(5);
    expect(splitter.push(Buffer.from('aaaaé'))).toEqual([]);
    expect(splitter.push(Buffer.from('zzz\nb\n')).map(read)).toEqual([
      { text: 'aaaa', isCut: true },
      { text: 'b', isCut: false },
    ]);
  });

  it('gives the unfinished rest at the end', () => {
    const splitter = createLineSplitter(5);
    splitter.push(Buffer.from('ab'));
    const rest = splitter.end();
    expect(rest && read(rest)).toEqual({ text: 'ab', isCut: false });
  });
});
