import {
  type KindRef,
  type ManifestCheck,
  type ManifestMisfit,
  type Profile,
  subjectOf,
  type WrittenObject,
} from 'longshore/sdk';
import { podCreate, podEditYaml } from '../profile-keys/pods.ts';
import { replicasMax } from '../profile-keys/replicas.ts';
import { workloadKinds } from '../profile-keys/workloads.ts';
import { checkContainers } from './rules/check-containers.ts';
import { checkEnvironment } from './rules/check-environment.ts';
import { checkGrace, checkLifecycle } from './rules/check-lifecycle.ts';
import { checkNetwork } from './rules/check-network.ts';
import { checkProbes } from './rules/check-probes.ts';
import { checkRuntime } from './rules/check-runtime.ts';
import { checkSchedule } from './rules/check-schedule.ts';
import { checkStrategy } from './rules/check-strategy.ts';
import { checkClaimTemplates, checkMounts, checkVolumes } from './rules/check-volumes.ts';
import { type KindWord, type SeenWorkload, valueAt, type WorkloadRule } from './rules/seen-workload.ts';

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
  'apps.kruise.io/CloneSet': { word: 'TAPP', podSpec: template },
  'apps.kruise.io/StatefulSet': { word: 'TAPP', podSpec: template },
  'apps.tkestack.io/TApp': { word: 'TAPP', podSpec: template },
};

/** What these rules say is true in every cluster. */
type Written = Omit<WrittenObject, 'cluster'>;

/** What the forms for workloads refuse, YAML does not bring in either. */
export const workloadManifestCheck = {
  subjects: Object.keys(rows),
  check(written: Written): readonly ManifestMisfit[] {
    const row = rows[subjectOf(written.kind)];
    if (row === undefined) return [];
    return [...checkKind(written, row), ...checkPodEdit(written), ...checkReplicas(written), ...checkByRules(written)];
  },
} satisfies ManifestCheck;

/** A manifest of a workload as the rules look at it. */
export function seenAs(kind: KindRef, object: unknown, profile: Profile): SeenWorkload {
  const row = rows[subjectOf(kind)];
  if (!row) throw new Error(`compute.seen-as: ${kind.kind} is no workload`);
  return { ...row, object, kind: kind.kind, profile };
}

/** CMP-44, CMP-85: which kinds may be made. What is there already may be changed. */
function checkKind({ kind, existing, profile }: Written, { word }: Row): ManifestMisfit[] {
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
function checkPodEdit({ kind, existing, profile }: Written): ManifestMisfit[] {
  if (kind.group !== '' || kind.kind !== 'Pod' || !existing || profile.get(podEditYaml)) return [];
  const message = `By the profile '${profile.name}' the YAML of a pod can be seen, but not edited`;
  return [{ path: ['kind'], code: 'view_only', message }];
}

/** CON-01, CMP-45: how many pods a workload may be made with. */
function checkReplicas({ object, existing, profile }: Written): ManifestMisfit[] {
  const max = profile.get(replicasMax);
  const replicas = valueAt(object, ['spec', 'replicas']);
  // What is beyond the limit already, by a policy or an older profile, need not be changed with the rest.
  if (max === null || typeof replicas !== 'number' || replicas <= max) return [];
  if (replicas === valueAt(existing, ['spec', 'replicas'])) return [];
  const message = `spec.replicas may be ${max} at the most by the profile '${profile.name}', got ${replicas}`;
  return [{ path: ['spec', 'replicas'], code: 'too_big', message }];
}

const rules: readonly WorkloadRule[] = [
  checkContainers,
  checkEnvironment,
  checkProbes,
  checkLifecycle,
  checkGrace,
  checkVolumes,
  checkClaimTemplates,
  checkMounts,
  checkStrategy,
  checkNetwork,
  checkRuntime,
  checkSchedule,
];

/** What is there against a rule already, by an older profile or another road, need not be changed with the rest. */
function checkByRules({ kind, object, existing, profile }: Written): readonly ManifestMisfit[] {
  const judge = (seen: unknown) => rules.flatMap((rule) => rule(seenAs(kind, seen, profile)));
  const misfits = judge(object);
  if (misfits.length === 0 || !existing) return misfits;
  const known = new Set(judge(existing).map(({ message }) => message));
  return misfits.filter(({ message }) => !known.has(message));
}
