import type { ManifestCheck, ManifestMisfit, WrittenObject } from 'longshore/sdk';
import { podCreate, podEditYaml } from '../profile-keys/pods.ts';
import { replicasMax } from '../profile-keys/replicas.ts';
import { envMaxPerContainer, workloadKinds } from '../profile-keys/workloads.ts';

type Json = Readonly<Record<string, unknown>>;
type KindWord = 'DEPLOYMENT' | 'STATEFUL_SET' | 'DAEMON_SET' | 'JOB' | 'CRON_JOB' | 'POD' | 'TAPP';

interface Row {
  /** The kind in profiles. A ReplicaSet makes pods without a workload that anybody knows: it goes with pods. */
  readonly word: KindWord;
  readonly podSpec: readonly string[];
}

const template = ['spec', 'template', 'spec'];
const rows: Readonly<Record<string, Row>> = {
  'apps/Deployment': { word: 'DEPLOYMENT', podSpec: template },
  'apps/StatefulSet': { word: 'STATEFUL_SET', podSpec: template },
  'apps/DaemonSet': { word: 'DAEMON_SET', podSpec: template },
  'apps/ReplicaSet': { word: 'POD', podSpec: template },
  'core/ReplicationController': { word: 'POD', podSpec: template },
  'batch/Job': { word: 'JOB', podSpec: template },
  'batch/CronJob': { word: 'CRON_JOB', podSpec: ['spec', 'jobTemplate', ...template] },
  'core/Pod': { word: 'POD', podSpec: ['spec'] },
  'apps.tkestack.io/TApp': { word: 'TAPP', podSpec: template },
};

/** What the forms for workloads refuse, YAML does not bring in either. */
export const workloadManifestCheck: ManifestCheck = {
  subjects: Object.keys(rows),
  check(written) {
    const row = rows[`${written.kind.group === '' ? 'core' : written.kind.group}/${written.kind.kind}`];
    if (row === undefined) return [];
    return [
      ...checkKind(written, row),
      ...checkPodEdit(written),
      ...checkReplicas(written),
      ...checkEnvironment(written, row),
    ];
  },
};

/** CMP-44, CMP-85: which kinds may be made. What is there already may be changed. */
function checkKind({ kind, existing, profile }: WrittenObject, { word }: Row): ManifestMisfit[] {
  if (existing) return [];
  const open = profile.get(workloadKinds);
  const isLonePod = word === 'POD';
  if (open.includes(word) && (!isLonePod || profile.get(podCreate))) return [];
  const message = isLonePod
    ? `By the profile '${profile.name}' pods are made by workloads, not on their own: no ${kind.kind} can be made`
    : `By the profile '${profile.name}' no ${kind.kind} can be made; open are ${open.join(', ')}`;
  return [{ path: ['kind'], code: 'kind_closed', message }];
}

/** CMP-86: a pod that is there may be seen as YAML, and not edited. */
function checkPodEdit({ kind, existing, profile }: WrittenObject): ManifestMisfit[] {
  if (kind.group !== '' || kind.kind !== 'Pod' || !existing || profile.get(podEditYaml)) return [];
  const message = `By the profile '${profile.name}' the YAML of a pod can be seen, but not edited`;
  return [{ path: ['kind'], code: 'view_only', message }];
}

/** CON-01, CMP-45: how many pods a workload may be made with. */
function checkReplicas({ object, existing, profile }: WrittenObject): ManifestMisfit[] {
  const max = profile.get(replicasMax);
  const replicas = at(object, ['spec', 'replicas']);
  // What is beyond the limit already, by a policy or an older profile, need not be changed with the rest.
  if (max === null || typeof replicas !== 'number' || replicas <= max) return [];
  if (replicas === at(existing, ['spec', 'replicas'])) return [];
  const message = `spec.replicas may be ${max} at the most by the profile '${profile.name}', got ${replicas}`;
  return [{ path: ['spec', 'replicas'], code: 'too_big', message }];
}

/** CMP-47: how many variables a container may have. */
function checkEnvironment({ object, profile }: WrittenObject, { podSpec }: Row): ManifestMisfit[] {
  const max = profile.get(envMaxPerContainer);
  if (max === null) return [];
  return ['containers', 'initContainers'].flatMap((field) => {
    const path = [...podSpec, field];
    const containers = at(object, path);
    if (!Array.isArray(containers)) return [];
    return containers.flatMap((container: unknown, index) => {
      const variables = at(container, ['env']);
      if (!Array.isArray(variables) || variables.length <= max) return [];
      const message = `A container may have ${max} environment variables at the most by the profile '${profile.name}', got ${variables.length}`;
      return [{ path: [...path, index, 'env'], code: 'too_many', message }];
    });
  });
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? (found as Json)[name] : undefined,
    value,
  );
}
