import fc from 'fast-check';
import type { StreamMessage } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { makeClaim } from '../../testing/make-storage.ts';
import type { DiskState } from './disk-state.ts';
import { trackDisks } from './track-disks.ts';

type Message = StreamMessage<PersistentVolumeClaimObject>;
const claims = ['a', 'b'].map((name) => makeClaim({ metadata: { name } }));
const [a = makeClaim({}), b = makeClaim({})] = claims;
const of = (type: Message['type'], item?: PersistentVolumeClaimObject): Message => ({
  type,
  item,
  cursor: 'c',
  reason: undefined,
});
const told = (messages: readonly Message[]) =>
  messages.map(({ type, item }) => `${type} ${item?.metadata.name ?? ''}`.trim());

/** A tracker for disks that are UNUSED. */
const unused = (hasSnapshot = true) => trackDisks(({ state }) => state === 'UNUSED', hasSnapshot);

describe('trackDisks (STO-16, STO-22)', () => {
  it('tells what a snapshot shows, and of a pod only what it changes', () => {
    const tracker = trackDisks(() => true, true);
    expect(told(tracker.claim(of('ADDED', a), 'IN_USE'))).toEqual(['ADDED a']);
    expect(tracker.isWhole).toBe(false);
    expect(told(tracker.mark(of('SNAPSHOT')))).toEqual(['SNAPSHOT']);
    expect(tracker.isWhole).toBe(true);
    expect(tracker.disk({ disk: a, state: 'IN_USE' }, 'c')).toEqual([]);
    expect(told(tracker.disk({ disk: a, state: 'UNUSED' }, 'c'))).toEqual(['MODIFIED a']);
    expect(told(tracker.claim(of('MODIFIED', a), 'UNUSED'))).toEqual(['MODIFIED a']);
    expect(told(tracker.claim(of('DELETED', a), 'DELETING'))).toEqual(['DELETED a']);
  });

  it('lets disks leave and enter a filter by what mounts them', () => {
    const tracker = unused();
    expect(told(tracker.claim(of('ADDED', a), 'UNUSED'))).toEqual(['ADDED a']);
    expect(tracker.claim(of('ADDED', b), 'IN_USE')).toEqual([]);
    expect(told(tracker.disk({ disk: a, state: 'IN_USE' }, 'c'))).toEqual(['DELETED a']);
    expect(tracker.disk({ disk: a, state: 'MANAGING' }, 'c')).toEqual([]);
    expect(told(tracker.disk({ disk: b, state: 'UNUSED' }, 'c'))).toEqual(['ADDED b']);
    expect(told(tracker.disk({ disk: a, state: 'UNUSED' }, 'c'))).toEqual(['ADDED a']);
    expect(told(tracker.claim(of('DELETED', b), 'DELETING'))).toEqual(['DELETED b']);
  });

  it('tells who resumes of what left meanwhile, whether or not they had it', () => {
    const tracker = unused(false);
    expect(tracker.isWhole).toBe(true);
    expect(told(tracker.disk({ disk: a, state: 'IN_USE' }, 'c'))).toEqual(['DELETED a']);
    expect(told(tracker.claim(of('MODIFIED', b), 'UNUSED'))).toEqual(['MODIFIED b']);
  });

  it('begins anew after a RESYNC', () => {
    const tracker = unused();
    tracker.claim(of('ADDED', a), 'UNUSED');
    tracker.mark(of('SNAPSHOT'));
    expect(told(tracker.mark(of('RESYNC')))).toEqual(['RESYNC']);
    expect(tracker.isWhole).toBe(false);
    expect(told(tracker.claim(of('ADDED', a), 'UNUSED'))).toEqual(['ADDED a']);
  });

  it('leaves its reader with exactly the disks that are in the filter, whatever happens (P22)', () => {
    const state = fc.constantFrom<DiskState>('UNUSED', 'IN_USE', 'MANAGING', 'EXTENDING');
    const step = fc.record({ index: fc.nat(1), state, by: fc.constantFrom('pod', 'claim', 'gone') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const tracker = unused();
        tracker.mark(of('SNAPSHOT'));
        const there = new Map<string, DiskState>();
        const shown = new Set<string>();
        for (const { index, state: next, by } of steps) {
          const disk = index === 0 ? a : b;
          const { name } = disk.metadata;
          const isNew = !there.has(name);
          if (by === 'pod' && isNew) continue;
          if (by === 'gone' && isNew) continue;
          if (by === 'gone') there.delete(name);
          else there.set(name, next);
          const type = by === 'gone' ? 'DELETED' : isNew ? 'ADDED' : 'MODIFIED';
          const messages =
            by === 'pod' ? tracker.disk({ disk, state: next }, 'c') : tracker.claim(of(type, disk), next);
          for (const message of messages) {
            const key = message.item?.metadata.name ?? '';
            expect(message.type === 'MODIFIED').toBe(message.type !== 'DELETED' && shown.has(key));
            if (message.type === 'DELETED') shown.delete(key);
            else shown.add(key);
          }
          const wanted = [...there].filter(([, seen]) => seen === 'UNUSED').map(([key]) => key);
          expect([...shown].sort()).toEqual(wanted.sort());
        }
      }),
    );
  });
});
