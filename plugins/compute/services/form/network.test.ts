import { describe, expect, it } from 'vitest';
import type { PodAddressing } from '../../api.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { copyManifest } from './copy-manifest.ts';
import type { Json } from './draft.ts';
import type { NetworkForm } from './network.ts';
import type { PodTemplateForm } from './pod-template.ts';
import { writeForm } from './write-form.ts';

/** A network that asks for addresses by one annotation. */
const addressing: PodAddressing = {
  annotationsFor: (chosen) => ({ wish: chosen ? (chosen.pool ?? (chosen.addresses ?? []).join(',')) : null }),
  withoutGiven: ({ got: _got, ...rest }) => rest,
};

function write(template: PodTemplateForm, existing?: Json) {
  const { manifest, sheet } = writeForm({
    field: 'deployment',
    namespace: 'shop',
    name: 'web',
    form: { kind: { deployment: {} }, template },
    profile: profileNamed('default'),
    existing,
    addressing,
  });
  const { metadata, spec } = (manifest.spec as { template: { metadata: Json; spec: Json } }).template;
  return {
    manifest,
    annotations: metadata.annotations ?? {},
    hostNetwork: spec.hostNetwork,
    dnsPolicy: spec.dnsPolicy,
    ports: (spec.containers as readonly { ports?: unknown }[])[0]?.ports,
    issues: sheet.issues.map(({ path, code }) => `${path.join('.')} ${code}`),
  };
}

const web = (hostPort?: number) => ({
  name: 'web',
  image: 'nginx',
  ports: [{ containerPort: 80, ...(hostPort === undefined ? {} : { hostPort }) }],
});
const floating = { mode: 'FLOATING_IP', floatingIp: { pool: 'outside' } } as const;
const modes: readonly (readonly [string, NetworkForm, number | undefined, object])[] = [
  ['OVERLAY', { mode: 'OVERLAY' }, undefined, { annotations: {}, ports: [{ containerPort: 80 }] }],
  ['FLOATING_IP', floating, undefined, { annotations: { wish: 'outside' }, ports: [{ containerPort: 80 }] }],
  ['NAT', { mode: 'NAT' }, 8080, { annotations: {}, ports: [{ containerPort: 80, hostPort: 8080 }] }],
  ['HOST', { mode: 'HOST' }, undefined, { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet', annotations: {} }],
];

describe('the network mode of a form (NET-41)', () => {
  it.each(modes)('%s is written into what pods are made of', (_mode, network, hostPort, made) => {
    expect(write({ network, containers: [web(hostPort)] })).toMatchObject({ ...made, issues: [] });
  });

  const changes = modes.flatMap((from) => modes.map((to) => ({ from, to, name: `${from[0]} to ${to[0]}` })));
  it.each(changes)('changes from $name, and nothing is left of the one before', ({ from, to }) => {
    const before = write({ network: from[1], containers: [web(from[2])] });
    const again = { network: to[1], containers: [web(to[2])] };
    const fresh = write(again);
    const after = write(again, before.manifest);
    expect(after.issues).toEqual([]);
    for (const part of ['annotations', 'hostNetwork', 'dnsPolicy', 'ports'] as const) {
      expect(after[part]).toEqual(fresh[part]);
    }
  });

  it.each(modes)('%s stays where a form says nothing of it', (_mode, network, hostPort) => {
    const before = write({ network, containers: [web(hostPort)] });
    const { manifest } = write({ containers: [{ name: 'web', image: 'nginx:2' }] }, before.manifest);
    const image = (value: Json) => JSON.parse(JSON.stringify(value).replaceAll('nginx:2', 'nginx'));
    expect(image(manifest)).toEqual(before.manifest);
  });

  it('keeps the name service that somebody chose', () => {
    const { manifest } = write({ containers: [web()] });
    const spec = (manifest.spec as { template: { spec: Json } }).template.spec;
    spec.dnsPolicy = 'Default';
    expect(write({ network: { mode: 'HOST' } }, manifest).dnsPolicy).toBe('Default');
    expect(write({ network: { mode: 'OVERLAY' } }, manifest).dnsPolicy).toBe('Default');
  });

  it.each([
    [
      'NAT without a port of the node',
      { network: { mode: 'NAT' }, containers: [web()] },
      'template.network.mode host_port_required',
    ],
    [
      'OVERLAY with one',
      { network: { mode: 'OVERLAY' }, containers: [web(8080)] },
      'template.containers.0.ports.0.hostPort other_mode',
    ],
    [
      'FLOATING_IP with one',
      { network: floating, containers: [web(8080)] },
      'template.containers.0.ports.0.hostPort other_mode',
    ],
    [
      'HOST with another one',
      { network: { mode: 'HOST' }, containers: [web(8080)] },
      'template.containers.0.ports.0.hostPort other_mode',
    ],
    [
      'HOST and not on the host',
      { network: { mode: 'HOST' }, hostNetwork: false, containers: [web()] },
      'template.hostNetwork other_mode',
    ],
    [
      'OVERLAY on the host',
      { network: { mode: 'OVERLAY' }, hostNetwork: true, containers: [web()] },
      'template.hostNetwork other_mode',
    ],
    [
      'FLOATING_IP without addresses',
      { network: { mode: 'FLOATING_IP' }, containers: [web()] },
      'template.network.floatingIp one_of',
    ],
    [
      'FLOATING_IP with a pool and addresses',
      { network: { mode: 'FLOATING_IP', floatingIp: { pool: 'p', addresses: ['10.0.0.5'] } }, containers: [web()] },
      'template.network.floatingIp one_of',
    ],
    [
      'addresses in another mode',
      { network: { mode: 'OVERLAY', floatingIp: { pool: 'p' } }, containers: [web()] },
      'template.network.floatingIp other_mode',
    ],
  ] as readonly (readonly [string, PodTemplateForm, string])[])('refuses %s (refused)', (_what, template, issue) => {
    expect(write(template).issues).toEqual([issue]);
  });
});

it('a copy of a pod asks for what it asked for, and not for what the network gave it (NET-41)', () => {
  const metadata = { name: 'web', namespace: 'shop', annotations: { wish: 'outside', got: '10.0.0.5' } };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } };
  expect(copyManifest(pod as never, 'pod', true, addressing)).toMatchObject({
    metadata: { annotations: { wish: 'outside' } },
  });
  expect(JSON.stringify(copyManifest(pod as never, 'pod', true, addressing))).not.toContain('10.0.0.5');
});
