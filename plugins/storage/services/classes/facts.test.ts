import { describe, expect, it } from 'vitest';
import { makeClaim, makeClass, makeVolume } from '../../testing/make-storage.ts';
import { bytesOf, shownBytesOf } from './bytes-of.ts';
import { claimPhaseOf, expansionOf } from './claim-facts.ts';
import { bindingModeOf, defaultClassOf, reclaimPolicyOf, zonesOfClass } from './class-facts.ts';
import { knownAccessModes, rawWord, reclaimPolicies } from './storage-words.ts';
import { handleKeysOf, sourceTypeOf, volumePhaseOf, zonesOfVolume } from './volume-facts.ts';

const marked = (name: string, creationTimestamp: string, value = 'true') =>
  makeClass({
    metadata: { name, creationTimestamp, annotations: { 'storageclass.kubernetes.io/is-default-class': value } },
  });

describe('a StorageClass', () => {
  it('is Delete and Immediate where it does not say (STO-03)', () => {
    expect([reclaimPolicyOf({}), bindingModeOf({})]).toEqual(['DELETE', 'IMMEDIATE']);
    const other = { reclaimPolicy: 'Shred', volumeBindingMode: 'Never' };
    expect([reclaimPolicyOf(other), bindingModeOf(other)]).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  it('is that of claims that name none where it is the newest of those that are marked (STO-06)', () => {
    const [old, late, twin] = [
      marked('old', '2026-01-01T00:00:00Z'),
      marked('late', '2026-02-01T00:00:00Z'),
      marked('a-twin', '2026-02-01T00:00:00Z'),
    ];
    const not = marked('not', '2026-03-01T00:00:00Z', 'false');
    expect(defaultClassOf([old, late, not])?.metadata.name).toBe('late');
    expect(defaultClassOf([late, old, twin])?.metadata.name).toBe('a-twin');
    expect(defaultClassOf([not])).toBeUndefined();
  });

  it.each([
    [
      'its topologies',
      { allowedTopologies: [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['b', 'a'] }] }] },
      ['a', 'b'],
    ],
    [
      'those of a driver',
      { allowedTopologies: [{ matchLabelExpressions: [{ key: 'disk.example.com/zone', values: ['a'] }] }] },
      ['a'],
    ],
    ['a parameter', { parameters: { 'failure-domain.beta.kubernetes.io/zone': 'CN-A' } }, ['CN-A']],
    ['nothing', { allowedTopologies: [{ matchLabelExpressions: [{ key: 'rack', values: ['1'] }] }] }, []],
  ])('names its zones by %s (STO-10)', (_by, more, zones) => {
    expect(zonesOfClass(makeClass(more))).toEqual(zones);
  });
});

describe('a PersistentVolume', () => {
  it('tells its source, handle and phase, also those that nobody knows (STO-04)', () => {
    const csi = makeVolume({
      spec: { capacity: { storage: '1Gi' }, csi: { driver: 'disk.example.com', volumeHandle: 'd-1' } },
      status: { phase: 'Available' },
    });
    expect([sourceTypeOf(csi), handleKeysOf(csi), volumePhaseOf(csi)]).toEqual([
      'csi',
      ['disk.example.com|d-1'],
      'AVAILABLE',
    ]);
    const other = makeVolume({ spec: { nfs: { server: 'a', path: '/' } }, status: { phase: 'Melted' } });
    expect([sourceTypeOf(other), handleKeysOf(other), volumePhaseOf(other)]).toEqual(['nfs', [], 'UNKNOWN']);
  });

  it('names its zones by its affinity, else by its labels (STO-10)', () => {
    const labels = { 'failure-domain.beta.kubernetes.io/zone': 'a__b' };
    const required = {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['c'] }] },
        { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'Exists' }] },
      ],
    };
    expect(zonesOfVolume(makeVolume({ metadata: { labels } }))).toEqual(['a', 'b']);
    expect(zonesOfVolume(makeVolume({ metadata: { labels }, spec: { nodeAffinity: { required } } }))).toEqual(['c']);
    expect(zonesOfVolume(makeVolume({}))).toEqual([]);
  });
});

const sized = (request: string, capacity: string | undefined, more: object = {}) =>
  makeClaim({
    spec: { resources: { requests: { storage: request } } },
    status: { phase: 'Bound', ...(capacity ? { capacity: { storage: capacity } } : {}), ...more },
  });
const condition = (type: string, status = 'True', message = '') => ({
  conditions: [{ type, status, message, lastTransitionTime: '2026-01-01T00:00:00Z' }],
});
const during = (storage: string) => ({ allocatedResourceStatuses: { storage } });

describe('a growth of a claim', () => {
  it.each([
    ['is over where there is as much as is asked for', sized('2Gi', '2Gi'), undefined],
    ['is none before there is a volume', sized('2Gi', undefined), undefined],
    ['has not begun', sized('3Gi', '2Gi'), 'WAITING'],
    ['is under way', sized('3Gi', '2Gi', condition('Resizing')), 'RESIZING'],
    ['is no longer what a condition that ended says', sized('2Gi', '2Gi', condition('Resizing', 'False')), undefined],
    ['waits for a pod', sized('3Gi', '2Gi', condition('FileSystemResizePending')), 'FILE_SYSTEM_RESIZE_PENDING'],
    ['waits for a pod, by its status', sized('3Gi', '2Gi', during('NodeResizePending')), 'FILE_SYSTEM_RESIZE_PENDING'],
    ['goes on at the node', sized('3Gi', '2Gi', during('NodeResizeInProgress')), 'RESIZING_FILE_SYSTEM'],
    ['has failed', sized('3Gi', '2Gi', { ...during('NodeResizePending'), ...condition('NodeResizeError') }), 'FAILED'],
    [
      'cannot be done',
      sized('3Gi', '2Gi', { ...during('ControllerResizeInfeasible'), ...condition('ControllerResizeError') }),
      'INFEASIBLE',
    ],
    ['stands as nobody knows', sized('3Gi', '2Gi', during('Dreaming')), 'UNKNOWN'],
  ])('%s (STO-06)', (_what, claim, state) => {
    expect(expansionOf(claim)?.state).toBe(state);
  });

  it('tells the words of the cluster (STO-06)', () => {
    expect(
      expansionOf(
        sized('3Gi', '2Gi', condition('FileSystemResizePending', 'True', 'Waiting for user to (re-)start a pod')),
      ),
    ).toEqual({
      state: 'FILE_SYSTEM_RESIZE_PENDING',
      rawState: 'FileSystemResizePending',
      message: 'Waiting for user to (re-)start a pod',
      since: '2026-01-01T00:00:00Z',
    });
  });
});

describe('words and amounts', () => {
  it('keeps apart what it knows', () => {
    expect(claimPhaseOf(makeClaim({}))).toBe('PENDING');
    expect(claimPhaseOf(makeClaim({ status: { phase: 'Eaten' } }))).toBe('UNKNOWN');
    expect(knownAccessModes(['ReadWriteOnce', 'ReadWriteSometimes', 'toString'])).toEqual(['READ_WRITE_ONCE']);
    expect([rawWord(reclaimPolicies, 'RETAIN'), rawWord(reclaimPolicies, 'UNKNOWN')]).toEqual(['Retain', undefined]);
    expect([bytesOf('20Gi'), bytesOf('1.5Ki'), shownBytesOf('9E'), bytesOf('x'), bytesOf(undefined)]).toEqual([
      21_474_836_480,
      1_536,
      Number.MAX_SAFE_INTEGER,
      undefined,
      undefined,
    ]);
  });
});
