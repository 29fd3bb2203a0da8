import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePod } from '../../../compute/testing/make-objects.ts';
import { fileBrowserLabel } from '../../api.ts';
import { makeClaim } from '../../testing/make-storage.ts';
import { type DiskState, decideDiskState, diskStates } from './disk-state.ts';

const user = makePod({ metadata: { name: 'user' } });
const browser = makePod({ metadata: { name: 'browser', labels: { [fileBrowserLabel]: 'data' } } });
const spec = { resources: { requests: { storage: '2Gi' } } };
const bound = { phase: 'Bound', capacity: { storage: '2Gi' } };
const grown = (storage: string | undefined, conditions: readonly object[] = []) => ({
  phase: 'Bound',
  capacity: { storage: '1Gi' },
  allocatedResourceStatuses: storage ? { storage } : undefined,
  conditions,
});
const holds = (type: string) => ({ type, status: 'True', message: 'no room' });

interface Row {
  readonly name: string;
  readonly status?: object;
  readonly metadata?: object;
  readonly pods?: readonly (typeof user)[];
  readonly waitsForPod?: boolean;
  readonly state: DiskState;
}

const rows: readonly Row[] = [
  { name: 'bound, with nobody', status: bound, state: 'UNUSED' },
  { name: 'bound, with a pod', status: bound, pods: [user], state: 'IN_USE' },
  { name: 'bound, with its file browser', status: bound, pods: [browser], state: 'MANAGING' },
  { name: 'bound, with both', status: bound, pods: [browser, user], state: 'IN_USE' },
  {
    name: 'on its way out, in use',
    status: bound,
    pods: [user],
    metadata: { deletionTimestamp: 'now' },
    state: 'DELETING',
  },
  { name: 'pending', status: { phase: 'Pending' }, state: 'CREATING' },
  { name: 'without a status yet', state: 'CREATING' },
  { name: 'pending for its first pod', status: { phase: 'Pending' }, waitsForPod: true, state: 'UNUSED' },
  {
    name: 'pending on the node of its first pod',
    metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'n1' } },
    status: { phase: 'Pending' },
    waitsForPod: true,
    state: 'CREATING',
  },
  { name: 'lost', status: { phase: 'Lost' }, state: 'ERROR' },
  { name: 'asked to grow', status: grown(undefined), state: 'EXTENDING' },
  { name: 'growing', status: grown('ControllerResizeInProgress', [holds('Resizing')]), state: 'EXTENDING' },
  {
    name: 'grown but for its file system',
    status: grown('NodeResizePending', [holds('FileSystemResizePending')]),
    state: 'UNUSED',
  },
  { name: 'growing in use', status: grown('NodeResizeInProgress'), pods: [user], state: 'IN_USE' },
  {
    name: 'whose growth fails',
    status: grown('ControllerResizeInProgress', [holds('ControllerResizeError')]),
    state: 'ERROR',
  },
  { name: 'that cannot grow', status: grown('ControllerResizeInfeasible'), state: 'ERROR' },
];

describe('decideDiskState (STO-16, Appendix C)', () => {
  it.each(rows)('says of a disk $name: $state', ({ status, metadata, pods = [], waitsForPod = false, state }) => {
    const claim = makeClaim({ metadata: { name: 'data', ...metadata }, spec, status });
    expect(decideDiskState({ claim, pods, waitsForPod })).toBe(state);
  });

  it('calls no disk UNUSED that a pod holds, however it stands (STO-16)', () => {
    const status = fc.constantFrom(...rows.map((row) => row.status));
    const pods = fc.array(fc.constantFrom(user, browser), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(status, pods, fc.boolean(), (seen, held, waitsForPod) => {
        const claim = makeClaim({ metadata: { name: 'data' }, spec, status: seen });
        const state = decideDiskState({ claim, pods: held, waitsForPod });
        expect(state).toBe(held.includes(user) ? 'IN_USE' : 'MANAGING');
        expect(Object.keys(diskStates)).toContain(state);
      }),
    );
  });
});
