import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyForm } from '../../testing/any-form.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { readForm } from '../../testing/read-form.ts';
import { mergePatch } from '../revisions/merge-patch.ts';
import type { Json } from './draft.ts';
import { kindFieldOf } from './kinds.ts';
import { type WorkloadForm, writeForm } from './write-form.ts';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function write(form: WorkloadForm, existing?: Json) {
  const field = kindFieldOf(form.kind ?? {});
  const request = { field, namespace: 'shop', name: 'vote', form, profile: profileNamed('default'), existing };
  return { field, ...writeForm(request) };
}

/** A workload that is there is scaled, not given a number of pods by its form. */
function withoutReplicas(form: WorkloadForm): WorkloadForm {
  const kind = Object.entries(form.kind ?? {}).map(([field, { replicas: _replicas, ...rest }]) => [field, rest]);
  return { ...form, kind: Object.fromEntries(kind) };
}

describe('writeForm', () => {
  it('makes a manifest from which the form reads back equal (CMP-44 to CMP-66)', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const { field, manifest, sheet } = write(form as WorkloadForm);
        expect(sheet.issues).toEqual([]);
        expect(plain(readForm(plain(manifest), field))).toEqual(plain(form));
      }),
      { numRuns: 100 },
    );
  });

  it('changes nothing where a workload is given what it is already (CMP-75)', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const { manifest } = write(form as WorkloadForm);
        const again = write(withoutReplicas(form as WorkloadForm), plain(manifest));
        expect(again.sheet.issues).toEqual([]);
        expect(mergePatch(plain(manifest), plain(again.manifest))).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('makes of one workload what another form says, and keeps what no form knows (CMP-75)', () => {
    fc.assert(
      fc.property(anyForm, fc.nat(999), (form, mark) => {
        const { manifest, field } = write(form as WorkloadForm);
        const existing = plain({
          ...manifest,
          status: { mark },
          spec: { ...(manifest.spec as Json), unheardOf: { mark } },
        });
        const container = { name: 'added', image: 'x' };
        const change = { kind: { [field]: {} }, template: { containers: [container] } } as WorkloadForm;
        const changed = write(change, existing);
        expect(changed.manifest).toMatchObject({ status: { mark }, spec: { unheardOf: { mark } } });
        const before = readForm(existing, field).template;
        const expected = { ...before, containers: [...(before.containers ?? []), container] };
        expect(plain(readForm(plain(changed.manifest), field).template)).toEqual(plain(expected));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a stopped DaemonSet stopped, whatever nodes its form asks for (CMP-72, CMP-75)', () => {
    const stopped = {
      spec: { template: { spec: { nodeSelector: { 'longshore.dev/stopped': 'true', disk: 'slow' } } } },
    };
    const kind = { daemonSet: {} };
    const nodeLabels = [{ key: 'disk', value: 'fast' }];
    const selector = (scheduling: object) =>
      (write({ kind, template: { scheduling } }, stopped).manifest as typeof stopped).spec.template.spec.nodeSelector;
    expect(selector({ nodeLabels })).toEqual({ 'longshore.dev/stopped': 'true', disk: 'fast' });
    expect(selector({ nodeLabels: null })).toEqual({ 'longshore.dev/stopped': 'true' });
  });
});
