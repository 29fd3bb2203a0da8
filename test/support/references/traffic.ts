import type { Attempt, Make, Picks } from './attempt.ts';
import { cluster, freeName, idOf, type Model, namespace, ofSort, pick, type Thing, thing } from './model.ts';

const place = { cluster, namespace };

export const makeService: Make = (model) => {
  const name = freeName(model, 'service');
  const selector = { labels: [{ key: 'app', value: 'proof' }] };
  return {
    mutation: 'createService',
    input: { clusters: [cluster], namespace, name, type: 'CLUSTER_IP', ports: [{ port: 80 }], selector },
    fields: 'results { ok }',
    done: () => model.add(thing('service', name, idOf('', 'Service', name))()),
  };
};

export const makeIngress: Make = (model, [one, other]) => {
  const services = ofSort(model, 'service');
  const first = pick(services, one);
  const second = pick(services, other);
  if (!first || !second) return { lacks: 'service' };
  const name = freeName(model, 'ingress');
  const paths = [first, second].map((service, index) => ({
    path: `/${index}`,
    serviceName: service.name,
    servicePort: 80,
  }));
  return {
    mutation: 'createIngress',
    input: { clusters: [cluster], namespace, name, rules: [{ host: `${name}.example.com`, paths }] },
    fields: 'results { ok }',
    done: () => model.add(thing('ingress', name, idOf('networking.k8s.io', 'Ingress', name))(first, second)),
  };
};

export const makeGroup: Make = (model, [which, protocolNumber]) => {
  const service = pick(ofSort(model, 'service'), which);
  if (!service) return { lacks: 'service' };
  const name = freeName(model, 'group');
  const protocol = protocolNumber % 3 === 0 ? 'HTTP' : 'TCP';
  const id = idOf('gateway.networking.k8s.io', `${protocol}Route`, name);
  return {
    mutation: 'createBackendGroup',
    input: { ...place, name, protocol, services: [{ service: service.name, port: 80 }] },
    fields: 'backendGroup { id }',
    done: () => model.add(thing('group', name, id, { facts: { protocol } })(service)),
  };
};

export const makeBalancer: Make = (model) => {
  const name = freeName(model, 'balancer');
  return {
    mutation: 'createLoadBalancer',
    input: { clusters: [cluster], namespace, name },
    fields: 'results { ok }',
    done: () => model.add(thing('balancer', name, idOf('gateway.networking.k8s.io', 'Gateway', name))()),
  };
};

/** Of few ports, so that they meet. */
export const makeListener: Make = (model, [which, byWhich, portNumber]) => {
  const balancer = pick(ofSort(model, 'balancer'), which);
  if (!balancer) return { lacks: 'balancer' };
  const group = pick(ofSort(model, 'group'), byWhich);
  if (!group) return { lacks: 'group' };
  const name = freeName(model, 'listener');
  const port = String(9000 + (portNumber % 3));
  const protocol = group.facts.protocol ?? '';
  const isTaken = listenersOf(model, balancer).some(({ facts }) => facts.port === port);
  return {
    mutation: 'createListener',
    input: { loadBalancerId: balancer.id, backendGroupId: group.id, name, protocol, port: Number(port) },
    fields: 'listener { id }',
    ...(isTaken ? { against: { code: 'PRECONDITION_FAILED' } } : {}),
    done: (answer) => {
      const { id } = answer.listener as { id: string };
      const listener = thing('listener', name, id, { facts: { port, protocol } })(balancer);
      model.add(listener);
      group.needs.add(listener);
    },
  };
};

const listenersOf = (model: Model, balancer: Thing): Thing[] =>
  ofSort(model, 'listener').filter(({ needs }) => needs.has(balancer));

const boundTo = (model: Model, listener: Thing): Thing[] =>
  ofSort(model, 'group').filter(({ needs }) => needs.has(listener));

/** Binds a group to a listener, which may lead to another one already, or speak another protocol. */
export function bind(model: Model, [which, toWhich]: Picks): Attempt | undefined {
  const group = pick(ofSort(model, 'group'), which);
  const listener = pick(ofSort(model, 'listener'), toWhich);
  if (!group || !listener) return undefined;
  const others = boundTo(model, listener).filter((other) => other !== group);
  const code =
    group.facts.protocol !== listener.facts.protocol
      ? 'VALIDATION'
      : others.length > 0
        ? 'PRECONDITION_FAILED'
        : undefined;
  return {
    mutation: 'bindBackendGroup',
    input: { id: group.id, listenerId: listener.id },
    fields: 'backendGroup { id }',
    ...(code === undefined ? {} : { against: { code } }),
    done: () => group.needs.add(listener),
  };
}

export function unbind(model: Model, [which]: Picks): Attempt | undefined {
  const bound = ofSort(model, 'group').flatMap((group) =>
    [...group.needs].filter(({ sort }) => sort === 'listener').map((listener) => ({ group, listener })),
  );
  const found = pick(bound, which);
  if (!found) return undefined;
  return {
    mutation: 'unbindBackendGroup',
    input: { id: found.group.id, listenerId: found.listener.id },
    fields: 'backendGroup { id }',
    done: () => found.group.needs.delete(found.listener),
  };
}

/** Gives a group another Service before it takes the old one from it. */
export function changeMember(model: Model, [which, toWhich]: Picks): Attempt | undefined {
  const group = pick(ofSort(model, 'group'), which);
  const service = pick(ofSort(model, 'service'), toWhich);
  const old = [...(group?.needs ?? [])].find(({ sort }) => sort === 'service');
  if (!group || !service || !old || service === old) return undefined;
  return {
    mutation: 'updateBackendGroupMembers',
    input: {
      id: group.id,
      set: [{ service: service.name, port: 80 }],
      remove: [{ service: old.name, port: 80 }],
    },
    fields: 'backendGroup { id }',
    done: () => {
      group.needs.delete(old);
      group.needs.add(service);
    },
  };
}
