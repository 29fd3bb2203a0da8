import type { KindRef, KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { cronJobKind, deploymentKind, statefulSetKind } from '../api.ts';
import { makeObject } from '../testing/make-objects.ts';
import { profileNamed } from '../testing/profile-named.ts';
import { workloadManifestCheck } from './workload-manifests.ts';

const tcp = { tcpSocket: { port: 80 } };
const web = { name: 'web', image: 'nginx' };
const deployment = deploymentKind as KindRef;

function misfitsOf(profile: string, kind: KindRef, spec: object, existing?: object): readonly string[] {
  const object = makeObject(kind, { metadata: { name: 'vote' }, spec });
  const before = existing && makeObject(kind, { metadata: { name: 'vote' }, spec: existing });
  const misfits = workloadManifestCheck.check({
    kind,
    namespace: 'shop',
    name: 'vote',
    object: object as never,
    existing: before as KubeObject | undefined,
    road: 'APPLY',
    profile: profileNamed(profile),
  });
  return misfits.map(({ path, code }) => `${path.join('.')} ${code}`);
}

const pods = (container: object, more: object = {}) => ({
  template: { spec: { containers: [{ ...web, ...container }], ...more } },
});
const at = 'spec.template.spec';

describe('workloadManifestCheck', () => {
  it.each<[string, string, string, KindRef, object, readonly string[]]>([
    [
      'CMP-51',
      'a TCP probe',
      'csk',
      deployment,
      pods({ livenessProbe: tcp }),
      [`${at}.containers.0.livenessProbe not_offered`],
    ],
    ['CMP-51', 'a TCP probe', 'ecs', deployment, pods({ livenessProbe: tcp }), []],
    [
      'CMP-49',
      'an HTTP handler',
      'ecs',
      deployment,
      pods({ lifecycle: { preStop: { httpGet: { port: 80 } } } }),
      [`${at}.containers.0.lifecycle.preStop not_offered`],
    ],
    ['CMP-49', 'a command as handler', 'ecs', deployment, pods({ lifecycle: { preStop: { exec: {} } } }), []],
    [
      'CMP-52',
      'a path of the node',
      'csk',
      deployment,
      pods({}, { volumes: [{ name: 'v', hostPath: { path: '/a' } }] }),
      [`${at}.volumes.0 not_offered`],
    ],
    ['CMP-52', 'an empty folder', 'csk', deployment, pods({}, { volumes: [{ name: 'v', emptyDir: {} }] }), []],
    [
      'CMP-53',
      'a mount over a system directory',
      'csk',
      deployment,
      pods({ volumeMounts: [{ name: 'v', mountPath: '/var/run' }] }),
      [`${at}.containers.0.volumeMounts.0.mountPath system_directory`],
    ],
    [
      'CMP-53',
      'a mount below one',
      'csk',
      deployment,
      pods({ volumeMounts: [{ name: 'v', mountPath: '/var/run/a' }] }),
      [],
    ],
    [
      'CMP-57',
      'a strategy',
      'esk',
      deployment,
      { strategy: { type: 'Recreate' }, ...pods({}) },
      ['spec.strategy.type not_offered'],
    ],
    [
      'CMP-57',
      'a strategy',
      'ecs',
      statefulSetKind as KindRef,
      { updateStrategy: { type: 'OnDelete' }, ...pods({}) },
      [],
    ],
    [
      'CMP-61',
      'names of addresses in the node’s network',
      'default',
      deployment,
      pods({}, { hostNetwork: true, hostAliases: [{ ip: '10.0.0.1' }] }),
      [`${at}.hostAliases host_network`],
    ],
    [
      'CMP-46',
      'another runtime',
      'csk',
      deployment,
      pods({}, { runtimeClassName: 'gvisor' }),
      [`${at}.runtimeClassName not_offered`],
    ],
    ['CMP-46', 'the runtime', 'csk', deployment, pods({}, { runtimeClassName: 'kata' }), []],
    [
      'CMP-47',
      'a name of a variable',
      'tcs',
      deployment,
      pods({ env: [{ name: 'a.b', value: '' }] }),
      [`${at}.containers.0.env.0.name invalid_text`],
    ],
    [
      'CMP-51',
      'a probe of a CronJob’s pods',
      'default',
      cronJobKind as KindRef,
      { jobTemplate: { spec: pods({ livenessProbe: { ...tcp, successThreshold: 2 } }) } },
      ['spec.jobTemplate.spec.template.spec.containers.0.livenessProbe.successThreshold not_one'],
    ],
    [
      'CMP-44',
      'what is no template',
      'csk',
      deployment,
      { template: { spec: { containers: 'none', volumes: 3 } } },
      [],
    ],
  ])('judges YAML as a form would (%s): %s in profile %s', (_id, _title, profile, kind, spec, expected) => {
    expect(misfitsOf(profile, kind, spec)).toEqual(expected);
  });

  it('lets stand what is there already, wherever it stands by now, and nothing that is new (CMP-51)', () => {
    const before = pods({ livenessProbe: tcp });
    expect(misfitsOf('csk', deployment, { replicas: 2, ...before }, before)).toEqual([]);
    const moved = { template: { spec: { containers: [{ name: 'first' }, { ...web, livenessProbe: tcp }] } } };
    expect(misfitsOf('csk', deployment, moved, before)).toEqual([]);
    expect(misfitsOf('csk', deployment, pods({ livenessProbe: tcp, readinessProbe: tcp }), before)).toEqual([
      `${at}.containers.0.readinessProbe not_offered`,
    ]);
  });
});
