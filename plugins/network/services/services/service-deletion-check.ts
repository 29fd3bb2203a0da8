import type { ServiceObject } from 'longshore/plugins/compute';
import {
  type Deletion,
  type DeletionCheck,
  type DeletionObjection,
  idOfObject,
  nameUsers,
  origin,
  type RequestContext,
  systemPrincipal,
} from 'longshore/sdk';
import { type ServiceLead, serviceLeads } from './service-leads.ts';

/** A Service stays while something leads to it, and so does each of its ports (NET-13, P41). */
export const serviceDeletionCheck: DeletionCheck = {
  subjects: ['core/Service'],
  async check(deletion, context) {
    const object = deletion.object as unknown as ServiceObject;
    const gone = portsGone(deletion);
    if (gone?.size === 0) return undefined;
    const leads = (await everyLead(object, context)).filter(
      ({ port }) => gone === undefined || (port !== undefined && gone.has(port)),
    );
    return leads.length === 0 ? undefined : objection(object, gone, leads, context);
  },
};

/** Ports that would go, by number and by name; undefined where everything goes. */
function portsGone({ object, left }: Deletion): ReadonlySet<number | string> | undefined {
  if (left === undefined) return undefined;
  const kept = wordsOf(left);
  return new Set([...wordsOf(object)].filter((word) => !kept.has(word)));
}

function wordsOf(service: object): ReadonlySet<number | string> {
  const { ports } = (service as Partial<ServiceObject>).spec ?? {};
  return new Set((ports ?? []).flatMap(({ port, name }) => (name ? [port, name] : [port])));
}

/** Also what the caller does not see: what is reached must not break because of who deletes. */
async function everyLead(service: ServiceObject, context: RequestContext): Promise<readonly ServiceLead[]> {
  const cluster = context.cluster(service[origin].cluster);
  const found = await Promise.all(
    [context.principal, systemPrincipal].map((principal) =>
      serviceLeads(cluster.reader(principal, context.signal), service),
    ),
  );
  const [own = [], all = []] = found;
  const known = new Set(own.map(({ from }) => idOfObject(from)));
  return [...own, ...all.filter(({ from }) => !known.has(idOfObject(from)))];
}

function objection(
  { metadata }: ServiceObject,
  gone: ReadonlySet<number | string> | undefined,
  leads: readonly ServiceLead[],
  context: RequestContext,
): DeletionObjection {
  const users = [...new Map(leads.map(({ from }) => [idOfObject(from), from])).values()];
  const { words, references } = nameUsers(users, context);
  const ports = [...new Set(leads.flatMap(({ port }) => port ?? []))].join(', ');
  const what = gone === undefined ? `Service '${metadata.name}'` : `Port ${ports} of Service '${metadata.name}'`;
  return {
    isRefused: true,
    message: `${what} is what requests are led to by ${words}: it goes only after that was changed.`,
    references,
  };
}
