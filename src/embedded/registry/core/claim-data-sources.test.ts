import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../machinery/json.ts';
import { FieldErrors } from '../validation/field-errors.ts';
import { normalizeDataSources, validateDataSources } from './claim-data-sources.ts';

const claim = { apiGroup: null, kind: 'PersistentVolumeClaim', name: 'src' };
const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'src' };
const other = { apiGroup: 'x.io', kind: 'Foo', name: 'src' };

function decide(sent: JsonObject): { spec: JsonObject; problems: string[] } {
  const spec = structuredClone(sent);
  normalizeDataSources(spec);
  const errors = new FieldErrors();
  validateDataSources(spec, errors);
  return { spec, problems: errors.causes.map(({ field, message }) => `${field}: ${message}`) };
}

describe('the data sources of a claim', () => {
  it.each([
    { name: 'a claim', sent: { dataSource: { kind: 'PersistentVolumeClaim', name: 'src' } }, both: claim },
    { name: 'a reference to a claim', sent: { dataSourceRef: { ...claim } }, both: claim },
    { name: 'a snapshot', sent: { dataSource: snapshot }, both: snapshot },
    { name: 'a reference to another kind', sent: { dataSourceRef: other }, both: other },
  ])('stand in both fields: $name', ({ sent, both }) => {
    expect(decide(sent)).toEqual({ spec: { dataSource: both, dataSourceRef: both }, problems: [] });
  });

  it.each([
    { name: 'another kind in the older field', sent: { dataSource: other } },
    { name: 'another kind of the core group', sent: { dataSource: { kind: 'Foo', name: 'src' } } },
    { name: 'a reference into another namespace', sent: { dataSourceRef: { ...snapshot, namespace: 'other' } } },
  ])('are dropped without a word: $name', ({ sent }) => {
    expect(decide(sent)).toEqual({ spec: {}, problems: [] });
  });

  it.each([
    {
      name: 'a kind the core group does not have',
      sent: { dataSourceRef: { kind: 'Foo', name: 'src' } },
      problems: [
        `spec.dataSource: Invalid value: "Foo": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
        `spec.dataSourceRef: Invalid value: "Foo": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
      ],
    },
    {
      name: 'no name',
      sent: { dataSource: { kind: 'PersistentVolumeClaim', name: '' } },
      problems: ['spec.dataSource.name: Required value', 'spec.dataSourceRef.name: Required value'],
    },
    {
      name: 'two that differ',
      sent: { dataSource: claim, dataSourceRef: other },
      problems: ['spec: Invalid value: {}: must match dataSourceRef'],
    },
  ])('are checked: $name (refused)', ({ sent, problems }) => {
    expect(decide(sent).problems).toEqual(problems);
  });
});
