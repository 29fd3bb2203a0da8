import { labelInputName } from 'longshore/plugins/core';
import { enumRef, inputRef, type LongshoreBuilder, named, registerEnum } from 'longshore/sdk';
import { type ChosenAddresses, networkModes } from '../../api.ts';
import type { NetworkForm } from '../../services/form/network.ts';
import type { Runtime } from '../../services/form/pod-template.ts';
import { containerInputRef } from './container-input.ts';
import { schedulingInputRef } from './scheduling-input.ts';
import { volumeInputRef } from './volume-input.ts';

const hostAliasInputRef = inputRef<{ ip: string; hostnames: readonly string[] }>('HostAliasInput');
const floatingIpInputRef = inputRef<ChosenAddresses>('FloatingIpInput');
const networkInputRef = inputRef<NetworkForm>('PodNetworkInput');
const runtimeRef = enumRef<Runtime>('ContainerRuntime');

export function registerPodTemplateInput(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ContainerRuntime', 'What containers run in.', {
    RUNC: "The node's own kernel.",
    KATA: 'A virtual machine with a kernel of its own.',
    SECURE_SANDBOX: "A sandbox of the platform's.",
  });
  builder.inputType('HostAliasInput', {
    description: 'Names that the containers know an address by.',
    fields: (t) => ({
      ip: t.string({ required: true, description: 'The address.' }),
      hostnames: t.stringList({ required: true, description: 'Its names.' }),
    }),
  });
  registerEnum(builder, 'NetworkMode', 'How an instance is on the network (NET-41).', networkModes);
  builder.inputType('FloatingIpInput', {
    description: 'Addresses that were chosen for pods: either a pool, or the addresses themselves (NET-42).',
    fields: (t) => ({
      pool: t.string({ description: 'Name of an address pool of the cluster that the namespace may use.' }),
      addresses: t.stringList({
        description:
          'The addresses, one for each pod: the pods of a StatefulSet get them in their order, others whichever is free. Pods beyond them stay pending.',
      }),
      subnet: t.string({
        description: "Name of the subnet that the pool or the addresses are of; the namespace's own where not given.",
      }),
    }),
  });
  builder.inputType('PodNetworkInput', {
    description:
      'How pods are on the network. What makes up another mode is taken away: the network of the node, ports of nodes that are not given along with it, chosen addresses.',
    fields: (t) => ({
      mode: t.field({
        type: named('NetworkMode'),
        required: true,
        description:
          'NAT needs a `hostPort` of at least one container port. HOST and NAT reach past the network of the cluster, and are for administrators.',
      }),
      floatingIp: t.field({ type: floatingIpInputRef, description: 'The addresses, with FLOATING_IP and only then.' }),
    }),
  });
  builder.inputType('PodTemplateInput', {
    description: 'What the pods of a workload are made of. Where a workload is changed, what is not given stays.',
    fields: (t) => ({
      containers: t.field({
        type: [containerInputRef],
        description: 'Business containers, merged by name. A new workload needs at least one.',
      }),
      initContainers: t.field({
        type: [containerInputRef],
        description: 'Run in their order before the others start, each until it has succeeded; merged by name.',
      }),
      volumes: t.field({ type: [volumeInputRef], description: 'Volumes that containers may mount, merged by name.' }),
      restartPolicy: t.field({
        type: named('PodRestartPolicy'),
        description: 'NEVER or ON_FAILURE for a Job or CronJob (NEVER where not given), ALWAYS for what runs on.',
      }),
      terminationGracePeriodSeconds: t.field({
        type: 'SafeInt',
        description: 'Seconds for `preStop` and for the containers to end by themselves; 30 where not given.',
      }),
      scheduling: t.field({ type: schedulingInputRef, description: 'On which nodes its pods may run.' }),
      hostNetwork: t.boolean({ description: "Whether a pod has its node's address. For administrators." }),
      network: t.field({
        type: networkInputRef,
        description:
          'Its network mode (NET-41); OVERLAY where none of it is given. Stays where a workload is changed or copied.',
      }),
      hostAliases: t.field({
        type: [hostAliasInputRef],
        description: 'Names of addresses, only where `hostNetwork` is off. The whole list.',
      }),
      imagePullSecrets: t.stringList({
        description: 'Secrets of the same namespace by which images are pulled. The whole list.',
      }),
      runtime: t.field({
        type: runtimeRef,
        description: 'What its containers run in: one of `pod.runtimes`, which is chosen where it is the only one.',
      }),
      serviceAccountName: t.string({ description: 'Who it is towards the cluster; `default` where not given.' }),
      priorityClassName: t.string({ description: 'Name of its PriorityClass.' }),
      labels: t.field({ type: [labelInputName as never], description: 'Labels to set on its pods.' }),
      removeLabels: t.stringList({ description: 'Keys of labels to take away.' }),
      annotations: t.field({ type: [labelInputName as never], description: 'Annotations to set on its pods.' }),
      removeAnnotations: t.stringList({ description: 'Keys of annotations to take away.' }),
    }),
  });
}
