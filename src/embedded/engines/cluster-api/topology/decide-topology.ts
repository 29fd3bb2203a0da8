import { templateHash } from '../../../controllers/template-hash.ts';
import type {
  ClassTemplateRef,
  Cluster,
  ClusterClass,
  ContractRef,
  MachineGroup,
  Template,
  TemplateMetadata,
} from '../kinds.ts';
import { annotations, labels } from '../metadata.ts';
import { mergeVariables, patchTemplate, type TemplateUse } from './patch-templates.ts';

type Object = Readonly<Record<string, unknown>>;

/** An object as it should stand there; what is missing of it is somebody else's. */
export interface WantedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: TemplateMetadata & { readonly name: string; readonly namespace: string };
  readonly spec: Object;
}

export interface WantedGroup {
  readonly topologyName: string;
  readonly deployment: WantedObject;
  readonly templates: readonly WantedObject[];
}

export interface WantedTopology {
  readonly infrastructure: WantedObject;
  readonly controlPlane: WantedObject;
  readonly controlPlaneTemplates: readonly WantedObject[];
  readonly groups: readonly WantedGroup[];
}

/** Finds a template in the namespace of the class; throws where it is not there. */
export type FindTemplate = (ref: ClassTemplateRef) => Template;

/** What a cluster's class and topology ask for. Throws an Error of one sentence where they cannot be joined. */
export function decideTopology(cluster: Cluster, clusterClass: ClusterClass, find: FindTemplate): WantedTopology {
  const { topology } = cluster.spec;
  if (topology === undefined) throw new Error('the Cluster has no topology');
  const { spec } = clusterClass;
  const { name, namespace = '' } = cluster.metadata;
  const owned = { [labels.cluster]: name, [labels.topologyOwned]: '' };

  const made = (ref: ClassTemplateRef, use: TemplateUse, overrides: Parameters<typeof mergeVariables>[1]): Template =>
    patchTemplate(find(ref), use, clusterClass, mergeVariables(topology.variables, overrides));
  /** What is made from a template, under the name of the kind itself. */
  const instance = (
    template: Template,
    objectName: string,
    metadata: TemplateMetadata,
    more: Object = {},
  ): WantedObject => ({
    apiVersion: template.apiVersion,
    kind: template.kind.replace(/Template$/, ''),
    metadata: {
      name: objectName,
      namespace,
      labels: { ...template.spec.template.metadata?.labels, ...metadata.labels, ...owned },
      annotations: { ...clonedFrom(template), ...metadata.annotations },
    },
    spec: { ...template.spec.template.spec, ...more },
  });
  /** A template of the cluster's own; it gets another name when its content changes, as it is never changed. */
  const copy = (template: Template, prefix: string, group: TemplateMetadata = {}): WantedObject => ({
    apiVersion: template.apiVersion,
    kind: template.kind,
    metadata: {
      name: `${prefix}-${templateHash(template.spec)}`,
      namespace,
      labels: { ...owned, ...group.labels },
      annotations: clonedFrom(template),
    },
    spec: template.spec as Object,
  });

  const infrastructure = instance(
    made(spec.infrastructure.templateRef, { kind: 'infrastructureCluster' }, undefined),
    name,
    {},
  );

  const plane = topology.controlPlane ?? {};
  const planeUse = { kind: 'controlPlane' } as const;
  const planeOverrides = plane.variables?.overrides;
  const hosts = spec.controlPlane.machineInfrastructure;
  if (hosts === undefined)
    throw new Error('the ClusterClass names no infrastructure for machines of the control plane');
  const planeHosts = copy(made(hosts.templateRef, planeUse, planeOverrides), `${name}-control-plane`);
  const planeMetadata = joined(spec.controlPlane.metadata, plane.metadata);
  const planeTemplate = made(spec.controlPlane.templateRef, planeUse, planeOverrides);
  const controlPlane = instance(planeTemplate, name, planeMetadata, {
    ...(plane.replicas === undefined ? {} : { replicas: plane.replicas }),
    version: topology.version,
    machineTemplate: {
      metadata: { labels: { ...planeMetadata.labels, ...owned }, annotations: planeMetadata.annotations ?? {} },
      spec: {
        infrastructureRef: refTo(planeHosts),
        ...picked(plane, spec.controlPlane, ['deletion', 'readinessGates', 'taints']),
      },
    },
  });

  const groups = (topology.workers?.machineDeployments ?? []).map((group): WantedGroup => {
    const found = spec.workers?.machineDeployments?.find((each) => each.class === group.class);
    if (found === undefined) throw new Error(`MachineDeploymentClass ${group.class} not found in ClusterClass`);
    const use = { kind: 'workers', class: group.class } as const;
    const overrides = group.variables?.overrides;
    const prefix = `${name}-${group.name}`;
    const own = { [labels.topologyDeployment]: group.name };
    const machines = copy(made(found.infrastructure.templateRef, use, overrides), prefix, { labels: own });
    const configs = copy(made(found.bootstrap.templateRef, use, overrides), prefix, { labels: own });
    const metadata = joined(found.metadata, group.metadata);
    const selected = { ...owned, ...own };
    return {
      topologyName: group.name,
      templates: [machines, configs],
      deployment: {
        apiVersion: cluster.apiVersion,
        kind: 'MachineDeployment',
        metadata: {
          name: prefix,
          namespace,
          labels: { ...metadata.labels, ...selected },
          annotations: { ...metadata.annotations },
        },
        spec: deploymentSpec(cluster, group, found, { machines, configs, metadata, selected }),
      },
    };
  });
  return { infrastructure, controlPlane, controlPlaneTemplates: [planeHosts], groups };
}

function deploymentSpec(
  cluster: Cluster,
  group: MachineGroup,
  found: Object,
  parts: {
    readonly machines: WantedObject;
    readonly configs: WantedObject;
    readonly metadata: TemplateMetadata;
    readonly selected: Readonly<Record<string, string>>;
  },
): Object {
  const deletion = { ...(found.deletion as Object | undefined), ...(group.deletion as Object | undefined) };
  const { order, ...times } = deletion as { order?: string };
  const failureDomain = group.failureDomain ?? found.failureDomain;
  const clusterName = cluster.metadata.name;
  return {
    clusterName,
    ...(group.replicas === undefined ? {} : { replicas: group.replicas }),
    selector: { matchLabels: parts.selected },
    ...(order === undefined ? {} : { deletion: { order } }),
    ...picked(group, found, ['rollout']),
    template: {
      metadata: {
        labels: { ...parts.metadata.labels, ...parts.selected },
        annotations: { ...parts.metadata.annotations },
      },
      spec: {
        clusterName,
        version: cluster.spec.topology?.version,
        bootstrap: { configRef: refTo(parts.configs) },
        infrastructureRef: refTo(parts.machines),
        ...(failureDomain === undefined ? {} : { failureDomain }),
        ...(Object.keys(times).length === 0 ? {} : { deletion: times }),
        ...picked(group, found, ['minReadySeconds', 'readinessGates', 'taints']),
      },
    },
  };
}

/** What the topology says, else what the class does. */
function picked(group: Object, found: Object, fields: readonly string[]): Object {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = group[field] ?? found[field];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function joined(ofClass: TemplateMetadata | undefined, own: TemplateMetadata | undefined): TemplateMetadata {
  return {
    labels: { ...ofClass?.labels, ...own?.labels },
    annotations: { ...ofClass?.annotations, ...own?.annotations },
  };
}

function clonedFrom({ kind, apiVersion, metadata }: Template): Readonly<Record<string, string>> {
  return {
    [annotations.clonedFromName]: metadata.name,
    [annotations.clonedFromKind]: `${kind}.${apiVersion.split('/')[0]}`,
  };
}

export function refTo({
  apiVersion,
  kind,
  metadata,
}: Pick<WantedObject, 'apiVersion' | 'kind' | 'metadata'>): ContractRef {
  return { apiGroup: apiVersion.split('/')[0] ?? '', kind, name: metadata.name };
}
