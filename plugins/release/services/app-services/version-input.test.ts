import { describe, expect, it } from 'vitest';
import { makeSpec } from '../../testing/make-spec.ts';
import { accessOf, checkAccess, checkDeployment } from './version-input.ts';
import type { DeploymentSpec } from './version-spec.ts';

const profile = { get: ({ default: value }: { readonly default: unknown }) => value } as never;
const issuesOf = (...settings: Parameters<typeof accessOf>[0]) =>
  checkAccess(accessOf(settings), profile).map(({ path, code }) => `${path.join('.')} ${code}`);

describe('access settings (REL-01)', () => {
  it('lead to the same port of the pods by TCP, and name their ports where there are several', () => {
    expect(accessOf([{ name: 'web', ports: [{ port: 80 }, { port: 53, protocol: 'UDP', targetPort: 5353 }] }])).toEqual(
      [
        {
          name: 'web',
          type: 'CLUSTER_IP',
          ports: [
            { name: 'tcp-80', protocol: 'TCP', port: 80, targetPort: 80, nodePort: null },
            { name: 'udp-53', protocol: 'UDP', port: 53, targetPort: 5353, nodePort: null },
          ],
        },
      ],
    );
    expect(issuesOf({ name: 'web', ports: [{ port: 80 }, { port: 80, protocol: 'UDP' }] })).toEqual([]);
  });

  it.each<[string, Parameters<typeof accessOf>[0], string]>([
    ['no port', [{ name: 'web', ports: [] }], 'access.0.ports bad_count'],
    ['a name of another form', [{ name: '1web', ports: [{ port: 80 }] }], 'access.0.name bad_name'],
    ['a port past the last', [{ name: 'web', ports: [{ port: 65_536 }] }], 'access.0.ports.0.port out_of_range'],
    [
      'one port twice',
      [{ name: 'web', ports: [{ port: 1 }, { port: 1, name: 'b' }] }],
      'access.0.ports.1.port duplicate',
    ],
    [
      'a port of the nodes inside the cluster',
      [{ name: 'web', ports: [{ port: 80, nodePort: 30_000 }] }],
      'access.0.ports.0.nodePort not_offered',
    ],
    [
      'a port with a long name',
      [{ name: 'web', ports: [{ port: 80, name: 'sixteen-letters-' }] }],
      'access.0.ports.0.name bad_name',
    ],
  ])('refuse %s (refused)', (_what, settings, issue) => {
    expect(issuesOf(...settings)).toContain(issue);
  });

  it('are not more than the profile has room for (refused)', () => {
    const many = Array.from({ length: 21 }, (_, index) => ({ name: `web-${index}`, ports: [{ port: 80 }] }));
    expect(issuesOf(...many)).toEqual(['access too_many']);
  });
});

describe('how a version is brought out (REL-07)', () => {
  const issues = (deployment: Partial<DeploymentSpec>) =>
    checkDeployment(makeSpec({ deployment }).deployment, ['a', 'b']).map(
      ({ path, code }) => `${path.join('.')} ${code}`,
    );

  it('has known units, 1 to 100 groups and a share of the traffic', () => {
    expect(issues({ units: ['a'], minGroups: 100, traffic: { route: 'web', percent: 100 } })).toEqual([]);
  });

  it.each<[Parameters<typeof issues>[0], string]>([
    [{ units: ['a', 'a'] }, 'deployment.units.1 duplicate'],
    [{ units: ['c'] }, 'deployment.units.0 unknown_deployment_unit'],
    [{ minGroups: 101 }, 'deployment.minGroups out_of_range'],
    [{ traffic: { route: 'web', percent: 0 } }, 'deployment.traffic.percent out_of_range'],
    [{ traffic: { route: 'Web', percent: 1 } }, 'deployment.traffic.route bad_name'],
  ])('refuses %j (refused)', (deployment, issue) => {
    expect(issues(deployment)).toEqual([issue]);
  });
});
