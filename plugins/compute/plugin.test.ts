import { isEnumType, isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { built } from './testing/create-world.ts';

const { schema, registry } = built;

function fieldsOf(name: string): string[] {
  const type = schema.getType(name);
  return isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [];
}

describe('the schema of compute', () => {
  it('adds its root fields and no others', () => {
    const own = [...registry.rootFields.values()].filter((field) => field.plugin === 'compute');
    expect(own.map((field) => `${field.type}.${field.name}`).sort()).toMatchInlineSnapshot(`
      [
        "Mutation.addApplicationWorkloads",
        "Mutation.attachTerminal",
        "Mutation.cancelNodeDrain",
        "Mutation.closeTerminal",
        "Mutation.copyWorkload",
        "Mutation.cordonNode",
        "Mutation.cordonNodes",
        "Mutation.createAlarmPolicy",
        "Mutation.createApplication",
        "Mutation.createClusterKubeconfig",
        "Mutation.createConfigMap",
        "Mutation.createLogStore",
        "Mutation.createManagedCluster",
        "Mutation.createSecret",
        "Mutation.createWorkload",
        "Mutation.deleteAlarmPolicies",
        "Mutation.deleteAlarmPolicy",
        "Mutation.deleteApplication",
        "Mutation.deleteApplications",
        "Mutation.deleteConfigMap",
        "Mutation.deleteConfigMaps",
        "Mutation.deleteLogFile",
        "Mutation.deleteLogStore",
        "Mutation.deleteManagedCluster",
        "Mutation.deleteNode",
        "Mutation.deletePod",
        "Mutation.deletePods",
        "Mutation.deleteSecret",
        "Mutation.deleteSecrets",
        "Mutation.deleteWorkload",
        "Mutation.deleteWorkloads",
        "Mutation.downloadLog",
        "Mutation.downloadLogFile",
        "Mutation.drainNode",
        "Mutation.evictPod",
        "Mutation.evictPods",
        "Mutation.expandManagedCluster",
        "Mutation.killWorkloadInstances",
        "Mutation.linkWorkloads",
        "Mutation.openTerminal",
        "Mutation.pauseWorkload",
        "Mutation.redeployApplication",
        "Mutation.redeployApplications",
        "Mutation.restartWorkload",
        "Mutation.restartWorkloads",
        "Mutation.resumeWorkload",
        "Mutation.revokeClusterKubeconfig",
        "Mutation.rollBackWorkload",
        "Mutation.scaleWorkload",
        "Mutation.scaleWorkloads",
        "Mutation.startApplication",
        "Mutation.startApplications",
        "Mutation.startWorkload",
        "Mutation.startWorkloadInstances",
        "Mutation.startWorkloads",
        "Mutation.stopApplication",
        "Mutation.stopApplications",
        "Mutation.stopWorkload",
        "Mutation.stopWorkloads",
        "Mutation.truncateLogFile",
        "Mutation.uncordonNode",
        "Mutation.uncordonNodes",
        "Mutation.unlinkWorkloads",
        "Mutation.updateAlarmPolicy",
        "Mutation.updateApplication",
        "Mutation.updateClusterFeatures",
        "Mutation.updateConfigMap",
        "Mutation.updateLogStore",
        "Mutation.updateNodeLabels",
        "Mutation.updateNodeTaints",
        "Mutation.updateSecret",
        "Mutation.updateWorkload",
        "Mutation.updateWorkloadInstances",
        "Mutation.updateWorkloadMetadata",
        "Query.alarm",
        "Query.alarmPolicies",
        "Query.alarmPolicy",
        "Query.alarms",
        "Query.application",
        "Query.applications",
        "Query.clusterNode",
        "Query.clusterNodeCounts",
        "Query.clusterNodes",
        "Query.configMap",
        "Query.configMaps",
        "Query.ingresses",
        "Query.logFileContent",
        "Query.logFiles",
        "Query.logSearch",
        "Query.logStore",
        "Query.logStores",
        "Query.pod",
        "Query.podCounts",
        "Query.pods",
        "Query.service",
        "Query.services",
        "Query.workload",
        "Query.workloadCounts",
        "Query.workloads",
        "Subscription.alarmChanges",
        "Subscription.applicationChanges",
        "Subscription.clusterNodeCountChanges",
        "Subscription.podChanges",
        "Subscription.podCountChanges",
        "Subscription.podLogLines",
        "Subscription.storedLogLines",
        "Subscription.workloadChanges",
        "Subscription.workloadCountChanges",
        "Subscription.workloadLogLines",
      ]
    `);
  });

  it.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'])('makes %s a workload', (name) => {
    const type = schema.getType(name);
    expect(
      isObjectType(type) &&
        type
          .getInterfaces()
          .map((face) => face.name)
          .sort(),
    ).toEqual(['KubernetesObject', 'Node', 'Workload']);
  });

  it.each(['ClusterNode', 'Pod', 'Service', 'ConfigMap'])('does not make %s a workload (refused)', (name) => {
    const type = schema.getType(name);
    expect(
      isObjectType(type) &&
        type
          .getInterfaces()
          .map((face) => face.name)
          .sort(),
    ).toEqual(['KubernetesObject', 'Node']);
  });

  it('promises the numbers of a Deployment, which a CronJob has not', () => {
    expect(String(fieldType('Deployment', 'replicas'))).toBe('Int!');
    expect(String(fieldType('Deployment', 'readyReplicas'))).toBe('Int!');
    expect(String(fieldType('CronJob', 'readyReplicas'))).toBe('Int');
  });

  it('shows a pod as a console needs it', () => {
    expect(fieldsOf('Pod').length).toBeGreaterThan(30);
    expect(fieldsOf('Pod')).toEqual(
      expect.arrayContaining(['phase', 'reason', 'readiness', 'workload', 'node', 'services']),
    );
  });

  it('ends every enum read from a cluster with UNKNOWN, since clusters grow', () => {
    const own = Object.values(schema.getTypeMap())
      .filter(isEnumType)
      .filter(({ name }) => ownEnums.includes(name));
    expect(own.map(({ name }) => name).sort()).toEqual([...ownEnums].sort());
    for (const type of own)
      expect(
        type.getValues().map((value) => value.name),
        type.name,
      ).toContain('UNKNOWN');
  });

  it('says what a pod log stream takes', () => {
    const type = schema.getSubscriptionType();
    expect(type?.getFields().podLogLines?.args.map((argument) => `${argument.name}: ${String(argument.type)}`)).toEqual(
      [
        'after: Cursor',
        'cluster: String!',
        'container: String',
        'follow: Boolean!',
        'namespace: String!',
        'pod: String!',
        'previous: Boolean!',
        'since: DateTime',
        'tail: Int',
      ],
    );
  });
});

const ownEnums = [
  'PodPhase',
  'PodQosClass',
  'PodRestartPolicy',
  'VolumeType',
  'ContainerState',
  'ProbeAction',
  'EnvironmentVariableSource',
  'EnvironmentBulkSourceType',
  'WorkloadStatus',
  'DeploymentStrategy',
  'WorkloadUpdateStrategy',
  'PodManagementPolicy',
  'ConcurrencyPolicy',
  'TaintEffect',
  'ServiceType',
  'SessionAffinity',
];

function fieldType(type: string, field: string): unknown {
  const found = schema.getType(type);
  return isObjectType(found) ? found.getFields()[field]?.type : undefined;
}
