import { createHash } from 'node:crypto';
import { CapabilityMissingError, type ServiceRef, serviceRef } from 'longshore/sdk';
import type { MonitoringSettings } from '../../settings.ts';
import { directoryVolumePrefixes, plainPath } from '../rules/check-volumes.ts';
import { valueAt } from '../rules/seen-workload.ts';
import { type Draft, type Json, listAt } from './draft.ts';
import type { Maybe } from './maybe.ts';
import type { Path } from './places.ts';

/** Name of the container that collects what others write into their monitoring directories. */
export const collectorName = 'monitoring-collector';
/** Below it the collector sees the directory of each container, by that one's name. */
const collectedRoot = '/var/monitoring';
const longestPath = 255;
const prefix = directoryVolumePrefixes.MONITORING_DIRECTORY;

export interface MonitoredForm {
  readonly name: string;
  readonly newName?: Maybe<string>;
  readonly remove?: Maybe<boolean>;
  readonly monitoringDirectory?: Maybe<string>;
}

/** The collector that the operator has set; undefined for none. */
export interface MonitoringCollector {
  readonly settings: MonitoringSettings | undefined;
}

export const monitoringCollectorRef: ServiceRef<MonitoringCollector> =
  serviceRef<MonitoringCollector>('compute.monitoringCollector');

/** Throws `CapabilityMissingError` where a directory is wanted and no collector is set. */
export function requireCollector(
  containers: Maybe<readonly MonitoredForm[]>,
  find: () => MonitoringCollector,
): MonitoringSettings | undefined {
  if (!containers?.some(({ monitoringDirectory }) => monitoringDirectory)) return undefined;
  const { settings } = find();
  if (settings) return settings;
  throw new CapabilityMissingError('business monitoring', 'No collector of monitoring data is set', {
    hint: 'Name its image under pluginSettings.compute.monitoring.',
  });
}

/**
 * The monitoring directory of a container (CMP-113) is a volume of the pod that the container writes to and a collector beside it reads. One
 * collector serves all containers of a pod; it comes with the first directory and goes with the last.
 */
export function writeMonitoring(
  spec: Draft,
  forms: Maybe<readonly MonitoredForm[]>,
  settings: MonitoringSettings | undefined,
): void {
  for (const [index, { name, newName }] of (forms ?? []).entries()) {
    if ((newName ?? name) !== collectorName) continue;
    spec.refuse(
      ['containers', index, 'name'],
      'reserved',
      `'${collectorName}' is the name of the collector of monitoring data`,
    );
  }
  const given = (forms ?? []).flatMap((form, index) =>
    form.monitoringDirectory === undefined || form.remove ? [] : [{ ...form, index }],
  );
  const before = listAt(spec.object, 'containers').find(({ name }) => name === collectorName);
  if (!forms || (given.length === 0 && !before)) return;
  const containers = listAt(spec.object, 'containers').filter(({ name }) => name !== collectorName);
  for (const { name, newName, monitoringDirectory: path, index } of given) {
    const place = containers.findIndex((container) => container.name === (newName ?? name));
    const container = containers[place];
    if (!container) continue;
    const others = listAt(container, 'volumeMounts').filter((mount) => !isMonitored(mount));
    if (path) checkPath(spec, ['containers', index, 'monitoringDirectory'], path, others);
    const mounts = path ? [...others, { name: volumeName(newName ?? name), mountPath: path }] : others;
    setList(container, 'volumeMounts', mounts);
    if (path)
      spec.trace(['containers', place, 'volumeMounts', others.length], ['containers', index, 'monitoringDirectory']);
  }
  const collected = containers.flatMap((container) =>
    listAt(container, 'volumeMounts')
      .filter(isMonitored)
      .map((mount) => ({ container: String(container.name), volume: String(mount.name) })),
  );
  writeVolumesOf(spec, new Set(collected.map(({ volume }) => volume)), given[0]?.index);
  if (given.length > 0 && settings) checkPort(spec, containers, given[0]?.index ?? 0, settings);
  const collector = collected.length > 0 ? collectorOf(before, collected, settings) : undefined;
  setList(spec.object, 'containers', collector ? [...containers, collector] : containers);
}

function collectorOf(
  before: Json | undefined,
  collected: readonly { readonly container: string; readonly volume: string }[],
  settings: MonitoringSettings | undefined,
): Json | undefined {
  const others = listAt(before ?? {}, 'volumeMounts').filter((mount) => !isMonitored(mount));
  const volumeMounts = [
    ...others,
    ...collected.map(({ container, volume }) => ({
      ...{ name: volume, mountPath: `${collectedRoot}/${container}`, readOnly: true },
    })),
  ];
  if (!settings) return before && { ...before, volumeMounts };
  const { collectorImage: image, args, port, cpu, memory } = settings;
  const amounts = { cpu, memory };
  return {
    ...before,
    ...{ name: collectorName, image },
    ...(args.length > 0 ? { args: [...args] } : {}),
    ports: [{ name: 'monitoring', containerPort: port, protocol: 'TCP' }],
    resources: { requests: amounts, limits: amounts },
    securityContext: { allowPrivilegeEscalation: false },
    volumeMounts,
  };
}

/** What its author should know of a change: pods that have a collector and pods that have none are others (CMP-113, REL-08). */
export function tellOfMonitoring(existing: object | undefined, manifest: object, podSpec: Path): readonly string[] {
  if (existing === undefined) return [];
  const has = (object: object): boolean =>
    listAt((valueAt(object, podSpec) ?? {}) as Json, 'containers').some(({ name }) => name === collectorName);
  const [was, is] = [has(existing), has(manifest)];
  if (was === is) return [];
  return [
    `Pods are made anew, also where they are changed in place otherwise: the collector of monitoring data ${is ? 'comes into' : 'goes out of'} them.`,
  ];
}

/** Where a container writes its monitoring data; undefined for one that does not, and for the collector itself. */
export function monitoringDirectoryOf(container: {
  readonly name: string;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}): string | undefined {
  if (container.name === collectorName) return undefined;
  return container.volumeMounts?.find(isMonitored)?.mountPath;
}

function checkPath(spec: Draft, from: Path, path: string, others: readonly Json[]): void {
  const plain = plainPath(path);
  if (path.length > longestPath) {
    spec.refuse(
      from,
      'too_long',
      `monitoringDirectory must have at most ${longestPath} characters, got ${path.length}`,
    );
  }
  if (plain === '/')
    spec.refuse(from, 'invalid_path', `monitoringDirectory must be a directory below '/', got '${path}'`);
  const other = others
    .map(({ mountPath }) => plainPath(String(mountPath)))
    .find((each) => isInside(each, plain) || isInside(plain, each));
  if (other === undefined) return;
  spec.refuse(from, 'overlap', `monitoringDirectory '${path}' and what is mounted at '${other}' lie one in the other`);
}

const isInside = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);

/** Containers of a pod share its ports. */
function checkPort(spec: Draft, containers: readonly Json[], index: number, { port }: MonitoringSettings): void {
  const taken = containers.find((container) =>
    listAt(container, 'ports').some(({ containerPort }) => containerPort === port),
  );
  if (!taken) return;
  const message = `The collector of monitoring data listens at ${port}, as '${String(taken.name)}' does`;
  spec.refuse(['containers', index, 'monitoringDirectory'], 'port_in_use', message);
}

function writeVolumesOf(spec: Draft, wanted: ReadonlySet<string>, index: number | undefined): void {
  const volumes = listAt(spec.object, 'volumes').filter(
    (volume) => !isMonitored(volume) || wanted.has(String(volume.name)),
  );
  const there = new Set(volumes.map(({ name }) => name));
  for (const name of wanted) {
    if (!there.has(name)) volumes.push({ name, emptyDir: {} });
    if (index === undefined) continue;
    const place = volumes.findIndex((volume) => volume.name === name);
    spec.trace(['volumes', place], ['containers', index, 'monitoringDirectory']);
  }
  setList(spec.object, 'volumes', volumes);
}

const isMonitored = ({ name }: { readonly name?: unknown }): boolean => String(name).startsWith(prefix);

/** The same for the same container, so that it can be found again, and of a length that Kubernetes takes. */
const volumeName = (container: string): string =>
  `${prefix}${createHash('sha256').update(container).digest('hex').slice(0, 10)}`;

function setList(object: Json, key: string, list: readonly Json[]): void {
  if (list.length > 0) object[key] = list;
  else delete object[key];
}
