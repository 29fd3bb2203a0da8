import { describe, expect, it } from 'vitest';
import { makeTarget } from '../../testing/make-target.ts';
import { serviceChange, serviceOf } from './service-manifest.ts';

describe('the Service of an app service', () => {
  const port = { protocol: 'TCP', port: 80, targetPort: 8080, nodePort: null } as const;

  it('has nothing left to change where the cluster has it, though that keeps no empty names of ports (REL-25)', () => {
    const manifest = serviceOf(
      makeTarget(),
      { name: 'web', type: 'CLUSTER_IP', ports: [{ ...port, name: '' }] },
      false,
    );
    expect(manifest.spec.ports).toEqual([{ protocol: 'TCP', port: 80, targetPort: 8080 }]);
    expect(serviceChange(manifest as never, manifest)).toBeUndefined();
    const renamed = { ...manifest, spec: { ...manifest.spec, ports: [{ ...manifest.spec.ports[0], name: 'http' }] } };
    expect(serviceChange(manifest as never, renamed as never)).toMatchObject({ spec: { ports: [{ name: 'http' }] } });
  });
});
