import { podTemplateTypeRef } from 'longshore/plugins/compute';
import {
  defineList,
  diffFields,
  fieldChangeRef,
  isProvided,
  type LongshoreBuilder,
  named,
  nodeRef,
  registerEnum,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import {
  type AppServiceVersion,
  appServiceTypeRef,
  appServiceVersionTypeRef,
  serviceScalingRef,
  type UnitPods,
} from '../../api.ts';
import { instanceOfVersion } from '../../services/app-services/app-services.ts';
import { withoutSnapshots } from '../../services/app-services/configuration.ts';
import { previewVersion, type VersionPreview } from '../../services/app-services/preview-version.ts';
import type {
  AccessSpec,
  ConfigurationSnapshot,
  DeploymentSpec,
  ScalingSpec,
  ServiceName,
  TrafficSpec,
  VersionSpec,
} from '../../services/app-services/version-spec.ts';
import type { PlannedGroup } from '../../services/grouping/plan-groups.ts';
import { findVersion, loadServiceOf } from './load-app-services.ts';

const scalingRef = typeRef<ScalingSpec>('AppServiceScaling');
const accessRef = typeRef<AccessSpec>('AppServiceAccess');
const portRef = typeRef<AccessSpec['ports'][number]>('AppServiceAccessPort');
const deploymentRef = typeRef<DeploymentSpec>('AppServiceDeployment');
const trafficRef = typeRef<TrafficSpec>('AppServiceTraffic');
const nameRef = typeRef<ServiceName>('AppServiceName');
const snapshotRef = typeRef<ConfigurationSnapshot>('ConfigurationSnapshot');
const previewRef = typeRef<VersionPreview>('AppServicePreview');
const groupRef = typeRef<PlannedGroup>('PlannedReleaseGroup');
const unitPodsRef = typeRef<UnitPods>('DeploymentUnitPods');

/** Versions of app services (REL-10 to REL-12). */
export function registerVersion(builder: LongshoreBuilder): void {
  registerParts(builder);
  registerPreview(builder);
  registerEnum(builder, 'VersionEditState', 'Whether a version can still be changed (REL-12).', {
    DRAFT: 'It is being worked on.',
    SUBMITTED: 'It was submitted, and never changes again.',
    PUBLISHED: 'It was released with success at least once.',
  });
  registerEnum(builder, 'VersionReleaseState', 'Whether a version was released (REL-12).', {
    PENDING_DEPLOY: 'It was never released with success.',
    RELEASED: 'It was released with success.',
  });
  builder.objectType(appServiceVersionTypeRef, {
    description:
      'A version of an app service: image and configuration. A draft can be changed; what was submitted never changes.',
    interfaces: [nodeRef],
    fields: (t) => ({
      number: t.exposeInt('number', {
        description: '1 for the first, one more for each; a draft has the number that it is going to have.',
      }),
      service: t.field({
        type: appServiceTypeRef,
        nullable: true,
        description: 'Its app service; null where that is gone.',
        resolve: (version, _args, context) => loadServiceOf(version, context),
      }),
      editState: t.field({
        type: named('VersionEditState'),
        description: 'Whether it can still be changed.',
        resolve: ({ editState }) => editState as never,
      }),
      releaseState: t.field({
        type: named('VersionReleaseState'),
        description: 'Whether it was released.',
        resolve: ({ releasedAt }) => (releasedAt === null ? 'PENDING_DEPLOY' : 'RELEASED') as never,
      }),
      isCurrent: t.exposeBoolean('isCurrent', { description: 'Whether it is the version that runs.' }),
      template: t.field({
        type: podTemplateTypeRef,
        description: 'What its pods are made of; of a submitted one with its own copies of the configuration.',
        resolve: ({ spec }) => spec.podTemplate as never,
      }),
      manifest: t.field({
        type: 'JSON',
        description: 'The same as Kubernetes writes it (core/v1 PodTemplateSpec).',
        resolve: ({ spec }) => spec.podTemplate as never,
      }),
      volumeClaimTemplates: t.field({
        type: ['JSON'],
        description: 'Volumes that each pod of a stateful service gets of its own (core/v1 PersistentVolumeClaim).',
        resolve: ({ spec }) => [...spec.volumeClaimTemplates] as never,
      }),
      scaling: t.field({ type: scalingRef, description: 'How many pods it has.', resolve: ({ spec }) => spec.scaling }),
      access: t.field({
        type: [accessRef],
        description: 'Services by which it is reached.',
        resolve: ({ spec }) => [...spec.access],
      }),
      deployment: t.field({
        type: deploymentRef,
        description: 'Where its pods run and how they are released.',
        resolve: ({ spec }) => spec.deployment,
      }),
      configuration: t.field({
        type: [snapshotRef],
        description: 'ConfigMaps and Secrets that its pods use, with the copies that never change; empty in a draft.',
        resolve: ({ spec }) => [...spec.configuration],
      }),
      createdBy: t.exposeString('createdBy', { description: 'Who made it, as operation records name people.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => row.createdAt }),
      updatedAt: t.field({
        type: 'DateTime',
        description: 'When it was last changed as a draft.',
        resolve: (row) => row.updatedAt,
      }),
      submittedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was submitted; null of a draft.',
        resolve: (row) => row.submittedAt,
      }),
      releasedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was first released with success; null before.',
        resolve: (row) => row.releasedAt,
      }),
      version: t.exposeInt('version', {
        description: 'Of a draft: one more with each change; an edit says which version of the draft it has seen.',
      }),
      changesSince: t.field({
        type: [fieldChangeRef],
        description:
          'Where it differs from another version of its service, field by field. No values of Secrets are in it.',
        args: { id: t.arg.id({ required: true, description: 'Global id of the other version.' }) },
        resolve: async (version, { id }, context) => {
          const service = await loadServiceOf(version, context);
          if (!service) return [];
          const other = await findVersion(String(id), service, context);
          return [...diffFields(readable(other.spec), readable(version.spec))];
        },
      }),
      preview: t.field({
        type: previewRef,
        nullable: true,
        description: 'What a release of it would come to, as things are now; null where its service is gone.',
        resolve: async (version, _args, context) => {
          const service = await loadServiceOf(version, context);
          if (!service) return null;
          return previewVersion(service, version, context);
        },
      }),
      ...viewerCanField<AppServiceVersion>(t, instanceOfVersion),
    }),
  });
  defineList(builder, {
    name: 'AppServiceVersion',
    node: appServiceVersionTypeRef,
    plural: 'versions',
    filter: (t) => ({
      editStates: t.field({ type: [named('VersionEditState')], description: 'In one of these states.' }),
    }),
    matches: (filter) => {
      const { editStates } = filter as { readonly editStates?: readonly string[] | null };
      const states = editStates ? new Set(editStates) : undefined;
      return ({ editState }: AppServiceVersion) => !states || states.has(editState);
    },
    orders: {
      CURRENT: { description: 'The one that runs behind the others.', value: ({ isCurrent }) => (isCurrent ? 1 : 0) },
      NUMBER: { description: 'By number.', value: ({ number }) => number },
      CREATED_AT: { description: 'By when it was made.', value: ({ createdAt }) => createdAt.getTime() },
    },
    defaultOrder: [
      { field: 'CURRENT', direction: 'DESC' },
      { field: 'NUMBER', direction: 'DESC' },
    ],
    place: ({ serviceUuid, uuid }) => ({ cluster: '', namespace: serviceUuid, name: uuid }),
  });
}

/** As people compare versions: configuration by its own names, and whether it is another copy beside that. */
function readable({ podTemplate, configuration, ...spec }: VersionSpec): object {
  return {
    template: withoutSnapshots(podTemplate, configuration),
    ...spec,
    configuration: Object.fromEntries(configuration.map(({ kind, name, snapshot }) => [`${kind}/${name}`, snapshot])),
  };
}

function registerParts(builder: LongshoreBuilder): void {
  const isScalable = isProvided(builder, serviceScalingRef);
  builder.objectType(scalingRef, {
    description: 'How many pods an app service has.',
    fields: (t) => ({
      strategy: t.field({
        type: named('AppServiceScalingStrategy'),
        description: 'What says how many; FIXED as long as no plugin that scales is loaded.',
        resolve: ({ strategy }) => (isScalable ? strategy : 'FIXED') as never,
      }),
      ...(isScalable
        ? {
            schedule: t.field({
              type: 'JSON',
              nullable: true,
              description: 'The timetable of SCHEDULED, as it was given; null without one.',
              resolve: ({ schedule }) => (schedule ?? null) as never,
            }),
          }
        : {}),
      replicas: t.exposeInt('replicas', { description: 'Pods in all units together.' }),
      elasticNodes: t.exposeBoolean('elasticNodes', { description: 'Whether they may run on nodes that come and go.' }),
    }),
  });
  builder.objectType(portRef, {
    description: 'A port of a Service of an app service.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name; empty where it has none.' }),
      protocol: t.field({
        type: named('AppServiceProtocol'),
        description: 'What is spoken there.',
        resolve: ({ protocol }) => protocol as never,
      }),
      port: t.exposeInt('port', { description: 'At the Service.' }),
      targetPort: t.exposeInt('targetPort', { description: 'At the pods.' }),
      nodePort: t.exposeInt('nodePort', { nullable: true, description: 'At the nodes; null where nobody chose one.' }),
    }),
  });
  builder.objectType(accessRef, {
    description: 'A Service by which an app service is reached.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name.' }),
      type: t.field({
        type: named('AppServiceAccessType'),
        description: 'How it is reached.',
        resolve: ({ type }) => type as never,
      }),
      ports: t.field({ type: [portRef], description: 'Its ports.', resolve: ({ ports }) => [...ports] }),
    }),
  });
  builder.objectType(trafficRef, {
    description: 'Traffic that a release shifts to the new version (REL-37).',
    fields: (t) => ({
      route: t.exposeString('route', { description: 'Name of the HTTPRoute that does it.' }),
      percent: t.exposeInt('percent', { description: 'Share of the new version in percent.' }),
    }),
  });
  builder.objectType(nameRef, {
    description: 'An app service of the same cluster by its name.',
    fields: (t) => ({
      namespace: t.exposeString('namespace', { description: 'Its namespace.' }),
      name: t.exposeString('name', { description: 'Its name.' }),
    }),
  });
  builder.objectType(deploymentRef, {
    description: 'Where pods of an app service run, and how they are released (REL-07).',
    fields: (t) => ({
      upgradeMode: t.field({
        type: named('UpgradeMode'),
        description: 'What a release does to pods.',
        resolve: ({ upgradeMode }) => upgradeMode as never,
      }),
      units: t.stringList({ description: 'Deployment units; empty for all.', resolve: ({ units }) => [...units] }),
      grouping: t.field({
        type: named('ReleaseGrouping'),
        description: 'Which pods are released together.',
        resolve: ({ grouping }) => grouping as never,
      }),
      minGroups: t.exposeInt('minGroups', { description: 'Groups with FAST, beside the beta group.' }),
      betaGroup: t.exposeBoolean('betaGroup', { description: 'Whether one pod of each unit comes first.' }),
      pauseAfterGroup: t.exposeBoolean('pauseAfterGroup', {
        description: 'Whether it waits for a confirmation behind each group.',
      }),
      isSpread: t.exposeBoolean('isSpread', {
        description: 'Whether its pods are even over the units, or run wherever there is room in any of them.',
      }),
      sameNodeAs: t.field({
        type: [nameRef],
        description: 'App services on whose nodes its pods run.',
        resolve: ({ affinity }) => [...affinity.sameNode],
      }),
      differentNodeFrom: t.field({
        type: [nameRef],
        description: 'App services whose nodes its pods keep away from.',
        resolve: ({ affinity }) => [...affinity.differentNode],
      }),
      traffic: t.field({
        type: trafficRef,
        nullable: true,
        description: 'Traffic that each release shifts; null for none.',
        resolve: ({ traffic }) => traffic,
      }),
      meshInjection: t.boolean({
        description: "Whether the sidecar of the cluster's mesh is put into its pods.",
        resolve: ({ isMeshed }) => isMeshed === true,
      }),
      isLossless: t.exposeBoolean('isLossless', {
        description: 'Whether pods are taken off their Services before they are updated.',
      }),
    }),
  });
  builder.objectType(snapshotRef, {
    description: 'A ConfigMap or Secret that pods use, and the copy of it that a version has for good.',
    fields: (t) => ({
      kind: t.exposeString('kind', { description: 'ConfigMap or Secret.' }),
      name: t.exposeString('name', { description: 'As the form names it.' }),
      snapshot: t.exposeString('snapshot', { description: 'Name of the immutable copy.' }),
    }),
  });
}

function registerPreview(builder: LongshoreBuilder): void {
  builder.objectType(unitPodsRef, {
    description: 'Pods of a deployment unit.',
    fields: (t) => ({
      unit: t.exposeString('unit', { description: 'The unit; empty where the platform has none.' }),
      count: t.exposeInt('count', { description: 'How many.' }),
    }),
  });
  builder.objectType(groupRef, {
    description: 'Pods that are released together (REL-29).',
    fields: (t) => ({
      isBeta: t.exposeBoolean('isBeta', { description: 'Whether it is the first one, with one pod of each unit.' }),
      pods: t.field({
        type: [unitPodsRef],
        description: 'How many pods of each unit.',
        resolve: ({ pods }) => [...pods],
      }),
    }),
  });
  builder.objectType(previewRef, {
    description: 'What a release of a version would come to.',
    fields: (t) => ({
      manifests: t.field({
        type: ['JSON'],
        description:
          'Its Services, and the workload of each unit, as they are when it is released: of the kind of the engine that moves its pods in its cluster.',
        resolve: ({ manifests }) => [...manifests] as never,
      }),
      groups: t.field({
        type: [groupRef],
        description: 'In which groups its pods are released, in their order.',
        resolve: ({ groups }) => [...groups],
      }),
      willReplacePods: t.boolean({
        description:
          'Whether pods of the version that runs are made anew, rather than changed where they are (REL-08).',
        resolve: ({ replacedBecause }) => replacedBecause.length > 0,
      }),
      replacedBecause: t.stringList({
        description: 'Why they are; empty where they are not.',
        resolve: ({ replacedBecause }) => [...replacedBecause],
      }),
    }),
  });
}
