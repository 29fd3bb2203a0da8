import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeDeployment, makePod } from '../../testing/make-objects.ts';
import { toPodCounts, wordsOfPod } from './pod-counts.ts';
import { type CountRow, countRows, createTally } from './tally.ts';
import { toWorkloadCounts, wordsOfWorkload } from './workload-counts.ts';

const inOrder = (rows: readonly CountRow[]) => rows.map(({ words, count }) => `${words.join(' ')} ${count}`).sort();

const deployment = (cluster: string, name: string, replicas: number) =>
  makeDeployment({ cluster, metadata: { name, uid: name, generation: 1 }, spec: { replicas } });

describe('createTally', () => {
  it('counts after any changes what a new count would', () => {
    const change = fc.record({
      cluster: fc.constantFrom('east', 'west'),
      name: fc.constantFrom('a', 'b', 'c'),
      replicas: fc.constantFrom(0, 1, undefined),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const tally = createTally(wordsOfWorkload as never);
        const there = new Map<string, ReturnType<typeof deployment>>();
        for (const { cluster, name, replicas } of changes) {
          const object = deployment(cluster, name, replicas ?? 0);
          if (replicas === undefined) {
            tally.drop(object as never);
            there.delete(`${cluster} ${name}`);
          } else {
            tally.set(object as never);
            there.set(`${cluster} ${name}`, object);
          }
        }
        expect(inOrder(tally.rows())).toEqual(inOrder(countRows(there.values() as never, wordsOfWorkload as never)));
      }),
    );
  });
});

describe('toWorkloadCounts', () => {
  it('tells kinds and states in the order of their enums, and clusters by name', () => {
    const rows = [
      { words: ['west', 'JOB', 'COMPLETED'], count: 2 },
      { words: ['west', 'DEPLOYMENT', 'STOPPED'], count: 1 },
      { words: ['east', 'DEPLOYMENT', 'RUNNING'], count: 3 },
    ];
    expect(toWorkloadCounts(rows)).toMatchObject({
      total: 6,
      byStatus: [
        { status: 'RUNNING', count: 3 },
        { status: 'STOPPED', count: 1 },
        { status: 'COMPLETED', count: 2 },
      ],
      byKind: [
        { kind: 'DEPLOYMENT', count: 4, byStatus: [{ status: 'RUNNING' }, { status: 'STOPPED' }] },
        { kind: 'JOB', count: 2 },
      ],
      byCluster: [
        { cluster: 'east', count: 3 },
        { cluster: 'west', count: 3 },
      ],
    });
  });
});

describe('toPodCounts', () => {
  it('tells the most frequent reasons first, and no more than are asked for', () => {
    const pod = (name: string, phase: string, isReady = false) =>
      makePod({
        metadata: { name },
        spec: { containers: [] },
        status: { phase, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
      });
    const pods = [pod('a', 'Running', true), pod('b', 'Running'), pod('c', 'Pending'), pod('d', 'Odd')];
    expect(toPodCounts(countRows(pods as never, wordsOfPod as never), 2)).toEqual({
      total: 4,
      ready: 1,
      byPhase: [
        { phase: 'PENDING', count: 1 },
        { phase: 'RUNNING', count: 2 },
        { phase: 'UNKNOWN', count: 1 },
      ],
      byReason: [
        { reason: 'Running', count: 2 },
        { reason: 'Odd', count: 1 },
      ],
      byCluster: [expect.objectContaining({ cluster: 'c1', count: 4, ready: 1 })],
    });
  });
});
