import { alarmKeys } from './alarms.ts';
import { applicationKeys } from './applications.ts';
import { clusterKeys } from './clusters.ts';
import { configurationKeys } from './configuration.ts';
import { logKeys } from './logs.ts';
import { managedClusterKeys } from './managed-clusters.ts';
import { nameKeys } from './names.ts';
import { nodeKeys } from './nodes.ts';
import { podKeys } from './pods.ts';
import { probeKeys } from './probes.ts';
import { replicasKeys } from './replicas.ts';
import { retentionKeys } from './retention.ts';
import { workloadKeys } from './workloads.ts';

/** What profiles set of compute. */
export const computeProfileKeys = [
  ...applicationKeys,
  ...alarmKeys,
  ...replicasKeys,
  ...workloadKeys,
  ...podKeys,
  ...probeKeys,
  ...configurationKeys,
  ...nameKeys,
  ...retentionKeys,
  ...logKeys,
  ...clusterKeys,
  ...managedClusterKeys,
  ...nodeKeys,
];
