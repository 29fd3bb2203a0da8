import { describe, expect, it } from 'vitest';
import { createFakeReader } from '../../testing/fake-reader.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import type { Json } from './draft.ts';
import { monitoringDirectoryOf, requireCollector, tellOfMonitoring } from './monitoring.ts';
import { planForm } from './plan-form.ts';
import type { WorkloadForm } from './write-form.ts';

const monitoring = {
  ...{ collectorImage: 'collector:1', args: ['--once=false'], port: 9_870, cpu: '50m', memory: '64Mi' },
  indicators: [],
};
const resources = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } };
const web = { name: 'web', image: 'nginx', ...resources };
const watched = { ...web, monitoringDirectory: '/home/admin/monitor' };
const podSpec = ['spec', 'template', 'spec'];

async function plan(template: WorkloadForm['template'], existing?: object, more: object = {}) {
  const request = {
    ...{ field: 'deployment' as const, namespace: 'shop', name: 'vote', existing, monitoring },
    ...{ form: { kind: { deployment: {} }, template }, profile: profileNamed('default') },
    ...more,
  };
  return planForm(request, createFakeReader('c1', []));
}
const specOf = (manifest: Json) =>
  (manifest as unknown as { spec: { template: { spec: { containers: Json[]; volumes?: Json[] } } } }).spec.template
    .spec;

describe('the monitoring directory of a container (CMP-113)', () => {
  it('is a volume that it writes and one collector reads, with a port of its name', async () => {
    const { manifest, issues } = await plan({ containers: [watched, { ...watched, name: 'api' }] });
    expect(issues).toEqual([]);
    const { containers, volumes } = specOf(manifest);
    const [first, second] = (volumes ?? []).map(({ name }) => name);
    expect(volumes).toEqual([
      { name: first, emptyDir: {} },
      { name: second, emptyDir: {} },
    ]);
    expect(containers.map(({ name, volumeMounts }) => [name, volumeMounts])).toEqual([
      ['web', [{ name: first, mountPath: '/home/admin/monitor' }]],
      ['api', [{ name: second, mountPath: '/home/admin/monitor' }]],
      [
        'monitoring-collector',
        [
          { name: first, mountPath: '/var/monitoring/web', readOnly: true },
          { name: second, mountPath: '/var/monitoring/api', readOnly: true },
        ],
      ],
    ]);
    expect(containers[2]).toMatchObject({
      ...{ image: 'collector:1', args: ['--once=false'] },
      ports: [{ name: 'monitoring', containerPort: 9_870 }],
      resources: { limits: { cpu: '50m', memory: '64Mi' } },
    });
    expect(containers.map((each) => monitoringDirectoryOf(each as never))).toEqual([
      ...['/home/admin/monitor', '/home/admin/monitor'],
      undefined,
    ]);
  });

  it('stays through changes of other things, and goes with its container or by null, the collector with the last', async () => {
    const { manifest } = await plan({ containers: [watched, { ...watched, name: 'api' }] });
    const same = await plan({ containers: [{ name: 'web', image: 'nginx:2' }] }, manifest);
    expect(specOf(same.manifest).containers[2]).toEqual(specOf(manifest).containers[2]);
    const one = await plan({ containers: [{ name: 'api', remove: true }] }, manifest);
    expect(specOf(one.manifest).containers.map(({ name }) => name)).toEqual(['web', 'monitoring-collector']);
    expect(specOf(one.manifest).volumes).toHaveLength(1);
    expect(specOf(one.manifest).containers[1]?.volumeMounts).toHaveLength(1);
    const none = await plan({ containers: [{ name: 'web', monitoringDirectory: null }] }, one.manifest);
    expect(specOf(none.manifest)).toMatchObject({ containers: [{ name: 'web' }] });
    expect(specOf(none.manifest).volumes).toBeUndefined();
  });

  it('leaves the mounts that are there, and a container with them', async () => {
    const mounts = [{ name: 'v', mountPath: '/data' }];
    const { manifest, issues } = await plan({
      containers: [{ ...watched, volumeMounts: mounts, logDirectories: ['/logs'] }],
      volumes: [{ name: 'v', source: { emptyDir: {} } }],
    });
    expect(issues).toEqual([]);
    expect((specOf(manifest).containers[0]?.volumeMounts as Json[]).map(({ mountPath }) => mountPath).sort()).toEqual([
      ...['/data', '/home/admin/monitor', '/logs'],
    ]);
  });

  it.each<[string, object, string, string]>([
    ['a relative path', { monitoringDirectory: 'monitor' }, 'monitoringDirectory', 'invalid_path'],
    ['a way up', { monitoringDirectory: '/a/../etc' }, 'monitoringDirectory', 'invalid_path'],
    ['the root', { monitoringDirectory: '//' }, 'monitoringDirectory', 'invalid_path'],
    ['a path of 256 characters', { monitoringDirectory: `/${'a'.repeat(255)}` }, 'monitoringDirectory', 'too_long'],
    ['what breaks containers', { monitoringDirectory: '/var/run' }, 'monitoringDirectory', 'system_directory'],
    ['a mount', { monitoringDirectory: '/logs', logDirectories: ['/logs/'] }, 'monitoringDirectory', 'overlap'],
    [
      'a place in a mount',
      { monitoringDirectory: '/logs/m', logDirectories: ['/logs'] },
      'monitoringDirectory',
      'overlap',
    ],
    [
      'a place around a mount',
      { monitoringDirectory: '/logs', dataDirectories: ['/logs/d'] },
      'monitoringDirectory',
      'overlap',
    ],
    [
      'a port that is taken',
      { monitoringDirectory: '/m', ports: [{ containerPort: 9_870 }] },
      'monitoringDirectory',
      'port_in_use',
    ],
    ['the name of the collector', { name: 'monitoring-collector' }, 'name', 'reserved'],
  ])('is refused for %s (bad input)', async (_words, container, field, code) => {
    // Where nothing may be mounted, a profile says.
    const profile = profileNamed(code === 'system_directory' ? 'tcs' : 'default');
    const { issues } = await plan({ containers: [{ ...web, ...container }] }, undefined, { profile });
    expect(issues.map((issue) => `${issue.path.join('.')} ${issue.code}`)).toContain(
      `template.containers.0.${field} ${code}`,
    );
  });

  it('is not of what ends, whose pods would not (refused)', async () => {
    const job = { field: 'job' as const, form: { kind: { job: {} }, template: { containers: [watched] } } };
    expect((await plan(undefined, undefined, job)).issues.map(({ code }) => code)).toContain('not_offered');
    const init = await plan({ containers: [web], initContainers: [{ ...watched, name: 'init' }] });
    expect(init.issues.map(({ code }) => code)).toContain('not_offered');
  });

  it('is offered by profiles that name it, and by no other (refused)', async () => {
    const codes = async (name: string) =>
      (await plan({ containers: [watched] }, undefined, { profile: profileNamed(name) })).issues.map(
        ({ code }) => code,
      );
    expect(await codes('aks-private')).not.toContain('not_offered');
    expect(await codes('tcs')).toContain('not_offered');
  });

  it('needs a collector, and says where one is set (refused)', () => {
    const none = () => ({ settings: undefined });
    expect(() => requireCollector([watched], none)).toThrow(
      expect.objectContaining({
        code: 'CAPABILITY_MISSING',
        hint: expect.stringContaining('pluginSettings.compute.monitoring'),
      }),
    );
    expect(requireCollector([{ ...watched, monitoringDirectory: null }, web], none)).toBeUndefined();
    expect(requireCollector([watched], () => ({ settings: monitoring }))).toBe(monitoring);
  });

  it('says that pods are made anew when the collector comes or goes, and only then', async () => {
    const [plain, with1] = [
      (await plan({ containers: [web] })).manifest,
      (await plan({ containers: [watched] })).manifest,
    ];
    expect(tellOfMonitoring(plain, with1, podSpec)).toEqual([expect.stringContaining('comes into')]);
    expect(tellOfMonitoring(with1, plain, podSpec)).toEqual([expect.stringContaining('goes out of')]);
    expect(tellOfMonitoring(with1, with1, podSpec)).toEqual([]);
    expect(tellOfMonitoring(undefined, with1, podSpec)).toEqual([]);
  });
});
