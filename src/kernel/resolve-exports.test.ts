import { describe, expect, it } from 'vitest';
import { resolveExports } from './resolve-exports.ts';

describe('resolveExports', () => {
  it.each([
    { exports: './a.js', subpath: '.', target: './a.js' },
    { exports: './a.js', subpath: './b', target: undefined },
    { exports: { '.': './a.js', './b': './c.js' }, subpath: './b', target: './c.js' },
    { exports: { types: './a.d.ts', import: './a.js', require: './a.cjs' }, subpath: '.', target: './a.js' },
    { exports: { '.': { source: './a.ts', require: './a.cjs', default: './a.js' } }, subpath: '.', target: './a.js' },
    {
      exports: { '.': { development: { import: './dev.js' }, default: { 'module-sync': './a.mjs', node: './a.js' } } },
      subpath: '.',
      target: './a.mjs',
    },
    { exports: { '.': { require: './a.cjs' } }, subpath: '.', target: undefined },
    { exports: { './features/*.js': './lib/*.mjs' }, subpath: './features/x/y.js', target: './lib/x/y.mjs' },
    { exports: { './features/*': null, './x': './x.js' }, subpath: './features/a', target: undefined },
    { exports: [{ require: './a.cjs' }, './a.js'], subpath: '.', target: './a.js' },
    { exports: { './a': './a.js' }, subpath: './constructor', target: undefined },
  ])('finds $target for $subpath in $exports', ({ exports, subpath, target }) => {
    expect(resolveExports({ exports }, subpath)).toBe(target);
  });

  it('takes main where nothing is exported', () => {
    expect(resolveExports({ main: 'a.js' }, '.')).toBe('a.js');
    expect(resolveExports({ main: 'a.js' }, './b')).toBeUndefined();
    expect(resolveExports({}, '.')).toBeUndefined();
  });
});
