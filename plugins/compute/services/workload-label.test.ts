import type { Profile } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { profileNamed } from '../testing/profile-named.ts';
import { workloadLabelOf } from './workload-label.ts';

describe('workloadLabelOf', () => {
  it('CORE-28: says kind and name', () => {
    expect(workloadLabelOf('StatefulSet', 'db', profileNamed('default'))).toEqual({
      'ecns.es.io/workload': 'statefulset-db',
    });
  });

  it('CORE-28: takes its key from the profile', () => {
    const profileWith = (value: string | null) => ({ get: () => value }) as unknown as Profile;
    expect(workloadLabelOf('Job', 'a', profileWith('acme.io/workload'))).toEqual({ 'acme.io/workload': 'job-a' });
    expect(workloadLabelOf('Job', 'a', profileWith(null))).toEqual({});
  });

  it('fits into a label whatever the name, and tells long names apart', () => {
    const [one, two] = ['a', 'b'].map((end) => `${'long-name.'.repeat(10)}${end}`);
    const values = [one, two].map((name) => workloadLabelOf('Deployment', name ?? '', profileNamed('default')));
    const texts = values.map((labels) => Object.values(labels)[0] ?? '');
    for (const text of texts) expect(text).toMatch(/^[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])$/);
    expect(texts[0]).not.toBe(texts[1]);
  });
});
