import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asObjectList, type JsonObject } from '../../machinery/json.ts';
import { parseSelectorObject, printLabelSelector } from '../../machinery/label-selector.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, numberColumn, textColumn } from './columns.ts';

export const podColumns = [
  textColumn('Containers', 'Names of the containers in the template.', 1),
  textColumn('Images', 'Images of the containers in the template.', 1),
  textColumn('Selector', 'Label selector for pods.', 1),
];

export const deploymentTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Ready', 'Number of ready pods of those wanted.'),
    textColumn('Up-to-date', 'Number of pods that have the desired template.'),
    textColumn('Available', 'Number of pods that are available.'),
    ageColumn,
    ...podColumns,
  ],
  cells(deployment, nowMs) {
    const { spec, status } = partsOf(deployment);
    return [
      deployment.metadata.name,
      `${numberAt(status, 'readyReplicas')}/${numberAt(spec, 'replicas')}`,
      numberAt(status, 'updatedReplicas'),
      numberAt(status, 'availableReplicas'),
      formatAge(deployment.metadata.creationTimestamp, nowMs),
      ...podCells(spec),
    ];
  },
};

export const replicaSetTable: TableLayout = {
  columns: [
    nameColumn,
    numberColumn('Desired', 'Number of pods wanted.'),
    numberColumn('Current', 'Number of pods there are.'),
    numberColumn('Ready', 'Number of pods that are ready.'),
    ageColumn,
    ...podColumns,
  ],
  cells(set, nowMs) {
    const { spec, status } = partsOf(set);
    return [
      set.metadata.name,
      numberAt(spec, 'replicas'),
      numberAt(status, 'replicas'),
      numberAt(status, 'readyReplicas'),
      formatAge(set.metadata.creationTimestamp, nowMs),
      ...podCells(spec),
    ];
  },
};

export const podTemplateTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Containers', 'The names of its containers.'),
    textColumn('Images', 'The images of its containers.'),
    textColumn('Pod Labels', 'The labels pods of it get.'),
  ],
  cells(template) {
    const { metadata, spec } = asObject(template.template) ?? {};
    const containers = asObjectList(asObject(spec)?.containers);
    const labels = Object.entries(asObject(asObject(metadata)?.labels) ?? {}).map(([key, value]) => `${key}=${value}`);
    return [
      template.metadata.name,
      containers.map(({ name }) => String(name)).join(','),
      containers.map(({ image }) => String(image)).join(','),
      labels.length === 0 ? '<none>' : labels.sort().join(','),
    ];
  },
};

export const statefulSetTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Ready', 'Number of ready pods of those wanted.'),
    ageColumn,
    ...podColumns.slice(0, 2),
  ],
  cells(set, nowMs) {
    const { spec, status } = partsOf(set);
    return [
      set.metadata.name,
      `${numberAt(status, 'readyReplicas')}/${numberAt(spec, 'replicas')}`,
      formatAge(set.metadata.creationTimestamp, nowMs),
      ...podCells(spec).slice(0, 2),
    ];
  },
};

export const daemonSetTable: TableLayout = {
  columns: [
    nameColumn,
    numberColumn('Desired', 'Number of nodes that should run the pod.'),
    numberColumn('Current', 'Number of nodes that run the pod.'),
    numberColumn('Ready', 'Number of nodes whose pod is ready.'),
    numberColumn('Up-to-date', 'Number of nodes whose pod has the desired template.'),
    numberColumn('Available', 'Number of nodes whose pod is available.'),
    textColumn('Node Selector', 'Labels a node must have.'),
    ageColumn,
    ...podColumns,
  ],
  cells(set, nowMs) {
    const { spec, status } = partsOf(set);
    const nodes = asObject(asObject(asObject(spec.template)?.spec)?.nodeSelector) ?? {};
    const pairs = Object.entries(nodes).map(([key, value]) => `${key}=${String(value)}`);
    return [
      set.metadata.name,
      numberAt(status, 'desiredNumberScheduled'),
      numberAt(status, 'currentNumberScheduled'),
      numberAt(status, 'numberReady'),
      numberAt(status, 'updatedNumberScheduled'),
      numberAt(status, 'numberAvailable'),
      pairs.length === 0 ? '<none>' : pairs.join(','),
      formatAge(set.metadata.creationTimestamp, nowMs),
      ...podCells(spec),
    ];
  },
};

export const controllerRevisionTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Controller', 'Whose revision it is.'),
    textColumn('Revision', 'Its number.'),
    ageColumn,
  ],
  cells({ metadata, revision }, nowMs) {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
    const group = owner?.apiVersion.includes('/') === true ? `.${owner.apiVersion.split('/')[0]}` : '';
    const name = owner === undefined ? '<none>' : `${owner.kind.toLowerCase()}${group}/${owner.name}`;
    return [metadata.name, name, revision ?? 0, formatAge(metadata.creationTimestamp, nowMs)];
  },
};

export const disruptionBudgetTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Min Available', 'How many pods must stay.'),
    textColumn('Max Unavailable', 'How many pods may be missing.'),
    numberColumn('Allowed Disruptions', 'How many pods may be evicted now.'),
    ageColumn,
  ],
  cells(budget, nowMs) {
    const { spec, status } = partsOf(budget);
    return [
      budget.metadata.name,
      String(spec.minAvailable ?? 'N/A'),
      String(spec.maxUnavailable ?? 'N/A'),
      numberAt(status, 'disruptionsAllowed'),
      formatAge(budget.metadata.creationTimestamp, nowMs),
    ];
  },
};

function partsOf(object: ClusterObject): { spec: JsonObject; status: JsonObject } {
  return { spec: asObject(object.spec) ?? {}, status: asObject(object.status) ?? {} };
}

function numberAt(parent: JsonObject, key: string): number {
  return typeof parent[key] === 'number' ? parent[key] : 0;
}

/** What the wide columns show of a template of pods. */
export function podCells(spec: JsonObject): string[] {
  const containers = asObjectList(asObject(asObject(spec.template)?.spec)?.containers);
  return [
    containers.map((container) => String(container.name)).join(','),
    containers.map((container) => String(container.image)).join(','),
    printLabelSelector(parseSelectorObject(spec.selector)),
  ];
}
