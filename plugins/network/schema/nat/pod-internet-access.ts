import { podTypeRef } from 'longshore/plugins/compute';
import { type LongshoreBuilder, named, registerEnum, typeRef } from 'longshore/sdk';
import { elasticIpTypeRef, snatRuleTypeRef } from '../../api.ts';
import { type InternetAccess, readInternetAccess } from '../../services/nat/internet-access.ts';

const accessRef = typeRef<InternetAccess>('InternetAccess');

/** How pods reach the Internet (NET-14, NET-35). */
export function registerPodInternetAccess(builder: LongshoreBuilder): void {
  registerEnum(builder, 'InternetAccessWay', 'By what an instance reaches the Internet.', {
    ELASTIC_IP: 'By an elastic IP of its own, which comes before NAT.',
    SNAT: 'By the SNAT rule of its subnet.',
    NODE: 'By the address of its node: it is on its network, or its subnet goes out so.',
    NONE: 'Not at all.',
  });
  builder.objectType(accessRef, {
    description: 'How an instance reaches the Internet. Rules that do not work yet count too: see their `state`.',
    fields: (t) => ({
      way: t.field({
        type: named('InternetAccessWay'),
        description: 'By what.',
        resolve: ({ way }) => way as never,
      }),
      address: t.string({
        nullable: true,
        description:
          'The address that it comes from outside; null where it is that of its node, not known yet or none.',
        resolve: (access) => ('eip' in access && access.eip?.status?.ip) || null,
      }),
      elasticIp: t.field({
        type: elasticIpTypeRef,
        nullable: true,
        description: 'The elastic IP, its own or that of the SNAT rule.',
        resolve: (access) => ('eip' in access ? (access.eip ?? null) : null),
      }),
      snatRule: t.field({
        type: snatRuleTypeRef,
        nullable: true,
        description: 'The SNAT rule by which it goes out; null where it is another way.',
        resolve: (access) => (access.way === 'SNAT' ? access.rule : null),
      }),
    }),
  });
  builder.objectField(podTypeRef, 'internetAccess', (t) =>
    t.field({
      type: accessRef,
      nullable: true,
      description:
        'How it reaches the Internet: by its own elastic IP, else by NAT (NET-35). Null where that cannot be told: it has no address yet, the cluster has no Kube-OVN, or you may not see its VPC.',
      resolve: (pod, _args, context) => readInternetAccess(pod, context),
    }),
  );
}
