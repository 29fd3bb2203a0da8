import { claimTemplateInputRef, podTemplateInputRef } from 'longshore/plugins/compute';
import {
  type InputFieldBuilder,
  inputRef,
  isProvided,
  type LongshoreBuilder,
  named,
  registerEnum,
} from 'longshore/sdk';
import {
  buildRecordSourceInputRef,
  packageSourceInputRef,
  serviceScalingRef,
  serviceScheduleInputRef,
} from '../../api.ts';
import { imageSourceRefs } from '../../services/app-services/image-sources.ts';
import type {
  AccessInput,
  AccessPortInput,
  ContainerImageInput,
  DeploymentInput,
  ScalingInput,
} from '../../services/app-services/version-input.ts';
import type { TrafficSpec } from '../../services/app-services/version-spec.ts';

const containerImageInputRef = inputRef<ContainerImageInput>('AppServiceImageSourceInput');
const scalingInputRef = inputRef<ScalingInput>('AppServiceScalingInput');
const accessInputRef = inputRef<AccessInput>('AppServiceAccessInput');
const accessPortInputRef = inputRef<AccessPortInput>('AppServiceAccessPortInput');
const deploymentInputRef = inputRef<DeploymentInput>('AppServiceDeploymentInput');
const trafficInputRef = inputRef<TrafficSpec>('AppServiceTrafficInput');

/** The fields that say what a version is, of the mutations that make one (REL-01). */
export function versionFields(t: InputFieldBuilder, builder: LongshoreBuilder) {
  return {
    template: t.field({
      type: podTemplateInputRef,
      description:
        'What its pods are made of. What is not given stays as the version has it that this one begins with; containers and volumes are merged by name, and keep their names.',
    }),
    volumeClaimTemplates: t.field({
      type: [claimTemplateInputRef],
      description:
        'Volumes that each pod of a stateful service gets of its own, with their StorageClass: at least one in its first version, which all others keep.',
    }),
    ...(sourcesOf(builder).length > 0
      ? {
          imageSources: t.field({
            type: [containerImageInputRef],
            description:
              'Images of containers that do not come from a registry by their name, up to 50; such a container has no `image` in `template` (REL-04).',
          }),
        }
      : {}),
    scaling: t.field({ type: scalingInputRef, description: 'How many pods it has.' }),
    access: t.field({ type: [accessInputRef], description: 'Services by which it is reached. The whole list.' }),
    deployment: t.field({ type: deploymentInputRef, description: 'Where its pods run and how they are released.' }),
  };
}

/** Sources of images that plugins provide. */
const sourcesOf = (builder: LongshoreBuilder) =>
  (['buildRecord', 'package'] as const).filter((field) => isProvided(builder, imageSourceRefs[field]));

function registerImageSources(builder: LongshoreBuilder): void {
  const sources = sourcesOf(builder);
  if (sources.length === 0) return;
  builder.inputType('AppServiceImageSourceInput', {
    description: 'Where the image of a container comes from: one of its sources (REL-04, REL-05).',
    fields: (t) => ({
      container: t.string({ required: true, description: "The container's name." }),
      ...(sources.includes('buildRecord')
        ? { buildRecord: t.field({ type: buildRecordSourceInputRef, description: 'From a build of the application.' }) }
        : {}),
      ...(sources.includes('package')
        ? {
            package: t.field({
              type: packageSourceInputRef,
              description: 'From a code package, of which an image is built.',
            }),
          }
        : {}),
    }),
  });
}

export function registerVersionInputs(builder: LongshoreBuilder): void {
  const isScalable = isProvided(builder, serviceScalingRef);
  registerEnum(builder, 'AppServiceScalingStrategy', 'What says how many pods an app service has (REL-06).', {
    FIXED: 'A number.',
    ...(isScalable ? { SCHEDULED: 'A timetable.' } : {}),
  });
  registerImageSources(builder);
  registerEnum(builder, 'AppServiceAccessType', 'How a Service of an app service is reached.', {
    CLUSTER_IP: 'Inside the cluster, at an address of its own.',
    HEADLESS: 'Inside the cluster, each pod at its own address.',
    NODE_PORT: 'Also at a port of every node.',
    LOAD_BALANCER: 'Also through a load balancer.',
  });
  registerEnum(builder, 'AppServiceProtocol', 'What is spoken at a port.', {
    TCP: 'Transmission Control Protocol.',
    UDP: 'User Datagram Protocol.',
  });
  registerEnum(builder, 'UpgradeMode', 'What a release does to pods (REL-07, REL-08).', {
    IN_PLACE:
      'They keep their address, and their node mostly too. They are made anew all the same where more changes than images, such as CPU, memory or the number of containers.',
    REPLACE: 'New ones take the place of old ones.',
  });
  registerEnum(builder, 'ReleaseGrouping', 'Which pods are released together (REL-29).', {
    FAST: 'In `minGroups` groups of about the same size, each spread over the deployment units.',
    ONE_PER_POD: 'One after the other.',
    ALL_IN_ONE: 'All at once.',
  });
  registerEnum(builder, 'DraftChoice', 'What becomes of a draft that was not submitted (REL-11).', {
    RESTORE: 'It is gone on with.',
    DISCARD: 'It is thrown away.',
  });
  builder.inputType('AppServiceScalingInput', {
    description: 'How many pods an app service has.',
    fields: (t) => ({
      strategy: t.field({ type: named('AppServiceScalingStrategy'), description: 'FIXED where not given.' }),
      replicas: t.int({
        description:
          "Pods in all units together, by `replicas.min` and `replicas.max`; the profile's `replicas.default` where not given.",
      }),
      ...(isScalable
        ? {
            schedule: t.field({ type: serviceScheduleInputRef, description: 'The timetable of SCHEDULED.' }),
            elasticNodes: t.boolean({
              description: 'Whether they may run on nodes that come and go; off where not given.',
            }),
          }
        : {}),
    }),
  });
  builder.inputType('AppServiceAccessPortInput', {
    description: 'A port of a Service of an app service.',
    fields: (t) => ({
      name: t.string({ description: 'Its name, up to 15 characters; of the protocol and port where not given.' }),
      protocol: t.field({ type: named('AppServiceProtocol'), description: 'TCP where not given.' }),
      port: t.int({ required: true, description: 'At the Service, 1 to 65535.' }),
      targetPort: t.int({ description: 'At the pods, 1 to 65535; the same where not given.' }),
      nodePort: t.int({
        description: 'At the nodes, with NODE_PORT or LOAD_BALANCER; the cluster picks one otherwise.',
      }),
    }),
  });
  builder.inputType('AppServiceAccessInput', {
    description: 'A Service by which an app service is reached.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name, unique in the namespace.' }),
      type: t.field({ type: named('AppServiceAccessType'), description: 'CLUSTER_IP where not given.' }),
      ports: t.field({ type: [accessPortInputRef], required: true, description: 'Its ports, 1 to 100.' }),
    }),
  });
  builder.inputType('AppServiceTrafficInput', {
    description: 'Traffic that a release shifts to the new version (REL-37).',
    fields: (t) => ({
      route: t.string({ required: true, description: 'Name of the HTTPRoute in its namespace that does it.' }),
      percent: t.int({ required: true, description: 'Share of the new version in percent, 1 to 100.' }),
    }),
  });
  builder.inputType('AppServiceDeploymentInput', {
    description: 'Where pods of an app service run, and how they are released (REL-07).',
    fields: (t) => ({
      upgradeMode: t.field({
        type: named('UpgradeMode'),
        description: 'REPLACE where not given. Another one than what runs has interrupts the service shortly.',
      }),
      units: t.stringList({ description: 'Deployment units of its workspace; all of them where empty or not given.' }),
      grouping: t.field({ type: named('ReleaseGrouping'), description: 'FAST where not given.' }),
      minGroups: t.int({
        description: 'Groups with FAST, 1 to 100; `release.minGroups` of the profile where not given.',
      }),
      betaGroup: t.boolean({
        description: 'Whether one pod of each unit comes first, and waits for a confirmation; on where not given.',
      }),
      pauseAfterGroup: t.boolean({
        description: 'Whether it waits for a confirmation behind each group; on where not given.',
      }),
      isSpread: t.boolean({
        description:
          'Whether its pods are even over the units, or run wherever there is room in any of them; on where not given.',
      }),
      sameNodeAs: t.idList({
        description: 'App services of the cluster, up to 20, on whose nodes its pods run. For pods that are made anew.',
      }),
      differentNodeFrom: t.idList({
        description:
          'App services of the cluster, up to 20, whose nodes its pods keep away from. For pods that are made anew.',
      }),
      meshInjection: t.boolean({
        description:
          'Whether the sidecar of the mesh is put into its pods; takes a mesh on the cluster (Istio), off where not given. Another choice than what runs has makes all pods anew.',
      }),
      traffic: t.field({ type: trafficInputRef, description: 'Traffic that each release shifts; null for none.' }),
      isLossless: t.boolean({
        description:
          'Whether pods are taken off their Services before they are updated, and put back when they are ready; off where not given.',
      }),
    }),
  });
}
