import { type InputTypeRef, inputRef, type LongshoreBuilder, named, registerEnum } from 'longshore/sdk';
import { type AccessEntryForm, type AccessPortForm, accessWays } from '../../services/access/access-form.ts';
import { loadBalancerFields, servicePortFields } from '../services/service-inputs.ts';

export const accessEntryInputRef: InputTypeRef<AccessEntryForm> = inputRef<AccessEntryForm>('WorkloadAccessEntryInput');
const portInputRef: InputTypeRef<AccessPortForm> = inputRef<AccessPortForm>('WorkloadAccessPortInput');
const balancerInputRef: InputTypeRef<NonNullable<AccessEntryForm['loadBalancer']>> = inputRef<
  NonNullable<AccessEntryForm['loadBalancer']>
>('WorkloadAccessLoadBalancerInput');

/** What the access settings of a workload are made of (NET-06, NET-09). */
export function registerAccessInputs(builder: LongshoreBuilder): void {
  registerEnum(builder, 'WorkloadAccessWay', 'From where a workload is reached by an access setting.', accessWays);
  builder.inputType('WorkloadAccessPortInput', {
    description: 'A port at which a workload is reached, and the one of its containers (NET-07).',
    fields: (t) => ({
      ...servicePortFields(t),
      hasHealthCheck: t.boolean({
        description:
          'Of a load balancer: whether it checks what is behind the port and skips what fails. Always on for the protocols `access.healthCheckAlways` of the profile; otherwise by `service.lbHealthCheck` where nothing is given.',
      }),
    }),
  });
  builder.inputType('WorkloadAccessLoadBalancerInput', {
    description:
      'What the load balancer of an access setting is told. What Kubernetes has no field for goes into annotations of the platform (`service.lbAnnotations`); where it has none, the option is refused.',
    fields: (t) => {
      const { hasHealthCheck: _ofPorts, ...fields } = loadBalancerFields(t);
      return {
        ...fields,
        existingId: t.string({
          description:
            'Id of a load balancer that is there already; a new one where none is given, for who may create load balancers (`lb.createBy` of the profile).',
        }),
        algorithm: t.field({
          type: named('LoadBalancingAlgorithm'),
          description:
            'How it spreads requests: one of `access.algorithms` of the profile, its first for a new setting where nothing is given.',
        }),
      };
    },
  });
  builder.inputType('WorkloadAccessEntryInput', {
    description:
      'One access setting: one Service. Of one that is there, what is not given stays as it is; ports are given whole, and those that stay keep their ports of nodes.',
    fields: (t) => ({
      name: t.string({
        required: true,
        description:
          'Name of its Service, by the rule `service.name` of the profile. It tells the setting from the others: another name is another setting.',
      }),
      way: t.field({
        type: named('WorkloadAccessWay'),
        required: true,
        description:
          'From where the workload is reached; the profile offers the types of its Services (`service.types`).',
      }),
      ports: t.field({ type: [portInputRef], required: true, description: 'Its ports, all of them: 1 to 50.' }),
      loadBalancer: t.field({ type: balancerInputRef, description: 'Of VPC and PUBLIC alone: its load balancer.' }),
    }),
  });
}
