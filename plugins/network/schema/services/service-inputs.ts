import { labelInputName } from 'longshore/plugins/core';
import {
  type InputFieldBuilder,
  type InputTypeRef,
  inputRef,
  type LongshoreBuilder,
  named,
  registerEnum,
} from 'longshore/sdk';
import type { SelectorForm } from '../../services/services/resolve-selector.ts';
import {
  type LoadBalancerForm,
  lbAlgorithms,
  type ServicePortForm,
  serviceWords,
} from '../../services/services/service-form.ts';

export const servicePortInputRef: InputTypeRef<ServicePortForm> = inputRef<ServicePortForm>('ServicePortInput');
const selectorInputRef: InputTypeRef<SelectorForm> = inputRef<SelectorForm>('ServiceSelectorInput');
export const loadBalancerInputRef: InputTypeRef<LoadBalancerForm> =
  inputRef<LoadBalancerForm>('ServiceLoadBalancerInput');

/** What the forms for Services are made of (NET-01, NET-02). */
export function registerServiceInputs(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ServiceFormType', 'What a Service is, as forms have it.', serviceWords);
  registerEnum(
    builder,
    'ServicePortProtocol',
    'What a port of a Service speaks; HTTP and HTTPS are TCP with that as `appProtocol`.',
    { TCP: 'TCP.', UDP: 'UDP.', SCTP: 'SCTP.', HTTP: 'HTTP, over TCP.', HTTPS: 'HTTPS, over TCP.' },
  );
  registerEnum(builder, 'LoadBalancingAlgorithm', 'How a load balancer spreads requests.', lbAlgorithms);
  registerEnum(builder, 'ExternalTrafficPolicy', 'Where nodes pass traffic from outside.', {
    CLUSTER: 'To pods on any node; the caller’s address is lost.',
    LOCAL: 'To pods of their own alone; the caller’s address stays.',
  });
  builder.inputType('ServicePortInput', {
    description: 'A port of a Service, and the one of its pods that it leads to (NET-07).',
    fields: servicePortFields,
  });
  builder.inputType('ServiceSelectorInput', {
    description: 'Which pods a Service leads to.',
    isOneOf: true,
    fields: (t) => ({
      labels: t.field({ type: [labelInputName as never], description: 'Those that have all these labels.' }),
      workloadId: t.id({ description: 'Those of this workload, by the labels that it selects them by itself.' }),
      application: t.string({
        description: 'Those of this application, by the label of the profile (`label.application`).',
      }),
    }),
  });
  builder.inputType('ServiceLoadBalancerInput', {
    description:
      'What the load balancer of a Service is told. What Kubernetes has no field for goes into annotations of the platform (`service.lbAnnotations`); where it has none, the option is refused.',
    fields: loadBalancerFields,
  });
}

/** What an entry of `ports` says. */
export function servicePortFields(t: InputFieldBuilder) {
  return {
    name: t.string({ description: 'Its name, unique in the Service; `port-config-<port>-<n>` where none is given.' }),
    protocol: t.field({
      type: named('ServicePortProtocol'),
      description: 'What it speaks; TCP where nothing is said.',
    }),
    port: t.int({ required: true, description: 'Port of the Service or its load balancer, 1 to 65535.' }),
    targetPort: t.field({
      type: 'IntOrString',
      description:
        'Port of the containers, 1 to 65535 or the name that they give it; the same as `port` where none is given.',
    }),
    nodePort: t.int({
      description:
        'Port of every node, in the range of the profile (`service.nodePort.min`, `service.nodePort.max`); the cluster picks one where none is given.',
    }),
  };
}

export function loadBalancerFields(t: InputFieldBuilder) {
  return {
    className: t.string({
      description:
        'Which kind of load balancer (`loadBalancerClass`); the default one of the cluster where none is given. Never changes.',
    }),
    existingId: t.string({
      description: 'Id of a load balancer that is there already; a new one where none is given.',
    }),
    algorithm: t.field({
      type: named('LoadBalancingAlgorithm'),
      description:
        'How it spreads requests; what the profile says (`service.lbAlgorithmDefault`) where nothing is given.',
    }),
    bandwidthMbps: t.int({ description: 'Peak bandwidth in Mbps, from 1.' }),
    forwardsClientIP: t.boolean({
      description:
        "Whether it passes the caller's address on (X-Forwarded-For); by `service.lbForwardedFor` of the profile where nothing is given.",
    }),
    sessionPersistenceSeconds: t.int({
      description:
        'For how long it leads a caller to the same pod, 1 to 86400 seconds; not at all where nothing is given.',
    }),
    hasHealthCheck: t.boolean({
      description:
        'Whether it checks its backends and skips what fails; by `service.lbHealthCheck` of the profile where nothing is given.',
    }),
    sourceRanges: t.stringList({ description: 'Ranges of addresses (CIDR) that it lets in; all where none is given.' }),
  };
}

/** What making and changing a Service have in common. */
export function serviceFields(t: InputFieldBuilder) {
  return {
    ports: t.field({
      type: [servicePortInputRef],
      description: 'Its ports, all of them; at least one but for EXTERNAL_NAME.',
    }),
    selector: t.field({
      type: selectorInputRef,
      description: 'Which pods it leads to; without one something else feeds it.',
    }),
    clusterIP: t.string({
      description:
        'Its address in the cluster, which never changes; `None` for a headless one. The cluster picks one where none is given.',
    }),
    externalName: t.string({ description: 'The host that it is another name for; of EXTERNAL_NAME alone.' }),
    loadBalancer: t.field({
      type: loadBalancerInputRef,
      description: 'What its load balancer is told; of LOAD_BALANCER and CONTAINER_NATIVE_LB alone.',
    }),
    sessionAffinity: t.field({
      type: named('SessionAffinity'),
      description: 'Whether one caller always meets the same pod; NONE where nothing is given.',
    }),
    sessionAffinitySeconds: t.int({ description: 'For how long, 1 to 86400 seconds; of CLIENT_IP alone.' }),
    externalTrafficPolicy: t.field({
      type: named('ExternalTrafficPolicy'),
      description: 'Where nodes pass traffic from outside.',
    }),
    spec: t.field({ type: 'JSON', description: 'Of CUSTOM alone: the whole spec, as Kubernetes has it.' }),
    description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
    application: t.string({
      description: 'Application that it becomes part of: the label that the profile names (`label.application`).',
    }),
    labels: t.field({ type: [labelInputName as never], description: 'Labels to give it.' }),
    annotations: t.field({ type: [labelInputName as never], description: 'Annotations to give it.' }),
  };
}
