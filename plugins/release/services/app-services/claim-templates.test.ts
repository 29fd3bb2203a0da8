import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNewClaims, checkSameClaims } from './claim-templates.ts';

interface Terms {
  readonly name: string;
  readonly size: string;
  readonly storageClass: string;
  readonly accessModes: readonly string[];
}

const terms: Terms = { name: 'data', size: '20Gi', storageClass: 'fast', accessModes: ['ReadWriteOnce'] };
const claim = (more: Partial<Terms> = {}) => {
  const { name, size, storageClass, accessModes } = { ...terms, ...more };
  return {
    metadata: { name },
    spec: { accessModes, storageClassName: storageClass, resources: { requests: { storage: size } } },
  };
};

const found = (had: readonly object[], planned: readonly object[]) =>
  checkSameClaims(had as never, planned as never).map(({ path, code }) => `${path.join('.')} ${code}`);

describe('the volumes that a version asks for', () => {
  it.each<[string, readonly object[], readonly string[]]>([
    ['the very same ones', [claim()], []],
    ['the same size in other words', [claim({ size: '20480Mi' })], []],
    ['more', [claim({ size: '30Gi' })], ['volumeClaimTemplates.0.size immutable']],
    ['less', [claim({ size: '10Gi' })], ['volumeClaimTemplates.0.size immutable']],
    ['another class', [claim({ storageClass: 'slow' })], ['volumeClaimTemplates.0.storageClass immutable']],
    ['another mode', [claim({ accessModes: ['ReadWriteMany'] })], ['volumeClaimTemplates.0.accessModes immutable']],
    ['one more', [claim(), claim({ name: 'log' })], ['volumeClaimTemplates.1 immutable']],
    ['none', [], ['volumeClaimTemplates immutable']],
    ['another name', [claim({ name: 'log' })], ['volumeClaimTemplates.0 immutable', 'volumeClaimTemplates immutable']],
  ])('are compared with those of the version before: %s (REL-02)', (_what, planned, issues) => {
    expect(found([claim()], planned)).toEqual(issues);
  });

  it('are the same in any order, and any other amount is not (REL-02)', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(names, fc.nat({ max: 4 }), fc.integer({ min: 1, max: 99 }), (all, at, gib) => {
        const had = all.map((name) => claim({ name }));
        expect(found(had, [...had].reverse())).toEqual([]);
        const index = at % all.length;
        const changed = had.map((each, place) =>
          place === index ? claim({ name: all[index] ?? '', size: `${20 + gib}Gi` }) : each,
        );
        expect(found(had, changed)).toEqual([`volumeClaimTemplates.${index}.size immutable`]);
      }),
    );
  });

  it('are at least one, each of a StorageClass, in the first version (REL-02)', () => {
    expect(checkNewClaims([])).toMatchObject([{ path: ['volumeClaimTemplates'], code: 'required' }]);
    expect(checkNewClaims([{ name: 'data', size: '20Gi' }])).toMatchObject([
      { path: ['volumeClaimTemplates', 0, 'storageClass'], code: 'required' },
    ]);
    for (const size of ['0', '-1Gi', 'much']) {
      expect(checkNewClaims([{ name: 'data', size, storageClass: 'fast' }])).toMatchObject([
        { path: ['volumeClaimTemplates', 0, 'size'], code: 'out_of_range' },
      ]);
    }
    expect(checkNewClaims([{ name: 'data', size: '20Gi', storageClass: 'fast' }])).toEqual([]);
  });
});
