import type { Answer, Attempt, Make, Picks } from './attempt.ts';
import type { ClusterView } from './cluster-view.ts';
import { type Model, partsOf, pick, type Sort, type Thing, usersOf } from './model.ts';
import * as networks from './networks.ts';
import * as traffic from './traffic.ts';
import * as volumes from './volumes.ts';

const makers: Readonly<Record<Sort, Make>> = {
  vpc: networks.makeVpc,
  subnet: networks.makeSubnet,
  natGateway: networks.makeNatGateway,
  elasticIp: networks.makeElasticIp,
  snatRule: networks.makeSnatRule,
  portRule: networks.makePortRule,
  instanceRule: networks.makeInstanceRule,
  service: traffic.makeService,
  ingress: traffic.makeIngress,
  group: traffic.makeGroup,
  listener: traffic.makeListener,
  balancer: traffic.makeBalancer,
  class: volumes.makeClass,
  claim: volumes.makeClaim,
  disk: volumes.makeDisk,
  snapshot: volumes.makeSnapshot,
  pod: volumes.makePod,
  deployment: volumes.makeDeployment,
};
export const sorts = Object.keys(makers) as Sort[];

/** A step of a sequence. Picks that fit nothing that is there do nothing. */
export type Step =
  | { readonly does: 'make'; readonly sort: Sort; readonly picks: Picks }
  | { readonly does: 'delete' | 'deleteObject'; readonly picks: Picks }
  | { readonly does: 'bind' | 'unbind' | 'changeMember' | 'cloneDisk' | 'deleteVolume'; readonly picks: Picks };

/** What a step asks for; what is lacking for it is asked for instead. */
export function attemptOf(step: Step, model: Model, view: ClusterView): Attempt | undefined {
  switch (step.does) {
    case 'make':
      return make(step.sort, model, step.picks);
    case 'delete':
    case 'deleteObject': {
      const thing = pick([...model], step.picks[0]);
      return thing && remove(thing, model, view, step.does === 'deleteObject');
    }
    case 'deleteVolume':
      return volumes.deleteVolume(model, view.volumeOf, step.picks);
    case 'cloneDisk':
      return volumes.cloneDisk(model, step.picks);
    case 'bind':
      return traffic.bind(model, step.picks);
    case 'unbind':
      return traffic.unbind(model, step.picks);
    case 'changeMember':
      return traffic.changeMember(model, step.picks);
  }
}

function make(sort: Sort, model: Model, picks: Picks): Attempt {
  const made = makers[sort](model, picks);
  return 'lacks' in made ? make(made.lacks, model, picks) : made;
}

const deletions: Readonly<Record<Sort, string>> = {
  vpc: 'deleteVpc',
  subnet: 'deleteSubnet',
  natGateway: 'deleteNatGateway',
  elasticIp: 'deleteElasticIp',
  snatRule: 'deleteSnatRule',
  portRule: 'deleteDnatRule',
  instanceRule: 'deleteDnatRule',
  service: 'deleteService',
  ingress: 'deleteIngress',
  group: 'deleteBackendGroup',
  listener: 'deleteListener',
  balancer: 'deleteLoadBalancer',
  class: 'deleteStorageClass',
  claim: 'deletePersistentVolumeClaim',
  disk: 'deleteDisk',
  snapshot: 'deleteVolumeSnapshot',
  pod: 'deletePod',
  deployment: 'deleteWorkload',
};

/** Those who know that something is lost with it. */
const acknowledge: Partial<Readonly<Record<Sort, readonly string[]>>> = {
  snatRule: ['INTERNET_ACCESS_LOST'],
  group: ['LISTENER_LOSES_BACKEND'],
};

/** Deletes by its own mutation, or by the one for objects of any kind. */
export function remove(thing: Thing, model: Model, view: ClusterView, isByObject = false): Attempt {
  const isObject = isByObject && thing.sort !== 'listener';
  const known = acknowledge[thing.sort];
  const ids = holdersOf(thing, model, view, isObject);
  return {
    mutation: isObject ? 'deleteObject' : deletions[thing.sort],
    input: { id: thing.id, ...(known ? { acknowledge: isObject ? undefined : known } : {}) },
    fields: '__typename',
    ...(ids.size > 0 ? { against: { ids } } : {}),
    done: () => {
      for (const part of partsOf(model, thing)) forget(part, model);
      forget(thing, model);
    },
  };
}

function forget(thing: Thing, model: Model): void {
  model.delete(thing);
  for (const other of model) other.needs.delete(thing);
}

/** The ids of all that keeps it from going. */
function holdersOf(thing: Thing, model: Model, view: ClusterView, isByObject: boolean): Set<string> {
  const parts = partsOf(model, thing);
  const users = [thing, ...parts].flatMap((each) => usersOf(model, each)).filter((user) => !parts.includes(user));
  const isOfNetwork = thing.sort === 'vpc' || thing.sort === 'subnet';
  const ids = new Set(users.flatMap((user) => idsOf(user, view, !isOfNetwork)));
  // A gateway is a pod too, with an address of its subnet.
  if (isOfNetwork) for (const { sort, name } of users) if (sort === 'natGateway') ids.add(view.podOfGateway(name));
  // What takes parts along knows how; whoever takes the object alone would leave them.
  if (isByObject) for (const { id } of parts) ids.add(id);
  // The default route of the VPC leads to its gateway.
  if (isByObject && thing.sort === 'natGateway')
    for (const { sort, id } of thing.needs) if (sort === 'vpc') ids.add(id);
  if (thing.sort === 'class') for (const id of view.volumesOfClass(thing.name)) ids.add(id);
  return ids;
}

/** Who is told to hold something: of a Deployment its pods, and itself where its template counts. */
export function idsOf(user: Thing, view: ClusterView, withTemplates = true): string[] {
  if (user.sort !== 'deployment') return [user.id];
  return [...(withTemplates ? [user.id] : []), ...view.podsOf(user.name)];
}

/** What is wrong with an answer; undefined where it is as the model has it. */
export function misfitOf(attempt: Attempt, answer: Answer, view: ClusterView): string | undefined {
  const { against } = attempt;
  const told = `${attempt.mutation} ${JSON.stringify(attempt.input)} answers ${JSON.stringify(answer)}`;
  if (against === undefined) {
    const results = (answer.results ?? []) as { ok: boolean }[];
    const isDone = answer.__typename.endsWith('Success') && results.every(({ ok }) => ok);
    return isDone ? undefined : `${told}: nothing stands against it`;
  }
  if ('code' in against)
    return answer.code === against.code ? undefined : `${told}: it must be refused, ${against.code}`;
  const should = 'ids' in against ? [...against.ids] : against.inUse.flatMap((user) => idsOf(user, view, false));
  const is = ((answer.references ?? []) as { id: string }[]).map(({ id }) => id);
  const isSame = answer.code === 'IN_USE' && [...is].sort().join() === [...should].sort().join();
  return isSame ? undefined : `${told}: it is used by ${should.map(readable).join(', ')}`;
}

const readable = (id: string): string => Buffer.from(id, 'base64url').toString();
