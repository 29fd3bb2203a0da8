import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeClaim, makeClass, makeVolume } from '../../testing/make-storage.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { bytesOf } from './bytes-of.ts';
import { capabilitiesOf } from './class-capabilities.ts';
import { problemOfBinding } from './judge-binding.ts';
import { type AskedClaim, judgeClaim } from './judge-claim.ts';
import { judgeGrowth, obstacleToGrowth } from './judge-growth.ts';
import { tellOfClaim } from './tell-of-claim.ts';
import { tellOfClaimGone, tellOfVolume } from './tell-of-reclaim.ts';

const aks = profileNamed('aks-public');
const free = profileNamed('default');
const provisioner = 'antcloud-csi';
const named = (name: string, parameters: object, more: object = {}) =>
  makeClass({ metadata: { name }, provisioner, parameters, ...more });
const ssd = named('ssd', { storage_type: 'cloud_disk', type: 'cloud_ssd' });
const efficiency = named('efficiency', { storage_type: 'cloud_disk', type: 'cloud_efficiency' });
const basic = named('basic', { storage_type: 'cloud_disk', type: 'cloud' });
const nas = named('nas', { storage_type: 'cloud_nas', nasType: 'Performance' });
const archive = named('archive', { storage_type: 'cloud_nas', nasType: 'Capacity' });
const marked = makeClass({
  metadata: {
    name: 'marked',
    annotations: {
      'storageclass.kubernetes.io/is-default-class': 'true',
      'longshore.dev/access-modes': 'ReadWriteMany, ReadOnlyMany',
      'longshore.dev/minimum-size': '5Gi',
    },
  },
});
const classes = [ssd, efficiency, basic, nas, archive, marked];
const hasVolumesOf = (name: string) => name === 'manual';

const asked = (storageClassName: string | undefined, storage: unknown, ...accessModes: string[]): AskedClaim => ({
  ...(storageClassName === undefined ? {} : { storageClassName }),
  accessModes: accessModes.length > 0 ? accessModes : ['ReadWriteOnce'],
  resources: { requests: { storage } },
});
const judged = (claim: AskedClaim, profile = aks, isMinimumExclusive = false) =>
  judgeClaim(claim, { classes, hasVolumesOf, profile, isMinimumExclusive }).map(
    ({ path, code }) => `${path.join('.')} ${code}`,
  );
const size = 'resources.requests.storage';

describe('a new claim', () => {
  it.each([
    ['20 Gi of an SSD, the minimum itself (STO-07, CON-13)', asked('ssd', '20Gi')],
    ['a small disk of a type without minimum (STO-07)', asked('basic', '1Gi')],
    ['file storage for one node or several (STO-08)', asked('nas', '1Gi', 'ReadWriteOnce', 'ReadWriteMany')],
    ['1 PB of the faster file storage, its ceiling (STO-09)', asked('nas', '1P')],
    ['10 PB of the larger one (STO-09)', asked('archive', '10P')],
    ['what the class keeps as its own capabilities (STO-01)', asked('marked', '5Gi', 'ReadOnlyMany')],
    ['the class of claims that name none (STO-06)', asked(undefined, '5Gi', 'ReadWriteMany')],
    ['a class that only volumes made by hand have (STO-06)', asked('manual', '1Gi')],
    ['no class, for a volume without one (STO-06)', asked('', '1Gi')],
    ['an amount that is none, which the cluster refuses', asked('ssd', {})],
  ])('may be %s', (_what, claim) => {
    expect(judged(claim)).toEqual([]);
  });

  it.each([
    ['a class that is not there (STO-06)', asked('gone', '20Gi'), ['storageClassName not_found']],
    ['less than 20 Gi of an SSD (STO-07)', asked('ssd', '19Gi'), [`${size} too_small`]],
    ['20 GB, which are less than 20 Gi (STO-07)', asked('efficiency', '20G'), [`${size} too_small`]],
    ['a disk for several nodes (STO-08)', asked('ssd', '20Gi', 'ReadWriteMany'), ['accessModes.0 mode_not_offered']],
    [
      'file storage that several nodes read (STO-08)',
      asked('nas', '1Gi', 'ReadWriteOnce', 'ReadOnlyMany'),
      ['accessModes.1 mode_not_offered'],
    ],
    ['more than 1 PB of the faster file storage (STO-09)', asked('nas', '2P'), [`${size} too_big`]],
    ['more than 10 PB of the larger one (STO-09)', asked('archive', '11P'), [`${size} too_big`]],
    [
      'less than the class keeps as its minimum (STO-01)',
      asked('marked', '4Gi', 'ReadOnlyMany'),
      [`${size} too_small`],
    ],
    ['a mode that the class does not keep (STO-01)', asked('marked', '5Gi'), ['accessModes.0 mode_not_offered']],
    [
      'everything at once (STO-07, STO-08)',
      asked('ssd', '1Gi', 'ReadOnlyMany'),
      ['accessModes.0 mode_not_offered', `${size} too_small`],
    ],
  ])('is refused for %s', (_what, claim, issues) => {
    expect(judged(claim)).toEqual(issues);
  });

  it('is refused without a class where the cluster has none for it (STO-06)', () => {
    const alone = judgeClaim(asked(undefined, '1Gi'), { classes: [ssd], hasVolumesOf, profile: aks });
    expect(alone.map(({ code }) => code)).toEqual(['required']);
  });

  it('of a template of a form is a whole number of Gi above the minimum, where the profile is strict (CON-13)', () => {
    expect(judged(asked('ssd', '21Gi'), aks, true)).toEqual([]);
    expect(judged(asked('basic', '1Gi'), aks, true)).toEqual([]);
    for (const amount of ['20Gi', '20.5Gi', '21G'])
      expect(judged(asked('ssd', amount), aks, true)).toEqual([`${size} too_small`]);
  });

  it('is limited by nobody where the profile knows nothing of its class (STO-01)', () => {
    expect(judged(asked('ssd', '1Mi', 'ReadWriteMany'), free)).toEqual([]);
    expect(capabilitiesOf(ssd, free)).toMatchObject({ accessModes: undefined, minimumSize: undefined, isZonal: false });
  });

  it('is taken exactly from the minimum to the ceiling on (STO-07, STO-09)', () => {
    const [least, most] = [bytesOf('20Gi') ?? 0, 10 ** 15];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 * 10 ** 15 }), (bytes) => {
        const isRefused = (name: string) => judged(asked(name, String(bytes))).length > 0;
        expect([isRefused('ssd'), isRefused('nas')]).toEqual([bytes < least, bytes > most]);
      }),
    );
  });
});

describe('what is told of a claim', () => {
  it('is that a disk made at once binds its pods to a zone (STO-10)', () => {
    const told = (name: string, profile = aks) =>
      tellOfClaim(asked(name, '20Gi'), { classes: [...classes, lazy, zoned], profile });
    const lazy = named(
      'lazy',
      { storage_type: 'cloud_disk', type: 'cloud' },
      { volumeBindingMode: 'WaitForFirstConsumer' },
    );
    const zoned = makeClass({
      metadata: { name: 'zoned' },
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['a', 'b'] }] }],
    });
    expect(told('ssd').join()).toMatch(/in one zone, and cannot be mounted in another/);
    expect(told('zoned', free).join()).toMatch(/in one zone \(a, b\)/);
    expect([told('lazy'), told('ssd', free), told('gone')]).toEqual([[], [], []]);
  });

  it('is that nobody enforces the capacity of file storage (STO-09)', () => {
    expect(tellOfClaim(asked('nas', '1Gi'), { classes, profile: aks }).join()).toMatch(
      /not enforced.*nodes need the tools/,
    );
  });

  it('is what becomes of its volume (STO-03)', () => {
    const volume = (policy: string) =>
      makeVolume({
        metadata: { name: 'v' },
        spec: { persistentVolumeReclaimPolicy: policy, csi: { driver: 'd', volumeHandle: 'd-1' } },
      });
    const claim = makeClaim({ metadata: { name: 'data' } });
    expect(tellOfClaimGone(claim, volume('Retain')).join()).toMatch(/stay, released/);
    expect(tellOfClaimGone(claim, volume('Delete')).join()).toMatch(/are deleted with it/);
    expect(tellOfClaimGone(claim, undefined)).toEqual([]);
    expect(tellOfVolume(volume('Retain')).join()).toMatch(/'d-1'.* stay \(Retain\)/);
    expect(tellOfVolume(volume('Delete')).join()).toMatch(/may delete the disk 'd-1'/);
  });
});

const growing = (request: string, capacity: string, phase = 'Bound') =>
  makeClaim({
    metadata: { name: 'data' },
    spec: { resources: { requests: { storage: request } } },
    status: { phase, capacity: { storage: capacity } },
  });
const elastic = makeClass({ allowVolumeExpansion: true });

describe('a claim that shall grow', () => {
  it.each([
    ['has no volume yet', growing('1Gi', '1Gi', 'Pending'), elastic, 'CLAIM_NOT_BOUND'],
    ['is of a class that does not allow it', growing('1Gi', '1Gi'), ssd, 'CLASS_NOT_EXPANDABLE'],
    ['is of a class that is gone', growing('1Gi', '1Gi'), undefined, 'CLASS_NOT_EXPANDABLE'],
    ['is bound, of a class that allows it', growing('1Gi', '1Gi'), elastic, undefined],
  ])('%s (STO-06)', (_what, claim, storageClass, reason) => {
    expect(obstacleToGrowth(claim, storageClass)?.reason).toBe(reason);
  });

  it.each([
    ['more', growing('1Gi', '1Gi'), '2Gi', []],
    ['as much', growing('1Gi', '1Gi'), '1Gi', ['not_larger']],
    ['less', growing('2Gi', '2Gi'), '1Gi', ['not_larger']],
    ['what it asks for already', growing('3Gi', '2Gi'), '3Gi', ['same_size']],
    ['less than it waits for, more than there is', growing('4Gi', '2Gi'), '3Gi', []],
    ['less than there is while it waits for more', growing('4Gi', '2Gi'), '2Gi', ['not_larger']],
  ])('to %s (STO-06)', (_what, claim, to, codes) => {
    expect(judgeGrowth(claim, to, elastic, free).map(({ code }) => code)).toEqual(codes);
  });

  it('stays below the ceiling of its class (STO-09)', () => {
    expect(judgeGrowth(growing('1P', '1P'), '2P', nas, aks).map(({ code }) => code)).toEqual(['too_big']);
  });

  it('never shrinks, whatever is asked for (STO-06)', () => {
    const gi = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(gi, gi, gi, (capacity, more, wanted) => {
        const claim = growing(`${capacity + more}Gi`, `${capacity}Gi`);
        const isTaken = judgeGrowth(claim, `${wanted}Gi`, elastic, free).length === 0;
        expect(isTaken).toBe(wanted > capacity && wanted !== capacity + more);
      }),
    );
  });
});

describe('a volume that a claim names', () => {
  const claim = {
    namespace: 'shop',
    name: 'data',
    storageClassName: 'ssd',
    size: '20Gi',
    accessModes: ['ReadWriteOnce'],
    volumeMode: 'Filesystem',
  };
  const spec = { storageClassName: 'ssd', capacity: { storage: '20Gi' }, accessModes: ['ReadWriteOnce'] };
  const volume = (more: object = {}, rest: object = {}) =>
    makeVolume({ spec: { ...spec, ...more }, status: { phase: 'Available' }, ...rest });

  it.each([
    ['fits', volume()],
    ['is reserved for it', volume({ claimRef: { namespace: 'shop', name: 'data' } })],
    ['is larger', volume({ capacity: { storage: '1Ti' } })],
  ])('%s (STO-06)', (_what, found) => {
    expect(problemOfBinding(found, claim)).toBeUndefined();
  });

  it.each([
    ['is not there', undefined, 'it is not there'],
    ['is that of another claim', volume({ claimRef: { namespace: 'shop', name: 'other' } }), 'another claim has it'],
    [
      'was that of a namesake',
      volume({ claimRef: { namespace: 'shop', name: 'data', uid: 'u' } }),
      'it belonged to an earlier claim, whose data is on it',
    ],
    ['is released', volume({}, { status: { phase: 'Released' } }), 'it is released'],
    ['goes', volume({}, { metadata: { name: 'v', deletionTimestamp: 't' } }), 'it is being deleted'],
    ['is too small', volume({ capacity: { storage: '10Gi' } }), 'it has 10Gi, which is less than 20Gi'],
    ['is of another class', volume({ storageClassName: 'nas' }), "its class is 'nas', and the claim's 'ssd'"],
    ['is for several nodes alone', volume({ accessModes: ['ReadOnlyMany'] }), 'it does not offer ReadWriteOnce'],
    ['is a device', volume({ volumeMode: 'Block' }), 'it is a Block, and the claim asks for a Filesystem'],
  ])('%s (refused) (STO-06)', (_what, found, problem) => {
    expect(problemOfBinding(found, claim)).toBe(problem);
  });
});
