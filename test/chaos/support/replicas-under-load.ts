import { expect } from 'vitest';
import { until } from '../../support/until.ts';
import { type LoadOptions, startLoad } from './load.ts';
import { operatorToken, type Platform } from './replicas.ts';
import { type ResumingSubscriber, subscribeOverEvents, subscribeOverWebSocket } from './resuming-subscriber.ts';

const events = `subscription ($after: Cursor) {
  stream: kubernetesEvents(snapshot: false, after: $after, filter: { namespaces: ["default"] }) { type cursor reason item: event { name } }
}`;
const records = `subscription ($after: Cursor) {
  stream: operationRecordChanges(after: $after) { type cursor reason item: record { id status target { name } } }
}`;
const configMaps = `subscription ($after: Cursor) {
  stream: objectChanges(
    cluster: "main", apiVersion: "v1", kind: "ConfigMap", after: $after, filter: { namespaces: ["default"] }
  ) { type cursor reason item: object { name resourceVersion } }
}`;

export interface LoadReport {
  readonly sent: number;
  readonly failures: readonly string[];
  /** What subscribers lost, had twice, or hold otherwise than the cluster does. */
  readonly faults: readonly string[];
  /** How the connections of all subscribers were closed. */
  readonly ends: readonly (string | number)[];
}

/**
 * Lets something happen to the replicas while they are asked, written to and followed, and says what of it anybody could notice. Each
 * kind of stream is followed over WebSocket and over SSE.
 */
export async function runUnderLoad(
  platform: Platform,
  options: LoadOptions & { readonly eventsPerSecond: number },
  happen: () => Promise<void>,
): Promise<LoadReport> {
  await using stack = new AsyncDisposableStack();
  const follow = (query: string): readonly ResumingSubscriber[] => {
    const how = { url: platform.balancer.url, token: operatorToken, query };
    return [stack.use(subscribeOverWebSocket(how)), stack.use(subscribeOverEvents(how))];
  };
  const [ofEvents, ofRecords, ofConfigMaps] = [follow(events), follow(records), follow(configMaps)];
  const all = [...ofEvents, ...ofRecords, ...ofConfigMaps];
  const { store } = platform.cluster;
  const told: string[] = [];
  function tell(): void {
    const name = `event-${told.length}`;
    store.create(store.resource('', 'events'), eventObject(name));
    told.push(name);
  }
  // A stream that has no snapshot says nothing until something happens: first something that all of them hear.
  const warmUp = startLoad(platform.balancer.url, { requestsPerSecond: 5, writesPerSecond: 5 }, 'early');
  const first = async () => {
    tell();
    await until(() => {
      for (const each of [...ofEvents, ...ofRecords]) expect(each.messages.length).toBeGreaterThan(0);
    }, 1_500);
  };
  await until(first);
  await warmUp.stop();
  await until(() => {
    for (const each of ofConfigMaps) expect(each.messages.some(({ type }) => type === 'SNAPSHOT')).toBe(true);
  });
  const known = ofEvents.map(({ messages }) => names(messages).at(-1));

  const load = stack.use(startLoad(platform.balancer.url, options));
  const timer = setInterval(tell, 1_000 / options.eventsPerSecond);
  stack.defer(() => clearInterval(timer));
  await happen();
  clearInterval(timer);
  await load.stop();
  // What was said last reaches everybody, then there is silence.
  const faults = () => [
    ...ofEvents.flatMap(({ messages }, index) =>
      differences(
        `events ${index}`,
        names(messages).slice(names(messages).indexOf(known[index] ?? '')),
        told.slice(told.indexOf(known[index] ?? '')),
      ),
    ),
    ...ofRecords.flatMap(({ messages }, index) => recordFaults(`records ${index}`, messages, load.made)),
    ...ofConfigMaps.flatMap(({ messages }, index) =>
      differences(`config maps ${index}`, fold(messages), there(platform)),
    ),
    ...all.flatMap(({ faults }, index) => faults.map((fault) => `subscriber ${index}: ${JSON.stringify(fault)}`)),
  ];
  await until(() => expect(faults()).toEqual([])).catch(() => undefined);
  return { sent: load.sent, failures: load.failures, faults: faults(), ends: all.flatMap(({ ends }) => ends) };
}

const eventObject = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'default' },
  involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'somebody' },
  reason: 'Told',
  message: name,
  type: 'Normal',
  firstTimestamp: new Date().toISOString(),
  lastTimestamp: new Date().toISOString(),
});

const names = (messages: ResumingSubscriber['messages']) => messages.flatMap(({ item }) => item?.name ?? []);

function differences(who: string, has: readonly string[], should: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of has) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [
    ...should.filter((name) => !counts.has(name)).map((name) => `${who}: lost ${name}`),
    ...[...counts].filter(([, count]) => count > 1).map(([name, count]) => `${who}: had ${name} ${count} times`),
    ...[...counts.keys()]
      .filter((name) => !should.includes(name))
      .map((name) => `${who}: has ${name}, which is not there`),
  ];
}

/** Each record is told when it is opened and when it is closed, each once; those of all that was made are. */
function recordFaults(who: string, messages: ResumingSubscriber['messages'], made: readonly string[]): string[] {
  const states = messages.flatMap(({ type, item }) => (item ? [`${type} ${item.id} ${item.status}`] : []));
  const closed = new Set(
    messages.flatMap(({ item }) => (item?.status === 'SUCCEEDED' ? (item.target?.name ?? []) : [])),
  );
  return [
    ...differences(who, states, [...new Set(states)]),
    ...made.filter((name) => !closed.has(name)).map((name) => `${who}: lost the record of ${name}`),
    ...messages.flatMap(({ type, reason }, index) =>
      type === 'RESYNC' ? [`${who}: RESYNC ${reason} behind ${JSON.stringify(messages[index - 1])}`] : [],
    ),
  ];
}

function fold(messages: ResumingSubscriber['messages']): string[] {
  const held = new Map<string, string>();
  for (const { type, item } of messages) {
    if (type === 'RESYNC') held.clear();
    if (!item?.name) continue;
    if (type === 'DELETED') held.delete(item.name);
    else held.set(item.name, item.resourceVersion ?? '');
  }
  return [...held].map(([name, version]) => `${name} ${version}`);
}

function there({ cluster: { store } }: Platform): string[] {
  return store
    .list(store.resource('', 'configmaps'), 'default')
    .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);
}
