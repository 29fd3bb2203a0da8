import type { RequestContext } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { persistentVolumeKind } from '../../api.ts';
import { makeVolume } from '../../testing/make-storage.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { readerOf } from '../../testing/reader-of.ts';
import { volumeManifestCheck } from './volume-manifest-check.ts';

const csi = (driver: unknown, volumeHandle: unknown) => ({ spec: { csi: { driver, volumeHandle } } });
const there = makeVolume({ metadata: { name: 'there' }, ...csi('d', 'disk-1') });
const context = {
  cluster: () => ({ reader: () => readerOf([there]) }),
  signal: new AbortController().signal,
} as unknown as RequestContext;

const check = (object: object, more: object = {}) =>
  volumeManifestCheck.check(
    {
      ...{
        cluster: 'c1',
        kind: persistentVolumeKind,
        namespace: undefined,
        name: 'new',
        road: 'APPLY',
        existing: undefined,
      },
      ...{ object: object as never, profile: profileNamed('default', {}), ...more },
    },
    context,
  );

describe('volumeManifestCheck (STO-05)', () => {
  it.each([
    ['a disk that no volume has', csi('d', 'disk-2')],
    ['a disk of the same name of another driver', csi('e', 'disk-1')],
    ['no disk of a driver', { spec: { nfs: {} } }],
    ['what is no disk', csi(3, null)],
  ])('lets a volume have %s', async (_what, object) => {
    expect(await check(object)).toEqual([]);
  });

  it('lets a volume that is there be changed, and be applied again', async () => {
    expect(await check(csi('d', 'disk-1'), { existing: there, name: 'there' })).toEqual([]);
    expect(await check(csi('d', 'disk-1'), { name: 'there' })).toEqual([]);
  });

  it('gives no volume the disk of another (refused)', async () => {
    expect(await check(csi('d', 'disk-1'))).toEqual([
      { path: ['spec', 'csi', 'volumeHandle'], code: 'taken', message: expect.stringContaining("'there'") },
    ]);
  });

  it('gives two volumes of one text no disk together (refused)', async () => {
    const beside = [{ kind: persistentVolumeKind, namespace: undefined, name: 'twin', object: csi('d', 'disk-3') }];
    expect(await check(csi('d', 'disk-3'), { beside })).toMatchObject([
      { code: 'taken', message: expect.stringContaining("'twin'") },
    ]);
  });
});
