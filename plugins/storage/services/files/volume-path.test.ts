import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkVolumePath, pathOfSteps, stepsOfLink, stepsOfPath, wordsOfSteps } from './volume-path.ts';

describe('checkVolumePath (STO-21)', () => {
  it.each([
    { path: '/', ok: true },
    { path: '//a/./b/', ok: true },
    { path: '/-rf', ok: true },
    { path: '/...', ok: true },
    { path: '/$(reboot)`x`\n', ok: true },
    { path: '', ok: false },
    { path: 'a', ok: false },
    { path: '/..', ok: false },
    { path: '/a/../b', ok: false },
    { path: '/a\0', ok: false },
    { path: '/\udc00', ok: false },
    { path: `/${'ä'.repeat(128)}`, ok: false },
    { path: `/${'abc/'.repeat(2_000)}`, ok: false },
  ])('says whether $path is a place in a volume', ({ path, ok }) => {
    const issues = checkVolumePath(path, 'path');
    expect(issues.length === 0).toBe(ok);
    if (!ok) expect(issues).toMatchObject([{ path: ['path'], code: 'invalid_path' }]);
  });

  it('takes the root for a directory, and for nothing else (refused)', () => {
    expect(checkVolumePath('/.', 'newPath', true)).toMatchObject([{ path: ['newPath'], code: 'is_root' }]);
  });
});

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => !/[/\0]/.test(text));
const step = fc.oneof({ arbitrary: name, weight: 5 }, fc.constantFrom('.', '..', '', '-x', '*'));
const steps = fc.array(step, { maxLength: 6 });

describe('paths of volumes (STO-21)', () => {
  it('lead below the root or are refused, and no word of them could be an option', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const path = `/${given.join('/')}`;
        if (checkVolumePath(path, 'path').length > 0) return;
        const found = stepsOfPath(path);
        expect(pathOfSteps(found)).toBe(posix.resolve('/', path));
        const [directory, last] = wordsOfSteps(found);
        expect(posix.join('/', directory, last)).toBe(posix.resolve('/', path));
      }),
    );
  });

  it('follow links as the system does, and none of them out of the volume', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), steps, fc.boolean(), (at, target, isAbsolute) => {
        const link = `${isAbsolute ? '/' : ''}${target.join('/')}`;
        const found = stepsOfLink(at, link, '/volume');
        const real = posix.resolve('/volume', ...at.slice(0, -1), link);
        const isInside = real.startsWith('/volume/');
        if (at.includes('.') || at.includes('..')) return;
        expect(found === undefined ? undefined : `/volume${pathOfSteps(found)}`).toBe(isInside ? real : undefined);
      }),
    );
  });
});
