/** Child process of `bench-crowd.ts`: many sockets with ten subscriptions each, of as many groups as there are documents. */
import { WebSocket } from 'ws';

interface Start {
  readonly url: string;
  readonly token: string;
  /** One per group. */
  readonly queries: readonly string[];
  readonly sockets: number;
  readonly perSocket: number;
}

let received = 0;
let markers = 0;
let delaysMs: number[] = [];
/** The newest change that each subscriber has heard of each pod, by both. */
const newest = new Map<string, number>();
let opened = 0;

process.on('message', (message: Start | 'take') => {
  if (message === 'take') {
    process.send?.({ received, delaysMs, newest: [...newest.values()] });
    received = 0;
    delaysMs = [];
  } else open(message).catch((error: unknown) => process.send?.({ error: String(error) }));
});

async function open({ url, token, queries, sockets, perSocket }: Start): Promise<void> {
  // A few at a time: opening is not what is measured.
  for (let first = 0; first < sockets; first += 50) {
    const some = Array.from({ length: Math.min(50, sockets - first) }, (_, index) => first + index);
    await Promise.all(
      some.map((socket) => {
        const ofSocket = Array.from(
          { length: perSocket },
          (_, place) => queries[(socket * perSocket + place) % queries.length] ?? '',
        );
        return connect(url, token, ofSocket);
      }),
    );
  }
  while (markers < sockets * perSocket) await new Promise((resolve) => setTimeout(resolve, 10));
  received = 0;
  process.send?.({ open: sockets * perSocket });
}

function connect(url: string, token: string, queries: readonly string[]): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  opened += 1;
  const number = opened;
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    });
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1');
      // The label says when the pod was changed.
      const at = text.indexOf('"at-');
      if (at >= 0) {
        received += 1;
        delaysMs.push(Date.now() - Number(text.slice(at + 4, text.indexOf('"', at + 4))));
        const id = /"id":"(s\d+)"/.exec(text)?.[1];
        const pod = /"name":"([^"]+)"/.exec(text)?.[1];
        const turn = /"turn","value":"(\d+)"/.exec(text)?.[1];
        newest.set(`${number} ${id} ${pod}`, Number(turn));
      } else if (text.includes('"connection_ack"')) {
        for (const [index, query] of queries.entries())
          socket.send(JSON.stringify({ id: `s${index}`, type: 'subscribe', payload: { query } }));
        resolve();
      } else if (text.includes('"SNAPSHOT"')) markers += 1;
      else if (text.includes('"error"')) process.send?.({ error: text });
      else if (text.includes('"ping"')) socket.send('{"type":"pong"}');
    });
  });
}
