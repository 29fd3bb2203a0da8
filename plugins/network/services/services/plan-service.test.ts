import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileNamed } from '../../testing/profile-named.ts';
import { planService } from './plan-service.ts';
import type { SeenService } from './seen-service.ts';
import { wordOfService } from './seen-service.ts';
import type { ServiceForm } from './service-form.ts';
import { serviceManifestCheck } from './service-manifest-check.ts';

const selector = [{ key: 'app', value: 'web' }];
const plan = (form: ServiceForm, profile = 'default', existing?: SeenService, name = 'web') =>
  planService({ namespace: 'shop', name, form, profile: profileNamed(profile), existing });
const specOf = (form: ServiceForm, profile?: string, existing?: SeenService) =>
  plan(form, profile, existing).manifest.spec;
const issuesOf = (form: ServiceForm, profile?: string, existing?: SeenService) =>
  plan(form, profile, existing).issues.map(({ path, code }) => `${path.join('.')} ${code}`);
const ports = [{ port: 80 }];

describe('the form for Services', () => {
  it.each<{ name: string; form: ServiceForm; profile?: string; spec: object }>([
    {
      name: 'NET-01: CLUSTER_IP, with names of ports by the rule of NET-11 and the target port of NET-07',
      form: {
        type: 'CLUSTER_IP',
        selector,
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 53, protocol: 'UDP' },
        ],
      },
      spec: {
        type: 'ClusterIP',
        selector: { app: 'web' },
        ports: [
          { name: 'port-config-80-1', protocol: 'TCP', port: 80, targetPort: 8080 },
          { name: 'port-config-53-2', protocol: 'UDP', port: 53, targetPort: 53 },
        ],
      },
    },
    {
      name: 'NET-01: a headless one',
      form: { type: 'CLUSTER_IP', selector, ports: [{ port: 80, name: 'http' }], clusterIP: 'None' },
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        selector: { app: 'web' },
        ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }],
      },
    },
    {
      name: 'NET-01: NODE_PORT with a port of the nodes and session affinity',
      form: {
        type: 'NODE_PORT',
        ports: [{ port: 80, targetPort: 'http', nodePort: 30_080 }],
        sessionAffinity: 'CLIENT_IP',
        sessionAffinitySeconds: 60,
        externalTrafficPolicy: 'LOCAL',
      },
      spec: {
        type: 'NodePort',
        ports: [{ name: 'port-config-80-1', protocol: 'TCP', port: 80, targetPort: 'http', nodePort: 30_080 }],
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
        externalTrafficPolicy: 'Local',
      },
    },
    {
      name: 'NET-01: EXTERNAL_NAME, without ports and pods',
      form: { type: 'EXTERNAL_NAME', externalName: 'db.example' },
      spec: { type: 'ExternalName', externalName: 'db.example' },
    },
    {
      name: 'NET-01: CONTAINER_NATIVE_LB, a load balancer without ports of nodes',
      form: { type: 'CONTAINER_NATIVE_LB', ports: [{ port: 443, protocol: 'HTTPS' }] },
      spec: {
        type: 'LoadBalancer',
        allocateLoadBalancerNodePorts: false,
        ports: [{ name: 'port-config-443-1', protocol: 'TCP', appProtocol: 'https', port: 443, targetPort: 443 }],
      },
    },
    {
      name: 'NET-02: LOAD_BALANCER with what Kubernetes has fields for',
      form: { type: 'LOAD_BALANCER', ports, loadBalancer: { className: 'acme/lb', sourceRanges: ['10.0.0.0/8'] } },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: 'acme/lb',
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        ports: [{ name: 'port-config-80-1', protocol: 'TCP', port: 80, targetPort: 80 }],
      },
    },
    { name: 'NET-01: CUSTOM, word for word', form: { type: 'CUSTOM', spec: { a: 1 } }, spec: { a: 1 } },
  ])('$name', ({ form, profile, spec }) => {
    expect(specOf(form, profile)).toEqual(spec);
    expect(issuesOf(form, profile)).toEqual([]);
  });

  const lb = 'service.beta.kubernetes.io/antcloud-loadbalancer-';
  it('NET-02, CON-21, CON-22: tells load balancers by annotations what Kubernetes has no field for, defaults as well', () => {
    const annotations = (form: ServiceForm) => {
      const planned = plan({ type: 'LOAD_BALANCER', ports, ...form }, 'aks-public');
      expect(planned.issues).toEqual([]);
      return (planned.manifest.metadata as { annotations?: object }).annotations;
    };
    expect(annotations({})).toEqual({
      [`${lb}scheduler`]: 'rr',
      [`${lb}x-forwarded-for`]: 'on',
      [`${lb}health-check`]: 'off',
    });
    const loadBalancer = {
      algorithm: 'LEAST_CONN',
      bandwidthMbps: 20,
      forwardsClientIP: false,
      sessionPersistenceSeconds: 60,
      hasHealthCheck: true,
      existingId: 'LB-7',
    };
    expect(annotations({ loadBalancer, description: 'Front' })).toEqual({
      [`${lb}scheduler`]: 'lc',
      [`${lb}bandwidth`]: '20',
      [`${lb}x-forwarded-for`]: 'off',
      [`${lb}persistence-timeout`]: '60',
      [`${lb}health-check`]: 'on',
      [`${lb}iaas-id`]: 'LB-7',
      'longshore.dev/description': 'Front',
    });
  });

  it.each<{ name: string; form: ServiceForm; profile?: string; issues: string[] }>([
    { name: 'NET-02: no port at all (refused)', form: { type: 'CLUSTER_IP' }, issues: ['ports required'] },
    {
      name: 'NET-02: ports out of range (bad input)',
      form: { type: 'NODE_PORT', ports: [{ port: 0, targetPort: 70_000, nodePort: 80 }] },
      issues: ['ports.0.port too_small', 'ports.0.targetPort too_big', 'ports.0.nodePort too_small'],
    },
    {
      name: 'NET-02: a port of the nodes above the range of the profile (refused)',
      form: { type: 'LOAD_BALANCER', ports: [{ port: 80, nodePort: 40_000 }] },
      issues: ['ports.0.nodePort too_big'],
    },
    {
      name: 'NET-02: a port of the nodes where there is none (bad input)',
      form: { type: 'CLUSTER_IP', ports: [{ port: 80, nodePort: 30_000 }] },
      issues: ['ports.0.nodePort other_type'],
    },
    {
      name: 'NET-01: what belongs to another type (bad input)',
      form: { type: 'EXTERNAL_NAME', selector, clusterIP: '10.0.0.1', loadBalancer: {}, spec: {} },
      issues: [
        'spec other_type',
        'externalName required',
        'selector other_type',
        'clusterIP other_type',
        'loadBalancer other_type',
      ],
    },
    {
      name: 'NET-01: CUSTOM without a spec, and with fields of the form (bad input)',
      form: { type: 'CUSTOM', ports: [] },
      issues: ['spec required', 'ports other_type'],
    },
    {
      name: 'NET-02, VND-05: options that the platform has no way to tell (refused)',
      form: {
        type: 'LOAD_BALANCER',
        ports,
        loadBalancer: { bandwidthMbps: 5, existingId: 'x', algorithm: 'ROUND_ROBIN' },
      },
      issues: ['loadBalancer.bandwidthMbps not_offered', 'loadBalancer.existingId not_offered'],
    },
    {
      name: 'NET-02, CON-20: algorithms of the other form (refused)',
      form: { type: 'LOAD_BALANCER', ports, loadBalancer: { algorithm: 'WEIGHTED', bandwidthMbps: 0 } },
      profile: 'aks-public',
      issues: ['loadBalancer.algorithm not_offered', 'loadBalancer.bandwidthMbps too_small'],
    },
    {
      name: 'NET-03: by form in the private edition (refused)',
      form: { type: 'LOAD_BALANCER', ports },
      profile: 'aks-private',
      issues: ['type yaml_only'],
    },
    {
      name: 'NET-11: another type than ClusterIP at the edge (refused)',
      form: { type: 'NODE_PORT', ports },
      profile: 'esk',
      issues: ['type type_not_offered'],
    },
    {
      name: 'NET-09: a load balancer with UDP (refused)',
      form: { type: 'LOAD_BALANCER', ports: [{ port: 53, protocol: 'UDP' }] },
      profile: 'ecs',
      issues: ['ports.0.protocol protocol_not_offered'],
    },
    {
      name: 'NET-06, CON-44: UDP by a load balancer, while UDP in the cluster is fine (refused)',
      form: { type: 'LOAD_BALANCER', ports: [{ port: 53, protocol: 'UDP' }] },
      profile: 'aks-public',
      issues: ['ports.0.protocol protocol_not_offered'],
    },
    {
      name: 'NET-09: a protocol that is not in the list (refused)',
      form: { type: 'CLUSTER_IP', ports: [{ port: 53, protocol: 'SCTP' }] },
      profile: 'ecs',
      issues: ['ports.0.protocol protocol_not_offered'],
    },
  ])('$name', ({ form, profile, issues }) => {
    expect(issuesOf(form, profile)).toEqual(issues);
  });

  it('NET-02: holds names to the rule of the profile (bad input)', () => {
    expect(plan({ type: 'CLUSTER_IP', ports }, 'default', undefined, '1Web').issues).toMatchObject([
      { path: ['name'] },
    ]);
  });

  it.each([['CLUSTER_IP'], ['NODE_PORT']])('NET-06, CON-44: lets %s have UDP in aks', (type) => {
    expect(issuesOf({ type, ports: [{ port: 53, protocol: 'UDP' }] }, 'aks-public')).toEqual([]);
  });
});

const there: SeenService = {
  spec: {
    type: 'LoadBalancer',
    clusterIP: '10.0.0.7',
    clusterIPs: ['10.0.0.7'],
    externalTrafficPolicy: 'Cluster',
    loadBalancerClass: 'acme/lb',
    selector: { app: 'web', tier: 'front' },
    ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 31_000 }],
  },
};
const withMetadata = (seen: SeenService): SeenService => ({ metadata: { name: 'web' }, ...seen }) as SeenService;

describe('changing a Service by the form (NET-04)', () => {
  it('NET-04: keeps what the form does not mention, ports of nodes as well', () => {
    expect(specOf({ ports: [{ port: 80 }, { port: 81 }] }, 'default', withMetadata(there))).toEqual({
      ...there.spec,
      ports: [
        { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 31_000 },
        { name: 'port-config-81-2', protocol: 'TCP', port: 81, targetPort: 81 },
      ],
    });
    expect(specOf({ selector }, 'default', withMetadata(there))).toMatchObject({ selector: { app: 'web' } });
  });

  it('NET-04: takes away with the type what only that type had', () => {
    expect(specOf({ type: 'CLUSTER_IP' }, 'default', withMetadata(there))).toEqual({
      type: 'ClusterIP',
      clusterIP: '10.0.0.7',
      clusterIPs: ['10.0.0.7'],
      selector: { app: 'web', tier: 'front' },
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
    });
    expect(specOf({ type: 'EXTERNAL_NAME', externalName: 'a.example' }, 'default', withMetadata(there))).toEqual({
      type: 'ExternalName',
      externalName: 'a.example',
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
    });
  });

  it('NET-04: tells what never changes (refused)', () => {
    expect(issuesOf({ clusterIP: '10.0.0.8' }, 'default', withMetadata(there))).toEqual(['clusterIP immutable']);
    expect(issuesOf({ loadBalancer: { className: 'other/lb' } }, 'default', withMetadata(there))).toEqual([
      'loadBalancer.className immutable',
    ]);
    expect(
      issuesOf({ clusterIP: '10.0.0.7', loadBalancer: { className: 'acme/lb' } }, 'default', withMetadata(there)),
    ).toEqual([]);
  });

  it('NET-03: goes by YAML in the private edition (refused)', () => {
    expect(issuesOf({ description: 'x' }, 'aks-private', withMetadata(there))).toEqual(['id yaml_only']);
  });

  it('NET-03: need not change what is there against a rule already', () => {
    const old: SeenService = { spec: { type: 'LoadBalancer', ports: [{ port: 53, protocol: 'UDP', nodePort: 80 }] } };
    expect(issuesOf({ description: 'x' }, 'ecs', withMetadata(old))).toEqual([]);
  });
});

describe('Services as YAML', () => {
  const check = (object: object, profile: string, existing?: object, road = 'APPLY') =>
    serviceManifestCheck.check(
      { object, existing, road, name: 'web', profile: profileNamed(profile) } as never,
      undefined as never,
    ) as readonly { readonly path: readonly unknown[]; readonly code: string }[];
  const codes = (...args: Parameters<typeof check>) =>
    check(...args).map(({ path, code }) => `${path.join('.')} ${code}`);

  it.each([
    ['NET-03: a ClusterIP in the private edition (refused)', { ports }, 'aks-private', ['spec.type type_not_offered']],
    ['NET-03: any other by YAML in the private edition', { type: 'NodePort', ports }, 'aks-private', []],
    [
      'NET-09: a load balancer with UDP (refused)',
      { type: 'LoadBalancer', ports: [{ port: 1, protocol: 'UDP' }] },
      'ecs',
      ['spec.ports.0.protocol protocol_not_offered'],
    ],
    ['CON-30: a ClusterIP elsewhere', { ports }, 'aks-public', []],
    ['NET-02: what has another shape is left to the cluster (bad input)', { type: 7, ports: ['x', 3] }, 'default', []],
  ])('%s', (_title, spec, profile, expected) => {
    expect(codes({ spec }, profile)).toEqual(expected);
  });

  it('NET-03: a part of a Service that is there is judged with the rest of it', () => {
    const existing = { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } };
    const udp = { spec: { ports: [{ port: 53, protocol: 'UDP' }] } };
    expect(codes(udp, 'ecs', existing)).toEqual(['spec.ports.0.protocol protocol_not_offered']);
    expect(codes({ metadata: {} }, 'aks-private', { spec: { ports: [{ port: 80 }] } })).toEqual([]);
    expect(codes({ spec: { type: 'ClusterIP' } }, 'aks-private', existing)).toEqual(['spec.type type_not_offered']);
  });
});

describe('planService', () => {
  const types = ['CLUSTER_IP', 'NODE_PORT', 'LOAD_BALANCER', 'CONTAINER_NATIVE_LB', 'EXTERNAL_NAME'] as const;
  const port = fc.record({
    port: fc.integer({ min: 1, max: 65_535 }),
    targetPort: fc.integer({ min: 1, max: 65_535 }),
  });
  const formOf = (type: (typeof types)[number]) =>
    fc.uniqueArray(port, { selector: (one) => one.port, minLength: 1, maxLength: 5 }).map((list) => ({
      type,
      ports: list,
      ...(type === 'EXTERNAL_NAME' ? { externalName: 'a.example' } : { selector }),
    }));

  it('NET-01: makes of each type what reads back as that type, and of each type every other', () => {
    const change = fc.tuple(fc.constantFrom(...types).chain(formOf), fc.constantFrom(...types).chain(formOf));
    fc.assert(
      fc.property(change, ([first, second]) => {
        const made = plan(first);
        expect(made.issues).toEqual([]);
        expect(wordOfService(made.manifest as SeenService)).toBe(first.type);
        const changed = plan(second, 'default', made.manifest as SeenService);
        expect(changed.issues).toEqual([]);
        expect(wordOfService(changed.manifest as SeenService)).toBe(second.type);
      }),
    );
  });

  it('NET-07: leads each port to its own target, in their order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types).chain(formOf), (form) => {
        const { ports: made } = plan(form).manifest.spec as { ports: typeof form.ports };
        expect(made.map(({ port: one, targetPort }) => ({ port: one, targetPort }))).toEqual(form.ports);
      }),
    );
  });
});
