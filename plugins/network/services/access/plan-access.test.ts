import fc from 'fast-check';
import type { ServiceObject } from 'longshore/plugins/compute';
import { ForbiddenError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeDeployment, makeService } from '../../../compute/testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { serviceManifestCheck } from '../services/service-manifest-check.ts';
import type { AccessEntryForm, AccessWay } from './access-form.ts';
import { requireAccessRights } from './access-rights.ts';
import { type AccessStep, planAccess } from './plan-access.ts';
import { readAccess } from './read-access.ts';

const labels = { app: 'vote' };
const workload = makeDeployment({
  metadata: { name: 'vote', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'vote' } },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels: { ...labels, tier: 'front' } } } },
});
const plan = (entries: readonly AccessEntryForm[], profile = 'default', services: readonly ServiceObject[] = []) =>
  planAccess(workload, entries, services, profileNamed(profile));
const issuesOf = (...args: Parameters<typeof plan>) =>
  plan(...args).issues.map(({ path, code }) => `${path.join('.')} ${code}`);
const entry = (way: AccessWay, more: Partial<AccessEntryForm> = {}): AccessEntryForm => ({
  name: 'vote',
  way,
  ports: [{ port: 80, targetPort: 8080 }],
  ...more,
});
/** As the cluster has it once it was written. */
const made = ({ plan: planned, name }: AccessStep): ServiceObject => {
  const { metadata, spec } = planned?.manifest as { metadata: object; spec: object };
  return makeService({ metadata: { ...metadata, name, namespace: 'shop' }, spec });
};
const first = (...args: Parameters<typeof plan>): AccessStep => plan(...args).steps[0] as AccessStep;
const lb = 'service.beta.kubernetes.io/antcloud-loadbalancer';

describe('the access settings of a workload', () => {
  it.each<[string, string, AccessEntryForm, object]>([
    [
      'NET-06: IN_CLUSTER is a ClusterIP that finds its pods',
      'aks-public',
      entry('IN_CLUSTER', { ports: [{ port: 53, protocol: 'UDP' }] }),
      { type: 'ClusterIP', selector: labels, ports: [{ protocol: 'UDP', port: 53, targetPort: 53 }] },
    ],
    [
      'NET-09: NODE_PORT with a port of the nodes, or one that the cluster picks',
      'ecs',
      entry('NODE_PORT', { ports: [{ port: 80, nodePort: 30_080 }, { port: 81 }] }),
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }, { port: 81 }] },
    ],
    [
      'NET-06: PUBLIC is a load balancer with what is spoken at its ports',
      'aks-public',
      entry('PUBLIC', { ports: [{ port: 443, targetPort: 8443, protocol: 'HTTPS' }] }),
      { type: 'LoadBalancer', ports: [{ appProtocol: 'https', protocol: 'TCP', port: 443, targetPort: 8443 }] },
    ],
    ['NET-09: a load balancer of the private cloud', 'ecs', entry('PUBLIC'), { type: 'LoadBalancer' }],
  ])('%s', (_name, profile, form, spec) => {
    const step = first([form], profile);
    expect(issuesOf([form], profile)).toEqual([]);
    expect(step).toMatchObject({ action: 'CREATE', plan: { manifest: { spec } } });
    const { metadata } = step.plan?.manifest as { metadata: { labels: object } };
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/name': 'vote' });
  });

  it('NET-06, CON-20, CON-21: tell the load balancer its network, forwarding and checks in the words of the platform', () => {
    const annotationsOf = (form: AccessEntryForm) =>
      (first([form], 'aks-public').plan?.manifest.metadata as { annotations: Record<string, string> }).annotations;
    expect(annotationsOf(entry('VPC'))).toMatchObject({
      [`${lb}-address-type`]: 'INTRANET',
      [`${lb}-scheduler`]: 'wrr',
      [`${lb}-health-check`]: 'on',
    });
    const mixed = annotationsOf(
      entry('PUBLIC', {
        ports: [{ port: 80, protocol: 'HTTP', hasHealthCheck: false }, { port: 6379 }],
        loadBalancer: { existingId: 'lb-1', algorithm: 'WEIGHTED_LEAST_CONN' },
      }),
    );
    expect(mixed).toMatchObject({
      [`${lb}-address-type`]: 'INTERNET',
      [`${lb}-iaas-id`]: 'lb-1',
      [`${lb}-scheduler`]: 'wlc',
      [`${lb}-health-check`]: 'on',
      [`${lb}-health-check-ports`]: '6379',
    });
    const off = annotationsOf(entry('PUBLIC', { ports: [{ port: 80, protocol: 'HTTP', hasHealthCheck: false }] }));
    expect(off[`${lb}-health-check`]).toBe('off');
    expect(off).not.toHaveProperty(`${lb}-health-check-ports`);
  });

  it.each<[string, string, AccessEntryForm, readonly string[]]>([
    [
      'LoadBalancer access with UDP (ecs, NET-09)',
      'ecs',
      entry('PUBLIC', { ports: [{ port: 53, protocol: 'UDP' }] }),
      ['entries.0.ports.0.protocol protocol_not_offered'],
    ],
    [
      'UDP of a load balancer (aks, NET-06, CON-44)',
      'aks-public',
      entry('VPC', { ports: [{ port: 53, protocol: 'UDP' }] }),
      ['entries.0.ports.0.protocol protocol_not_offered'],
    ],
    [
      'turning off the health check of a TCP port of an LB access (aks, NET-06, CON-21)',
      'aks-public',
      entry('PUBLIC', { ports: [{ port: 80, hasHealthCheck: false }] }),
      ['entries.0.ports.0.hasHealthCheck always_on'],
    ],
    [
      'forwarding that the access form has not got (aks, CON-20)',
      'aks-public',
      entry('PUBLIC', { loadBalancer: { algorithm: 'ROUND_ROBIN' } }),
      ['entries.0.loadBalancer.algorithm not_offered'],
    ],
    [
      'a health check without a load balancer (NET-06)',
      'default',
      entry('IN_CLUSTER', { ports: [{ port: 80, hasHealthCheck: true }] }),
      ['entries.0.ports.0.hasHealthCheck other_type'],
    ],
    [
      'a check that the platform has no word for (NET-06)',
      'default',
      entry('PUBLIC', { ports: [{ port: 80, protocol: 'HTTP', hasHealthCheck: true }] }),
      ['entries.0.ports.0.hasHealthCheck not_offered'],
    ],
    [
      'HTTP inside the cluster (NET-06, CON-44)',
      'default',
      entry('IN_CLUSTER', { ports: [{ port: 80, protocol: 'HTTP' }] }),
      ['entries.0.ports.0.protocol protocol_not_offered'],
    ],
    [
      'ports out of range (NET-06)',
      'default',
      entry('IN_CLUSTER', { ports: [{ port: 0, targetPort: 65_536 }] }),
      ['entries.0.ports.0.port too_small', 'entries.0.ports.0.targetPort too_big'],
    ],
    ['no port at all (NET-06)', 'default', entry('IN_CLUSTER', { ports: [] }), ['entries.0.ports required']],
    [
      'an internal load balancer where nothing tells it so (NET-06)',
      'default',
      entry('VPC'),
      ['entries.0.way not_offered'],
    ],
    [
      'a load balancer of what has none (NET-06)',
      'default',
      entry('NODE_PORT', { loadBalancer: { bandwidthMbps: 1 } }),
      ['entries.0.loadBalancer other_type'],
    ],
    ['NodePorts of a platform without (esk, NET-11)', 'esk', entry('NODE_PORT'), ['entries.0.way type_not_offered']],
    ['any, by form, in the private edition (NET-03)', 'aks-private', entry('NODE_PORT'), ['entries.0.way yaml_only']],
    [
      'a port of the nodes out of range (NET-09)',
      'ecs',
      entry('NODE_PORT', { ports: [{ port: 80, nodePort: 80 }] }),
      ['entries.0.ports.0.nodePort too_small'],
    ],
  ])('refuse %s', (_name, profile, form, issues) => {
    expect(issuesOf([form], profile)).toEqual(issues);
  });

  it('NET-06, NET-20: refuse a name or a port of one load balancer twice, and Services of other pods', () => {
    const shared = { loadBalancer: { existingId: 'lb-1' } };
    const twice = [entry('PUBLIC', { name: 'a', ...shared }), entry('PUBLIC', { name: 'b', ...shared })];
    expect(issuesOf(twice, 'aks-public')).toEqual(['entries.1.ports.0.port port_taken']);
    expect(issuesOf([entry('IN_CLUSTER'), entry('NODE_PORT')])).toEqual(['entries.1.name duplicate']);
    const spec = { selector: { app: 'other' }, ports: [{ port: 80 }] };
    const other = makeService({ metadata: { name: 'vote', namespace: 'shop' }, spec });
    expect(issuesOf([entry('IN_CLUSTER')], 'default', [other])).toEqual(['entries.0.name name_taken']);
  });

  it('NET-06: keep what is as it shall be, take away settings that are not named, and leave alone what is none', () => {
    const kept = made(first([entry('IN_CLUSTER')]));
    const gone = made(first([entry('NODE_PORT', { name: 'gone' })]));
    const spec = { selector: labels, ports: [{ port: 80 }] };
    const foreign = makeService({ metadata: { name: 'foreign', namespace: 'shop' }, spec });
    const services = [kept, gone, foreign];
    const { steps, told } = plan([entry('IN_CLUSTER')], 'default', services);
    expect(steps.map(({ name, action }) => `${name} ${action}`)).toEqual(['vote KEEP', 'gone DELETE']);
    expect(told).toEqual([expect.stringContaining("'foreign'")]);
    expect(first([entry('IN_CLUSTER', { name: 'foreign' })], 'default', services)).toMatchObject({ action: 'UPDATE' });
    const read = readAccess(workload, services, profileNamed('default'));
    expect(read.map(({ service, way, isSetting }) => [service.metadata.name, way, isSetting])).toEqual([
      ['foreign', 'IN_CLUSTER', false],
      ['gone', 'NODE_PORT', true],
      ['vote', 'IN_CLUSTER', true],
    ]);
    expect(read[2]?.ports[0]?.addresses).toEqual(['vote.shop.svc.cluster.local:80']);
  });

  it('NET-06: what was written reads back as what was asked, and asks for nothing more', () => {
    const port = fc.record({
      port: fc.integer({ min: 1, max: 65_535 }),
      targetPort: fc.integer({ min: 1, max: 65_535 }),
      protocol: fc.constantFrom('TCP', 'HTTP', 'HTTPS'),
    });
    const asked = fc.record({
      way: fc.constantFrom<AccessWay>('VPC', 'PUBLIC'),
      ports: fc.uniqueArray(port, { minLength: 1, maxLength: 6, selector: ({ port: own }) => own }),
      isChecked: fc.boolean(),
      algorithm: fc.constantFrom('WEIGHTED', 'WEIGHTED_LEAST_CONN'),
      existingId: fc.constantFrom(undefined, 'lb-1'),
    });
    fc.assert(
      fc.property(asked, ({ way, ports, isChecked, ...loadBalancer }) => {
        const form = entry(way, {
          loadBalancer,
          ports: ports.map((each) => ({ ...each, hasHealthCheck: each.protocol === 'TCP' || isChecked })),
        });
        expect(issuesOf([form], 'aks-public')).toEqual([]);
        const service = made(first([form], 'aks-public'));
        expect(first([form], 'aks-public', [service]).action).toBe('KEEP');
        const [read] = readAccess(workload, [service], profileNamed('aks-public'));
        expect(read).toMatchObject({
          way,
          ports: ports.map((each) => ({ ...each, hasHealthCheck: each.protocol === 'TCP' || isChecked })),
        });
      }),
    );
  });
});

describe('the load balancer of an access setting', () => {
  const ofLb = (way: 'VPC' | 'PUBLIC', existingId?: string) =>
    entry(way, existingId === undefined ? {} : { loadBalancer: { existingId } });
  const linked = made(first([ofLb('PUBLIC', 'lb-1')], 'aks-public'));

  it.each<[string, AccessEntryForm, boolean]>([
    ['another one', ofLb('PUBLIC', 'lb-2'), true],
    ['a new one', entry('PUBLIC', { loadBalancer: { existingId: null } }), true],
    ['one of the other network', ofLb('VPC', 'lb-1'), true],
    ['none', entry('IN_CLUSTER'), true],
    ['the same with another port', entry('PUBLIC', { ports: [{ port: 81 }] }), false],
  ])('NET-08: is lost by %s: %#', (_name, form, isLost) => {
    const { before, after } = first([form], 'aks-public', [linked]);
    expect([before?.id, after?.id !== 'lb-1' || after.way !== 'PUBLIC']).toEqual(['lb-1', isLost]);
    const edited = {
      object: made(first([form], 'aks-public', [linked])),
      existing: linked,
      road: 'EDIT',
      name: 'vote',
    };
    const told = serviceManifestCheck.tell?.({ ...edited, profile: profileNamed('aks-public') } as never, {} as never);
    expect(told).toHaveLength(isLost ? 1 : 0);
  });

  it('NET-06: leaves no word to load balancers behind where there is none any more', () => {
    const step = first([entry('IN_CLUSTER')], 'aks-public', [linked]);
    expect(Object.keys((step.plan?.manifest.metadata as { annotations: object }).annotations)).toEqual([
      'longshore.dev/access-of',
      'longshore.dev/access-way',
    ]);
  });

  it.each<[string, AccessEntryForm, readonly ServiceObject[], boolean]>([
    ['a new one', ofLb('PUBLIC'), [], false],
    ['one that is there', ofLb('PUBLIC', 'lb-1'), [], true],
    ['the one that it has', entry('PUBLIC'), [linked], true],
    ['a new one in place of it', entry('PUBLIC', { loadBalancer: { existingId: null } }), [linked], false],
  ])('NET-06, NET-20: of who may not create load balancers is %s (0.4, refused or not: %#)', (_name, form, services, isFine) => {
    const { steps } = plan([form], 'aks-public', services);
    const context = {
      access: { allowed: () => false, requireAllowed: () => undefined },
      services: { profiles: { at: () => profileNamed('aks-public') } },
    };
    const ask = () => requireAccessRights(steps, workload, context as never);
    if (isFine) expect(ask).not.toThrow();
    else expect(ask).toThrow(ForbiddenError);
  });
});
