import { type ServiceObject, serviceKind } from 'longshore/plugins/compute';
import { type MaybePromise, mapMaybe, type RequestContext, subjectOf } from 'longshore/sdk';
import { endpointSliceKind } from '../../api.ts';
import { endpointsOfService } from '../services/endpoints-of-service.ts';
import type { GroupBackend } from './backend-groups.ts';
import { type MemberHealth, memberHealth } from './member-health.ts';

type Member = GroupBackend & { readonly cluster: string };

/** Several fields of one answer are made of it. */
const known = new WeakMap<Member, MaybePromise<MemberHealth>>();

/** How a Service of a group does, as the caller may see it. */
export function readMemberHealth(member: Member, context: RequestContext): MaybePromise<MemberHealth> {
  const health = known.get(member) ?? read(member, context);
  known.set(member, health);
  return health;
}

function read(member: Member, context: RequestContext): MaybePromise<MemberHealth> {
  const { cluster, namespace, service: name, port } = member;
  const reader = context.kube(cluster);
  // What the caller may not read is missing, and that would look as if nothing were ready.
  const isReadable = context.access.allowed('READ', {
    subject: subjectOf(endpointSliceKind),
    cluster,
    namespace,
    name,
  });
  return mapMaybe(reader.get(serviceKind, namespace, name), (service) => {
    if (!service || !isReadable) return memberHealth(port, service as ServiceObject | undefined, undefined);
    return mapMaybe(endpointsOfService(reader, service), (endpoints) => memberHealth(port, service, endpoints));
  }) as MaybePromise<MemberHealth>;
}
