import { describe, expect, it } from 'vitest';
import { normalizeConditions } from './normalize-conditions.ts';

const at = '2026-01-31T12:00:00Z';
const later = '2026-01-31T13:00:00Z';
const nothing = {
  reason: undefined,
  message: undefined,
  lastTransitionTime: undefined,
  lastUpdateTime: undefined,
  observedGeneration: undefined,
};

describe('normalizeConditions', () => {
  it.each([
    {
      name: 'a condition of the API machinery',
      condition: {
        type: 'Ready',
        status: 'True',
        reason: 'Done',
        message: 'all well',
        lastTransitionTime: at,
        observedGeneration: 3,
      },
      expected: {
        type: 'Ready',
        status: 'TRUE',
        reason: 'Done',
        message: 'all well',
        lastTransitionTime: at,
        observedGeneration: 3,
      },
    },
    {
      name: 'a condition of a Deployment',
      condition: { type: 'Progressing', status: 'False', lastUpdateTime: later, lastTransitionTime: at },
      expected: { type: 'Progressing', status: 'FALSE', lastTransitionTime: at, lastUpdateTime: later },
    },
    {
      name: "a node's heartbeat",
      condition: { type: 'Ready', status: 'Unknown', lastHeartbeatTime: at },
      expected: { type: 'Ready', status: 'UNKNOWN', lastUpdateTime: at },
    },
    {
      name: "a pod's probe",
      condition: { type: 'Ready', status: 'True', lastProbeTime: null },
      expected: { type: 'Ready', status: 'TRUE' },
    },
    {
      name: 'a boolean status',
      condition: { type: 'Synced', status: true },
      expected: { type: 'Synced', status: 'TRUE' },
    },
    {
      name: 'a status nobody knows',
      condition: { type: 'Synced', status: 'Maybe' },
      expected: { type: 'Synced', status: 'UNKNOWN' },
    },
    {
      name: 'times that are none',
      condition: { type: 'A', status: 'True', lastTransitionTime: 'soon', reason: '' },
      expected: { type: 'A', status: 'TRUE' },
    },
  ])('normalises $name', ({ condition, expected }) => {
    expect(normalizeConditions({ status: { conditions: [condition] } })).toEqual([{ ...nothing, ...expected }]);
  });

  it.each([
    undefined,
    {},
    { status: null },
    { status: { conditions: {} } },
    { status: { conditions: [null, 'x', {}, { type: '' }, { type: 5 }] } },
  ])('finds none in %j', (object) => {
    expect(normalizeConditions(object)).toEqual([]);
  });
});
