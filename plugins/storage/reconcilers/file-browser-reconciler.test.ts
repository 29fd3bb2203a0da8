import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { describe, expect, it } from 'vitest';
import { fileBrowserLabel } from '../api.ts';
import { browserLoopRef } from '../services/files/browser-loop.ts';
import { browserPodOf } from '../services/files/browser-pod.ts';
import { fileBrowserReconciler } from './file-browser-reconciler.ts';

const now = Date.parse('2026-05-01T12:00:00Z');
const minute = 60_000;
const claim = { metadata: { name: 'data', namespace: 'shop', uid: 'claim-uid' }, spec: {} } as never;
const settings = { image: 'busybox', imagePullSecrets: [], userId: 1, cpuMillicores: 100, memory: '64Mi' };
const user = { userId: 1, groupId: 1, fsGroup: undefined };
const made = browserPodOf({ claim, user, settings, deadlineSeconds: undefined });

/** What comes of a look at a file browser that was opened and used so long ago. */
async function look(options: {
  readonly openedMs: number;
  readonly usedMs?: number;
  readonly idleMinutes?: number | null;
  readonly claim?: unknown;
  readonly uid?: string;
  readonly labels?: object;
  readonly isReady?: boolean;
}) {
  const { openedMs, usedMs, idleMinutes = 30, uid = 'pod-uid', isReady = true } = options;
  const pod = {
    ...made,
    metadata: {
      ...made.metadata,
      uid,
      labels: options.labels ?? made.metadata?.labels,
      creationTimestamp: new Date(now - openedMs).toISOString(),
    },
    status: { phase: 'Running', containerStatuses: [{ name: 'files', state: { running: {} } }] },
  };
  const deleted: unknown[] = [];
  const forgotten: string[] = [];
  const records: unknown[] = [];
  const cluster = {
    name: 'east',
    state: isReady ? 'READY' : 'UNREACHABLE',
    reader: () => ({
      get: async (kind: unknown) =>
        kind === persistentVolumeClaimKind ? ('claim' in options ? options.claim : claim) : pod,
    }),
    writer: (_principal: unknown, { reason }: { reason: string }) => ({
      delete: async (_ticket: unknown, _kind: unknown, ...more: unknown[]) => void deleted.push([...more, reason]),
    }),
  };
  const loop = {
    clusters: { get: () => cluster },
    profiles: { at: () => ({ get: () => idleMinutes }) },
    operations: {
      run: async (spec: unknown, work: (ticket: object) => Promise<unknown>) => {
        records.push(spec);
        await work({});
      },
    },
  };
  const uses = {
    usedAt: async () => (usedMs === undefined ? undefined : now - usedMs),
    forget: async (podUid: string) => void forgotten.push(podUid),
  };
  const result = await fileBrowserReconciler.reconcile(`east shop ${made.metadata?.name} pod-uid`, {
    service: (ref: unknown) => (ref === browserLoopRef ? loop : uses),
    clock: { now: () => now },
    signal: new AbortController().signal,
    failpoints: { reach: async () => {} },
    fence: { number: 1 },
  } as never);
  return { result, deleted, forgotten, records };
}

describe('fileBrowserReconciler (STO-21)', () => {
  it('closes one in which nothing was done for long, with a record of the claim', async () => {
    const { deleted, records } = await look({ openedMs: 90 * minute, usedMs: 31 * minute });
    expect(deleted).toEqual([
      ['shop', made.metadata?.name, { uid: 'pod-uid' }, expect.stringContaining('nothing was done')],
    ]);
    expect(records).toMatchObject([
      { action: 'closeFileBrowser', target: { kind: 'PersistentVolumeClaim', name: 'data' } },
    ]);
  });

  it.each([
    { name: 'is used', openedMs: 90 * minute, usedMs: 29 * minute, afterMs: minute },
    { name: 'has just been opened', openedMs: 28 * minute, usedMs: undefined, afterMs: 2 * minute },
    {
      name: 'never closes by itself',
      openedMs: 900 * minute,
      usedMs: 800 * minute,
      idleMinutes: null,
      afterMs: 5 * minute,
    },
  ])('leaves one alone that $name', async ({ name: _name, afterMs, usedMs, ...options }) => {
    const { result, deleted } = await look({ ...options, ...(usedMs === undefined ? {} : { usedMs }) });
    expect({ result, deleted }).toEqual({ result: { kind: 'again', afterMs }, deleted: [] });
  });

  it('closes one whose claim is gone', async () => {
    expect((await look({ openedMs: minute, claim: undefined })).deleted).toHaveLength(1);
  });

  it.each([
    { name: 'of the same name that came later', uid: 'another-uid' },
    { name: 'that is none of ours', labels: {} },
  ])('touches no pod $name (refused)', async ({ name: _name, ...options }) => {
    const { result, deleted, forgotten } = await look({ openedMs: 900 * minute, ...options });
    expect({ result, deleted, forgotten }).toEqual({
      result: { kind: 'settled' },
      deleted: [],
      forgotten: ['pod-uid'],
    });
  });

  it('asks a cluster that is away again (refused)', async () => {
    expect((await look({ openedMs: 900 * minute, isReady: false })).result).toEqual({ kind: 'again', afterMs: 15_000 });
  });
});

describe('browserPodOf (STO-21)', () => {
  it('is labelled with the claim, also with one whose name is longer than a label', () => {
    expect(made.metadata?.labels?.[fileBrowserLabel]).toBe('data');
    const long = browserPodOf({
      claim: {
        metadata: { name: `${'a'.repeat(49)}.${'b'.repeat(100)}`, namespace: 'shop', uid: 'u' },
        spec: {},
      } as never,
      user,
      settings,
      deadlineSeconds: 60,
    });
    expect(long.metadata?.labels?.[fileBrowserLabel]).toMatch(/^a{49}-[0-9a-f]{12}$/);
    expect(long.spec?.activeDeadlineSeconds).toBe(60);
  });

  it('mounts what is only to be read for reading', () => {
    const readOnly = { metadata: { name: 'data', uid: 'u' }, spec: { accessModes: ['ReadOnlyMany'] } } as never;
    const { spec } = browserPodOf({ claim: readOnly, user, settings, deadlineSeconds: undefined });
    expect(spec?.volumes?.[0]?.persistentVolumeClaim).toEqual({ claimName: 'data', readOnly: true });
    expect(spec?.containers[0]?.volumeMounts).toMatchObject([{ readOnly: true }]);
  });
});
