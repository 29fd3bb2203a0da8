import { operatorToken } from './replicas.ts';

export interface LoadOptions {
  readonly requestsPerSecond: number;
  readonly writesPerSecond: number;
}

export interface Load extends AsyncDisposable {
  readonly sent: number;
  /** Whatever was not a whole answer: broken connections, statuses, GraphQL errors, payloads that are no success. */
  readonly failures: readonly string[];
  /** Names of the ConfigMaps that it has made, and was told so. */
  readonly made: readonly string[];
  /** Sends no more, and waits for the answers. */
  stop(): Promise<void>;
}

const read = '{ configMaps(first: 5, filter: { namespaces: ["default"] }) { nodes { name createdAt } } }';
const write =
  'mutation ($input: CreateConfigMapInput!) { createConfigMap(input: $input) { __typename ... on Error { message } } }';

/** So many requests a second whatever becomes of them; `writesPerSecond` of them write. */
export function startLoad(url: string, { requestsPerSecond, writesPerSecond }: LoadOptions, prefix = 'made'): Load {
  const failures: string[] = [];
  const made: string[] = [];
  const open = new Set<Promise<void>>();
  let sent = 0;

  async function send(serial: number): Promise<void> {
    const isWrite = serial % Math.round(requestsPerSecond / writesPerSecond) === 0;
    const input = {
      cluster: 'main',
      namespace: 'default',
      name: `${prefix}-${serial}`,
      data: [{ key: 'serial', text: `${serial}` }],
    };
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorToken}` },
        body: JSON.stringify(isWrite ? { query: write, variables: { input } } : { query: read }),
      });
      const text = await response.text();
      const { data, errors } = (response.status === 200 ? JSON.parse(text) : {}) as {
        data?: { createConfigMap?: { __typename: string }; configMaps?: object };
        errors?: unknown;
      };
      if (response.status !== 200 || errors || !data) failures.push(`${serial}: ${response.status} ${text}`);
      else if (isWrite && data.createConfigMap?.__typename !== 'CreateConfigMapSuccess') failures.push(text);
      else if (isWrite) made.push(input.name);
    } catch (error) {
      failures.push(`${serial}: ${String(error)} ${String((error as Error).cause)}`);
    }
  }

  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * requestsPerSecond;
    while (sent < due) {
      sent += 1;
      const answered = send(sent);
      open.add(answered);
      void answered.finally(() => open.delete(answered));
    }
  }, 10);
  async function stop(): Promise<void> {
    clearInterval(timer);
    await Promise.all(open);
  }
  return {
    get sent() {
      return sent;
    },
    failures,
    made,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
