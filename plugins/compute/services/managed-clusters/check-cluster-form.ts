import type { ValidationIssue } from 'longshore/sdk';
import { checkDisk, checkNodes, checkShape, type KnownZone } from './check-nodes.ts';
import { chooseVersion } from './choose-version.ts';
import { type ClusterForm, formFields, saidFields, settingFields } from './cluster-form.ts';
import { type ClusterLimits, mostWorkers } from './cluster-limits.ts';
import { issue } from './issues.ts';
import { countWorkers, withoutOverwritten } from './plan-groups.ts';

/** Everything that is wrong with the form of a new cluster by its profile alone (CMP-01 to CMP-04). */
export function checkClusterForm(
  form: ClusterForm,
  limits: ClusterLimits,
  zones: readonly KnownZone[] | undefined,
): readonly ValidationIssue[] {
  return [
    ...checkName(form.name),
    ...checkFields(form, limits),
    ...chooseVersion(form.kubernetesVersion ?? undefined, limits.versions, null).issues,
    ...checkControlPlane(form, limits),
    ...(limits.fields.includes('NODES') ? checkWorkers(form, limits, zones) : []),
    ...checkSettings(form, limits),
  ];
}

/** It is the name of the Cluster, and of the cluster that is served. */
function checkName(name: string): ValidationIssue[] {
  if (name.length <= 50 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) return [];
  const message =
    'name must be lower-case letters, digits and -, up to 50, beginning with a letter and ending with a letter or digit';
  return [issue(['name'], 'invalid_name', message)];
}

function checkFields(form: ClusterForm, { fields, requiredFields, profile }: ClusterLimits): ValidationIssue[] {
  const said = saidFields(form);
  const names = new Map(
    Object.entries({ ...settingFields, ...formFields }).map(([name, field]) => [field as string, name]),
  );
  const refused = said.filter(({ field }) => !fields.includes(field));
  const missing = requiredFields.filter((field) => !said.some((each) => each.field === field));
  return [
    ...refused.map(({ path }) => issue(path, 'not_offered', `${path[0]} is not offered by the profile '${profile}'`)),
    ...missing.map((field) => {
      const name = names.get(field) ?? field;
      return issue([name], 'required', `${name} must be given by the profile '${profile}'`);
    }),
  ];
}

export const mastersOf = ({ controlPlane }: Pick<ClusterForm, 'controlPlane'>, limits: ClusterLimits): number =>
  controlPlane?.count ?? (limits.fields.includes('CONTROL_PLANE') ? limits.mastersDefault : 1);

function checkControlPlane(form: ClusterForm, limits: ClusterLimits): ValidationIssue[] {
  const { controlPlane } = form;
  const count = mastersOf(form, limits);
  const at = ['controlPlane', 'count'];
  const counts = limits.masterCounts;
  const isOffered = counts
    ? counts.includes(count)
    : Number.isInteger(count) && count >= 1 && count <= 9 && count % 2 === 1;
  // An even number has no majority more than the odd one below: etcd gains nothing by it.
  const words = counts ? counts.join(', ') : 'an odd number from 1 to 9';
  return [
    ...(isOffered ? [] : [issue(at, 'not_offered', `count must be ${counts ? 'one of ' : ''}${words}, got ${count}`)]),
    ...(controlPlane ? checkShape(controlPlane, limits, ['controlPlane']) : []),
    ...(controlPlane?.etcdDisk ? checkDisk(controlPlane.etcdDisk, null, ['controlPlane', 'etcdDisk']) : []),
  ];
}

function checkWorkers(
  form: ClusterForm,
  limits: ClusterLimits,
  zones: readonly KnownZone[] | undefined,
): ValidationIssue[] {
  const nodes = form.nodes ?? [];
  const workers = nodes.length === 0 ? limits.workersDefault : countWorkers(withoutOverwritten(nodes));
  const most = mostWorkers(limits, mastersOf(form, limits), 'CREATION');
  const tooMany =
    most !== null && workers > most
      ? [
          issue(
            ['nodes'],
            'too_big',
            `A new cluster of ${mastersOf(form, limits)} control-plane nodes may have ${most} workers, got ${workers}`,
          ),
        ]
      : [];
  return [...checkNodes(nodes, limits, zones), ...tooMany];
}

function checkSettings({ settings }: ClusterForm, { bandwidthMax }: ClusterLimits): ValidationIssue[] {
  return [
    ...checkRange(settings.publicIpBandwidthMbps, 1, bandwidthMax ?? 100_000, ['publicIpBandwidthMbps']),
    ...checkRange(settings.maxPodsPerNode, 1, 1_000, ['maxPodsPerNode']),
    ...['monitorStorage', 'logStorage'].flatMap((name) => {
      const { sizeGiB, retentionDays } = (settings[name] ?? {}) as Readonly<Record<string, unknown>>;
      return [
        ...checkRange(sizeGiB, 1, 65_536, [name, 'sizeGiB']),
        ...checkRange(retentionDays, 1, 36_500, [name, 'retentionDays']),
      ];
    }),
    ...checkEip(settings.eip),
    ...checkRuntime(settings.containerRuntime),
  ];
}

function checkRange(value: unknown, min: number, max: number, path: readonly string[]): ValidationIssue[] {
  if (value === undefined || value === null) return [];
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return [];
  const words = `${path.at(-1)} must be ${min} to ${max}, got ${number}`;
  return [issue(path, number < min ? 'too_small' : 'too_big', words)];
}

function checkEip(eip: unknown): ValidationIssue[] {
  const { mode, id } = (eip ?? {}) as { readonly mode?: string; readonly id?: string | null };
  if (mode === 'USE_EXISTING' && !id) {
    return [issue(['eip', 'id'], 'required', 'id must name the elastic IP that is used')];
  }
  if (mode === 'SET_LATER' && id) {
    return [issue(['eip', 'id'], 'not_offered', 'id is given only where an elastic IP is used at once')];
  }
  return [];
}

function checkRuntime(runtime: unknown): ValidationIssue[] {
  if (runtime === undefined || runtime === null || runtime === 'containerd') return [];
  return [issue(['containerRuntime'], 'not_offered', 'containerRuntime must be containerd')];
}
