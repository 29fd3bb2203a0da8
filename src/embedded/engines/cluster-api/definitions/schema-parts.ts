import type { CrdColumn, Schema } from '../../define-crd.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const qualified = `^(${subdomain}/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`;

type Bounds = Readonly<Record<string, unknown>>;

export const flag: Schema = { type: 'boolean' };
export const count: Schema = { type: 'integer', format: 'int32' };
export const notNegative: Schema = { ...count, minimum: 0 };
export const generation: Schema = { type: 'integer', format: 'int64', minimum: 1 };
export const time: Schema = { type: 'string', format: 'date-time' };
export const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true };
/** An object whose members nothing here reads. */
export const openObject: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
export const countOrPercent: Schema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
};
export const text: Schema = { type: 'string' };
export const textMap: Schema = { type: 'object', additionalProperties: text };

/** A text of one to `maxLength` characters. */
export function filled(maxLength: number, bounds: Bounds = {}): Schema {
  return { type: 'string', minLength: 1, maxLength, ...bounds };
}

export function oneOf(...values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

export function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

/** Where it stands, an optional object says something. */
export function some(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { ...object(properties, required), minProperties: 1 };
}

export function list(items: Schema, maxItems: number, bounds: Bounds = {}): Schema {
  return { type: 'array', items, maxItems, minItems: 1, 'x-kubernetes-list-type': 'atomic', ...bounds };
}

export function mapList(keys: readonly string[], items: Schema, maxItems: number, bounds: Bounds = {}): Schema {
  return list(items, maxItems, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys, ...bounds });
}

export const clusterName = filled(63);
export const versionText = filled(256);
export const failureDomain = filled(256);
export const className = filled(256);
const objectName = filled(253, { pattern: `^${subdomain}$` });
const kindName = filled(63, { pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$' });
const namespaceName = filled(63, { pattern: `^${label}$` });
export const topologyName = filled(63, { pattern: `^${subdomain}$` });
export const port: Schema = { ...count, minimum: 1, maximum: 65_535 };

/** To an object of the same namespace; its version follows from the kind's contract. */
export const contractRef = object({ apiGroup: objectName, kind: kindName, name: objectName }, [
  'apiGroup',
  'kind',
  'name',
]);

/** From a class to a template of its namespace. */
export const templateRef = object(
  {
    apiVersion: filled(317, { pattern: `^${subdomain}\\/[a-z]([-a-z0-9]*[a-z0-9])?$` }),
    kind: kindName,
    name: objectName,
  },
  ['apiVersion', 'kind', 'name'],
);

export const classRef = object({ name: objectName, namespace: namespaceName }, ['name']);
export const metadata = some({ annotations: textMap, labels: textMap });
export const endpoint = some({ host: filled(512), port });
export const selector: Schema = {
  ...object({
    matchExpressions: {
      type: 'array',
      items: object(
        { key: text, operator: text, values: { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' } },
        ['key', 'operator'],
      ),
      'x-kubernetes-list-type': 'atomic',
    },
    matchLabels: textMap,
  }),
  'x-kubernetes-map-type': 'atomic',
};

const deletionTimes = {
  nodeDeletionTimeoutSeconds: notNegative,
  nodeDrainTimeoutSeconds: notNegative,
  nodeVolumeDetachTimeoutSeconds: notNegative,
};
export const machineDeletion = some(deletionTimes);
export const deletionOrder = oneOf('Random', 'Newest', 'Oldest');
export const topologyDeletion = some({ ...deletionTimes, order: deletionOrder });

export const gates = mapList(
  ['conditionType'],
  object({ conditionType: filled(316, { pattern: qualified }), polarity: oneOf('Positive', 'Negative') }, [
    'conditionType',
  ]),
  32,
);

export const taints = mapList(
  ['key', 'effect'],
  object(
    {
      effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
      key: filled(317, { pattern: `^(${subdomain}\\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$` }),
      propagation: oneOf('Always', 'OnInitialization'),
      value: filled(63, { pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$' }),
    },
    ['effect', 'key', 'propagation'],
  ),
  64,
);

export const rolloutStrategy = some(
  {
    rollingUpdate: some({ maxSurge: countOrPercent, maxUnavailable: countOrPercent }),
    type: oneOf('RollingUpdate', 'OnDelete'),
  },
  ['type'],
);

const ownConditions = ['Ready', 'Available', 'HealthCheckSucceeded', 'OwnerRemediated', 'ExternallyRemediated'];
export const healthChecks = some({
  nodeStartupTimeoutSeconds: notNegative,
  unhealthyMachineConditions: list(
    object(
      {
        status: oneOf('True', 'False', 'Unknown'),
        timeoutSeconds: notNegative,
        type: filled(316, {
          pattern: qualified,
          'x-kubernetes-validations': [
            {
              rule: `!(self in [${ownConditions.map((each) => `'${each}'`).join(',')}])`,
              message: `type must not be one of: ${ownConditions.join(', ')}`,
            },
          ],
        }),
      },
      ['status', 'timeoutSeconds', 'type'],
    ),
    100,
  ),
  unhealthyNodeConditions: list(
    object(
      { status: { type: 'string', minLength: 1 }, timeoutSeconds: notNegative, type: { type: 'string', minLength: 1 } },
      ['status', 'timeoutSeconds', 'type'],
    ),
    100,
  ),
});

const triggerIf = some({
  unhealthyInRange: filled(32, { pattern: '^\\[[0-9]+-[0-9]+\\]$' }),
  unhealthyLessThanOrEqualTo: countOrPercent,
});
export const remediation = some({ templateRef, triggerIf });

/** The health check that a class or topology asks for; workers may bound how many are replaced at once. */
export function healthCheck(options: { readonly isTopology: boolean; readonly isWorker: boolean }): Schema {
  return some({
    checks: healthChecks,
    ...(options.isTopology ? { enabled: flag } : {}),
    remediation: some({ templateRef, triggerIf, ...(options.isWorker ? { maxInFlight: countOrPercent } : {}) }),
  });
}

export const variables = mapList(['name'], object({ name: filled(256), value: anything }, ['name', 'value']), 1000);

export const conditions: Schema = {
  type: 'array',
  maxItems: 32,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
  items: object(
    {
      lastTransitionTime: time,
      message: { type: 'string', maxLength: 32_768 },
      observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
      reason: filled(1024, { pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$' }),
      status: oneOf('True', 'False', 'Unknown'),
      type: { type: 'string', maxLength: 316, pattern: qualified },
    },
    ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  ),
};

const versionCount = object({ replicas: { ...count, minimum: 1 }, version: versionText }, ['version']);
export const versions = mapList(['version'], versionCount, 100);
export const replicaCounts = {
  availableReplicas: count,
  readyReplicas: count,
  replicas: count,
  upToDateReplicas: count,
};
/** Of a cluster's control plane or of its workers. */
export const replicaSummary = object({
  ...replicaCounts,
  desiredReplicas: count,
  upgradePlan: list(object({ version: versionText }, ['version']), 32),
  versions: list(versionCount, 32),
});

export const failureDomains = mapList(
  ['name'],
  object({ attributes: textMap, controlPlane: flag, name: failureDomain }, ['name']),
  100,
);

export const machineAddresses: Schema = {
  type: 'array',
  maxItems: 256,
  'x-kubernetes-list-type': 'atomic',
  items: object(
    { address: filled(256), type: oneOf('Hostname', 'ExternalIP', 'InternalIP', 'ExternalDNS', 'InternalDNS') },
    ['address', 'type'],
  ),
};

export const scale = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.status.selector',
};

export function column(
  name: string,
  jsonPath: string,
  type: CrdColumn['type'] = 'string',
  priority?: number,
): CrdColumn {
  return { name, type, jsonPath, ...(priority === undefined ? {} : { priority }) };
}

/** A condition's status, by its type. */
export function conditionColumn(name: string, type: string, priority?: number): CrdColumn {
  return column(name, `.status.conditions[?(@.type=="${type}")].status`, 'string', priority);
}

export const ageColumn = column('Age', '.metadata.creationTimestamp', 'date');
export const pausedColumn = conditionColumn('Paused', 'Paused', 10);
export const clusterLabelColumn = column('Cluster', ".metadata.labels['cluster\\.x-k8s\\.io/cluster-name']");
/** Counters of what has replicas. */
export const replicaColumns: readonly CrdColumn[] = [
  column('Desired', '.spec.replicas', 'integer'),
  column('Current', '.status.replicas', 'integer'),
  column('Ready', '.status.readyReplicas', 'integer'),
  column('Available', '.status.availableReplicas', 'integer'),
  column('Up-to-date', '.status.upToDateReplicas', 'integer'),
];
