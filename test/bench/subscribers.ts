/** Child process of `bench-deliveries.ts`: opens subscriptions as raw clients and counts what arrives. */
import { WebSocket } from 'ws';

interface Start {
  readonly url: string;
  readonly token: string;
  readonly query: string;
  readonly sockets: number;
  readonly perSocket: number;
}

let received = 0;
let markers = 0;

process.on('message', (message: Start | 'count') => {
  if (message === 'count') process.send?.({ received });
  else start(message).catch((error: unknown) => process.send?.({ error: String(error) }));
});

async function start({ url, token, query, sockets, perSocket }: Start): Promise<void> {
  const opened = Array.from({ length: sockets }, () => connect(url, token, query, perSocket));
  await Promise.all(opened);
  while (markers < sockets * perSocket) await new Promise((resolve) => setTimeout(resolve, 10));
  received = 0;
  process.send?.({ open: sockets * perSocket });
}

function connect(url: string, token: string, query: string, perSocket: number): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    });
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.includes('"connection_ack"')) {
        for (let index = 0; index < perSocket; index += 1) {
          socket.send(JSON.stringify({ id: `s${index}`, type: 'subscribe', payload: { query } }));
        }
        resolve();
      } else if (text.includes('"SNAPSHOT"')) markers += 1;
      else if (text.includes('"next"')) received += 1;
      else if (text.includes('"error"')) process.send?.({ error: text });
      else if (text.includes('"ping"')) socket.send('{"type":"pong"}');
    });
  });
}
